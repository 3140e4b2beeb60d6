//! The content of an alert mail: the findings in words, with a picture of their footprints.

use super::finding_words::{Shown, member};
use super::recipients::Recipient;
use crate::app::App;
use crate::domain::footprint::Part;
use crate::domain::verdict::Evidence;
use crate::mail::picture::{Scene, draw};
use crate::mail::{AlertFinding, AlertMail};
use crate::publish::{ShownPair, ShownProject};
use crate::store::findings::Finding;
use crate::store::{Result, Tx, footprints};
use crate::words::Words;
use geo::{BoundingRect, Geometry};
use std::collections::HashMap;
use uuid::Uuid;

/// Findings described in full; the rest are counted, with a link to the queue.
const IN_FULL: usize = 20;
/// Maximum number of reasons for and against each finding.
const REASONS: usize = 5;
const REASONS_AGAINST: usize = 3;
/// Minimum bits of a comparison shown in a mail.
const LEAST_BITS: f64 = 0.5;

/// The mail to this recipient about these findings, highest amounts first.
pub async fn compose(app: &App, tx: &mut Tx, recipient: &Recipient, findings: Vec<Finding>) -> Result<AlertMail> {
    let rupiah = findings.iter().map(|finding| finding.rupiah).sum();
    let more = findings.len().saturating_sub(IN_FULL);
    let in_full: Vec<Finding> = findings.into_iter().take(IN_FULL).collect();
    let shown = Shown::load(tx, recipient, &in_full).await?;
    let parts = footprints::list_current(tx, &shown.ids()).await?;
    let in_words = in_full
        .iter()
        .map(|finding| {
            let pair = shown.pair(finding);
            let numbers = pair.as_ref().and_then(|pair| shown.numbers(finding, pair));
            let members = shown.members(finding);
            describe(app, recipient, finding, pair.as_ref().zip(numbers), &members, &parts)
        })
        .collect();
    Ok(AlertMail {
        name: recipient.name.clone(),
        language: recipient.language,
        base_url: app.config.base_url.clone(),
        findings: in_words,
        more,
        rupiah,
    })
}

fn describe(
    app: &App,
    recipient: &Recipient,
    finding: &Finding,
    pair: Option<(&ShownPair, [i64; 2])>,
    members: &[&ShownProject],
    parts: &HashMap<Uuid, Vec<Part>>,
) -> AlertFinding {
    let language = recipient.language;
    let works = finding.projects_total;
    let verdict = pair.map(|(pair, _)| &*pair.verdict);
    let (headline, strongest) = Words::finding(language, finding.kind, &finding.details, verdict, works);
    let sentence = verdict.map_or(strongest, |verdict| Words::kind_sentence(language, verdict.kind, works));
    let mut evidence: Vec<&Evidence> = verdict.map(|verdict| verdict.evidence.iter().collect()).unwrap_or_default();
    evidence.retain(|item| item.bits.abs() >= LEAST_BITS);
    evidence.sort_by(|a, b| b.bits.abs().total_cmp(&a.bits.abs()));
    let (in_favour, against): (Vec<&Evidence>, Vec<&Evidence>) = evidence.into_iter().partition(|item| item.bits > 0.0);
    let sentences = |items: &[&Evidence], most: usize| {
        items.iter().take(most).map(|item| Words::evidence(language, item)).collect::<Vec<_>>()
    };
    let base = &app.config.base_url;
    AlertFinding {
        headline,
        sentence,
        works,
        drawn: pair.map_or(vec![1], |(_, numbers)| numbers.to_vec()),
        evidence: sentences(&in_favour, REASONS),
        against: sentences(&against, REASONS_AGAINST),
        rupiah: finding.rupiah,
        cross_border: verdict.is_some_and(|verdict| verdict.cross_border),
        members: members.iter().map(|one| member(app, language, one)).collect(),
        url: format!("{base}/findings/{}", finding.id),
        picture: picture(app, members, parts, pair),
    }
}

/// The footprints of the most probable pair, else of the first member. If one of them is a grant house, no picture:
/// mails are forwarded.
fn picture(
    app: &App,
    members: &[&ShownProject],
    parts: &HashMap<Uuid, Vec<Part>>,
    pair: Option<(&ShownPair, [i64; 2])>,
) -> Option<crate::mail::picture::Drawing> {
    if members.iter().any(|member| member.is_grant_house()) {
        return None;
    }
    let geometries = |project: Option<Uuid>| -> Vec<Geometry<f64>> {
        let parts = project.and_then(|project| parts.get(&project));
        parts.map(|parts| parts.iter().map(|part| part.geometry.clone()).collect()).unwrap_or_default()
    };
    // The shared and nearest places belong to the pair, whatever other members the finding has.
    let (first, second) = match pair {
        Some((pair, _)) => (geometries(Some(pair.a_id)), geometries(Some(pair.b_id))),
        None => (geometries(members.first().map(|member| member.id)), Vec::new()),
    };
    let near = first.first().and_then(BoundingRect::bounding_rect);
    let borders = near.map(|rect| {
        let here = Geometry::Point(rect.center().into());
        let villages = app.atlas.villages();
        let near = villages.nearest(&here, 0.0, 500.0, 4);
        near.iter().filter_map(|place| villages.outline(place.village.id).cloned()).collect()
    });
    let shared = pair.map(|(pair, _)| pair.verdict.shared.clone()).unwrap_or_default();
    let nearest = pair.and_then(|(pair, _)| pair.verdict.nearest);
    let numbers = pair.map_or([1, 2], |(_, numbers)| numbers);
    draw(&Scene { first, second, numbers, shared, nearest, borders: borders.unwrap_or_default() })
}
