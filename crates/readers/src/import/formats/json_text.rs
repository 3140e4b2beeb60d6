//! A scanner for JSON that only follows brackets and quotes: values are found and copied, not parsed. Constant
//! memory, O(bytes).

use super::assignment::assignment;
use super::input::{Input, Progress};
use super::tables::text::ROW_BYTES;
use crate::import::error::ImportError;
use std::io::Read;

/// Comments and names of variables before a value are no longer.
const ASSIGNMENT_BYTES: usize = 1_000;

/// The text of a JSON file and the current position.
pub struct JsonText {
    file: String,
    reader: Box<dyn Read + Send>,
    buffer: Vec<u8>,
    at: usize,
    end: usize,
    bytes: u64,
    line: u64,
    /// Number of the current feature, for messages.
    pub feature: u64,
}

impl JsonText {
    pub fn open(input: &Input, progress: &Progress) -> Result<Self, ImportError> {
        Ok(Self {
            file: input.name().to_owned(),
            reader: input.open_counted(progress)?,
            buffer: vec![0; 1 << 16],
            at: 0,
            end: 0,
            bytes: 0,
            line: 1,
            feature: 0,
        })
    }

    /// The name for messages.
    pub fn file(&self) -> String {
        self.file.clone()
    }

    /// Copies or skips one JSON value by its brackets and quotes; its validity is checked by the parser later.
    pub fn value(&mut self, mut out: Option<&mut Vec<u8>>) -> Result<(), ImportError> {
        let (mut depth, mut in_text, mut escaped, mut started) = (0_u32, false, false, false);
        loop {
            if self.at == self.end && !self.fill()? {
                return Err(self.truncated());
            }
            let from = self.at;
            let mut ended = false;
            while self.at < self.end && !ended {
                let byte = self.buffer[self.at];
                if in_text {
                    match byte {
                        _ if escaped => escaped = false,
                        b'\\' => escaped = true,
                        b'"' => {
                            in_text = false;
                            ended = depth == 0;
                        }
                        _ => {}
                    }
                } else {
                    match byte {
                        b'"' => in_text = true,
                        b'{' | b'[' => depth += 1,
                        b'}' | b']' | b',' if depth == 0 => {
                            // The byte that ends a bare number or word belongs to its surroundings.
                            if !started {
                                return Err(self.wrong(format!("{:?} where a value should begin", char::from(byte))));
                            }
                            ended = true;
                            break;
                        }
                        b'}' | b']' => {
                            depth -= 1;
                            ended = depth == 0;
                        }
                        _ => {}
                    }
                }
                started = true;
                self.line += u64::from(byte == b'\n');
                self.at += 1;
            }
            if let Some(out) = out.as_deref_mut() {
                out.extend_from_slice(&self.buffer[from..self.at]);
                if out.len() as u64 > ROW_BYTES {
                    let file = self.file.clone();
                    return Err(ImportError::RowTooLarge { file, row: self.feature.max(1), most_bytes: ROW_BYTES });
                }
            }
            if ended {
                return Ok(());
            }
        }
    }

    /// The next byte that is not white space, without consuming it; the end of the file is an error.
    pub fn solid(&mut self) -> Result<u8, ImportError> {
        match self.peek_solid()? {
            Some(byte) => Ok(byte),
            None => Err(self.truncated()),
        }
    }

    /// As [`JsonText::solid`], `None` at the end of the file.
    pub fn peek_solid(&mut self) -> Result<Option<u8>, ImportError> {
        loop {
            if self.at == self.end && !self.fill()? {
                return Ok(None);
            }
            match self.buffer[self.at] {
                // White space, the record separator of RFC 8142, a byte-order mark.
                byte @ (b' ' | b'\t' | b'\r' | b'\n' | 0x1E | 0xEF | 0xBB | 0xBF) => {
                    self.line += u64::from(byte == b'\n');
                    self.at += 1;
                }
                byte => return Ok(Some(byte)),
            }
        }
    }

    /// Passes over the beginning of a script, up to the value: comments, `var json_jalan = `, `muat(`. Whether there was one.
    pub fn pass_over_assignment(&mut self) -> Result<bool, ImportError> {
        if self.at == self.end && !self.fill()? {
            return Ok(false);
        }
        let begin = &self.buffer[self.at..self.end.min(self.at + ASSIGNMENT_BYTES)];
        let text = begin.utf8_chunks().next().map(|chunk| chunk.valid()).unwrap_or_default();
        let Some(bytes) = assignment(text) else { return Ok(false) };
        self.line += self.buffer[self.at..self.at + bytes].iter().filter(|byte| **byte == b'\n').count() as u64;
        self.at += bytes;
        Ok(true)
    }

    /// Consumes the byte that was seen last.
    pub fn bump(&mut self) {
        self.at += 1;
    }

    fn fill(&mut self) -> Result<bool, ImportError> {
        let count = self
            .reader
            .read(&mut self.buffer)
            .map_err(|cause| ImportError::Unreadable { file: self.file.clone(), cause })?;
        (self.at, self.end) = (0, count);
        self.bytes += count as u64;
        Ok(count > 0)
    }

    fn truncated(&self) -> ImportError {
        ImportError::Truncated {
            file: self.file.clone(),
            feature: self.feature,
            line: Some(self.line),
            bytes: self.bytes,
        }
    }

    /// The error that something else was expected here.
    pub fn wrong(&self, reason: String) -> ImportError {
        ImportError::NotGeoJson { file: self.file.clone(), line: self.line, reason }
    }
}
