//! Findings: something for a person to look at.

use super::closed_set;

closed_set! {
    /// The subject of a finding.
    FindingKind {
        Duplicate = "duplicate", PlaceOutsideVillage = "place_outside_village",
        OutsideCountry = "outside_country", StackedCoordinates = "stacked_coordinates",
        /// Alerts of one village and day beyond the number that is notified one by one.
        ManyAlerts = "many_alerts",
    }
}

closed_set! {
    /// How loud it is: an alert is mailed, a review waits in the queue, a note is only shown.
    Severity { Alert = "alert", Review = "review", Note = "note" }
}

impl Severity {
    /// The order of the queue: the loudest first.
    pub const fn queue_rank(self) -> i64 {
        match self {
            Self::Alert => 0,
            Self::Review => 1,
            Self::Note => 2,
        }
    }
}

closed_set! {
    /// Why a finding was closed.
    ClosedBecause {
        Decided = "decided", Merged = "merged", Withdrawn = "withdrawn", FactsChanged = "facts_changed",
        /// Its works are part of another finding.
        Joined = "joined",
    }
}

closed_set! {
    FindingState { Open = "open", Closed = "closed" }
}
