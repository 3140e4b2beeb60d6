//! What people do about a finding and others are to hear of.

use super::words;

words! {
    /// A comment, a decision, or a decision that was taken back.
    ActKind { Comment = "comment", Decision = "decision", TakenBack = "taken_back" }
}
