//! One-time codes: typed from a card or read out on the telephone, so of letters that nobody takes for others (Crockford's
//! alphabet of 32), in groups of four. 80 random bits: nobody tries them all, and a hash of one leads to nothing.

use crate::digest::sha256_hex;
use rand::Rng;

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const CHARS: usize = 16;
const GROUP: usize = 4;

/// A code as it is shown, `7KQ2-M4ZD-…`.
#[derive(Clone, PartialEq, Eq)]
pub struct Code(String);

impl Code {
    #[expect(clippy::disallowed_methods, reason = "a secret must be random; nothing depends on its value")]
    pub fn make() -> Self {
        let mut bytes = [0_u8; CHARS];
        rand::rng().fill_bytes(&mut bytes);
        Self(bytes.iter().map(|byte| char::from(ALPHABET[usize::from(byte % 32)])).collect())
    }

    /// Reads a code however it is typed: in small letters, with other spaces, with O for 0 and I or L for 1.
    pub fn parse(typed: &str) -> Option<Self> {
        let read = |letter: char| match letter.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        };
        let code: String = typed
            .chars()
            .filter(|letter| !letter.is_whitespace() && *letter != '-')
            .take(CHARS + 1)
            .map(read)
            .collect();
        let is_one = code.len() == CHARS && code.bytes().all(|letter| ALPHABET.contains(&letter));
        is_one.then_some(Self(code))
    }

    /// What is stored of it.
    pub fn hash(&self) -> String {
        sha256_hex(&self.0)
    }
}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (at, letter) in self.0.chars().enumerate() {
            if at > 0 && at % GROUP == 0 {
                f.write_str("-")?;
            }
            write!(f, "{letter}")?;
        }
        Ok(())
    }
}

/// A secret: no log shows it.
impl std::fmt::Debug for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Code(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_however_it_is_typed() {
        let code = Code::make();
        let shown = code.to_string();
        assert_eq!(shown.len(), CHARS + CHARS / GROUP - 1);
        for typed in
            [shown.clone(), shown.to_lowercase(), shown.replace('-', " "), format!(" {}\n", shown.replace('-', ""))]
        {
            assert!(Code::parse(&typed).is_some_and(|read| read.hash() == code.hash()), "{typed}");
        }
        let with_letters = Code::parse("oOiI lL00 1111 zzzz").unwrap();
        assert_eq!(with_letters.to_string(), "0011-1100-1111-ZZZZ");
        for typed in ["", "0011", "0011-1100-1111-ZZZU", "0011-1100-1111-ZZZZ-0"] {
            assert!(Code::parse(typed).is_none(), "{typed}");
        }
    }
}
