//! A second invented world, crowded: a thousand works a village, of few titles, in few hamlets. Its lists have no column of
//! codes: those stand in the column of the villages' names.
//!
//! Works lie around the middle of a hamlet, as points with few digits (a third of them, as phones give them) and as short
//! lines. One in a hundred is recorded twice: some metres off, by another fund.

use super::generate::code;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use std::fmt::Write;

const WEST: f64 = 113.0;
const SOUTH: f64 = -9.0;
/// Side of a village, degrees: 2.2 km.
const SIDE: f64 = 0.02;
const PER_VILLAGE: usize = 1_000;
const HAMLETS: &[&str] = &["Krajan", "Sumberjeruk", "Tegalpare", "Kaliputih"];
/// Half the side of the square around the middle of a hamlet in which its works lie, degrees: some 220 m.
const REACH: f64 = 0.002;

/// What is built, and whether it is a point.
const WORKS: &[(&str, bool)] = &[
    ("Pembangunan rabat beton", false),
    ("Pavingisasi jalan lingkungan", false),
    ("Pembangunan drainase", false),
    ("Pembangunan TPT", false),
    ("Rehabilitasi saluran irigasi", false),
    ("Pengaspalan jalan", false),
    ("Pembangunan MCK umum", true),
    ("Pembangunan sumur bor", true),
    ("Pemasangan lampu jalan", true),
    ("Rehab poskamling", true),
    ("Rehab rumah tidak layak huni", true),
    ("Pembangunan gapura", true),
];
const FUNDS: &[&str] = &["DD", "ADD", "BKK Kabupaten", "PBP"];
/// Ceilings that many works share.
const BUDGETS: &[u32] = &[15, 20, 25, 50, 75, 100, 150, 200];

#[derive(Clone)]
struct Work {
    village: usize,
    what: usize,
    hamlet: usize,
    rt: u32,
    year: i32,
    fund: usize,
    budget: u32,
    volume: u32,
    start: [f64; 2],
    end: [f64; 2],
    /// Digits behind the point of its degrees.
    digits: usize,
}

/// The list as a CSV.
pub fn generate(count: usize, seed: u64) -> String {
    let mut random = StdRng::seed_from_u64(seed);
    let villages = count.div_ceil(PER_VILLAGE).max(2);
    let across = villages.isqrt().max(1);
    let mut text = String::with_capacity(count * 160);
    text.push_str("id,nama kegiatan,desa,tahun,sumber dana,pagu,volume,satuan,dusun,rt,wkt\n");
    let mut at = 0;
    while at < count {
        let work = invent(&mut random, at % villages, across);
        write(&work, &mut text, at);
        at += 1;
        if at % 100 == 0 && at < count {
            write(&again(&work, &mut random), &mut text, at);
            at += 1;
        }
    }
    text
}

fn invent(random: &mut StdRng, village: usize, across: usize) -> Work {
    #[expect(clippy::cast_precision_loss, reason = "a grid of some hundred villages")]
    let corner = [WEST + (village % across) as f64 * SIDE, SOUTH + (village / across) as f64 * SIDE];
    let hamlet = random.random_range(0..HAMLETS.len());
    let middle = |axis: usize, second: bool| corner[axis] + if second { 0.015 } else { 0.005 };
    let [x, y] = [middle(0, hamlet % 2 == 1), middle(1, hamlet / 2 == 1)];
    let start = [x + random.random_range(-REACH..REACH), y + random.random_range(-REACH..REACH)];
    Work {
        village,
        what: random.random_range(0..WORKS.len()),
        hamlet,
        rt: random.random_range(1..7),
        year: random.random_range(2019..2027),
        fund: random.random_range(0..FUNDS.len()),
        budget: BUDGETS[random.random_range(0..BUDGETS.len())],
        volume: random.random_range(2..40) * 10,
        start,
        end: [start[0] + random.random_range(-0.001..0.001), start[1] + random.random_range(-0.001..0.001)],
        digits: if random.random_range(0..3) == 0 { 4 } else { 6 },
    }
}

fn again(work: &Work, random: &mut StdRng) -> Work {
    let mut off =
        |[x, y]: [f64; 2]| [x + random.random_range(-0.00003..0.00003), y + random.random_range(-0.00003..0.00003)];
    let (start, end) = (off(work.start), off(work.end));
    Work { fund: (work.fund + 1) % FUNDS.len(), start, end, ..work.clone() }
}

fn write(work: &Work, into: &mut String, at: usize) {
    let ((title, is_point), [x, y], [u, v], digits) = (WORKS[work.what], work.start, work.end, work.digits);
    let wkt = if is_point {
        format!("POINT ({x:.digits$} {y:.digits$})")
    } else {
        format!("LINESTRING ({x:.6} {y:.6}, {u:.6} {v:.6})")
    };
    let (volume, unit) = if is_point { (1, "unit") } else { (work.volume, "m") };
    let hamlet = HAMLETS[work.hamlet];
    let _ = writeln!(
        into,
        "C{at:07},{title} Dusun {hamlet},{},{},{},{},{volume},{unit},{hamlet},{:02},\"{wkt}\"",
        code(work.village),
        work.year,
        FUNDS[work.fund],
        u64::from(work.budget) * 1_000_000,
        work.rt,
    );
}
