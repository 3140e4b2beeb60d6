//! One-time codes: how somebody comes to a password who has none yet, or lost it.

pub mod give_code;
pub mod invite;
pub mod request_reset;
pub mod use_code;

use chrono::TimeDelta;

/// How long an invitation opens an account: a card goes to the village with the next visit.
const INVITATION_DAYS: i64 = 14;
/// How long a reset that somebody read out or printed does.
const CARD_HOURS: i64 = 24;
/// How long one does that was asked for by mail.
const MAIL_HOURS: i64 = 2;

const fn invitation() -> TimeDelta {
    TimeDelta::days(INVITATION_DAYS)
}
