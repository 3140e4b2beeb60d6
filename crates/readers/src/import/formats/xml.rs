//! XML element by element: an element that is of interest is read as a small tree, others are passed over.
//!
//! Of the crate `quick-xml` the events are used. What it reads was turned into UTF-8 before, whatever its declaration says.

use super::input::{Input, Progress};
use super::kind::Kind;
use super::tables::text::{ROW_BYTES, RowEndless, Text};
use super::tables::xml::entity;
use crate::import::error::ImportError;
use quick_xml::Reader;
use quick_xml::escape::unescape;
use quick_xml::events::{BytesStart, Event};
use std::io::{self, BufReader};

/// How deep elements of one tree may lie in each other.
const DEPTH: usize = 64;

/// The elements of a file.
pub struct Xml {
    file: String,
    kind: Kind,
    reader: Reader<BufReader<Text>>,
    buffer: Vec<u8>,
    /// The attributes of the element that began last.
    attributes: Vec<(String, String)>,
    progress: Progress,
    /// Number of the current feature, for messages.
    pub feature: u64,
}

/// What stands between the trees that are read.
pub enum Step {
    /// An element begins: its name without prefix. It is to be read, passed over or entered.
    Open(String),
    Close,
    End,
}

impl Xml {
    pub fn open(input: &Input, kind: Kind, progress: &Progress) -> Result<Self, ImportError> {
        let mut reader = Reader::from_reader(BufReader::with_capacity(1 << 16, Text::open(input, progress)?));
        let config = reader.config_mut();
        config.expand_empty_elements = true;
        // "RT 3 & 4", as programs of phones write.
        config.allow_dangling_amp = true;
        let (file, buffer, attributes) = (input.name().to_owned(), Vec::new(), Vec::new());
        Ok(Self { file, kind, reader, buffer, attributes, progress: progress.clone(), feature: 0 })
    }

    /// The next element that begins or ends.
    pub fn step(&mut self) -> Result<Step, ImportError> {
        self.reader.get_mut().get_mut().start_row();
        loop {
            self.buffer.clear();
            let step = match self.reader.read_event_into(&mut self.buffer) {
                Ok(Event::Start(start)) => {
                    self.attributes.clear();
                    self.attributes.extend(attributes(&start));
                    Some(Step::Open(local_name(&start).to_owned()))
                }
                Ok(Event::End(_)) => Some(Step::Close),
                Ok(Event::Eof) => Some(Step::End),
                Ok(_) => None,
                Err(wrong) => return Err(self.wrong(wrong)),
            };
            if let Some(step) = step {
                return Ok(step);
            }
        }
    }

    /// Passes over the content of the element that began last.
    pub fn pass_over(&mut self) -> Result<(), ImportError> {
        let mut depth = 1_usize;
        while depth > 0 {
            match self.step()? {
                Step::Open(_) => depth += 1,
                Step::Close => depth -= 1,
                Step::End => return Err(self.truncated()),
            }
        }
        Ok(())
    }

    /// Reads the element that began last into a tree.
    pub fn read(&mut self, tree: &mut Tree) -> Result<(), ImportError> {
        self.reader.get_mut().get_mut().start_row();
        tree.clear();
        let root = tree.add(None, "");
        self.attributes.drain(..).for_each(|(name, value)| tree.add_attribute(root, &name, &value));
        let mut open = vec![root];
        while let Some(at) = open.last().copied() {
            self.buffer.clear();
            match self.reader.read_event_into(&mut self.buffer) {
                Ok(Event::Start(start)) => {
                    if open.len() == DEPTH {
                        return Err(self.unsound("its elements lie too deep in each other".to_owned()));
                    }
                    let node = tree.add(Some(at), local_name(&start));
                    attributes(&start).for_each(|(name, value)| tree.add_attribute(node, &name, &value));
                    open.push(node);
                }
                Ok(Event::End(_)) => _ = open.pop(),
                Ok(Event::Text(text)) => tree.add_text(at, &text.into_inner()),
                Ok(Event::CData(text)) => tree.add_text(at, &text.into_inner()),
                Ok(Event::GeneralRef(reference)) => tree.add_text(at, &entity(&reference)),
                Ok(Event::Eof) => return Err(self.truncated()),
                Ok(_) => {}
                Err(wrong) => return Err(self.wrong(wrong)),
            }
        }
        Ok(())
    }

    /// The error that something in the file is not as it should be.
    pub fn unsound(&self, reason: String) -> ImportError {
        ImportError::Unsound { file: self.file.clone(), kind: self.kind, reason }
    }

