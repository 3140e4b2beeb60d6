//! Money: whole rupiah.

use super::Invalid;

/// The largest sum taken for one work: ten times the largest national project, far below `i64` so that sums cannot overflow.
pub const MOST_RUPIAH: i64 = 1_000_000_000_000_000;

/// A sum of whole rupiah, not negative and not absurd.
pub fn rupiah(field: &str, given: i64) -> Result<i64, Invalid> {
    if (0..=MOST_RUPIAH).contains(&given) {
        return Ok(given);
    }
    Err(Invalid::new("money_out_of_range", field).with("given", given).with("most", MOST_RUPIAH))
}
