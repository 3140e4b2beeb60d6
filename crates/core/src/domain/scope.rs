//! Which regions somebody sees, as ranges of region codes: every list and map query carries them into SQL.

/// A stretch of region codes. Digits and dots sort before `~`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CodeRange {
    /// The first code inside.
    pub low: String,
    /// The first code behind it.
    pub high: String,
}

impl CodeRange {
    fn holds(&self, code: &str) -> bool {
        self.low.as_str() <= code && code < self.high.as_str()
    }

    fn contains(&self, other: &Self) -> bool {
        self.low <= other.low && other.high <= self.high
    }
}

/// The regions a caller sees: ranges in order, none of which lies in another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope {
    ranges: Vec<CodeRange>,
}

impl Scope {
    /// Everything.
    pub fn all() -> Self {
        Self::region("")
    }

    /// Nothing: of somebody who holds no post.
    pub const fn none() -> Self {
        Self { ranges: Vec::new() }
    }

    /// The region with this code and all below it; the empty code is the country.
    pub fn region(code: &str) -> Self {
        Self { ranges: vec![CodeRange { low: code.to_owned(), high: format!("{code}~") }] }
    }

    /// All regions of all of these.
    pub fn union(scopes: impl IntoIterator<Item = Self>) -> Self {
        let mut ranges: Vec<CodeRange> = scopes.into_iter().flat_map(|scope| scope.ranges).collect();
        // Of those that begin alike the widest first: regions lie in each other or apart.
        ranges.sort_by(|a, b| a.low.cmp(&b.low).then_with(|| b.high.cmp(&a.high)));
        let mut kept: Vec<CodeRange> = Vec::with_capacity(ranges.len());
        for range in ranges {
            if !kept.last().is_some_and(|last| last.contains(&range)) {
                kept.push(range);
            }
        }
        Self { ranges: kept }
    }

    /// In order, none in another.
    pub fn ranges(&self) -> &[CodeRange] {
        &self.ranges
    }

    /// Whether all of the other one lies in it.
    pub fn contains(&self, other: &Self) -> bool {
        other.ranges.iter().all(|range| self.ranges.iter().any(|own| own.contains(range)))
    }

    /// O(log regions).
    pub fn holds(&self, code: &str) -> bool {
        let behind = self.ranges.partition_point(|range| range.low.as_str() <= code);
        behind > 0 && self.ranges[behind - 1].holds(code)
    }
}

/// Which regions somebody sees in lists and maps, and in how much detail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sight {
    /// The regions of what is listed.
    pub listed: Scope,
    /// The regions of which everything is seen. Elsewhere a grant house is looked for at its village's centre.
    pub whole: Scope,
}

impl Sight {
    /// Everything, everywhere.
    pub fn all() -> Self {
        Self { listed: Scope::all(), whole: Scope::all() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_holds_its_own_region_and_not_the_next() {
        let scope = Scope::region("35.10");
        assert!(scope.holds("35.10") && scope.holds("35.10.01.2001"));
        assert!(!scope.holds("35.09.31.2009") && !scope.holds("35.11") && !scope.holds("35.1"));
        assert!(!Scope::none().holds("") && !Scope::none().holds("35.10"));
        assert!(Scope::all().holds("") && Scope::all().holds("97.05"));
    }

    #[test]
    fn rights_add_up_and_no_region_between_them_comes_along() {
        let two = Scope::union([Scope::region("35.10.03.2001"), Scope::region("35.10.01.2001")]);
        assert!(two.holds("35.10.01.2001") && two.holds("35.10.03.2001"));
        assert!(!two.holds("35.10.02.2001") && !two.holds("35.10.01") && !two.holds("35.10"));
        let wider = Scope::union([two.clone(), Scope::region("35.10")]);
        assert_eq!(wider, Scope::region("35.10"));
        assert!(wider.contains(&two) && !two.contains(&wider) && two.contains(&Scope::none()));
        assert_eq!(Scope::union([Scope::none(), Scope::none()]), Scope::none());
    }
}
