//! How far a query sees: regions, and places that are not shown to all.

/// Adds that the region version `$v` lies in this scope.
macro_rules! within {
    ($q:ident, $v:literal, $scope:expr) => {
        $q.push(concat!("(", $v, ".code >= ")).push_bind($scope.low.clone());
        $q.push(concat!(" AND ", $v, ".code < ")).push_bind($scope.high.clone()).push(")");
    };
}
pub(super) use within;

/// Adds to a query whose `p` and `v` are project and village whether everything of the project's place is seen.
macro_rules! shows_place {
    ($q:ident, $whole:expr) => {
        $q.push("(p.sensitivity = 'open' OR (v.code >= ").push_bind($whole.low.clone());
        $q.push(" AND v.code < ").push_bind($whole.high.clone()).push("))");
    };
}
pub(super) use shows_place;
