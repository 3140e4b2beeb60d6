//! The verdict on two records: the kinds, the bands, the evidence. `duplicates/` reaches it.

use super::closed_set;
use serde::{Deserialize, Serialize};
use serde_json::Value;

closed_set! {
    /// How two records relate. The first five alert, the others explain.
    VerdictKind {
        DoubleEntry = "double_entry", DoubleFunding = "double_funding", CrossVillage = "cross_village",
        SplitPackage = "split_package", RepeatWork = "repeat_work",
        Adjoining = "adjoining", Continuation = "continuation", Retender = "retender", Maintenance = "maintenance",
        Companion = "companion", Sibling = "sibling", Revision = "revision", CoFunded = "co_funded", Unrelated = "unrelated",
    }
}

impl VerdictKind {
    /// A kind by which one work, or a part of it, is recorded or paid twice.
    pub const fn alerts(self) -> bool {
        matches!(
            self,
            Self::DoubleEntry | Self::DoubleFunding | Self::CrossVillage | Self::SplitPackage | Self::RepeatWork
        )
    }
}

closed_set! {
    /// The consequence of a verdict: notify, show for review, or nothing.
    Band { Alert = "alert", Review = "review", Silent = "silent" }
}

/// One comparison: what was compared, how it came out, what it weighs. Its sentence is made by the catalogue.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// The comparison: `position`, `title`, `rt` … (the key of its sentence with `level`).
    pub name: String,
    /// How it came out, in words of that comparison.
    pub level: String,
    /// The named values in its sentence, an object.
    pub value: Value,
    /// log2 of how much more often this level occurs in true pairs than in others; 0 is neutral.
    pub bits: f64,
}

/// Until when a verdict that is kept need not be judged again, by the digest of what must stay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kept {
    /// Until the facts of either change: a later judge gave it, so nothing else makes it stale here.
    WhileFacts(String),
    /// Until anything that makes the verdict changes.
    WhileVerdict(String),
}

/// The outcome for two records.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    pub kind: VerdictKind,
    /// That one work, or a part of it, is recorded or paid twice, 0 to 1.
    pub probability: f64,
    pub band: Band,
    pub cross_border: bool,
    /// Nearest distance of the two footprints in metres; `None` where one has none.
    pub distance_m: Option<f64>,
    /// Metres of line inside the corridor of the other; `None` where not two lines.
    pub shared_m: Option<f64>,
    /// The shared stretches of the first footprint as a map draws them ([`drawn_lines`]), WGS 84.
    ///
    /// [`drawn_lines`]: super::outline::drawn_lines
    pub shared: Vec<geo::LineString<f64>>,
    /// Where the two come nearest to each other, a place on the first and one on the second footprint, WGS 84: what
    /// `distance_m` measures. `None` where it measures nothing, or was judged before it was kept.
    pub nearest: Option<[geo::Coord<f64>; 2]>,
    /// Strongest first.
    pub evidence: Vec<Evidence>,
    pub weights_version: String,
}
