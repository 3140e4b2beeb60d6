//! A region by its code, for what is to answer for it.

use super::Result;
use crate::domain::Invalid;
use crate::store::{Tx, regions};

/// Codes shown beside one that is not known.
const NEAR_REGIONS: usize = 5;

/// The name of the region with this code, which must be here; before any boundary was imported every code may come to be one.
pub async fn find_region(tx: &mut Tx, code: &str) -> Result<Option<String>> {
    if let Some(name) = regions::find_name(tx, code).await? {
        return Ok(Some(name));
    }
    let known = regions::ids_by_code(tx).await?;
    if known.is_empty() {
        return Ok(None);
    }
    let shared = |known: &str| code.bytes().zip(known.bytes()).take_while(|(a, b)| a == b).count();
    let mut near: Vec<String> = known.into_keys().collect();
    near.sort_by_key(|known| (std::cmp::Reverse(shared(known)), known.len().abs_diff(code.len()), known.clone()));
    near.truncate(NEAR_REGIONS);
    Err(Invalid::new("unknown_region", "region").with("given", code).with("near", near.join(", ")).into())
}
