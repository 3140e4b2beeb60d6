//! The verdict on two works for a viewer who may not see all of one of them.

use super::ShownProject;
use crate::domain::verdict::{Evidence, Verdict};
use crate::store::pairs::Pair;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::ops::Deref;
use uuid::Uuid;

/// Comparisons that reveal neither where a house stands nor whose it is. Any other is left out: a new comparison stays
/// hidden until somebody has considered it.
const HARMLESS: &[&str] = &[
    "object",
    "phase",
    "activity",
    "year",
    "amount",
    "fund",
    "number",
    "executor",
    "void",
    "upkeep",
    "link",
    "photo",
    "dimensions",
];

/// A verdict as somebody sees it: to the millimetre for who sees both places; else without distances, shared metres and
/// whatever leads to a house or its owner. Only this module makes one.
#[derive(Clone, Debug)]
pub struct ShownVerdict {
    verdict: Verdict,
    /// Both places are seen.
    is_exact: bool,
}

impl ShownVerdict {
    /// How likely it is one work; `None` for a viewer who may not see a place. With the visible evidence subtracted, it
    /// would reveal how near the hidden place is.
    pub fn probability(&self) -> Option<f64> {
        self.is_exact.then_some(self.verdict.probability)
    }
}

impl Deref for ShownVerdict {
    type Target = Verdict;

    fn deref(&self) -> &Verdict {
        &self.verdict
    }
}

/// A pair of a finding as somebody sees it.
#[derive(Clone, Debug)]
pub struct ShownPair {
    pub id: Uuid,
    pub a_id: Uuid,
    pub b_id: Uuid,
    pub verdict: ShownVerdict,
}

impl ShownVerdict {
    /// The verdict on two works as who sees them so sees it.
    pub fn new(a: &ShownProject, b: &ShownProject, mut verdict: Verdict) -> Self {
        let is_exact = a.shows_place() && b.shows_place();
        if !is_exact {
            // Every field by its name: a new one is thought about here before it is shown.
            verdict = Verdict {
                kind: verdict.kind,
                probability: f64::NAN,
                band: verdict.band,
                cross_border: verdict.cross_border,
                distance_m: None,
                shared_m: None,
                shared: Vec::new(),
                nearest: None,
                evidence: verdict.evidence.into_iter().filter_map(|item| coarse(a, b, item)).collect(),
                weights_version: verdict.weights_version,
            };
        }
        if !(a.shows_all() && b.shows_all()) {
            verdict.evidence.retain(|item| item.name != "owner");
        }
        Self { verdict, is_exact }
    }
}

impl ShownVerdict {
    /// The verdict on two drafts of whoever asks: nothing of either is hidden from them.
    pub fn of_own_drafts(verdict: Verdict) -> Self {
        Self { verdict, is_exact: true }
    }
}

impl ShownPair {
    /// These pairs, those left out of which one work is not among the members that are seen.
    pub fn of_members(pairs: Vec<Pair>, members: &HashMap<Uuid, ShownProject>) -> Vec<Self> {
        let shown = |pair: Pair| {
            let (a, b) = (members.get(&pair.a_id)?, members.get(&pair.b_id)?);
            let verdict = ShownVerdict::new(a, b, pair.verdict);
            Some(Self { id: pair.id, a_id: pair.a_id, b_id: pair.b_id, verdict })
        };
        pairs.into_iter().filter_map(shown).collect()
    }
}

