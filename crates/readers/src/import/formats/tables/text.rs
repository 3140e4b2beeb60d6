//! The bytes of a table as UTF-8 text with `\n` line ends, from UTF-8 or UTF-16 with a byte-order mark, UTF-8
//! without, else Windows-1252.

use crate::import::error::ImportError;
use crate::import::formats::input::{Input, Progress};
use crate::import::formats::kind::utf16;
use encoding_rs::{Decoder, Encoding, UTF_8, WINDOWS_1252};
use std::io::{self, Read};

/// Maximum size of a row: a line of 20,000 corners as WKT has about 500 kB.
pub const ROW_BYTES: u64 = 16 << 20;

/// A reader of clean text. Always ends with a line end, whether the file does or not.
pub struct Text {
    inner: Box<dyn Read + Send>,
    decoder: Decoder,
    /// Bytes not decoded yet, and text not returned yet.
    raw: Vec<u8>,
    ready: Vec<u8>,
    at: usize,
    ended: bool,
    last: u8,
    /// Bytes that may still be returned before the row counts as endless.
    left: u64,
    /// Somewhere in the file a backslash stands before a quote inside a cell.
    pub has_backslash_quotes: bool,
}

impl Text {
    /// Detects the encoding and how quotes are escaped, reading the file once through, and opens the text.
    pub fn open(input: &Input, progress: &Progress) -> Result<Self, ImportError> {
        let (encoding, has_backslash_quotes) = inspect(input.open()?).map_err(|cause| input.unreadable(cause))?;
        Ok(Self {
            inner: input.open_counted(progress)?,
            decoder: encoding.new_decoder_with_bom_removal(),
            raw: vec![0; 1 << 16],
            ready: Vec::new(),
            at: 0,
            ended: false,
            last: b'\n',
            left: ROW_BYTES,
            has_backslash_quotes,
        })
    }

    /// Starts a new row, which may again be [`ROW_BYTES`] long.
    pub fn start_row(&mut self) {
        self.left = ROW_BYTES;
    }

    fn fill(&mut self) -> io::Result<()> {
        let count = self.inner.read(&mut self.raw)?;
        let mut text = String::with_capacity(count * 3 + 16);
        let _ = self.decoder.decode_to_string(&self.raw[..count], &mut text, count == 0);
        self.at = 0;
        let bytes = text.as_bytes();
        if let (Some(last), false) = (bytes.last(), self.last == b'\r' || bytes.contains(&b'\r')) {
            // Most files: nothing is to be changed.
            self.last = *last;
            self.ready = text.into_bytes();
            return Ok(());
        }
        self.ready.clear();
        for byte in text.bytes() {
            match (self.last, byte) {
                (b'\r', b'\n') => {}
                (_, b'\r') => self.ready.push(b'\n'),
                _ => self.ready.push(byte),
            }
            self.last = byte;
        }
        if count == 0 {
            self.ended = true;
            if !matches!(self.last, b'\n' | b'\r') {
                self.ready.push(b'\n');
            }
        }
        Ok(())
    }
}

impl Read for Text {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.at == self.ready.len() && !self.ended {
            self.fill()?;
        }
        let count = buffer.len().min(self.ready.len() - self.at);
        if count as u64 > self.left {
            return Err(io::Error::other(RowEndless));
        }
        self.left -= count as u64;
        buffer[..count].copy_from_slice(&self.ready[self.at..self.at + count]);
        self.at += count;
        Ok(count)
    }
}

/// The error by which a row of over [`ROW_BYTES`] ends the reading.
#[derive(Debug, thiserror::Error)]
#[error("a row has over {ROW_BYTES} bytes")]
pub struct RowEndless;

