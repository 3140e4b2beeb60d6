//! One record of a work, as a list of an office has it.

use crate::geometry::{P, Shape};
use crate::land::degrees;
use serde_json::{Map, Value, json};

#[derive(Clone, Debug)]
pub struct Record {
    pub id: String,
    pub title: String,
    /// What is built: it stands in no file, only a test asks.
    #[cfg(test)]
    pub thing: &'static str,
    /// Number of the village in the land.
    pub village: usize,
    pub activity: Option<&'static str>,
    pub year: i32,
    pub funds: String,
    pub budget: i64,
    pub volume: Option<f64>,
    pub unit: &'static str,
    pub contractor: Option<String>,
    pub status: &'static str,
    /// Months of the year, 1 to 12.
    pub months: Option<(u32, u32)>,
    pub hamlet: Option<String>,
    pub rt: Option<usize>,
    pub rw: Option<usize>,
    pub photos: Vec<String>,
    pub source: &'static str,
    pub authority: &'static str,
    pub accuracy_m: Option<f64>,
    pub shape: Option<Shape>,
    pub continues: Option<String>,
    pub agreement: Option<String>,
    pub contract: Option<String>,
    pub segment: Option<(f64, f64)>,
}

impl Record {
    /// As a GeoJSON feature; `village` is (code, name, district).
    pub fn feature(&self, (code, name, district): (&str, &str, &str)) -> Value {
        let day = |month: u32, day: u32| format!("{}-{month:02}-{day:02}", self.year);
        let mut properties = json!({
            "id": self.id, "title": self.title, "village_code": code, "village": name, "district": district,
            "regency": "Kabupaten Samudra", "activity_code": self.activity, "year": self.year, "funds": self.funds,
            "budget_rp": self.budget, "volume": self.volume, "unit": self.unit, "contractor": self.contractor,
            "status": self.status, "start": self.months.map(|m| day(m.0, 4)), "finish": self.months.map(|m| day(m.1, 25)),
            "dusun": self.hamlet, "rt": self.rt.map(|rt| format!("{rt:03}")), "rw": self.rw.map(|rw| format!("{rw:02}")),
            "photo_sha256": self.photos, "location_source": self.source, "authority": self.authority,
        });
        if let Value::Object(all) = &mut properties {
            put(all, "accuracy_m", self.accuracy_m.map(Into::into));
            put(all, "continues", self.continues.clone().map(Into::into));
            put(all, "agreement", self.agreement.clone().map(Into::into));
            put(all, "contract_number", self.contract.clone().map(Into::into));
            put(all, "segment_from_m", self.segment.map(|segment| segment.0.into()));
            put(all, "segment_to_m", self.segment.map(|segment| segment.1.into()));
        }
        json!({ "type": "Feature", "id": self.id, "geometry": self.shape.as_ref().map(geometry), "properties": properties })
    }
}

fn put(all: &mut Map<String, Value>, name: &str, value: Option<Value>) {
    if let Some(value) = value {
        all.insert(name.to_owned(), value);
    }
}

fn geometry(shape: &Shape) -> Value {
    let line = |corners: &[P]| corners.iter().map(|c| degrees(*c)).collect::<Vec<_>>();
    match shape {
        Shape::Point(place) => json!({ "type": "Point", "coordinates": degrees(*place) }),
        Shape::Line(corners) => json!({ "type": "LineString", "coordinates": line(corners) }),
        Shape::Lines(parts) => {
            json!({ "type": "MultiLineString", "coordinates": parts.iter().map(|part| line(part)).collect::<Vec<_>>() })
        }
        Shape::Area(ring) => {
            let mut ring = line(ring);
            if let (Some(first), Some(last)) = (ring.first().copied(), ring.last_mut()) {
                *last = first;
            }
            json!({ "type": "Polygon", "coordinates": [ring] })
        }
        Shape::Points(places) => json!({ "type": "MultiPoint", "coordinates": line(places) }),
    }
}
