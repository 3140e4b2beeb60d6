//! The money at stake in a group.

/// The amount that may have been paid twice: the sum of all known budgets less the highest; a single known one as it is,
/// and `None` if none is known.
pub fn at_stake(budgets: impl Iterator<Item = Option<i64>>) -> Option<i64> {
    let known: Vec<i64> = budgets.flatten().collect();
    let all = known.iter().fold(0_i64, |sum, rupiah| sum.saturating_add(*rupiah));
    let highest = *known.iter().max()?;
    Some(if known.len() > 1 { all - highest } else { all })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_but_the_highest_budget_may_have_been_paid_twice() {
        assert_eq!(at_stake([Some(30), Some(50), None, Some(20)].into_iter()), Some(50));
        assert_eq!(at_stake([None, Some(50)].into_iter()), Some(50), "the only one that is known");
        assert_eq!(at_stake([None, None].into_iter()), None);
    }
}
