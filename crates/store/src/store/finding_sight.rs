//! Who sees which findings, and where each is listed: every list, count, map and mail rests on this.
//!
//! A finding is listed once. In the queue of a person with the village, an open summary of that village stands for the
//! findings under it; elsewhere, and about a project, each stands for itself and the summary is left out: it names only
//! some of its works.

/// Joins the villages `v` by which the finding `g` is seen to its members `m`: those of their projects `p`; of a
/// summary its own village.
macro_rules! join_villages {
    () => {
        " LEFT JOIN projects p ON p.id = m.project_id
            JOIN region_versions v ON v.valid_to IS NULL
                AND v.region_id = CASE WHEN g.kind = 'many_alerts' THEN m.village_id ELSE p.village_id END"
    };
}
pub(super) use join_villages;

/// Adds that the finding `g` is seen in this scope: one of its projects lies there, or of a summary its village.
macro_rules! seen_by {
    ($q:ident, $scope:expr) => {
        $q.push(concat!(
            "EXISTS (SELECT 1 FROM finding_members m",
            $crate::store::finding_sight::join_villages!(),
            " WHERE m.finding_id = g.id AND "
        ));
        $crate::store::sight::within!($q, "v", $scope);
        $q.push(")");
    };
}
pub(super) use seen_by;

/// Adds that the finding `g` stands in the queue of this scope.
macro_rules! in_queue_of {
    ($q:ident, $scope:expr) => {
        $crate::store::finding_sight::seen_by!($q, $scope);
        $q.push(
            " AND (g.summary_id IS NULL OR NOT EXISTS (SELECT 1 FROM findings s
            JOIN finding_members sm ON sm.finding_id = s.id
            JOIN region_versions sv ON sv.region_id = sm.village_id AND sv.valid_to IS NULL
            WHERE s.id = g.summary_id AND s.state = 'open' AND ",
        );
        $crate::store::sight::within!($q, "sv", $scope);
        $q.push("))");
    };
}
pub(super) use in_queue_of;

/// That the finding `g` is listed with each project that is a member of it.
macro_rules! listed_with_projects {
    () => {
        "g.kind <> 'many_alerts'"
    };
}
pub(super) use listed_with_projects;

/// Adds that the member `m` of the finding `g`, the project `p` in the village `v`, is shown in this scope: a work
/// withdrawn elsewhere is shown to nobody, and of works on one point no house whose place is hidden.
macro_rules! shown_member {
    ($q:ident, $scope:expr) => {
        $q.push("(p.withdrawn_at IS NULL OR ");
        $crate::store::sight::within!($q, "v", $scope);
        $q.push(") AND (g.kind <> 'stacked_coordinates' OR ");
        $crate::store::sight::shows_place!($q, $scope);
        $q.push(")");
    };
}
pub(super) use shown_member;
