//! GeoJSON feature by feature, in the memory of one feature: a FeatureCollection (its members in any order), an array
//! of Features, one Feature, or Features one after the other (newline-delimited). So too the FeatureSet of Esri JSON, and
//! either as a script: `var json_jalan = {…};` of qgis2web. Plain records (an array of objects, alone or in the answer of an
//! interface, or one in each line) are features without a geometry.
//!
//! `geojson::FeatureReader` does this too, but takes the first `[` of the file for the features, loses its position
//! at the first bad feature, ignores `crs`, and cannot locate where a broken file ends.

use super::esri_json::{self, Fields};
use super::input::{Input, Progress};
use super::json_record;
use super::json_text::JsonText;
use super::kind::Kind;
use crate::import::crs::Stated;
use crate::import::error::ImportError;
use serde_json::Value;

/// How many objects may lie around an array of records.
const DEPTH: u32 = 3;

/// The text of one feature.
#[derive(Debug)]
pub struct FeatureText {
    /// Its number in the file, from 1.
    pub number: u64,
    pub json: Vec<u8>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum State {
    /// Before a top-level value.
    Top,
    /// Inside the array of features; `collection` if it is a member of an object.
    Array {
        collection: bool,
    },
    /// Between the members of a top-level object.
    Members,
    /// Between the plain records of a file that has one in each line.
    Lines,
    Done,
}

/// The kept members of a top-level object.
#[derive(Default)]
struct Members {
    is_collection: bool,
    is_feature: bool,
    /// It has members that only Esri JSON has.
    is_esri: bool,
    has_features: bool,
    /// Arrays of plain records lie in it, so many objects deep.
    has_records: bool,
    depth: u32,
    /// `id`, `geometry` and `properties` of a Feature, verbatim.
    parts: Vec<(String, Vec<u8>)>,
}

/// The features of a file. Ends after an error.
pub struct Features {
    text: JsonText,
    state: State,
    members: Members,
    /// The coordinate system stated by the file, as far as it was read.
    pub stated: Option<Stated>,
    /// The attributes of Esri JSON, as far as they are described before the features.
    pub fields: Fields,
    /// It is the value of a variable, or the argument of a call.
    is_script: bool,
}

impl Features {
    /// Coordinates are returned unconverted: the caller checks `stated`.
    pub fn open(input: &Input, progress: &Progress) -> Result<Self, ImportError> {
        let (text, members) = (JsonText::open(input, progress)?, Members::default());
        let state = if json_record::are_lines(input)? { State::Lines } else { State::Top };
        let fields = Fields::default();
        Ok(Self { text, state, members, stated: None, fields, is_script: false })
    }

    fn step(&mut self) -> Result<Option<FeatureText>, ImportError> {
        loop {
            match self.state {
                State::Done => return Ok(None),
                State::Top => self.top()?,
                State::Array { collection } => {
                    if let Some(feature) = self.element(collection)? {
                        return Ok(Some(feature));
                    }
                }
                State::Lines => return self.line(),
                State::Members => {
                    if let Some(feature) = self.member()? {
                        return Ok(Some(feature));
                    }
                }
            }
        }
    }

    fn top(&mut self) -> Result<(), ImportError> {
        match self.text.peek_solid()? {
            None if self.text.feature > 0 => self.state = State::Done,
            None => {
                return Err(ImportError::Empty { file: self.text.file() });
            }
            Some(b'{') => {
                self.text.bump();
                self.members = Members::default();
                self.state = State::Members;
            }
            Some(b'[') if self.text.feature == 0 => {
                self.text.bump();
                self.state = State::Array { collection: false };
            }
            Some(_) if self.text.feature == 0 && !self.is_script && self.text.pass_over_assignment()? => {
                self.is_script = true;
            }
            Some(b';' | b')') if self.is_script => self.text.bump(),
            Some(other) => {
                return Err(self.text.wrong(format!("{:?} where an object should begin", char::from(other))));
            }
        }
        Ok(())
    }

    /// The record of the next line, `None` behind the last.
    fn line(&mut self) -> Result<Option<FeatureText>, ImportError> {
        match self.text.peek_solid()? {
            None => {
                self.state = State::Done;
                Ok(None)
            }
            Some(b'{') => self.object().map(Some),
            Some(other) => Err(self.text.wrong(format!("{:?} where a record should begin", char::from(other)))),
        }
    }

