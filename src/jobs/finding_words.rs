//! Findings in mails: a headline, and the works as the recipient may see them.

use super::recipients::Recipient;
use crate::app::App;
use crate::domain::person::Language;
use crate::mail::MailMember;
use crate::publish::{Eyes, ShownPair, ShownProject};
use crate::store::findings::{self, Finding};
use crate::store::pairs::{self, Pair};
use crate::store::{Result, Tx, project_lists};
use crate::words::Words;
use serde_json::json;
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

/// The works of some findings with their most probable pairs, as one recipient sees them: a mail reveals no more than
/// the page would.
#[derive(Debug)]
pub struct Shown {
    works: HashMap<Uuid, ShownProject>,
    pairs: HashMap<Uuid, Vec<Pair>>,
    /// For each finding, the position of a work among its members, counted from 1.
    numbers: HashMap<Uuid, HashMap<Uuid, i64>>,
}

impl Shown {
    pub async fn load(tx: &mut Tx, recipient: &Recipient, findings: &[Finding]) -> Result<Self> {
        let ids: Vec<Uuid> = findings.iter().map(|finding| finding.id).collect();
        let pairs = pairs::list_likeliest_of_findings(tx, &ids, 1).await?;
        let ends = pairs.values().flatten().flat_map(|pair| [pair.a_id, pair.b_id]);
        let members = findings.iter().flat_map(|finding| finding.projects.iter().copied());
        let works: Vec<Uuid> = members.chain(ends).collect::<BTreeSet<_>>().into_iter().collect();
        let rows = project_lists::find_many(tx, &works).await?;
        let eyes = Eyes::within(recipient.scope.clone());
        let mut numbers = HashMap::new();
        for (finding, pair) in pairs.iter().filter_map(|(finding, pairs)| Some((finding, pairs.first()?))) {
            numbers.insert(*finding, findings::list_numbers(tx, *finding, &[pair.a_id, pair.b_id]).await?);
        }
        Ok(Self { works: eyes.projects(rows).map(|project| (project.id, project)).collect(), pairs, numbers })
    }

    /// The most probable pair of a finding.
    pub fn pair(&self, finding: &Finding) -> Option<ShownPair> {
        let pairs = self.pairs.get(&finding.id).cloned().unwrap_or_default();
        ShownPair::of_members(pairs, &self.works).into_iter().next()
    }

    /// The positions of this pair's works among the members of the finding, counted from 1.
    pub fn numbers(&self, finding: &Finding, pair: &ShownPair) -> Option<[i64; 2]> {
        let numbers = self.numbers.get(&finding.id)?;
        Some([*numbers.get(&pair.a_id)?, *numbers.get(&pair.b_id)?])
    }

    /// The first works of a finding.
    pub fn members(&self, finding: &Finding) -> Vec<&ShownProject> {
        finding
            .projects
            .iter()
            .filter_map(|id| self.works.get(id))
            .filter(|member| member.is_shown_in(finding.kind))
            .collect()
    }

    /// A work that is a member or part of a pair.
    pub fn work(&self, id: Uuid) -> Option<&ShownProject> {
        self.works.get(&id)
    }

    /// Every work that is a member or part of a pair.
    pub fn ids(&self) -> Vec<Uuid> {
        self.works.keys().copied().collect()
    }
}

/// A work in a line or two.
pub fn member(app: &App, language: Language, member: &ShownProject) -> MailMember {
    MailMember {
        title: member.title.clone(),
        village: member.village.name.clone(),
        district: member.village.district.clone(),
        year: member.fiscal_year,
        funds: member.funds.join(" + "),
        budget: Words::render(language, "mail.budget", &json!({ "rupiah": member.budget_rupiah })),
        url: format!("{}/projects/{}", app.config.base_url, member.id),
    }
}
