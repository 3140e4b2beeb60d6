//! Codes that a telephone shows (TOTP, RFC 6238): six digits of HMAC-SHA-1 over the number of the half-minute, as every
//! authenticator app makes them.

use crate::domain::Time;
use rand::Rng;
use totp_rs::{Builder, Secret, Totp, TotpError};

/// Bytes of a secret: 160 bits, as RFC 4226 recommends.
const SECRET_BYTES: usize = 20;
/// Half-minutes before and after that are taken too: clocks differ, and nobody types at once.
const SKEW: u16 = 1;
/// What an app shows beside the account.
const ISSUER: &str = "Tapak";
/// Recovery codes that are given at a time.
pub const RECOVERY_CODES: usize = 10;

/// What makes the codes of one person.
pub struct SecondFactor(Totp);

impl SecondFactor {
    /// A secret for this login.
    #[expect(clippy::disallowed_methods, reason = "a secret must be random; nothing depends on its value")]
    pub fn make(login: &str) -> Result<Self, TotpError> {
        let mut secret = [0_u8; SECRET_BYTES];
        rand::rng().fill_bytes(&mut secret);
        Self::new(login, secret.to_vec())
    }

    /// Errors where the secret is shorter than RFC 4226 allows: it was made by nobody here.
    pub fn new(login: &str, secret: Vec<u8>) -> Result<Self, TotpError> {
        // The format of the address has no room for a colon in a name.
        let account = login.replace(':', " ");
        let builder = Builder::new().with_secret(Secret::from(secret)).with_skew(SKEW);
        Ok(Self(builder.with_account_name(account).with_issuer(Some(ISSUER)).build()?))
    }

    pub fn secret(&self) -> &[u8] {
        self.0.secret().as_ref()
    }

    /// The secret as it is typed into an app: RFC 4648, base 32, in groups of four.
    pub fn shown(&self) -> String {
        let letters = self.0.secret().to_base32();
        let groups: Vec<String> =
            letters.as_bytes().chunks(4).map(|four| String::from_utf8_lossy(four).into()).collect();
        groups.join(" ")
    }

    /// `otpauth://totp/…`, which an app reads from a QR code.
    pub fn url(&self) -> Result<String, TotpError> {
        self.0.to_url()
    }

    /// The step whose code this is, at that time; digits may be parted by spaces.
    pub fn step_of(&self, typed: &str, at: Time) -> Option<i64> {
        let digits: String = typed.chars().filter(|letter| !letter.is_whitespace()).collect();
        let at = u64::try_from(at.timestamp()).ok()?;
        i64::try_from(self.0.check(&digits, at)?).ok()
    }
}

/// A secret: no log shows it.
impl std::fmt::Debug for SecondFactor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SecondFactor(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;

    /// The secret of the test vectors of RFC 6238, appendix B; the last six of their eight digits.
    const OF_THE_RFC: &[u8] = b"12345678901234567890";

    fn at(second: i64) -> Time {
        DateTime::from_timestamp(second, 0).unwrap()
    }

    #[test]
    fn the_codes_are_those_of_the_rfc() {
        let factor = SecondFactor::new("petugas", OF_THE_RFC.to_vec()).unwrap();
        for (second, code) in [(59, "287082"), (1_111_111_109, "081804"), (2_000_000_000, "279037")] {
            assert_eq!(factor.step_of(code, at(second)), Some(second / 30), "{code}");
        }
    }

    #[test]
    fn a_code_is_taken_a_half_minute_early_or_late_and_with_spaces() {
        let factor = SecondFactor::new("petugas", OF_THE_RFC.to_vec()).unwrap();
        for (second, taken) in [(29, true), (0, true), (119, false), (89, true), (90, false)] {
            assert_eq!(factor.step_of(" 287 082", at(second)).is_some(), taken, "{second}");
        }
        for wrong in ["", "287083", "28708", "2870820", "۲۸۷۰۸۲"] {
            assert_eq!(factor.step_of(wrong, at(59)), None, "{wrong}");
        }
    }

    #[test]
    fn an_app_finds_issuer_account_and_secret_in_the_address() {
        let factor = SecondFactor::new("ani:1", OF_THE_RFC.to_vec()).unwrap();
        assert_eq!(
            factor.url().unwrap(),
            "otpauth://totp/Tapak:ani%201?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Tapak"
        );
        assert_eq!(factor.shown(), "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
    }
}
