//! Packed records as bytes, for a snapshot: id, length, record.

use super::{Picture, Slot};
use crate::duplicates::Packed;
use uuid::Uuid;

impl Picture {
    /// Appends the packed records in these slots; how many there are, `None` past the last slot. Some 50 ns each.
    pub fn copy_packed(&self, first: Slot, end: Slot, into: &mut Vec<u8>) -> Option<u64> {
        let end = self.slots.len().min(end as usize);
        let slots = self.slots.get(first as usize..end).filter(|slots| !slots.is_empty())?;
        let mut count = 0;
        for entry in slots.iter().flatten() {
            let bytes = entry.packed.bytes();
            into.extend(entry.id.as_bytes());
            into.extend(u32::try_from(bytes.len()).expect("a record is smaller than a request").to_le_bytes());
            into.extend(bytes);
            count += 1;
        }
        Some(count)
    }
}

/// Takes the next record off; `None` if there is no whole one.
pub fn next_packed(rest: &mut &[u8]) -> Option<(Uuid, Packed)> {
    let (id, behind) = rest.split_first_chunk::<16>()?;
    let (length, behind) = behind.split_first_chunk::<4>()?;
    let (packed, behind) = behind.split_at_checked(u32::from_le_bytes(*length) as usize)?;
    *rest = behind;
    Some((Uuid::from_bytes(*id), Packed::from_bytes(packed)))
}