/// A comparison without what leads to a house: of the place only that it was compared.
fn coarse(a: &ShownProject, b: &ShownProject, mut item: Evidence) -> Option<Evidence> {
    match item.name.as_str() {
        "position" => Some(Evidence { level: "hidden".to_owned(), value: json!({}), bits: 0.0, ..item }),
        "title" => {
            if let Value::Object(value) = &mut item.value {
                value.insert("a".to_owned(), json!(a.title));
                value.insert("b".to_owned(), json!(b.title));
                // The numbers of the titles as recorded: an RT, a house.
                value.remove("only_a");
                value.remove("only_b");
            }
            Some(item)
        }
        "hamlet" => Some(Evidence { value: json!({}), ..item }),
        name => HARMLESS.contains(&name).then_some(item),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::project::{ProjectSummary, Sensitivity, Status, VillageRef};
    use crate::domain::scope::Scope;
    use crate::domain::verdict::{Band, VerdictKind};
    use crate::publish::Eyes;

    fn work(sensitivity: Sensitivity) -> ProjectSummary {
        let village = VillageRef {
            id: Uuid::nil(),
            code: "35.10.01.2001".to_owned(),
            name: "Barat".to_owned(),
            district: "Pesanggaran".to_owned(),
        };
        ProjectSummary {
            id: Uuid::nil(),
            public_id: String::new(),
            title: "Rehab RTLH a.n. Sumiati".to_owned(),
            shown_title: (sensitivity == Sensitivity::Hamlet).then(|| "Rehab RTLH".to_owned()),
            village,
            activity_code: None,
            fiscal_year: 2026,
            status: Status::Planned,
            authority: None,
            budget_rupiah: None,
            funds: Vec::new(),
            percent: None,
            open_findings: 0,
            open_alerts: 0,
            centre: Some([114.3, -8.2]),
            village_centre: None,
            withdrawn: false,
            merged_into: None,
            updated_at: String::new(),
            sensitivity,
        }
    }

    /// The verdict on an open work and this one, for a person of these regions.
    fn seen(scope: Scope, other: Sensitivity) -> ShownVerdict {
        let place = geo::Coord { x: 114.3, y: -8.2 };
        let evidence = ["position", "title", "owner", "hamlet", "place_number", "year", "of the next version"];
        let verdict = Verdict {
            kind: VerdictKind::DoubleEntry,
            probability: 0.9,
            band: Band::Alert,
            cross_border: false,
            distance_m: Some(3.0),
            shared_m: Some(20.0),
            shared: vec![vec![place, place].into()],
            nearest: Some([place, place]),
            evidence: evidence
                .map(|name| Evidence {
                    name: name.to_owned(),
                    level: "same".to_owned(),
                    value: json!({ "metres": 3.0, "a": "Sumiati" }),
                    bits: 2.0,
                })
                .into(),
            weights_version: "1".to_owned(),
        };
        let eyes = Eyes::within(scope);
        ShownVerdict::new(&eyes.project(work(Sensitivity::Open)), &eyes.project(work(other)), verdict)
    }

    fn names(verdict: &ShownVerdict) -> Vec<&str> {
        verdict.evidence.iter().map(|item| &*item.name).collect()
    }

    #[test]
    fn of_a_house_elsewhere_nothing_is_measured_and_no_comparison_leads_to_its_door() {
        let shown = seen(Scope::region("35.09"), Sensitivity::Hamlet);
        let measured = (shown.distance_m, shown.shared_m, shown.nearest, shown.probability(), shown.shared.len());
        assert_eq!(measured, (None, None, None, None, 0));
        assert_eq!(names(&shown), ["position", "title", "hamlet", "year"]);
        let position = &shown.evidence[0];
        assert_eq!((&*position.level, &position.value, position.bits), ("hidden", &json!({}), 0.0));
        assert_eq!(shown.evidence[2].value, json!({}));
    }

    #[test]
    fn who_answers_for_both_reads_all_and_others_no_owner_of_an_open_work() {
        let own = seen(Scope::region("35.10"), Sensitivity::Hamlet);
        assert_eq!((own.distance_m, own.probability(), own.evidence.len()), (Some(3.0), Some(0.9), 7));
        let open = seen(Scope::region("35.09"), Sensitivity::Open);
        assert_eq!((open.distance_m, open.shared_m, names(&open).contains(&"owner")), (Some(3.0), Some(20.0), false));
    }
}
