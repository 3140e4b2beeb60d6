//! KML: each placemark a feature, with the name of the folder that it stands in as one of its columns.
//!
//! The crate `kml` knows no `gx:Track` and loses what is not UTF-8.

use super::feature::RawFeature;
use super::input::{Input, Progress};
use super::kind::Kind;
use super::kml_placemark::{Numbers, feature};
use super::xml::{Step, Tree, Xml};
use crate::import::error::ImportError;

/// How deep folders may lie in each other.
const FOLDERS: usize = 100;

/// The placemarks of a file.
pub struct Kml {
    xml: Xml,
    tree: Tree,
    /// The names of the documents and folders around.
    folders: Vec<String>,
    numbers: Numbers,
}

impl Kml {
    pub fn open(input: &Input, progress: &Progress) -> Result<Self, ImportError> {
        let xml = Xml::open(input, Kind::Kml, progress)?;
        Ok(Self { xml, tree: Tree::default(), folders: Vec::new(), numbers: Numbers::default() })
    }

    /// The next feature; not to be asked again behind the last or an error.
    pub fn read(&mut self) -> Result<Option<RawFeature>, ImportError> {
        loop {
            match self.xml.step()? {
                Step::End if self.folders.is_empty() => return Ok(None),
                Step::End => return Err(self.xml.truncated()),
                Step::Close => _ = self.folders.pop(),
                Step::Open(name) => match name.as_str() {
                    "kml" | "Document" | "Folder" => {
                        if self.folders.len() == FOLDERS {
                            return Err(self.xml.unsound("its folders lie too deep in each other".to_owned()));
                        }
                        self.folders.push(String::new());
                    }
                    "Placemark" => {
                        self.xml.feature += 1;
                        self.xml.read(&mut self.tree)?;
                        let folder = self.folders.iter().skip(2).rev().find(|name| !name.is_empty());
                        let folder = folder.map(String::as_str);
                        return Ok(Some(feature(self.xml.feature, self.tree.root(), folder, &self.numbers)));
                    }
                    "name" => {
                        self.xml.read(&mut self.tree)?;
                        if let Some(folder) = self.folders.last_mut() {
                            *folder = self.tree.root().text().to_owned();
                        }
                    }
                    "Schema" => {
                        self.xml.read(&mut self.tree)?;
                        self.numbers.add(self.tree.root());
                    }
                    _ => self.xml.pass_over()?,
                },
            }
        }
    }
}
