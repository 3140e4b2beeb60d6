//! How many alerts of one village are reported one by one: a boiler-plate title soon makes more than anybody reads.

use std::collections::HashMap;
use std::hash::Hash;

/// Which of these alerts, given by the village of each in the order of reporting, are beyond the number (`most`) of one
/// village that is reported one by one: they are summed up. `reported` holds how many of each village already were. An
/// alert without a village is reported by itself, since it floods no recipient.
pub fn beyond_limit<V: Copy + Eq + Hash>(
    villages: &[Option<V>],
    mut reported: HashMap<V, usize>,
    most: usize,
) -> Vec<bool> {
    let mut is_beyond = |village: &Option<V>| {
        let Some(village) = village else { return false };
        let count = reported.entry(*village).or_default();
        *count += 1;
        *count > most
    };
    villages.iter().map(&mut is_beyond).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_village_has_its_own_number_of_alerts() {
        let villages = [Some('a'), Some('a'), None, Some('b'), Some('a'), None, None, Some('b')];
        let beyond = [false, false, false, false, true, false, false, false];
        assert_eq!(beyond_limit(&villages, HashMap::new(), 2), beyond);
        let reported = HashMap::from([('a', 2), ('b', 1)]);
        let beyond = [true, true, false, false, true, false, false, true];
        assert_eq!(beyond_limit(&villages, reported, 2), beyond);
    }
}
