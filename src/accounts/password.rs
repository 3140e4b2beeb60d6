//! Rules for a new password, and its stored form: argon2id.

use crate::domain::Invalid;
use crate::domain::person::Person;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use zxcvbn::zxcvbn;

/// The shortest password.
pub const PASSWORD_CHARS: usize = 10;
/// The longest: more would only be work for the hash.
pub const MOST_PASSWORD_CHARS: usize = 200;
/// Different letters that it has at least: `1111111111` is none.
const DIFFERENT_CHARS: usize = 5;
/// Passwords that are found within a million tries (zxcvbn's score of 1) are common.
const COMMON_LOG10: f64 = 6.0;
/// The letters that are looked at: the time that it takes grows with their number.
const LOOKED_AT_CHARS: usize = 40;
/// What people here choose first, beside the words that the list of the crate knows.
const LOCAL_WORDS: &[&str] = &[
    "tapak",
    "indonesia",
    "merdeka",
    "banyuwangi",
    "bismillah",
    "alhamdulillah",
    "sayang",
    "sayangku",
    "rahasia",
    "katasandi",
    "kepaladesa",
    "kades",
    "sekdes",
    "petugas",
    "inspektur",
    "perangkat",
    "balaidesa",
    "kantordesa",
    "desaku",
    "garuda",
];
/// A name of fewer letters may stand in a password by chance.
const NAME_CHARS: usize = 4;

/// Refuses what others guess first: what is short, of a few letters only, or made of the name of the account.
pub fn check(field: &str, password: &str, person: &Person) -> Result<(), Invalid> {
    let chars = password.chars().count();
    if chars < PASSWORD_CHARS {
        return Err(Invalid::new("password_too_short", field).with("least", PASSWORD_CHARS));
    }
    if chars > MOST_PASSWORD_CHARS {
        return Err(Invalid::new("password_too_long", field).with("most", MOST_PASSWORD_CHARS));
    }
    let mut different: Vec<char> = password.chars().collect();
    different.sort_unstable();
    different.dedup();
    if different.len() < DIFFERENT_CHARS {
        return Err(Invalid::new("password_too_simple", field).with("least", DIFFERENT_CHARS));
    }
    if is_common(password) {
        return Err(Invalid::new("password_too_common", field));
    }
    let folded = fold(password);
    let mail = person.email.as_deref().and_then(|email| email.split('@').next()).unwrap_or_default();
    for name in [person.login.as_str(), person.name.as_str(), mail] {
        let name = fold(name);
        if name.chars().count() >= NAME_CHARS && folded.contains(&name) {
            return Err(Invalid::new("password_holds_name", field));
        }
    }
    Ok(())
}

/// The cost parameters of one hash.
#[derive(Clone, Copy, Debug)]
pub struct Cost {
    pub memory_kib: u32,
    pub passes: u32,
}

/// Why there is no hash: settings that argon2 does not take.
#[derive(Debug, thiserror::Error)]
#[error("password_memory_kib, password_passes: {0}")]
pub struct HashError(String);

/// The stored form of a password. Takes as long as it costs: not for async threads.
pub fn hash(password: &str, cost: Cost) -> Result<String, HashError> {
    let params = Params::new(cost.memory_kib, cost.passes, 1, None).map_err(|e| HashError(e.to_string()))?;
    let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let hash = argon.hash_password(password.as_bytes()).map_err(|e| HashError(e.to_string()))?;
    Ok(hash.to_string())
}

/// Whether this is the password of which that is the stored form. Takes as long as making it.
pub fn is_right(password: &str, stored: &str) -> bool {
    PasswordHash::new(stored)
        .is_ok_and(|parsed| Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok())
}

/// Whether it stands among the commonest passwords, or is put together of a few of them, as dictionaries of guessers are tried.
fn is_common(password: &str) -> bool {
    let head: String = password.chars().take(LOOKED_AT_CHARS).collect();
    zxcvbn(&head, LOCAL_WORDS).guesses_log10() < COMMON_LOG10
}

/// Letters and digits alone, in lower case.
fn fold(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::person::Language;

    #[test]
    fn nobody_takes_a_password_that_others_guess_first() {
        let person = Person {
            id: uuid::Uuid::nil(),
            login: "siti.aminah".to_owned(),
            name: "Siti Aminah, S.T.".to_owned(),
            email: Some("bendahara@example.org".to_owned()),
            language: Language::Id,
            rights: Vec::new(),
            address: None,
        };
        let refused = |password: &str| check("new", password, &person).err().map(|invalid| invalid.code);
        assert_eq!(refused("pendek"), Some("password_too_short"));
        assert_eq!(refused(&"panjang".repeat(40)), Some("password_too_long"));
        assert_eq!(refused("1111111111"), Some("password_too_simple"));
        assert_eq!(refused("SITI-aminah-2026"), Some("password_holds_name"));
        assert_eq!(refused("bendahara2026"), Some("password_holds_name"));
        for common in
            ["password123", "qwertyuiop", "1q2w3e4r5t", "iloveyou123", "bismillah123", "indonesia1945", "rahasia2026"]
        {
            assert_eq!(refused(common), Some("password_too_common"), "{common}");
        }
        assert_eq!(refused("empat kuda di sawah"), None);
        assert_eq!(refused("hujan meja sepeda biru"), None);
    }
}