/// The encoding, by its byte-order mark, else UTF-8 if all of it is valid, else Windows-1252; and whether a backslash escapes
/// quotes. O(bytes), constant memory.
fn inspect(mut reader: impl Read) -> io::Result<(&'static Encoding, bool)> {
    let mut buffer = vec![0; 1 << 16];
    let mut held = 0;
    let mut marked = None;
    let (mut is_first, mut is_utf8, mut has_backslash_quotes) = (true, true, false);
    loop {
        let count = reader.read(&mut buffer[held..])?;
        let bytes = &buffer[..held + count];
        if std::mem::take(&mut is_first) {
            marked = Encoding::for_bom(bytes).map(|(encoding, _)| encoding).or_else(|| utf16(bytes));
            if let Some(encoding) = marked.filter(|encoding| *encoding != UTF_8) {
                return Ok((encoding, false));
            }
        }
        has_backslash_quotes |= escapes_a_quote(bytes);
        let keep = match std::str::from_utf8(bytes) {
            Ok(_) => 0,
            Err(wrong) if wrong.error_len().is_none() && count > 0 => bytes.len() - wrong.valid_up_to(),
            Err(_) => {
                is_utf8 = false;
                0
            }
        };
        if count == 0 {
            let by_bytes = if is_utf8 { UTF_8 } else { WINDOWS_1252 };
            return Ok((marked.unwrap_or(by_bytes), has_backslash_quotes));
        }
        // A backslash at the end is held too: what follows it tells what it means.
        let tail = bytes.iter().rev().take(2).position(|byte| *byte == b'\\').map_or(0, |at| at + 1);
        let (end, keep) = (bytes.len(), keep.max(tail));
        buffer.copy_within(end - keep..end, 0);
        held = keep;
    }
}

/// `"Gapura \"Sari\""`: behind the quote the cell goes on, so that it does not end there.
fn escapes_a_quote(bytes: &[u8]) -> bool {
    let goes_on = |next: u8| !matches!(next, b'"' | b',' | b';' | b'\t' | b'|' | b'\r' | b'\n' | b' ');
    bytes.contains(&b'\\') && bytes.windows(3).any(|at| at[0] == b'\\' && at[1] == b'"' && goes_on(at[2]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> String {
        let mut text = String::new();
        let mut reader = Text::open(&Input::bytes("a.csv", bytes), &Progress::default()).unwrap();
        reader.read_to_string(&mut text).unwrap();
        text
    }

    #[test]
    fn every_encoding_of_excel_is_read() {
        assert_eq!(read(b"Jalan M\xFCnster \x96 Desa"), "Jalan Münster – Desa\n");
        assert_eq!(read("\u{FEFF}Jalan Münster\n".as_bytes()), "Jalan Münster\n");
        let utf16: Vec<u8> = "\u{FEFF}ü\tb\r\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(read(&utf16), "ü\tb\n");
    }

    #[test]
    fn a_backslash_before_a_quote_is_seen_where_the_cell_goes_on_behind_it() {
        let shows = |text: &str| Text::open(&Input::bytes("a.csv", text.as_bytes()), &Progress::default()).unwrap();
        let far = format!("{}\"a \\\"b\\\" c\"", "x".repeat((1 << 16) - 5));
        for (text, expected) in [
            (r#"1,"Gapura \"Sari\" dan pagar""#, true),
            (far.as_str(), true),
            (r#"1,"Talud \",2"#, false),
            (r#"1,"Pipa 2"" \ baja",2"#, false),
        ] {
            assert_eq!(shows(text).has_backslash_quotes, expected, "{text}");
        }
    }

    #[test]
    fn line_ends_of_every_system_are_one() {
        assert_eq!(read(b"a\r\nb\rc\n\r\nd"), "a\nb\nc\n\nd\n");
    }

    #[test]
    fn a_character_across_two_buffers_is_still_utf8() {
        let text = format!("{}ü\n", "a".repeat((1 << 16) - 1));
        assert_eq!(read(text.as_bytes()), text);
    }

    #[test]
    fn an_endless_row_ends_the_reading() {
        let mut reader =
            Text::open(&Input::bytes("a.csv", vec![b'a'; (ROW_BYTES + 10) as usize]), &Progress::default()).unwrap();
        assert!(io::copy(&mut reader, &mut io::sink()).is_err());
    }
}
