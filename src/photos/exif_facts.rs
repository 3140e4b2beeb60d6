//! Facts from EXIF: position, time, camera, orientation. They complement the phone's own position: systems and
//! messengers strip EXIF, and anybody can write it.

use super::PhotoError;
use super::chunks::{self, Chunk};
use crate::domain::Time;
use chrono::{Datelike, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime};
use exif::{Exif, In, Reader, Tag, Value};
use image::ImageFormat;
use std::io::{BufRead, Seek, SeekFrom};

/// Plausible years of a camera. 1980 is a receiver that has no time yet.
const YEARS: std::ops::RangeInclusive<i32> = 1990..=2100;

/// Maximum block size: the length of a JPEG segment. Parsed, a text takes 24 times its bytes.
const BLOCK_BYTES: u64 = 64 * 1024;

/// Everything that could be read; `None` for the rest.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ExifFacts {
    /// lon, lat, WGS 84.
    pub position: Option<(f64, f64)>,
    /// Distance within which the true position may be, metres.
    pub accuracy_m: Option<f64>,
    /// Direction of the camera, degrees clockwise from north, 0 to under 360.
    pub heading_deg: Option<f64>,
    /// Local time by the camera's clock.
    pub taken_local: Option<NaiveDateTime>,
    /// The zone of that time, if the camera recorded it.
    pub offset: Option<FixedOffset>,
    /// Satellite time of the last fix.
    pub gps_at: Option<Time>,
    pub camera: Option<String>,
    /// 1 to 8: how the pixels must be turned.
    pub orientation: Option<u32>,
}

/// Reads the EXIF block of a JPEG, PNG or WebP. Damaged, implausible or oversized parts are omitted, never an error.
pub fn read_exif(source: &mut (impl BufRead + Seek), format: ImageFormat) -> ExifFacts {
    let Some(exif) = parse(source, format) else { return ExifFacts::default() };
    let lon = degrees(&exif, Tag::GPSLongitude, Tag::GPSLongitudeRef, b'W', 180.0);
    let lat = degrees(&exif, Tag::GPSLatitude, Tag::GPSLatitudeRef, b'S', 90.0);
    // (0, 0) is a device without a fix.
    let position = lon.zip(lat).filter(|position| *position != (0.0, 0.0));
    ExifFacts {
        position,
        accuracy_m: position
            .and_then(|_| rational(&exif, Tag::GPSHPositioningError, 0))
            .filter(|metres| (0.0..=100_000.0).contains(metres)),
        heading_deg: rational(&exif, Tag::GPSImgDirection, 0)
            .filter(|degrees| (0.0..=360.0).contains(degrees))
            .map(|degrees| degrees % 360.0),
        taken_local: text(&exif, Tag::DateTimeOriginal)
            .and_then(|text| NaiveDateTime::parse_from_str(&text, "%Y:%m:%d %H:%M:%S").ok())
            .filter(|at| YEARS.contains(&at.year())),
        offset: text(&exif, Tag::OffsetTimeOriginal).and_then(|text| text.parse().ok()),
        gps_at: gps_at(&exif),
        camera: camera(&exif),
        orientation: exif
            .get_field(Tag::Orientation, In::PRIMARY)
            .and_then(|field| field.value.get_uint(0))
            .filter(|n| (1..=8).contains(n)),
    }
}

fn parse(source: &mut (impl BufRead + Seek), format: ImageFormat) -> Option<Exif> {
    let mut reader = Reader::new();
    reader.continue_on_error(true);
    let read = match format {
        ImageFormat::Png => reader.read_raw(block(source, *b"eXIf", chunks::png)?),
        ImageFormat::WebP => reader.read_raw(block(source, *b"EXIF", chunks::riff)?),
        _ => {
            source.seek(SeekFrom::Start(0)).ok()?;
            reader.read_from_container(source)
        }
    };
    read.or_else(|e| e.distill_partial_result(|_| {})).ok()
}

/// The block in the first chunk of this name. Some programs precede it with the header of a JPEG's block.
fn block<S: BufRead + Seek>(
    source: &mut S,
    name: [u8; 4],
    list: fn(&mut S) -> Result<Vec<Chunk>, PhotoError>,
) -> Option<Vec<u8>> {
    let chunk = list(source).ok()?.into_iter().find(|chunk| chunk.name == name)?;
    let mut bytes = chunk.read_bytes(source, BLOCK_BYTES)?;
    if bytes.starts_with(b"Exif\0\0") {
        bytes.drain(..6);
    }
    Some(bytes)
}

/// Make and model, the make only once (`Canon Canon EOS`).
fn camera(exif: &Exif) -> Option<String> {
    match (text(exif, Tag::Make), text(exif, Tag::Model)) {
        (Some(make), Some(model)) if model.to_lowercase().starts_with(&make.to_lowercase()) => Some(model),
        (Some(make), Some(model)) => Some(format!("{make} {model}")),
        (make, model) => make.or(model),
    }
}

