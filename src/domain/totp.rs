//! One-time codes of authenticator apps: RFC 6238 with SHA-1, six digits and steps of 30
//! seconds, which is what every app understands.

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::hmac;
use data_encoding::BASE32_NOPAD;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use zeroize::Zeroizing;

use super::millis::Millis;
use super::secret::Secret;

/// Bytes of a key: as many as SHA-1 gives (RFC 4226, section 4).
pub const KEY_LENGTH: usize = 20;

/// Seconds for which one code is shown.
pub const STEP_SECONDS: i64 = 30;

/// Steps before and after the current one whose codes are accepted, for clocks that
/// differ (RFC 6238, section 5.2).
const DRIFT: i64 = 1;

/// Digits of a code.
const DIGITS: usize = 6;

/// What may stand in the label and the issuer of the address.
const IN_ADDRESS: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_');

/// The key that an app and the portal share.
#[derive(Clone)]
pub struct TotpKey(Zeroizing<Vec<u8>>);

impl std::fmt::Debug for TotpKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TotpKey")
    }
}

impl TotpKey {
    /// The key with these random bytes.
    pub fn new(bytes: [u8; KEY_LENGTH]) -> Self {
        Self(Zeroizing::new(bytes.to_vec()))
    }

    /// Reads what [`TotpKey::to_text`] wrote; `None` if it is no key.
    pub fn from_text(text: &str) -> Option<Self> {
        let bytes = Zeroizing::new(BASE32_NOPAD.decode(text.as_bytes()).ok()?);
        (bytes.len() == KEY_LENGTH).then_some(Self(bytes))
    }

    /// The key in Base32, as it is typed into an app.
    pub fn to_text(&self) -> Secret {
        Secret::new(BASE32_NOPAD.encode(&self.0))
    }

    /// The address that apps read from a QR code. `issuer` and `account` are what they
    /// show beside the code.
    pub fn to_address(&self, issuer: &str, account: &str) -> Secret {
        let encoded = |text| utf8_percent_encode(text, IN_ADDRESS);
        Secret::new(format!(
            "otpauth://totp/{issuer}:{}?secret={}&issuer={issuer}",
            encoded(account),
            self.to_text().expose(),
            issuer = encoded(issuer),
        ))
    }

    /// The code of a step: six digits.
    pub fn code(&self, step: i64) -> String {
        let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &self.0);
        let tag = hmac::sign(&key, &step.to_be_bytes());
        format!("{:0DIGITS$}", truncated(tag.as_ref()) % 1_000_000)
    }

    /// The step at `now`, or one beside it, whose code this is.
    pub fn step_of(&self, code: &str, now: Millis) -> Option<i64> {
        let current = step_at(now);
        let is_it = |step: &i64| {
            let right = self.code(*step);
            verify_slices_are_equal(right.as_bytes(), code.as_bytes()).is_ok()
        };
        (current - DRIFT..=current + DRIFT).find(is_it)
    }
}

/// The number of the step at a time.
pub const fn step_at(now: Millis) -> i64 {
    now.as_secs().div_euclid(STEP_SECONDS)
}

/// Four bytes of the tag without their first bit, beginning where its last byte says
/// (RFC 4226, section 5.3).
fn truncated(tag: &[u8]) -> u32 {
    let start = usize::from(tag.last().copied().unwrap_or_default() & 0xf);
    let four = tag.get(start..).and_then(<[u8]>::first_chunk::<4>);
    u32::from_be_bytes(four.copied().unwrap_or_default()) & 0x7fff_ffff
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> TotpKey {
        TotpKey::new(*b"12345678901234567890")
    }

    /// RFC 6238, appendix B: the last six of its eight digits.
    #[test]
    fn i11_codes_are_those_of_rfc_6238() {
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            let now = Millis::from_secs(seconds);
            assert_eq!(key().code(step_at(now)), code, "{seconds}");
            assert_eq!(key().step_of(code, now), Some(step_at(now)));
        }
    }

    #[test]
    fn i11_a_code_is_right_one_step_before_and_after_and_no_further() {
        let now = Millis::from_secs(1_782_858_600);
        let step = step_at(now);
        for beside in [-1, 0, 1] {
            let code = key().code(step + beside);
            assert_eq!(key().step_of(&code, now), Some(step + beside));
        }
        for beside in [-2, 2] {
            assert_eq!(key().step_of(&key().code(step + beside), now), None);
        }
        for wrong in ["", "28708", "2870822", "abcdef"] {
            assert_eq!(key().step_of(wrong, now), None, "{wrong}");
        }
    }

    #[test]
    fn a_key_is_read_as_it_was_written_and_its_address_is_escaped() {
        let text = key().to_text();
        assert_eq!(text.expose(), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        let read = TotpKey::from_text(text.expose()).unwrap();
        assert_eq!(read.code(1), key().code(1));
        for wrong in ["", "GEZDGNBV", "gezdgnbvgy3tqojqgezdgnbvgy3tqojq"] {
            assert!(TotpKey::from_text(wrong).is_none(), "{wrong}");
        }
        assert_eq!(
            key().to_address("Acme & Co: 1", "ana@x").expose(),
            "otpauth://totp/Acme%20%26%20Co%3A%201:ana%40x?secret=\
             GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Acme%20%26%20Co%3A%201"
        );
        assert_eq!(format!("{:?}", key()), "TotpKey");
    }
}
