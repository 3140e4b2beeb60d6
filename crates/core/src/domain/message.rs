//! Messages to people.

use super::closed_set;

closed_set! {
    /// How far a message has come.
    MessageState {
        Waiting = "waiting", Sending = "sending", Sent = "sent",
        /// Kept as a file: no mail server is set.
        Outbox = "outbox",
        Failed = "failed",
    }
}
