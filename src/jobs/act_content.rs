//! The content of a mail about comments and decisions: each with its author, under its finding.

use super::finding_words::{self, Shown};
use super::recipients::Recipient;
use crate::app::App;
use crate::domain::act::ActKind;
use crate::domain::finding::FindingState;
use crate::mail::{ActText, ActsFinding, ActsMail};
use crate::store::acts::UnsentAct;
use crate::store::comments::{self, Comment};
use crate::store::decisions::{self, DecisionInBrief};
use crate::store::findings::{self, Finding};
use crate::store::{Result, Tx};
use crate::words::Words;
use serde_json::{Value, json};
use std::collections::HashMap;
use uuid::Uuid;

/// Findings described in full; the rest are counted, with a link to the queue.
const IN_FULL: usize = 20;
/// Latest comments and decisions quoted under each finding; the rest are counted.
const QUOTED: usize = 10;
/// Works named under each finding.
const NAMED: usize = 5;

/// The mail, and what it covers.
#[derive(Clone, Debug)]
pub struct ComposedActs {
    pub mail: ActsMail,
    /// Quoted and merely counted ones.
    pub acts: Vec<Uuid>,
    pub findings: Vec<Uuid>,
}

/// The mail to this recipient about acts they have not been notified of: in their present state, for the findings
/// that they may still see.
pub async fn compose(
    app: &App,
    tx: &mut Tx,
    recipient: &Recipient,
    unsent: &[UnsentAct],
) -> Result<Option<ComposedActs>> {
    let mut seen: Vec<(Finding, Vec<&UnsentAct>)> = Vec::new();
    let mut hidden: Vec<Uuid> = Vec::new();
    for act in unsent.iter().filter(|act| !act.is_obsolete) {
        match seen.iter_mut().find(|(finding, _)| finding.id == act.finding_id) {
            Some((_, acts)) => acts.push(act),
            None if hidden.contains(&act.finding_id) => {}
            None => match findings::find(tx, &recipient.scope, act.finding_id).await? {
                Some(finding) => seen.push((finding, vec![act])),
                None => hidden.push(act.finding_id),
            },
        }
    }
    if seen.is_empty() {
        return Ok(None);
    }
    let acts: Vec<&UnsentAct> = seen.iter().flat_map(|(_, acts)| acts.iter().copied()).collect();
    let count = |kind: ActKind| acts.iter().filter(|act| act.kind == kind).count();
    let quoted: Vec<Uuid> =
        seen.iter().take(IN_FULL).flat_map(|(_, acts)| latest(acts).iter().map(|act| act.about_id)).collect();
    let comments: HashMap<Uuid, Comment> =
        comments::find_many(tx, &quoted).await?.into_iter().map(|one| (one.id, one)).collect();
    let decided: HashMap<Uuid, DecisionInBrief> =
        decisions::find_in_brief(tx, &quoted).await?.into_iter().map(|one| (one.id, one)).collect();
    let in_full: Vec<Finding> = seen.iter().take(IN_FULL).map(|(finding, _)| finding.clone()).collect();
    let shown = Shown::load(tx, recipient, &in_full).await?;
    let write = Writer { app, recipient, shown: &shown, comments: &comments, decided: &decided };
    let mail = ActsMail {
        name: recipient.name.clone(),
        language: recipient.language,
        base_url: app.config.base_url.clone(),
        comments: count(ActKind::Comment),
        decisions: count(ActKind::Decision),
        taken_back: count(ActKind::TakenBack),
        more: seen.len().saturating_sub(IN_FULL),
        findings: seen.iter().take(IN_FULL).map(|(finding, acts)| write.finding(finding, acts)).collect(),
    };
    let acts = acts.iter().map(|act| act.id).collect();
    Ok(Some(ComposedActs { mail, acts, findings: seen.iter().map(|(finding, _)| finding.id).collect() }))
}

fn latest<'a, 'b>(acts: &'b [&'a UnsentAct]) -> &'b [&'a UnsentAct] {
    &acts[acts.len().saturating_sub(QUOTED)..]
}

struct Writer<'a> {
    app: &'a App,
    recipient: &'a Recipient,
    shown: &'a Shown,
    comments: &'a HashMap<Uuid, Comment>,
    decided: &'a HashMap<Uuid, DecisionInBrief>,
}

impl Writer<'_> {
    fn finding(&self, finding: &Finding, acts: &[&UnsentAct]) -> ActsFinding {
        let language = self.recipient.language;
        let pair = self.shown.pair(finding);
        let verdict = pair.as_ref().map(|pair| &*pair.verdict);
        let (headline, _) = Words::finding(language, finding.kind, &finding.details, verdict, finding.projects_total);
        let members = self.shown.members(finding);
        let named = members.iter().take(NAMED);
        let quoted = latest(acts);
        let is_open = finding.state == FindingState::Open;
        let state = if is_open { "mail.acts.open" } else { "mail.acts.closed" };
        // Links to the first quoted comment; the later ones are below it.
        let first = quoted.iter().find(|act| act.kind == ActKind::Comment);
        let anchor = first.map(|act| format!("#comment-{}", act.about_id)).unwrap_or_default();
        ActsFinding {
            headline,
            members: named.map(|one| finding_words::member(self.app, language, one)).collect(),
            // The number of visible works, not of all works.
            works: usize::try_from(finding.projects_total).unwrap_or(usize::MAX),
            acts: quoted.iter().filter_map(|act| self.act(act)).collect(),
            earlier: acts.len() - quoted.len(),
            state: acts
                .iter()
                .any(|act| act.kind != ActKind::Comment)
                .then(|| Words::render(language, state, &Value::Null)),
            url: format!("{}/findings/{}{anchor}", self.app.config.base_url, finding.id),
        }
    }

    fn act(&self, act: &UnsentAct) -> Option<ActText> {
        let language = self.recipient.language;
        let render = |key: &str, values: &Value| Words::render(language, &format!("mail.acts.{key}"), values);
        let role = Words::render(language, &format!("terminal.role.{}", act.role), &Value::Null);
        let mut values = json!({ "by": act.by, "role": role, "region": act.region });
        let by = render("by", &values);
        values["by"] = json!(by);
        if act.kind == ActKind::Comment {
            let comment = self.comments.get(&act.about_id)?;
            values["answers"] = json!(comment.answers_id.is_some());
            return Some(ActText {
                what: render("comment", &values),
                short: render("short_comment", &values),
                text: Some(comment.text.clone()),
                kept: None,
            });
        }
        let decision = self.decided.get(&act.about_id)?;
        let word = render(&format!("decision.{}", decision.decision), &Value::Null);
        values["decision"] = json!(word);
        let (key, short) = match act.kind {
            ActKind::TakenBack => ("taken_back", "short_taken_back"),
            _ => ("decided", "short_decided"),
        };
        let kept = decision.kept.filter(|_| act.kind == ActKind::Decision).and_then(|id| self.shown.work(id));
        Some(ActText {
            what: render(key, &values),
            short: render(short, &values),
            // The reason of a decision that was taken back is left out.
            text: (act.kind == ActKind::Decision).then(|| decision.reason.clone()),
            kept: kept.map(|work| render("kept", &json!({ "title": work.title }))),
        })
    }
}