    fn object(&mut self) -> Result<FeatureText, ImportError> {
        self.text.feature += 1;
        let mut json = Vec::with_capacity(512);
        self.text.value(Some(&mut json))?;
        Ok(FeatureText { number: self.text.feature, json })
    }

    /// One element of the array of features, `None` at its end.
    fn element(&mut self, collection: bool) -> Result<Option<FeatureText>, ImportError> {
        match self.text.solid()? {
            b',' => {
                self.text.bump();
                Ok(None)
            }
            b']' => {
                self.text.bump();
                self.state = if collection { State::Members } else { State::Done };
                Ok(None)
            }
            b'{' => self.object().map(Some),
            other => Err(self.text.wrong(format!("{:?} where a feature should begin", char::from(other)))),
        }
    }

    /// One member of a top-level object; a feature if the object ends and was one.
    fn member(&mut self) -> Result<Option<FeatureText>, ImportError> {
        match self.text.solid()? {
            b',' => self.text.bump(),
            b'}' => {
                self.text.bump();
                return self.end_of_object();
            }
            b'"' => {
                let mut name = Vec::new();
                self.text.value(Some(&mut name))?;
                let name: String = serde_json::from_slice(&name).map_err(|wrong| self.text.wrong(wrong.to_string()))?;
                if self.text.solid()? != b':' {
                    return Err(self.text.wrong(format!("no colon after {name:?}")));
                }
                self.text.bump();
                self.named(name)?;
            }
            other => return Err(self.text.wrong(format!("{:?} where a member should begin", char::from(other)))),
        }
        Ok(None)
    }

    fn named(&mut self, name: String) -> Result<(), ImportError> {
        let first = self.text.solid()?;
        match name.as_str() {
            "features" if first == b'[' => {
                self.text.bump();
                self.members.has_features = true;
                self.state = State::Array { collection: true };
            }
            "type" | "crs" | "spatialReference" | "fields" if self.members.depth == 0 => {
                self.fact(&name)?;
            }
            name if first == b'[' && self.may_hold_records() && json_record::may_hold(name) => {
                self.text.bump();
                match self.text.solid()? {
                    b'{' => {
                        self.members.has_records = true;
                        self.state = State::Array { collection: true };
                    }
                    _ => self.skip_array()?,
                }
            }
            name if first == b'{'
                && self.may_hold_records()
                && self.members.depth < DEPTH
                && json_record::may_hold(name) =>
            {
                self.text.bump();
                self.members.depth += 1;
            }
            "id" | "geometry" | "properties" => {
                let mut text = Vec::new();
                if self.text.feature == 0 || self.members.is_feature || !self.members.has_features {
                    self.text.value(Some(&mut text))?;
                    self.members.parts.push((name, text));
                } else {
                    self.text.value(None)?;
                }
            }
            "geometryType" => {
                self.members.is_esri = true;
                self.text.value(None)?;
            }
            _ => self.text.value(None)?,
        }
        Ok(())
    }

    fn may_hold_records(&self) -> bool {
        let Members { is_collection, is_feature, has_features, has_records, .. } = self.members;
        !is_collection && !is_feature && !has_features && !has_records
    }

    /// The rest of an array whose first bracket is read.
    fn skip_array(&mut self) -> Result<(), ImportError> {
        loop {
            match self.text.solid()? {
                b',' => self.text.bump(),
                b']' => {
                    self.text.bump();
                    return Ok(());
                }
                _ => self.text.value(None)?,
            }
        }
    }

