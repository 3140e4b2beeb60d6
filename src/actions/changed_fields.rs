//! What a change of a project changed, for the audit chain.

use super::Result;
use crate::canonical_json::canonical;
use crate::digest::sha256_hex;
use crate::domain::diff::Diff;
use crate::domain::project::Project;
use crate::domain::project_diff::{Told, project_diff};
use crate::store::{Tx, footprints};
use serde_json::json;

/// What is another way in a project: a footprint by the digest of its parts, which are stored already. Reads the parts where the
/// footprint is another one.
pub(super) async fn changed_fields(tx: &mut Tx, before: Option<&Project>, after: &Project) -> Result<Diff> {
    let is_moved = before.is_none_or(|before| before.footprint_version != after.footprint_version);
    let (mut was, mut is) = (None, None);
    if is_moved {
        if let Some(before) = before {
            was = parts_digest(tx, before).await?;
        }
        is = parts_digest(tx, after).await?;
    }
    let told = |project, parts| Told { project, parts };
    Ok(project_diff(before.map(|before| told(before, was.as_deref())), told(after, is.as_deref())))
}

/// SHA-256 of the parts of a project's footprint as canonical JSON, hex; `None` without one.
async fn parts_digest(tx: &mut Tx, project: &Project) -> Result<Option<String>> {
    if project.footprint_version == 0 {
        return Ok(None);
    }
    let stored = footprints::list_parts(tx, project.id, project.footprint_version).await?;
    let parts = json!(stored.into_iter().map(|stored| stored.part).collect::<Vec<_>>());
    Ok(Some(sha256_hex(canonical(&parts))))
}
