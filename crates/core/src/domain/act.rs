//! Acts on a finding that others are notified of.

use super::closed_set;

closed_set! {
    /// A comment, a decision, or a decision that was taken back.
    ActKind { Comment = "comment", Decision = "decision", TakenBack = "taken_back" }
}