/// GPS date and time are UTC (EXIF 2.32, 4.6.6).
fn gps_at(exif: &Exif) -> Option<Time> {
    let day = NaiveDate::parse_from_str(&text(exif, Tag::GPSDateStamp)?, "%Y:%m:%d").ok()?;
    let part = |at, most: f64| {
        let whole = rational(exif, Tag::GPSTimeStamp, at).filter(|value| (0.0..most).contains(value))?;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 59, tested above")]
        Some(whole as u32)
    };
    let time = NaiveTime::from_hms_opt(part(0, 24.0)?, part(1, 60.0)?, part(2, 60.0)?)?;
    YEARS.contains(&day.year()).then(|| day.and_time(time).and_utc())
}

/// Number `at` of a field of rationals; `None` if it is missing or its denominator is 0.
fn rational(exif: &Exif, tag: Tag, at: usize) -> Option<f64> {
    let Value::Rational(parts) = &exif.get_field(tag, In::PRIMARY)?.value else { return None };
    parts.get(at).filter(|part| part.denom != 0).map(exif::Rational::to_f64)
}

fn text(exif: &Exif, tag: Tag) -> Option<String> {
    let Value::Ascii(lines) = &exif.get_field(tag, In::PRIMARY)?.value else { return None };
    let line = String::from_utf8_lossy(lines.first()?).trim_matches(['\0', ' ']).to_owned();
    let clean: String = line.chars().filter(|c| !c.is_control()).take(100).collect();
    (!clean.is_empty()).then_some(clean)
}

/// Degrees, minutes and seconds with their sign; `None` if they are no angle up to `most`. Some cameras omit the
/// seconds or write `0/0` for them.
fn degrees(exif: &Exif, tag: Tag, reference: Tag, negative: u8, most: f64) -> Option<f64> {
    let part = |at| rational(exif, tag, at).unwrap_or(0.0);
    let angle = rational(exif, tag, 0)? + part(1) / 60.0 + part(2) / 3600.0;
    let sign = match &exif.get_field(reference, In::PRIMARY)?.value {
        Value::Ascii(lines) if lines.first()?.first()?.to_ascii_uppercase() == negative => -1.0,
        _ => 1.0,
    };
    (angle.is_finite() && (0.0..=most).contains(&angle)).then_some(sign * angle)
}

#[cfg(test)]
mod tests {
    use super::*;
    use exif::experimental::Writer;
    use exif::{Field, Rational};
    use std::io::Cursor;

    fn read_exif(jpeg: &[u8]) -> ExifFacts {
        super::read_exif(&mut Cursor::new(jpeg), ImageFormat::Jpeg)
    }

    fn is_sound(jpeg: &[u8]) -> bool {
        let mut source = Cursor::new(jpeg);
        crate::photos::read::read_header(&mut source)
            .and_then(|header| crate::photos::read::check(&mut source, &header))
            .is_ok()
    }

    /// A small JPEG with these EXIF fields.
    pub fn jpeg_with(fields: &[Field]) -> Vec<u8> {
        let mut writer = Writer::new();
        for field in fields {
            writer.push_field(field);
        }
        let mut block = Cursor::new(Vec::new());
        writer.write(&mut block, false).unwrap();
        let block = block.into_inner();
        let mut plain = Cursor::new(Vec::new());
        image::RgbImage::from_pixel(8, 4, image::Rgb([9, 9, 9]))
            .write_to(&mut plain, image::ImageFormat::Jpeg)
            .unwrap();
        let plain = plain.into_inner();
        let mut jpeg = plain[..2].to_vec();
        jpeg.extend([0xFF, 0xE1]);
        jpeg.extend(u16::try_from(block.len() + 8).unwrap().to_be_bytes());
        jpeg.extend(b"Exif\0\0");
        jpeg.extend(&block);
        jpeg.extend(&plain[2..]);
        jpeg
    }

    fn angle(tag: Tag, parts: [(u32, u32); 3]) -> Field {
        let parts = parts.into_iter().map(|(num, denom)| Rational { num, denom }).collect();
        Field { tag, ifd_num: In::PRIMARY, value: Value::Rational(parts) }
    }

    fn ascii(tag: Tag, text: &str) -> Field {
        Field { tag, ifd_num: In::PRIMARY, value: Value::Ascii(vec![text.as_bytes().to_vec()]) }
    }

    fn one(tag: Tag, num: u32, denom: u32) -> Field {
        Field { tag, ifd_num: In::PRIMARY, value: Value::Rational(vec![Rational { num, denom }]) }
    }