    /// A member that says what the file is.
    fn fact(&mut self, name: &str) -> Result<(), ImportError> {
        let mut text = Vec::new();
        self.text.value(Some(&mut text))?;
        let value: Value = serde_json::from_slice(&text).map_err(|wrong| self.text.wrong(wrong.to_string()))?;
        match (name, value.as_str()) {
            ("crs", _) => self.take_crs(&value),
            ("spatialReference", _) => {
                self.members.is_esri = true;
                self.stated = esri_json::stated(&value);
            }
            ("fields", _) => {
                self.members.is_esri = true;
                self.fields = Fields::read(&value);
            }
            (_, Some("Topology")) => {
                let (file, kind) = (self.text.file(), Kind::TopoJson);
                return Err(ImportError::OtherKind { file, kind, ending: None });
            }
            (_, Some("FeatureCollection")) => self.members.is_collection = true,
            (_, Some("Feature")) => self.members.is_feature = true,
            _ => return Err(self.text.wrong(format!("the type is {value}, not FeatureCollection"))),
        }
        Ok(())
    }

    fn end_of_object(&mut self) -> Result<Option<FeatureText>, ImportError> {
        if self.members.depth > 0 {
            self.members.depth -= 1;
            return Ok(None);
        }
        if self.members.is_feature && !self.members.has_features {
            self.state = State::Top;
            self.text.feature += 1;
            let mut json = b"{\"type\":\"Feature\"".to_vec();
            for (name, value) in std::mem::take(&mut self.members.parts) {
                json.extend_from_slice(format!(",\"{name}\":").as_bytes());
                json.extend_from_slice(&value);
            }
            json.push(b'}');
            return Ok(Some(FeatureText { number: self.text.feature, json }));
        }
        let Members { is_collection, is_esri, has_features, has_records, .. } = self.members;
        if !(has_records || (has_features && (is_collection || is_esri))) {
            return Err(self.text.wrong("it has no type FeatureCollection with features".to_owned()));
        }
        self.state = State::Done;
        while self.is_script && matches!(self.text.peek_solid()?, Some(b';' | b')')) {
            self.text.bump();
        }
        match self.text.peek_solid()? {
            None => Ok(None),
            Some(_) => Err(self.text.wrong("something follows the FeatureCollection".to_owned())),
        }
    }

    /// The `crs` member of old GeoJSON, which programs still write.
    fn take_crs(&mut self, crs: &Value) {
        if !crs.is_null() {
            // The first GeoJSON, of 2008, also knew a code and an address.
            let code =
                || crs.pointer("/properties/code").filter(|_| crs["type"] == "EPSG").map(|code| format!("EPSG:{code}"));
            let address = || crs.pointer("/properties/href").and_then(Value::as_str).and_then(code_in_address);
            let name = crs.pointer("/properties/name").and_then(Value::as_str).map(str::to_uppercase);
            let name = name.or_else(code).or_else(address);
            self.stated = Some(Stated::by_name(&name.unwrap_or_else(|| crs.to_string())));
        }
    }
}

/// `http://spatialreference.org/ref/epsg/32749/proj4/`.
fn code_in_address(address: &str) -> Option<String> {
    let lower = address.to_lowercase();
    let code: String = lower.split_once("epsg/")?.1.chars().take_while(char::is_ascii_digit).collect();
    (!code.is_empty()).then(|| format!("EPSG:{code}"))
}

impl Iterator for Features {
    type Item = Result<FeatureText, ImportError>;

