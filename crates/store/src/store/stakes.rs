//! The data of projects that findings need.

use super::{Result, Tx, list_in};
use crate::domain::finding::ClosedBecause;
use std::collections::HashMap;
use uuid::Uuid;

/// The data of a project that findings need.
#[derive(Clone, Debug)]
pub struct ProjectAtStake {
    pub village_id: Uuid,
    pub village_code: String,
    pub village_name: String,
    pub budget_rupiah: Option<i64>,
    /// Why it stands no more: `merged` or `withdrawn`.
    pub inactive_because: Option<ClosedBecause>,
}

/// The stakes of these projects, those that stand no more too.
pub async fn list(tx: &mut Tx, wanted: &[Uuid]) -> Result<HashMap<Uuid, ProjectAtStake>> {
    type Row = (Uuid, Uuid, Option<String>, Option<String>, Option<i64>, Option<Uuid>, Option<String>);
    let mut stakes = HashMap::new();
    const STAKES: &str =
        "SELECT p.id, p.village_id, v.code, v.name, p.budget_rupiah, p.merged_into_id, p.withdrawn_at FROM projects p
        LEFT JOIN region_versions v ON v.region_id = p.village_id AND v.valid_to IS NULL WHERE p.id";
    for (id, village_id, code, name, budget_rupiah, merged, withdrawn) in list_in!(tx, Row, STAKES, wanted) {
        let inactive_because =
            if merged.is_some() { Some(ClosedBecause::Merged) } else { withdrawn.map(|_| ClosedBecause::Withdrawn) };
        let (village_code, village_name) = (code.unwrap_or_default(), name.unwrap_or_default());
        stakes.insert(id, ProjectAtStake { village_id, village_code, village_name, budget_rupiah, inactive_because });
    }
    Ok(stakes)
}
