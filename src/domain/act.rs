//! Acts on a finding that others are notified of.

use super::words;

words! {
    /// A comment, a decision, or a decision that was taken back.
    ActKind { Comment = "comment", Decision = "decision", TakenBack = "taken_back" }
}