    fn next(&mut self) -> Option<Self::Item> {
        let step = self.step();
        if step.is_err() {
            self.state = State::Done;
        }
        step.transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Vec<String>, ImportError> {
        let features = Features::open(&Input::bytes("a.geojson", text.as_bytes()), &Progress::default())?;
        features.map(|feature| feature.map(|feature| String::from_utf8(feature.json).unwrap())).collect()
    }

    #[test]
    fn features_are_found_in_every_wrapping() {
        let feature = r#"{"type":"Feature","properties":{"t":"]}\"{"},"geometry":null}"#;
        let members = [
            format!(r#"{{"type":"FeatureCollection","bbox":[1,2,3,4],"features":[{feature},{feature}]}}"#),
            format!(
                "\u{FEFF}{{ \"features\" : [ {feature} ,\n{feature} ], \"type\":\"FeatureCollection\",\"properties\":{{}} }}\n"
            ),
            format!("[{feature},{feature}]"),
        ];
        for text in members {
            assert_eq!(read(&text).unwrap(), [feature, feature], "{text}");
        }
        let lines = read(&format!("{feature}\n\u{1E}{feature}\n")).unwrap();
        assert_eq!(lines.len(), 2);
        assert!(lines.iter().all(
            |line| serde_json::from_str::<Value>(line).unwrap() == serde_json::from_str::<Value>(feature).unwrap()
        ));
    }

    #[test]
    fn a_file_that_breaks_off_says_where() {
        let text = "{\"type\":\"FeatureCollection\",\"features\":[\n{\"type\":\"Feature\"},\n{\"type\":\"Fea";
        let cut = read(text).unwrap_err();
        assert_eq!(cut.code(), "file_truncated");
        assert_eq!(
            (cut.values()["feature"].as_u64(), cut.values()["line"].as_u64(), cut.values()["bytes"].as_u64()),
            (Some(2), Some(3), Some(text.len() as u64))
        );
        for text in [
            "{",
            "{\"type\"",
            "{\"type\":\"FeatureCollection\",\"features\":[",
            "{\"type\":\"FeatureCollection\",\"features\":[]",
        ] {
            assert_eq!(read(text).unwrap_err().code(), "file_truncated", "{text}");
        }
    }

    #[test]
    fn a_file_that_is_not_a_feature_collection_is_refused() {
        for text in [
            "{}",
            "[1]",
            "{\"type\":\"FeatureCollection\"}",
            "hello",
            "{\"features\":[]}",
            "{1:2}",
            "{\"a\" 1}",
            "{\"type\":}",
        ] {
            assert_eq!(read(text).unwrap_err().code(), "not_geojson", "{text}");
        }
    }

    #[test]
    fn the_value_of_a_variable_is_read_and_what_else_a_script_does_is_not() {
        let feature = r#"{"type":"Feature","properties":{},"geometry":null}"#;
        let collection = format!(r#"{{"type":"FeatureCollection","features":[{feature}]}}"#);
        for text in [
            format!("var json_jalan_1 = {collection};"),
            format!("\u{FEFF}const jalan={collection}"),
            format!("window.jalan = {collection} ;\n"),
            format!("muat({collection});"),
            format!("var a = [{feature}];"),
            format!("// Jalan, dari QGIS\n/* 2026 */ var a = {collection};"),
            format!("export default {collection};"),
            format!("window.peta[\"jalan-1\"] = {collection};"),
            format!("var a = {feature};"),
        ] {
            assert_eq!(read(&text).unwrap().len(), 1, "{text}");
        }
        for text in ["var a = 7;", "var a = ", "alert('x')", &format!("var a = {collection}; var b = 1;")] {
            assert!(read(text).is_err(), "{text}");
        }
    }

    #[test]
    fn topojson_is_told_as_such() {
        assert_eq!(read(r#"{"type":"Topology","objects":{},"arcs":[]}"#).unwrap_err().code(), "file_of_other_kind");
    }

    #[test]
    fn the_coordinate_system_that_a_file_states_is_found_before_and_behind_its_features() {
        for name in ["urn:ogc:def:crs:OGC:1.3:CRS84", "urn:ogc:def:crs:EPSG::32750", "EPSG:4326", "local"] {
            let crs = format!("\"crs\":{{\"type\":\"name\",\"properties\":{{\"name\":\"{name}\"}}}}");
            for members in [format!("{crs},\"features\":[]"), format!("\"features\":[],{crs}")] {
                let text = format!("{{\"type\":\"FeatureCollection\",{members}}}");
                let input = Input::bytes("a.geojson", text.into_bytes());
                let mut features = Features::open(&input, &Progress::default()).unwrap();
                assert!(features.next().is_none());
                assert_eq!(features.stated, Some(Stated::by_name(&name.to_uppercase())));
            }
        }
        for crs in [
            r#"{"type":"EPSG","properties":{"code":32749}}"#,
            r#"{"type":"link","properties":{"href":"http://spatialreference.org/ref/epsg/32749/proj4/","type":"proj4"}}"#,
        ] {
            let text = format!(r#"{{"type":"FeatureCollection","crs":{crs},"features":[]}}"#);
            let input = Input::bytes("a.geojson", text.into_bytes());
            let mut features = Features::open(&input, &Progress::default()).unwrap();
            assert!(features.next().is_none());
            assert_eq!(features.stated.and_then(|stated| stated.code), Some(32_749), "{crs}");
        }
    }
}
