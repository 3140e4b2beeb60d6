//! Decisions and comments as answers show them, and which facts changed since a decision was made.

use crate::domain::decision::Decision;
use crate::domain::facts::Facts;
use crate::domain::post::Role;
use crate::publish::ShownProject;
use crate::store::comments;
use crate::store::decisions::StoredDecision;
use crate::store::project_facts::VillageNames;
use serde::Serialize;
use serde_json::{Map, Value, json};
use std::collections::HashMap;
use uuid::Uuid;

/// A fact that is not what it was when the finding was decided.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct FactChange {
    pub project_id: Uuid,
    /// The name of the fact: `title`, `budget_rupiah`, `parts` …
    pub field: String,
    #[schema(value_type = Object)]
    pub before: Value,
    #[schema(value_type = Object)]
    pub now: Value,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct DecisionView {
    pub id: Uuid,
    pub decision: Decision,
    pub reason: String,
    pub by: String,
    pub at: String,
    /// The record that the others were merged into.
    pub kept: Option<Uuid>,
    pub taken_back_at: Option<String>,
    pub taken_back_by: Option<String>,
    /// Whether it holds: it was not taken back, none was made after it, and the facts are those it rests on.
    pub stands: bool,
    /// The projects that it is about.
    pub projects: Vec<Uuid>,
    /// Changes to the facts since the decision.
    pub changes: Vec<FactChange>,
}

/// A comment on a finding.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct CommentView {
    pub id: Uuid,
    pub answers: Option<Uuid>,
    pub text: String,
    pub by: String,
    pub role: Role,
    /// The region that the writer answered for; `null`: all.
    pub region: Option<String>,
    pub at: String,
}

pub fn comment(stored: comments::Comment) -> CommentView {
    CommentView {
        role: stored.role,
        id: stored.id,
        answers: stored.answers_id,
        text: stored.text,
        by: stored.written_by,
        region: stored.region,
        at: stored.written_at,
    }
}

/// The current state that decisions are compared with.
pub struct Now<'a> {
    /// The two projects of each pair.
    pub pairs: &'a HashMap<Uuid, (Uuid, Uuid)>,
    pub facts: &'a HashMap<Uuid, Facts>,
    pub members: &'a [ShownProject],
    pub villages: &'a VillageNames,
}

/// Decisions in the order in which they are given.
pub fn decisions(stored: Vec<StoredDecision>, now: &Now<'_>) -> Vec<DecisionView> {
    stored
        .into_iter()
        .map(|one| {
            let mut projects: Vec<Uuid> = Vec::new();
            let mut changes = Vec::new();
            for pair in &one.pairs {
                let Some(current) = now.pairs.get(&pair.pair_id) else { continue };
                for (side, project) in [("a", current.0), ("b", current.1)] {
                    if projects.contains(&project) {
                        continue;
                    }
                    projects.push(project);
                    if let (Some(Value::Object(before)), Some(facts)) = (pair.seen.get(side), now.facts.get(&project)) {
                        changes.extend(differences(project, before, &facts.weighed(), now));
                    }
                }
            }
            DecisionView {
                id: one.id,
                decision: one.decision,
                reason: one.reason,
                by: one.decided_by,
                at: one.decided_at,
                kept: one.kept,
                taken_back_at: one.taken_back_at,
                taken_back_by: one.taken_back_by,
                stands: one.stands,
                projects,
                changes,
            }
        })
        .collect()
}

fn differences(
    project: Uuid,
    before: &Map<String, Value>,
    facts: &Map<String, Value>,
    now: &Now<'_>,
) -> Vec<FactChange> {
    let Some(member) = now.members.iter().find(|member| member.id == project) else { return Vec::new() };
    facts
        .iter()
        .filter(|(name, _)| member.shows_fact(name))
        .filter_map(|(name, value)| {
            let was = before.get(name).unwrap_or(&Value::Null);
            (was != value).then(|| FactChange {
                project_id: project,
                field: name.clone(),
                before: shown(name, was, now.villages),
                now: shown(name, value, now.villages),
            })
        })
        .collect()
}

/// A village by its name; everything else as it is.
fn shown(name: &str, value: &Value, villages: &VillageNames) -> Value {
    if name != "village_id" {
        return value.clone();
    }
    let id = value.as_str().and_then(|id| id.parse::<Uuid>().ok());
    id.and_then(|id| villages.get(&id)).map_or_else(|| value.clone(), |(_, name)| json!(name))
}
