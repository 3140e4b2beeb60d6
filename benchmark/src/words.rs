//! The words of titles, from a file that no engine reads.

use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Deserialize)]
pub struct Words {
    pub hamlets: Vec<String>,
    pub streets: Vec<String>,
    pub blocks: Vec<String>,
    pub owners: Vec<String>,
    pub firms: Vec<String>,
    pub villages: Vec<String>,
    /// Writings of a title by what is built.
    pub titles: BTreeMap<String, Vec<String>>,
    pub english: BTreeMap<String, Vec<String>>,
}

impl Words {
    pub fn read() -> Self {
        toml::from_str(include_str!("../words/id.toml"))
            .expect("the words of this program parse: every test reads them")
    }
}