    pub fn truncated(&self) -> ImportError {
        let (file, feature, bytes) = (self.file.clone(), self.feature, self.progress.bytes());
        ImportError::Truncated { file, feature, line: None, bytes }
    }

    fn wrong(&self, wrong: quick_xml::Error) -> ImportError {
        match wrong {
            quick_xml::Error::Io(cause) if cause.get_ref().is_some_and(|inner| inner.is::<RowEndless>()) => {
                ImportError::RowTooLarge { file: self.file.clone(), row: self.feature.max(1), most_bytes: ROW_BYTES }
            }
            quick_xml::Error::Io(cause) => {
                let cause = io::Error::new(cause.kind(), cause.to_string());
                ImportError::Unreadable { file: self.file.clone(), cause }
            }
            quick_xml::Error::Syntax(_) => self.truncated(),
            other => self.unsound(other.to_string()),
        }
    }
}

fn local_name<'a>(start: &'a BytesStart<'_>) -> &'a str {
    let name = start.name().into_inner();
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}

/// The attributes of an element without their prefixes.
fn attributes<'a>(start: &'a BytesStart<'_>) -> impl Iterator<Item = (String, String)> + 'a {
    start.attributes().flatten().map(|attribute| {
        let name = attribute.key.into_inner();
        let name = name.rsplit_once(':').map_or(name, |(_, local)| local);
        let value = unescape(&attribute.value).map_or_else(|_| attribute.value.to_string(), |value| value.into_owned());
        (name.to_owned(), value)
    })
}

/// The content of one element. Its nodes and their text are kept side by side, so that reading the next one needs no memory.
#[derive(Default)]
pub struct Tree {
    text: String,
    nodes: Vec<Node>,
}

struct Node {
    name: (usize, usize),
    text: (usize, usize),
    first: Option<usize>,
    last: Option<usize>,
    next: Option<usize>,
}

/// A node of a [`Tree`].
#[derive(Clone, Copy)]
pub struct Element<'a> {
    tree: &'a Tree,
    at: usize,
}

impl Tree {
    fn clear(&mut self) {
        self.text.clear();
        self.nodes.clear();
    }

    fn add(&mut self, parent: Option<usize>, name: &str) -> usize {
        let from = self.text.len();
        self.text.push_str(name);
        let (end, at) = (self.text.len(), self.nodes.len());
        self.nodes.push(Node { name: (from, end), text: (end, end), first: None, last: None, next: None });
        if let Some(parent) = parent {
            match self.nodes[parent].last.replace(at) {
                Some(last) => self.nodes[last].next = Some(at),
                None => self.nodes[parent].first = Some(at),
            }
        }
        at
    }

    fn add_attribute(&mut self, at: usize, name: &str, value: &str) {
        let attribute = self.add(Some(at), &format!("@{name}"));
        self.add_text(attribute, value);
    }

    /// Text before the first element inside; what follows one is white space in the formats that are read.
    fn add_text(&mut self, at: usize, text: &str) {
        if self.nodes[at].text.1 == self.text.len() {
            self.text.push_str(text);
            self.nodes[at].text.1 = self.text.len();
        } else if self.nodes[at].text.0 == self.nodes[at].text.1 {
            let from = self.text.len();
            self.text.push_str(text);
            self.nodes[at].text = (from, self.text.len());
        }
    }

    /// The element that was read.
    pub fn root(&self) -> Element<'_> {
        Element { tree: self, at: 0 }
    }
}

impl<'a> Element<'a> {
    fn node(self) -> Option<&'a Node> {
        self.tree.nodes.get(self.at)
    }

    /// Its name without prefix; of an attribute behind `@`.
    pub fn name(self) -> &'a str {
        self.node().map_or("", |node| &self.tree.text[node.name.0..node.name.1])
    }

    /// Its text without white space around.
    pub fn text(self) -> &'a str {
        self.node().map_or("", |node| self.tree.text[node.text.0..node.text.1].trim())
    }

    /// The elements and attributes in it, in order.
    pub fn children(self) -> impl Iterator<Item = Self> {
        let first = self.node().and_then(|node| node.first);
        let tree = self.tree;
        std::iter::successors(first, move |at| tree.nodes[*at].next).map(move |at| Self { tree, at })
    }

    /// The first one of this name in it.
    pub fn child(self, name: &str) -> Option<Self> {
        self.children().find(|child| child.name() == name)
    }

    /// The text of the first one of this name in it, if it has one.
    pub fn text_of(self, name: &str) -> Option<&'a str> {
        self.child(name).map(Self::text).filter(|text| !text.is_empty())
    }
}
