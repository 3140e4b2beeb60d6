//! Takes the codes of BPS over from a table that sets them beside those of Kemendagri, so that files with codes of BPS alone
//! find their villages. A fact about a code, not a new version of a village.

use super::import_projects::ImportFailure;
use super::{ActionError, Result};
use crate::app::App;
use crate::domain::change::{ChangeAction, Entity};
use crate::domain::diff::Diff;
use crate::domain::doer::Doer;
use crate::import::{Crosswalk, Input, VillageColumns, read_crosswalk};
use crate::store::Change;
use crate::store::regions::{self, CurrentVersion};

/// Villages changed in one transaction.
const SHARE: usize = 500;

/// How the table is to be read and stored.
#[derive(Clone, Debug, Default)]
pub struct BpsCodeOptions {
    pub columns: VillageColumns,
    pub layer: Option<String>,
    pub keep_good: bool,
    pub dry_run: bool,
}

/// What came of it.
#[derive(Clone, Debug, Default)]
pub struct Report {
    pub file: Crosswalk,
    pub set: usize,
    pub same: usize,
    /// Rows of villages that are not here.
    pub elsewhere: usize,
    pub stored: bool,
}

pub async fn import_bps_codes(
    app: &App,
    input: Input,
    options: &BpsCodeOptions,
) -> std::result::Result<Report, ImportFailure> {
    let input = input.into_own_copy(|_| {})?.input;
    let (columns, layer) = (options.columns.clone(), options.layer.clone());
    let file = tokio::task::spawn_blocking(move || read_crosswalk(&input, &columns, layer.as_deref()))
        .await
        .map_err(|e| ActionError::Internal(e.to_string()))??;
    let mut report = Report { file, ..Report::default() };
    if options.dry_run || (!report.file.refused.is_empty() && !options.keep_good) {
        return Ok(report);
    }
    for share in report.file.good.clone().chunks(SHARE) {
        let wanted: Vec<(String, String)> =
            share.iter().map(|(_, code, bps_code)| (code.to_string(), bps_code.clone())).collect();
        store(app, &wanted, &mut report).await?;
    }
    report.stored = true;
    Ok(report)
}

/// One share of codes of Kemendagri and of BPS, in one transaction.
async fn store(app: &App, wanted: &[(String, String)], report: &mut Report) -> Result<()> {
    let codes: Vec<String> = wanted.iter().map(|(code, _)| code.clone()).collect();
    let mut tx = app.store.write().await?;
    let current = regions::current_of(&mut tx, &codes).await?;
    let mut set: Vec<(&CurrentVersion, &str)> = Vec::new();
    for (code, bps_code) in wanted {
        match current.get(code) {
            None => report.elsewhere += 1,
            Some(known) if known.bps_code.as_ref() == Some(bps_code) => report.same += 1,
            Some(known) => set.push((known, bps_code)),
        }
    }
    for (known, bps_code) in &set {
        regions::set_bps_code(&mut tx, known.id, bps_code).await?;
        let (now, by) = (app.clock.now(), Doer::terminal());
        let code = Diff::new().field("bps_code", &known.bps_code, bps_code);
        tx.log(Change::new(now, Entity::Region, known.region_id, ChangeAction::Import, by).with(code));
    }
    report.set += set.len();
    Ok(tx.commit().await?)
}
