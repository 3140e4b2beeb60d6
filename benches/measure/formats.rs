//! What reading the same works costs in each format: a CSV with WKT, a KML file, a shapefile.

use crate::Failure;
use crate::generate::code;
use std::fmt::Write;
use std::path::Path;
use std::time::Instant;
use tapak::collection::read_collection;
use tapak::duplicates::extract_owner;
use tapak::import::{Input, Needs, ReadOptions};

/// One work: what its row says, and its line.
struct Work {
    id: String,
    title: String,
    village: String,
    year: String,
    fund: &'static str,
    rupiah: String,
    line: [[f64; 2]; 3],
}

/// Columns with their widths in a DBF file, and whether they hold numbers.
const COLUMNS: [(&str, u8, bool); 6] = [
    ("id", 10, false),
    ("title", 60, false),
    ("kode_desa", 13, false),
    ("year", 4, true),
    ("fund", 8, false),
    ("budget_rp", 12, true),
];

/// Reads so many works from each format three times, and prints the medians beside that of the CSV file.
pub fn formats(count: usize) -> Result<(), Failure> {
    let folder = tempfile::tempdir()?;
    let works: Vec<Work> = (0..count).map(work).collect();
    let files = ["list.csv", "list.kml", "list.shp"].map(|name| folder.path().join(name));
    std::fs::write(&files[0], csv(&works))?;
    std::fs::write(&files[1], kml(&works))?;
    shapefile(&works, &files[2])?;
    drop(works);
    println!("| {count} works as | size | read | as CSV |\n| --- | --- | --- | --- |");
    let mut as_csv = None;
    for (file, name) in files.iter().zip(["CSV with WKT", "KML", "shapefile"]) {
        let mut times = Vec::new();
        for _ in 0..3 {
            times.push(read(file, count)?);
        }
        times.sort_unstable_by(f64::total_cmp);
        let csv_s = *as_csv.get_or_insert(times[1]);
        let mb = std::fs::metadata(file)?.len() / 1_000_000;
        println!("| {name} | {mb} MB | {:.2} s | {:.2} times |", times[1], times[1] / csv_s);
    }
    Ok(())
}

fn read(file: &Path, count: usize) -> Result<f64, Failure> {
    let options = ReadOptions { owner_of: extract_owner, needs: Needs::Comparison, ..ReadOptions::default() };
    let start = Instant::now();
    let collection = read_collection(&[Input::path(file)], &options, |_, _| {})?;
    let read = start.elapsed().as_secs_f64();
    let placed = collection.records.iter().filter(|record| !record.facts().parts.is_empty()).count();
    if collection.records.len() != count || placed != count || !collection.refused.is_empty() {
        return Err(format!("{}: {} records, {placed} with a place", file.display(), collection.records.len()).into());
    }
    Ok(read)
}

fn work(at: usize) -> Work {
    let titles = ["Rabat beton Jalan Melati", "Drainase Dusun Krajan", "TPT sungai", "Paving lingkungan"];
    let part = |times: usize| f64::from(u32::try_from(at * times % 100_000).unwrap_or_default()) / 1e5;
    let start = [113.0 + part(7), -8.9 + part(31) / 2.0];
    let corner = |x: f64, y: f64| [round(start[0] + x), round(start[1] + y)];
    Work {
        id: format!("F{at:07}"),
        title: format!("{} RT {:02} nomor {}", titles[at % titles.len()], at % 12, at % 997),
        village: code(at % 900),
        year: (2019 + at % 8).to_string(),
        fund: ["DD", "ADD"][at % 2],
        rupiah: (15_000_000 + at % 400 * 250_000).to_string(),
        line: [corner(0.0, 0.0), corner(0.000_7, 0.000_3), corner(0.001_1, 0.000_9)],
    }
}

fn round(degrees: f64) -> f64 {
    (degrees * 1e6).round() / 1e6
}

impl Work {
    fn cells(&self) -> [&str; COLUMNS.len()] {
        [&self.id, &self.title, &self.village, &self.year, self.fund, &self.rupiah]
    }
}

fn csv(works: &[Work]) -> String {
    let mut text = String::from("id,title,kode_desa,year,fund,budget_rp,wkt\n");
    for work in works {
        let [a, b, c] = work.line;
        let _ = writeln!(
            text,
            "{},\"LINESTRING ({} {}, {} {}, {} {})\"",
            work.cells().join(","),
            a[0],
            a[1],
            b[0],
            b[1],
            c[0],
            c[1]
        );
    }
    text
}

