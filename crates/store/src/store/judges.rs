//! The judges that were put to work at this database, in their order: who came later has the last word.

use super::{Result, Tx, finding_pairs, sql, to_text};
use crate::domain::Time;

/// The judge that was put to work last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
    pub number: i64,
    /// The version of the rules in its code.
    pub rules: u32,
    pub fingerprint: String,
}

/// Where a judge stands in the order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The number that it was put to work under; 0 where it never was.
    pub own: i64,
    /// The greatest number there is.
    pub last: i64,
}

impl Standing {
    /// Whether another judge was put to work later: that one has the last word.
    pub const fn is_superseded(self) -> bool {
        self.own < self.last
    }
}

/// Lets one judge at a time be put to work, and none while verdicts are written: whoever writes them then knows who has the
/// last word when they are committed.
pub async fn lock(tx: &mut Tx) -> Result<()> {
    finding_pairs::lock(tx).await
}

/// The judge that was put to work last.
pub async fn find_last(tx: &mut Tx) -> Result<Option<Recorded>> {
    const LAST: &str = "SELECT number, rules, fingerprint FROM judges ORDER BY number DESC LIMIT 1";
    let last = sql!(tx, LAST, [], fetch_optional as (i64, i64, String))?;
    Ok(last.map(|(number, rules, fingerprint)| Recorded {
        number,
        rules: u32::try_from(rules).unwrap_or_default(),
        fingerprint,
    }))
}

/// Where the judge with this fingerprint stands.
pub async fn find_standing(tx: &mut Tx, fingerprint: &str) -> Result<Standing> {
    const STANDING: &str =
        "SELECT COALESCE(MAX(CASE WHEN fingerprint = $1 THEN number END), 0), COALESCE(MAX(number), 0)
        FROM judges";
    let (own, last) = sql!(tx, STANDING, [fingerprint], fetch_one as (i64, i64))?;
    Ok(Standing { own, last })
}

/// Puts a judge to work behind all others, under [`lock`]; gives its number.
pub async fn begin(tx: &mut Tx, rules: u32, fingerprint: &str, now: Time) -> Result<i64> {
    const BEGIN: &str = "INSERT INTO judges (number, rules, fingerprint, began_at)
        SELECT COALESCE(MAX(number), 0) + 1, $1, $2, $3 FROM judges RETURNING number";
    let (number,) = sql!(tx, BEGIN, [i64::from(rules), fingerprint, to_text(now)], fetch_one as (i64,))?;
    Ok(number)
}
