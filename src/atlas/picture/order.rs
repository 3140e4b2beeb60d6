//! The order of the slots: works near each other on the ground stand near each other in memory. What is compared with one
//! work is then mostly in the processor's caches already.

use super::keys::GroundKey;
use super::spots::{Spot, SpotKey, lone_spot, point_spot};
use super::{Entry, Picture, Slot};

impl Picture {
    /// Gives the works new slots along a Z-order curve (Morton 1966) over the middles of their boxes; those without a
    /// place come last. Only for a picture that never lost a work. O(n log n).
    pub(super) fn lay_out(&mut self, spots: &mut [Spot]) {
        let mut order: Vec<(u64, Slot)> =
            (0..).zip(&self.slots).map(|(slot, entry)| (curve(entry.as_ref()), slot)).collect();
        order.sort_unstable();
        let mut new = vec![0; order.len()];
        for (at, (_, old)) in (0..).zip(&order) {
            new[*old as usize] = at;
        }
        drop(order);
        let renumber = |slot: &mut Slot| *slot = new[*slot as usize];
        self.by_id.iter_mut().for_each(renumber);
        self.points.renumber(&new);
        self.stacks.renumber(&new);
        for lists in [&mut self.marks, &mut self.titles, &mut self.by_village] {
            lists.renumber(&new);
        }
        for spot in spots {
            if let SpotKey::Part(slot) = &mut spot.data {
                renumber(slot);
            }
        }
        // Each swap brings one work to its place.
        for at in 0..new.len() {
            while new[at] as usize != at {
                let to = new[at] as usize;
                self.slots.swap(at, to);
                new.swap(at, to);
            }
        }
    }

    /// The boxes of all works that are single points.
    pub(super) fn point_spots(&self) -> impl Iterator<Item = Spot> {
        self.points.iter().map(|(key, works)| match works {
            [only] if self.stack_size(GroundKey::Point(key.place)) == 1 => lone_spot(*key, *only),
            _ => point_spot(*key),
        })
    }

    pub(super) fn is_point(&self, slot: Slot) -> bool {
        self.point_key(slot).is_some()
    }
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