fn kml(works: &[Work]) -> String {
    let mut text = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<kml xmlns=\"http://www.opengis.net/kml/2.2\"><Document>\n",
    );
    for work in works {
        let _ = write!(text, "<Placemark><name>{}</name><ExtendedData>", work.title);
        for ((name, ..), cell) in COLUMNS.iter().zip(work.cells()) {
            let _ = write!(text, "<Data name=\"{name}\"><value>{cell}</value></Data>");
        }
        let [a, b, c] = work.line;
        let _ = writeln!(
            text,
            "</ExtendedData><LineString><coordinates>{},{} {},{} {},{}</coordinates></LineString></Placemark>",
            a[0], a[1], b[0], b[1], c[0], c[1]
        );
    }
    text.push_str("</Document></kml>\n");
    text
}

/// Shapes, index, attributes and coordinate system, as ESRI's whitepaper of 1998 and dBASE III lay them down.
fn shapefile(works: &[Work], path: &Path) -> Result<(), Failure> {
    const SHAPE_BYTES: usize = 44 + 4 + 3 * 16;
    const POLYLINE: i32 = 3;
    let count = u32::try_from(works.len())?;
    let (mut shp, mut shx) = (header(100 + works.len() * (8 + SHAPE_BYTES))?, header(100 + works.len() * 8)?);
    for (number, work) in (1_i32..).zip(works) {
        let [xs, ys] = [0, 1].map(|axis| work.line.map(|corner| corner[axis]));
        let (low, high) = (
            |of: [f64; 3]| of.into_iter().fold(f64::MAX, f64::min),
            |of: [f64; 3]| of.into_iter().fold(f64::MIN, f64::max),
        );
        shx.extend(i32::try_from(shp.len() / 2)?.to_be_bytes());
        shx.extend(i32::try_from(SHAPE_BYTES / 2)?.to_be_bytes());
        shp.extend(number.to_be_bytes());
        shp.extend(i32::try_from(SHAPE_BYTES / 2)?.to_be_bytes());
        shp.extend(POLYLINE.to_le_bytes());
        [low(xs), low(ys), high(xs), high(ys)].iter().for_each(|side| shp.extend(side.to_le_bytes()));
        [1_i32, 3, 0].iter().for_each(|number| shp.extend(number.to_le_bytes()));
        work.line.iter().flatten().for_each(|degrees| shp.extend(degrees.to_le_bytes()));
    }
    let row_bytes = 1 + COLUMNS.iter().map(|(_, width, _)| u16::from(*width)).sum::<u16>();
    let mut dbf = vec![3, 126, 11, 29];
    dbf.extend(count.to_le_bytes());
    dbf.extend((32 + 32 * u16::try_from(COLUMNS.len())? + 1).to_le_bytes());
    dbf.extend(row_bytes.to_le_bytes());
    dbf.extend([0; 20]);
    for (name, width, is_number) in COLUMNS {
        let mut field = [0; 32];
        field[..name.len()].copy_from_slice(name.as_bytes());
        (field[11], field[16]) = (if is_number { b'N' } else { b'C' }, width);
        dbf.extend(field);
    }
    dbf.push(b'\r');
    for work in works {
        dbf.push(b' ');
        for ((_, width, is_number), cell) in COLUMNS.iter().zip(work.cells()) {
            let width = usize::from(*width);
            let padded = if *is_number { format!("{cell:>width$}") } else { format!("{cell:<width$}") };
            dbf.extend(padded.as_bytes());
        }
    }
    dbf.push(0x1a);
    let wgs84 = r#"GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]"#;
    for (end, bytes) in [("shp", &shp[..]), ("shx", &shx), ("dbf", &dbf), ("prj", wgs84.as_bytes()), ("cpg", b"UTF-8")]
    {
        std::fs::write(path.with_extension(end), bytes)?;
    }
    Ok(())
}

fn header(bytes: usize) -> Result<Vec<u8>, Failure> {
    let mut header = 9_994_i32.to_be_bytes().to_vec();
    header.extend([0; 20]);
    header.extend(i32::try_from(bytes / 2)?.to_be_bytes());
    [1_000_i32, 3].iter().for_each(|number| header.extend(number.to_le_bytes()));
    [113.0_f64, -9.0, 114.1, -8.3, 0.0, 0.0, 0.0, 0.0].iter().for_each(|side| header.extend(side.to_le_bytes()));
    Ok(header)
}
