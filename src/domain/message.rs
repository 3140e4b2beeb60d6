//! Messages to people.

use super::words;

words! {
    /// How far a message has come.
    MessageState {
        Waiting = "waiting", Sending = "sending", Sent = "sent",
        /// Kept as a file: no mail server is set.
        Outbox = "outbox",
        Failed = "failed",
    }
}