    fn place(lat: &str, lon: &str) -> [Field; 4] {
        [
            angle(Tag::GPSLatitude, [(8, 1), (13, 1), (3000, 100)]),
            ascii(Tag::GPSLatitudeRef, lat),
            angle(Tag::GPSLongitude, [(114, 1), (22, 1), (0, 1)]),
            ascii(Tag::GPSLongitudeRef, lon),
        ]
    }

    #[test]
    fn south_and_west_are_negative() {
        for (lat_ref, lon_ref, south, west) in
            [("S", "E", -1.0, 1.0), ("N", "W", 1.0, -1.0), ("S", "W", -1.0, -1.0), ("N", "E", 1.0, 1.0)]
        {
            let (lon, lat) = read_exif(&jpeg_with(&place(lat_ref, lon_ref))).position.unwrap();
            assert!((lon - west * 114.366_667).abs() < 1e-5 && (lat - south * 8.225).abs() < 1e-9, "{lon} {lat}");
        }
    }

    #[test]
    fn all_that_a_telephone_writes_is_read() {
        let mut fields = place("S", "E").to_vec();
        fields.extend([
            one(Tag::GPSHPositioningError, 475, 100),
            one(Tag::GPSImgDirection, 36_000, 100),
            ascii(Tag::GPSDateStamp, "2026:11:23"),
            angle(Tag::GPSTimeStamp, [(0, 1), (4, 1), (5_750, 100)]),
            ascii(Tag::DateTimeOriginal, "2026:11:23 07:05:00"),
            ascii(Tag::OffsetTimeOriginal, "+07:00"),
            ascii(Tag::Make, "Xiaomi"),
            ascii(Tag::Model, "Redmi 9A"),
        ]);
        let facts = read_exif(&jpeg_with(&fields));
        assert_eq!((facts.accuracy_m, facts.heading_deg), (Some(4.75), Some(0.0)));
        assert_eq!(facts.taken_local.unwrap().to_string(), "2026-11-23 07:05:00");
        assert_eq!(facts.offset.unwrap().local_minus_utc(), 7 * 3_600);
        assert_eq!(facts.gps_at.unwrap().to_rfc3339(), "2026-11-23T00:04:57+00:00");
        assert_eq!(facts.camera.as_deref(), Some("Xiaomi Redmi 9A"));
    }

    #[test]
    fn a_make_that_the_model_repeats_is_shown_once() {
        let jpeg = jpeg_with(&[ascii(Tag::Make, "Canon"), ascii(Tag::Model, "Canon EOS 90D")]);
        assert_eq!(read_exif(&jpeg).camera.as_deref(), Some("Canon EOS 90D"));
    }

    #[test]
    fn a_device_without_a_fix_is_nowhere_and_has_no_time() {
        let jpeg = jpeg_with(&[
            angle(Tag::GPSLatitude, [(0, 1), (0, 1), (0, 1)]),
            ascii(Tag::GPSLatitudeRef, "N"),
            angle(Tag::GPSLongitude, [(0, 1), (0, 1), (0, 1)]),
            ascii(Tag::GPSLongitudeRef, "E"),
            one(Tag::GPSHPositioningError, 5, 1),
            ascii(Tag::GPSDateStamp, "1980:01:06"),
            angle(Tag::GPSTimeStamp, [(0, 1), (0, 1), (0, 1)]),
            ascii(Tag::DateTimeOriginal, "0000:00:00 00:00:00"),
        ]);
        assert_eq!(read_exif(&jpeg), ExifFacts::default());
    }

    #[test]
    fn nonsense_in_exif_is_ignored_and_refuses_no_picture() {
        let jpeg = jpeg_with(&[
            angle(Tag::GPSLatitude, [(8, 0), (13, 1), (0, 1)]),
            ascii(Tag::GPSLatitudeRef, "S"),
            angle(Tag::GPSLongitude, [(400, 1), (0, 1), (0, 1)]),
            ascii(Tag::GPSLongitudeRef, "E"),
            one(Tag::GPSImgDirection, 361, 1),
            ascii(Tag::GPSDateStamp, "2026:13:40"),
            angle(Tag::GPSTimeStamp, [(25, 1), (0, 1), (0, 1)]),
            ascii(Tag::DateTimeOriginal, "yesterday"),
            ascii(Tag::OffsetTimeOriginal, "zone"),
        ]);
        assert_eq!(read_exif(&jpeg), ExifFacts::default());
        assert!(is_sound(&jpeg));
    }

    #[test]
    fn a_dented_exif_block_refuses_no_picture() {
        let jpeg = jpeg_with(&place("S", "E"));
        let block = jpeg.windows(6).position(|six| six == b"Exif\0\0").unwrap() + 6;
        for at in block..block + 120 {
            let mut dented = jpeg.clone();
            dented[at] ^= 0xFF;
            assert!(is_sound(&dented), "byte {at}");
        }
    }
}
