//! Ways into an account.

use super::closed_set;

closed_set! {
    /// What a one-time code is for.
    CodePurpose {
        /// The first password of a new account.
        Invitation = "invitation",
        /// Another password in the place of a lost one.
        Reset = "reset",
    }
}

closed_set! {
    /// How a one-time code comes to its person.
    CodeChannel {
        /// By mail; nobody else sees it.
        Mail = "mail",
        /// Shown once to whoever asked for it, to be printed or read out.
        Card = "card",
    }
}
