//! Geometries as nobody should write them: half of them nearly right, none of them more than some kilobytes.

use rand::RngExt;
use rand::rngs::StdRng;

const KINDS: [&str; 7] =
    ["Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon", "GeometryCollection"];
/// What stands where a number should.
const NUMBERS: [&str; 20] = [
    "114.31",
    "-8.21",
    "0",
    "-0.0",
    "1e308",
    "-1e308",
    "1e400",
    "1e-320",
    "5e-324",
    "180.0000001",
    "-90.1",
    "1e30",
    "null",
    "\"114.31\"",
    "true",
    "[]",
    "{}",
    "[114.31]",
    "99999999999999999999999",
    "9007199254740993",
];

/// The text of a GeoJSON geometry.
pub fn geometry(random: &mut StdRng) -> String {
    match random.random_range(0..40) {
        0 => pick(
            random,
            &["null", "[]", "{}", "1", "\"Point\"", "{\"type\":\"Point\"}", "{\"coordinates\":[114.31,-8.21]}"],
        )
        .to_owned(),
        1 => {
            let depth = random.random_range(1..60);
            let (open, close) = ("{\"type\":\"GeometryCollection\",\"geometries\":[".repeat(depth), "]}".repeat(depth));
            format!("{open}{}{close}", one(random, 1))
        }
        2 => {
            let depth = random.random_range(1..60);
            let kind = pick(random, &KINDS);
            format!(
                "{{\"type\":\"{kind}\",\"coordinates\":{}{}{}}}",
                "[".repeat(depth),
                position(random),
                "]".repeat(depth)
            )
        }
        _ => one(random, 4),
    }
}

fn one(random: &mut StdRng, depth: usize) -> String {
    let kind = pick(random, &KINDS);
    let nested = match kind {
        "Point" => 0,
        "MultiPoint" | "LineString" => 1,
        "MultiLineString" | "Polygon" => 2,
        _ => 3,
    };
    // Mostly as deep as it should be.
    let nested = if random.random_bool(0.9) { nested } else { random.random_range(0..5) };
    let mut members = vec![format!("\"type\":\"{}\"", if random.random_bool(0.97) { kind } else { "Feature" })];
    if kind != "GeometryCollection" || random.random_bool(0.2) {
        members.push(format!("\"coordinates\":{}", coordinates(random, nested)));
    }
    if (kind == "GeometryCollection" || random.random_bool(0.03)) && depth > 0 {
        let inner: Vec<String> = (0..random.random_range(0..4)).map(|_| one(random, depth - 1)).collect();
        members.push(format!("\"geometries\":[{}]", inner.join(",")));
    }
    if random.random_bool(0.03) {
        members.push("\"bbox\":[1]".to_owned());
    }
    if random.random_bool(0.2) {
        members.reverse();
    }
    format!("{{{}}}", members.join(","))
}

fn coordinates(random: &mut StdRng, nested: usize) -> String {
    if nested == 0 {
        return position(random);
    }
    let count = if random.random_bool(0.1) { 0 } else { random.random_range(1..6) };
    let mut items: Vec<String> = (0..count).map(|_| coordinates(random, nested - 1)).collect();
    // Rings are closed, mostly.
    if nested == 1 && count > 2 && random.random_bool(0.6) {
        items.push(items[0].clone());
    }
    format!("[{}]", items.join(","))
}

fn position(random: &mut StdRng) -> String {
    if random.random_bool(0.85) {
        let lon = 114.30 + 0.02 * random.random::<f64>();
        let lat = -8.22 + 0.02 * random.random::<f64>();
        return format!("[{lon},{lat}]");
    }
    let count = random.random_range(0..6);
    let numbers: Vec<&str> = (0..count).map(|_| pick(random, &NUMBERS)).collect();
    format!("[{}]", numbers.join(","))
}

fn pick<'a>(random: &mut StdRng, from: &[&'a str]) -> &'a str {
    from[random.random_range(0..from.len())]
}
