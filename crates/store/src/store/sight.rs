//! How far a query sees: regions, and places that are not shown to all.

/// Adds that the code in this column lies in this scope: one condition for each of its regions.
macro_rules! in_regions {
    ($q:ident, $column:expr, $scope:expr) => {
        let mut before = "(";
        for range in $scope.ranges() {
            $q.push(before).push($column).push(" >= ").push_bind(range.low.clone());
            $q.push(" AND ").push($column).push(" < ").push_bind(range.high.clone());
            before = " OR ";
        }
        $q.push(if before == "(" { "(1 = 0)" } else { ")" });
    };
}
pub(super) use in_regions;

/// Adds that the region version `$v` lies in this scope.
macro_rules! within {
    ($q:ident, $v:literal, $scope:expr) => {
        $crate::store::sight::in_regions!($q, concat!($v, ".code"), $scope);
    };
}
pub(super) use within;

/// Adds to a query whose `p` and `v` are project and village whether everything of the project's place is seen.
macro_rules! shows_place {
    ($q:ident, $whole:expr) => {
        $q.push("(p.sensitivity = 'open' OR ");
        $crate::store::sight::within!($q, "v", $whole);
        $q.push(")");
    };
}
pub(super) use shows_place;
