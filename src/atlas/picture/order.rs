//! The order of the slots: works near each other on the ground stand near each other in memory. What is compared with one
//! work is then mostly in the processor's caches already.

use super::keys::{Ground, GroundKey, PointKey};
use super::lists::Lists;
use super::spots::{Spot, lone_spot, point_spot};
use super::{Entry, Slot};

/// Sorts works along a Z-order curve (Morton 1966) over the middles of their boxes; those without a place come last. The
/// new slot of each by its old one. O(n log n).
pub fn lay_out(slots: &mut [Option<Entry>]) -> Vec<Slot> {
    let mut order: Vec<(u64, Slot)> = (0..).zip(&*slots).map(|(slot, entry)| (curve(entry.as_ref()), slot)).collect();
    order.sort_unstable();
    let mut new = vec![0; order.len()];
    for (at, (_, old)) in (0..).zip(&order) {
        new[*old as usize] = at;
    }
    drop(order);
    // Each swap brings one work to its place.
    let mut ways = new.clone();
    for at in 0..ways.len() {
        while ways[at] as usize != at {
            let to = ways[at] as usize;
            slots.swap(at, to);
            ways.swap(at, to);
        }
    }
    new
}

/// The boxes of all works that are single points, by the order of their slots.
pub fn point_spots(
    slots: &[Option<Entry>],
    points: &Lists<PointKey>,
    stacks: &Lists<GroundKey>,
) -> impl Iterator<Item = Spot> {
    (0..).zip(slots).filter_map(|(slot, entry)| {
        let Some(Ground::Point(key)) = entry.as_ref()?.ground else { return None };
        if stacks.under(&GroundKey::Point(key.place)).len() == 1 {
            return Some(lone_spot(key, slot));
        }
        // One box for all of them.
        (points.under(&key).first() == Some(&slot)).then(|| point_spot(key))
    })
}

/// The place of a work on the curve: bits of longitude and latitude in turn.
fn curve(entry: Option<&Entry>) -> u64 {
    let Some([x, y]) = entry.and_then(|entry| entry.prefilter.middle()) else { return u64::MAX };
    spread(whole(x, 180.0)) | spread(whole(y, 90.0)) << 1
}

/// A coordinate between -`most` and `most` as a whole number of 31 bits.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "between 0 and 2^31; what lies beyond saturates"
)]
fn whole(degrees: f32, most: f64) -> u32 {
    ((f64::from(degrees) + most) / (2.0 * most) * f64::from(1_u32 << 31)) as u32
}

/// The bits of a number with a gap behind each.
const fn spread(bits: u32) -> u64 {
    let mut spread = bits as u64;
    spread = (spread | spread << 16) & 0x0000_ffff_0000_ffff;
    spread = (spread | spread << 8) & 0x00ff_00ff_00ff_00ff;
    spread = (spread | spread << 4) & 0x0f0f_0f0f_0f0f_0f0f;
    spread = (spread | spread << 2) & 0x3333_3333_3333_3333;
    (spread | spread << 1) & 0x5555_5555_5555_5555
}
