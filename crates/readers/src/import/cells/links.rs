//! Places in links to maps: Google, Apple, OpenStreetMap, and `geo:` of telephones.

use super::coordinates::pair;

/// Names of values that hold the place of a pin, the surest first; those of the view come last.
const PINS: [&str; 9] = ["q", "query", "destination", "daddr", "coordinate", "ll", "cp", "center", "sll"];

/// Whether a text is a link, and no coordinates.
pub fn is_link(text: &str) -> bool {
    let text = text.trim().to_lowercase();
    text.starts_with("geo:")
        || text.contains("://")
        || ["www.", "maps.", "goo.gl/"].iter().any(|host| text.starts_with(host))
}

/// Longitude and latitude of the place that a link shows: its pin before the middle of its view. `None` for a short link,
/// which holds neither. O(n).
pub fn place(link: &str) -> Option<(f64, f64)> {
    let link = decoded(link.trim());
    let (before, fragment) = link.split_once('#').unwrap_or((&link, ""));
    let (path, query) = before.split_once('?').unwrap_or((before, ""));
    let values: Vec<(String, &str)> = query
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .map(|(name, value)| (name.to_lowercase(), value))
        .collect();
    let value = |name: &str| values.iter().find(|(known, _)| known == name).map(|(_, value)| *value);
    let marked = || value("mlat").zip(value("mlon")).or_else(|| value("lat").zip(value("lon").or(value("lng"))));
    pin(&link)
        .or_else(|| marked().and_then(|(lat, lon)| number(lat).zip(number(lon)).map(|(lat, lon)| (lon, lat))))
        .or_else(|| PINS.into_iter().filter_map(value).find_map(position))
        .or_else(|| path.trim_start_matches("geo:").split('/').filter(|part| !part.starts_with('@')).find_map(position))
        .or_else(|| path.split('@').nth(1).and_then(view))
        .or_else(|| slashed(fragment.trim_start_matches("map=")))
}

/// `!3d-8.25!4d114.35`: the pin of Google's links; of several the last, which is the place itself.
fn pin(link: &str) -> Option<(f64, f64)> {
    let (lat, rest) = link.rsplit_once("!3d")?.1.split_once("!4d")?;
    let end = rest.find(|c: char| !matches!(c, '0'..='9' | '.' | '-')).unwrap_or(rest.len());
    Some((number(&rest[..end])?, number(lat)?))
}

/// `-8.25,114.35`, in front of it `loc:`, behind it a label in brackets, a height or an accuracy.
fn position(text: &str) -> Option<(f64, f64)> {
    let text = text.trim().trim_start_matches("loc:");
    let text = text.split_once('(').map_or(text, |(place, _)| place);
    let text = text.split_once(';').map_or(text, |(place, _)| place).replace('+', " ").replace('~', ",");
    let is_null = |place: &(f64, f64)| *place == (0.0, 0.0);
    let found = view(&text).or_else(|| pair("", text.trim()).ok());
    found.filter(|place| !is_null(place))
}

/// `-8.25,114.35,17z`: latitude and longitude with points, and what more there is.
fn view(text: &str) -> Option<(f64, f64)> {
    let mut parts = text.split(['/', '?']).next()?.split(',');
    let (lat, lon) = (number(parts.next()?)?, number(parts.next()?)?);
    (lat.abs() <= 90.0 && lon.abs() <= 180.0).then_some((lon, lat))
}

/// `17/-8.25/114.35`: zoom, latitude and longitude.
fn slashed(text: &str) -> Option<(f64, f64)> {
    let mut parts = text.split(['/', '&']);
    let (_zoom, lat, lon) = (number(parts.next()?)?, number(parts.next()?)?, number(parts.next()?)?);
    Some((lon, lat))
}

fn number(text: &str) -> Option<f64> {
    text.trim().parse::<f64>().ok().filter(|number| number.is_finite())
}

/// With `%2C` and the like as the characters that they stand for.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        let digits = tail.get(..2).filter(|_| *first == b'%').and_then(|digits| std::str::from_utf8(digits).ok());
        match digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &tail[2..];
            }
            None => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pin_of_a_link_is_its_place() {
        for link in [
            "https://maps.google.com/?q=-8.251234,114.351234",
            "https://maps.google.com/maps?q=loc:-8.251234,114.351234&z=17",
            "https://www.google.com/maps/place/x/@-8.1,114.2,17z/data=!3m1!4b1!4m5!3m4!1s0x0!8m2!3d-8.251234!4d114.351234",
            "https://www.google.com/maps/search/?api=1&query=-8.251234%2C114.351234",
            "https://www.google.com/maps/search/-8.251234,+114.351234?sa=X",
            "https://www.google.com/maps/dir/?api=1&destination=-8.251234,114.351234",
            "https://www.google.com/maps/@-8.251234,114.351234,17z",
            "https://maps.apple.com/?ll=-8.251234,114.351234&q=Gapura%20Krajan",
            "https://maps.apple.com/place?coordinate=-8.251234,114.351234",
            "https://www.openstreetmap.org/?mlat=-8.251234&mlon=114.351234#map=19/-8.1/114.2",
            "https://www.openstreetmap.org/#map=19/-8.251234/114.351234",
            "https://www.openstreetmap.org/#map=19/-8.251234/114.351234&layers=H",
            "geo:-8.251234,114.351234",
            "geo:-8.251234,114.351234;u=12?z=17",
            "geo:0,0?q=-8.251234,114.351234(Pos kamling)",
            "maps.google.com/?ll=-8.251234,114.351234",
            "https://www.bing.com/maps?cp=-8.251234~114.351234&lvl=17",
        ] {
            assert!(is_link(link), "{link}");
            assert_eq!(place(link), Some((114.351_234, -8.251_234)), "{link}");
        }
        let (lon, lat) = place("https://www.google.com/maps/place/8%C2%B015'00.0%22S+114%C2%B021'00.0%22E/").unwrap();
        assert!((lon - 114.35).abs() < 1e-9 && (lat + 8.25).abs() < 1e-9);
    }

    #[test]
    fn a_link_without_a_place_gives_none() {
        for link in [
            "https://maps.app.goo.gl/Ab12Cd34Ef56",
            "https://goo.gl/maps/xyz",
            "https://www.google.com/maps/place/Balai+Desa+Tambong/",
            "https://maps.google.com/?q=Balai+Desa",
            "https://contoh.go.id/8/12",
            "geo:0,0",
        ] {
            assert!(is_link(link), "{link}");
            assert_eq!(place(link), None, "{link}");
        }
        assert!(!is_link("-8.25, 114.35") && !is_link("Dusun Krajan"));
    }
}
