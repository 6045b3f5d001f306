//! One-time codes by time (RFC 6238): SHA-1, six digits, 30 seconds, as every authenticator app reads them.
//!
//! Must not store anything: whoever calls keeps the last step that was taken, so that no code works twice.

use chrono::{DateTime, Utc};
use data_encoding::BASE32_NOPAD;
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha1::Sha1;
use subtle::ConstantTimeEq;

/// 160 bits, as RFC 4226 asks for.
pub const TOTP_SECRET_BYTES: usize = 20;
const STEP_SECONDS: i64 = 30;
const DIGITS: u32 = 6;
/// Steps before and after now that are taken too: clocks differ, and people type slowly.
const DRIFT: i64 = 1;

/// The shared secret. There is no `Debug` and no `Display`: it never belongs in a log.
pub struct TotpSecret([u8; TOTP_SECRET_BYTES]);

impl TotpSecret {
    /// A secret from random bits, or from where it was kept.
    pub fn from_bytes(bits: [u8; TOTP_SECRET_BYTES]) -> Self {
        Self(bits)
    }

    /// What is sealed and kept.
    pub fn bytes(&self) -> &[u8; TOTP_SECRET_BYTES] {
        &self.0
    }

    /// What a person types into an app that reads no picture.
    pub fn text(&self) -> SecretString {
        BASE32_NOPAD.encode(&self.0).into()
    }

    /// What a picture for an app holds.
    pub fn uri(&self, issuer: &str, account: &str) -> SecretString {
        let encode = |text: &str| -> String {
            let unreserved = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~@".contains(&byte);
            let part = |byte: u8| {
                if unreserved(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }
            };
            text.bytes().map(part).collect()
        };
        let (issuer, account, text) = (encode(issuer), encode(account), self.text());
        format!("otpauth://totp/{issuer}:{account}?secret={}&issuer={issuer}", text.expose_secret()).into()
    }

    /// The step whose code this is, if it is one of now and later than `last`, the last that was taken.
    pub fn check(&self, code: &SecretString, last: i64, now: DateTime<Utc>) -> Option<i64> {
        let typed: String =
            code.expose_secret().chars().filter(|character| !character.is_whitespace()).collect();
        let current = now.timestamp().div_euclid(STEP_SECONDS);
        let mut found = None;
        for step in current - DRIFT..=current + DRIFT {
            let matches = bool::from(self.code(step).as_bytes().ct_eq(typed.as_bytes()));
            if matches && step > last {
                found = Some(step);
            }
        }
        found
    }

    fn code(&self, step: i64) -> String {
        format!("{:0width$}", truncated(&self.0, step) % 10_u32.pow(DIGITS), width = DIGITS as usize)
    }

    /// The code of a moment, for tests that play an app.
    pub fn code_at(&self, now: DateTime<Utc>) -> String {
        self.code(now.timestamp().div_euclid(STEP_SECONDS))
    }
}

/// The dynamic truncation of RFC 4226.
fn truncated(secret: &[u8], step: i64) -> u32 {
    let mut mac = Hmac::<Sha1>::new_from_slice(secret).expect("HMAC takes keys of any length");
    mac.update(&step.to_be_bytes());
    let digest = mac.finalize().into_bytes();
    let offset = usize::from(digest[digest.len() - 1] & 0x0f);
    let four = [digest[offset], digest[offset + 1], digest[offset + 2], digest[offset + 3]];
    u32::from_be_bytes(four) & 0x7fff_ffff
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret() -> TotpSecret {
        TotpSecret::from_bytes(*b"12345678901234567890")
    }

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).expect("a time")
    }

    #[test]
    fn the_vectors_of_rfc_6238() {
        let vectors = [
            (59, 94_287_082),
            (1_111_111_109, 7_081_804),
            (1_111_111_111, 14_050_471),
            (1_234_567_890, 89_005_924),
            (2_000_000_000, 69_279_037),
            (20_000_000_000, 65_353_130),
        ];
        for (seconds, eight_digits) in vectors {
            assert_eq!(
                truncated(secret().bytes(), seconds / STEP_SECONDS) % 100_000_000,
                eight_digits,
                "{seconds}"
            );
        }
        assert_eq!(secret().code_at(at(1_111_111_109)), "081804", "with its zero");
    }

    #[test]
    fn a_code_is_taken_around_its_time_and_once() {
        let (now, check) =
            (at(1_800_000_015), |code: &str, last, now| secret().check(&code.into(), last, now));
        let code = secret().code_at(now);
        let step = check(&code, 0, now).expect("now");
        assert_eq!(check(&format!(" {} {} ", &code[..3], &code[3..]), 0, now), Some(step), "as apps show it");
        assert_eq!(check(&code, step, now), None, "taken before");
        assert_eq!(check(&code, 0, at(1_800_000_045)), Some(step), "a clock that is ahead");
        assert_eq!(check(&code, 0, at(1_799_999_985)), Some(step), "a clock that is behind");
        assert_eq!(check(&code, 0, at(1_800_000_075)), None);
        for wrong in ["", "000000", &code[..5], &format!("{code}0")] {
            assert_eq!(check(wrong, 0, now), None, "{wrong}");
        }
        assert_ne!(TotpSecret::from_bytes([7; TOTP_SECRET_BYTES]).code_at(now), code);
    }

    #[test]
    fn apps_read_the_uri() {
        assert_eq!(
            secret().uri("Acme & Co", "ann@example.com").expose_secret(),
            "otpauth://totp/Acme%20%26%20Co:ann@example.com?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Acme%20%26%20Co"
        );
    }
}
