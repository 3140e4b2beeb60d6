//! Invented villages and works, as many as wanted, the same for the same seed.
//!
//! Villages are squares of 2.2 km on a grid; works lie in them so that each has about twenty others within 250 m. One in
//! a hundred is planted twice: the same place with other vertices, another fund and another spelling of the title.

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use std::fmt::Write;

pub const SEED: u64 = 3510;
const WEST: f64 = 113.0;
const SOUTH: f64 = -9.0;
/// Side of a village, degrees: 2.2 km.
const SIDE: f64 = 0.02;
/// Works in one village: with their lengths about twenty others come within 250 m.
const PER_VILLAGE: usize = 330;

const WORKS: &[&str] = &["Pembangunan", "Pemb.", "Peningkatan", "Rehabilitasi", "Rehab", "Pengerasan", "Pemasangan"];
const OBJECTS: &[(&str, char, &str)] = &[
    ("Rabat Beton Jalan", 'l', "02.03.10"),
    ("Paving Gang", 'l', "02.03.11"),
    ("JUT Blok", 'l', "02.03.12"),
    ("Drainase Jl.", 'l', "02.03.14"),
    ("TPT Jalan", 'l', "02.03.14"),
    ("Saluran Irigasi", 'l', "04.02.04"),
    ("MCK Umum", 'p', "02.04.14"),
    ("Sumur Bor", 'p', "02.04.11"),
    ("PJU", 'p', "02.04.93"),
    ("Poskamling", 'p', "03.01.01"),
    ("RTLH", 'p', "02.04.01"),
    ("Lapangan", 'a', "03.03.05"),
];
const NAMES: &[&str] = &[
    "Melati",
    "Mawar",
    "Kenanga",
    "Cempaka",
    "Anggrek",
    "Dahlia",
    "Flamboyan",
    "Teratai",
    "Merpati",
    "Garuda",
    "Nakula",
    "Sadewa",
    "Bima",
    "Arjuna",
    "Yudistira",
    "Gatotkaca",
    "Kresna",
    "Diponegoro",
    "Sudirman",
    "Kartini",
    "Pattimura",
    "Sumberagung",
    "Sumberwangi",
    "Tegalrejo",
    "Karangasem",
    "Watukebo",
    "Sidorejo",
    "Sidomulyo",
    "Tambakrejo",
    "Curahjati",
];
const HAMLETS: &[&str] =
    &["Krajan", "Sumberjeruk", "Tegalpare", "Kaliputih", "Pancursari", "Mulyosari", "Watulor", "Lerengsari"];
const FUNDS: &[&str] = &["DD", "ADD", "BKK Kabupaten", "PBP", "PAD"];

/// Two files' texts: `villages` is GeoJSON, `projects` a CSV with WKT.
pub struct Generated {
    pub villages: String,
    pub projects: String,
    /// Coordinates of some works, for asking about a neighbourhood.
    pub places: Vec<[f64; 2]>,
}

pub fn generate(count: usize, seed: u64) -> Generated {
    let mut random = StdRng::seed_from_u64(seed);
    let villages = count.div_ceil(PER_VILLAGE).max(2);
    let across = villages.isqrt().max(1);
    let mut out = Generated {
        villages: villages_text(villages, across),
        projects: String::with_capacity(count * 260),
        places: Vec::new(),
    };
    out.projects.push_str(
        "id,title,village_code,activity_code,year,status,fund,budget_rp,hamlet,rt,contractor,location_source,wkt\n",
    );
    let mut at = 0;
    while at < count {
        let village = at % villages;
        let work = Work::invent(&mut random, village, across);
        work.write(&mut out.projects, at);
        if at % 997 == 0 {
            out.places.push(work.start);
        }
        at += 1;
        if at % 100 == 0 && at < count {
            work.again(&mut random).write(&mut out.projects, at);
            at += 1;
        }
    }
    out
}

/// The code of a village by its number: three regencies of thirty districts with up to 999 villages.
pub fn code(village: usize) -> String {
    format!("35.{:02}.{:02}.2{:03}", 10 + village / 30_000, 1 + village / 999 % 30, 1 + village % 999)
}

