//! Decisions: an inspector's judgement on a finding, and its consequences.

use super::closed_set;

closed_set! {
    /// A person's decision about records that look like one work.
    Decision {
        SameWork = "same_work", DifferentWorks = "different_works", LawfulSplit = "lawful_split",
        NextPhase = "next_phase", Upkeep = "upkeep", WrongCoordinate = "wrong_coordinate", NeedVisit = "need_visit",
    }
}

impl Decision {
    /// Whether the records are one work recorded or paid twice; `None` where the decision leaves it open.
    pub const fn is_duplicate(self) -> Option<bool> {
        match self {
            Self::SameWork => Some(true),
            Self::DifferentWorks | Self::LawfulSplit | Self::NextPhase | Self::Upkeep => Some(false),
            Self::WrongCoordinate | Self::NeedVisit => None,
        }
    }

    /// Whether nothing remains to be looked at. A visit that is still to be made keeps the finding in the queue.
    pub const fn closes(self) -> bool {
        !matches!(self, Self::NeedVisit)
    }

    /// Whether it separates the records: they are no longer grouped through this pair.
    pub const fn separates(self) -> bool {
        self.closes() && !matches!(self, Self::SameWork)
    }

    /// Whether it applies to a finding about a single place, which compares nothing.
    pub const fn is_about_place(self) -> bool {
        matches!(self, Self::WrongCoordinate | Self::NeedVisit)
    }
}