fn corner(village: usize, across: usize) -> [f64; 2] {
    #[expect(clippy::cast_precision_loss, reason = "a grid of some hundred villages")]
    [WEST + (village % across) as f64 * SIDE, SOUTH + (village / across) as f64 * SIDE]
}

fn villages_text(count: usize, across: usize) -> String {
    let mut text = String::from("{\"type\":\"FeatureCollection\",\"features\":[\n");
    for village in 0..count {
        let [w, s] = corner(village, across);
        let (e, n) = (w + SIDE, s + SIDE);
        let code = code(village);
        let comma = if village + 1 < count { "," } else { "" };
        let _ = writeln!(
            text,
            r#"{{"type":"Feature","properties":{{"code":"{code}","name":"Desa {village}","district_code":"{}","district":"Kecamatan","regency_code":"{}","regency":"Kabupaten"}},"geometry":{{"type":"Polygon","coordinates":[[[{w},{s}],[{e},{s}],[{e},{n}],[{w},{n}],[{w},{s}]]]}}}}{comma}"#,
            &code[..8],
            &code[..5]
        );
    }
    text.push_str("]}\n");
    text
}

#[derive(Clone)]
struct Work {
    village: usize,
    title: String,
    activity: &'static str,
    year: i32,
    fund: &'static str,
    budget: i64,
    hamlet: &'static str,
    rt: u32,
    shape: char,
    start: [f64; 2],
    end: [f64; 2],
}

impl Work {
    fn invent(random: &mut StdRng, village: usize, across: usize) -> Self {
        let (object, shape, activity) = OBJECTS[random.random_range(0..OBJECTS.len())];
        let hamlet = HAMLETS[random.random_range(0..HAMLETS.len())];
        let rt = random.random_range(1..12);
        let [w, s] = corner(village, across);
        let start = [w + random.random_range(0.0005..SIDE - 0.0025), s + random.random_range(0.0005..SIDE - 0.0025)];
        let end = [start[0] + random.random_range(0.0003..0.0018), start[1] + random.random_range(-0.0004..0.0018)];
        let title = format!(
            "{} {object} {} {} Dsn. {hamlet} RT {rt:02}",
            WORKS[random.random_range(0..WORKS.len())],
            NAMES[random.random_range(0..NAMES.len())],
            random.random_range(1..40),
        );
        Self {
            village,
            title,
            activity,
            year: random.random_range(2021..2027),
            fund: FUNDS[random.random_range(0..FUNDS.len())],
            budget: random.random_range(20..400) * 1_000_000,
            hamlet,
            rt,
            shape,
            start,
            end,
        }
    }

    /// The same work recorded again by somebody else: some metres off, another fund, another spelling.
    fn again(&self, random: &mut StdRng) -> Self {
        let mut off = || random.random_range(-0.00002..0.00002);
        let moved = |[x, y]: [f64; 2], dx: f64, dy: f64| [x + dx, y + dy];
        let (start, end) = (moved(self.start, off(), off()), moved(self.end, off(), off()));
        let title = self.title.replace("Jalan", "Jl").replace("Pembangunan", "Pemb").replace("Dsn.", "Dusun");
        let fund = if self.fund == "DD" { "BKK Kabupaten" } else { "DD" };
        Self { title, fund, start, end, ..self.clone() }
    }

    fn write(&self, into: &mut String, at: usize) {
        let ([x, y], [u, v]) = (self.start, self.end);
        let wkt = match self.shape {
            'p' => format!("POINT ({x:.6} {y:.6})"),
            'l' => format!(
                "LINESTRING ({x:.6} {y:.6}, {:.6} {:.6}, {u:.6} {v:.6})",
                f64::midpoint(x, u) + 0.00003,
                f64::midpoint(y, v)
            ),
            _ => format!(
                "POLYGON (({x:.6} {y:.6}, {u:.6} {y:.6}, {u:.6} {:.6}, {x:.6} {:.6}, {x:.6} {y:.6}))",
                y + 0.0004,
                y + 0.0004
            ),
        };
        let _ = writeln!(
            into,
            "G{at:07},{},{},{},{},selesai,{},{},{},{:02},TPK {},GPS,\"{wkt}\"",
            self.title,
            code(self.village),
            self.activity,
            self.year,
            self.fund,
            self.budget,
            self.hamlet,
            self.rt,
            self.village
        );
    }
}
