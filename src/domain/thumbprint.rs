//! The thumbprint of a certificate: the digest of its DER form.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::characters::is_stray;

/// SHA-1 (40 digits) or SHA-256 (64 digits) of a certificate, upper-case
/// hexadecimal without separators.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Thumbprint(String);

/// Why a text is not a thumbprint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ThumbprintError {
    /// It is empty.
    #[error("a thumbprint is missing")]
    Empty,
    /// A character that is neither a hexadecimal digit nor a separator.
    #[error("a thumbprint has the digits 0 to 9 and A to F only")]
    Digit,
    /// Neither 40 nor 64 digits.
    #[error("a thumbprint has 40 or 64 digits, this one has {0}")]
    Length(usize),
}

impl Thumbprint {
    /// The thumbprint of a digest: 20 bytes of SHA-1 or 32 of SHA-256.
    ///
    /// # Errors
    /// [`ThumbprintError::Length`] for any other number of bytes.
    pub fn of_digest(digest: &[u8]) -> Result<Self, ThumbprintError> {
        data_encoding::HEXUPPER.encode(digest).parse()
    }

    /// Upper-case hexadecimal digits without separators.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The digits in groups of four, for people to compare.
    pub fn grouped(&self) -> String {
        let mut grouped = String::with_capacity(self.0.len() * 5 / 4);
        for (at, digit) in self.0.chars().enumerate() {
            if at > 0 && at % 4 == 0 {
                grouped.push(' ');
            }
            grouped.push(digit);
        }
        grouped
    }
}

impl fmt::Display for Thumbprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Thumbprint {
    type Err = ThumbprintError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut digits = String::with_capacity(64);
        let mut count = 0_usize;
        for c in without_words(text).replace("0x", "").chars() {
            match c {
                ':' | '-' | '.' | ',' => {}
                c if is_stray(c) => {}
                c if c.is_ascii_hexdigit() => {
                    count += 1;
                    // Counted to the end for the error message, but kept only
                    // up to the longest valid length.
                    if count <= 64 {
                        digits.push(c.to_ascii_uppercase());
                    }
                }
                _ => return Err(ThumbprintError::Digit),
            }
        }
        match count {
            0 => Err(ThumbprintError::Empty),
            40 | 64 => Ok(Self(digits)),
            other => Err(ThumbprintError::Length(other)),
        }
    }
}

/// What programs and people write in front of a thumbprint. None of these begins with a
/// digit of one.
const WORDS: &[&str] = &[
    "sha-256",
    "sha256",
    "sha 256",
    "sha-1",
    "sha1",
    "sha 1",
    "huella",
    "digital",
    "hash",
    "fingerprint",
    "thumbprint",
    "certificate",
    "certificado",
    "(",
    ")",
    ":",
    "=",
    "\"",
    "'",
    "\u{201C}",
    "\u{201D}",
    "\u{2018}",
    "\u{2019}",
    "«",
    "»",
    "<",
    ">",
    "[",
    "]",
    "#",
    "0x",
];

/// The text without the words and signs in front of it and the signs behind it.
fn without_words(text: &str) -> String {
    let mut rest = text.to_ascii_lowercase();
    loop {
        let bare = rest.trim_matches(is_stray);
        let begin = WORDS.iter().find_map(|word| bare.strip_prefix(word));
        let end = WORDS
            .iter()
            .filter(|word| !word.starts_with(char::is_alphanumeric));
        let shorter = begin.or_else(|| end.copied().find_map(|sign| bare.strip_suffix(sign)));
        match shorter {
            Some(shorter) => rest = shorter.to_owned(),
            None => return bare.to_owned(),
        }
    }
}

impl From<Thumbprint> for String {
    fn from(thumbprint: Thumbprint) -> Self {
        thumbprint.0
    }
}

impl TryFrom<String> for Thumbprint {
    type Error = ThumbprintError;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SHA1: &str = "0123456789ABCDEF0123456789ABCDEF01234567";

    #[test]
    fn separators_and_lower_case_are_forgiven() {
        let colons = "01:23:45:67:89:ab:cd:ef:01:23:45:67:89:AB:CD:EF:01:23:45:67";
        let blanks = " 0123 4567 89ab cdef 0123 4567\u{A0}89ab-cdef 0123.4567\n";
        // Windows copies an invisible mark with the thumbprint.
        let marked = format!("\u{200E}{SHA1}");
        for text in [colons, blanks, marked.as_str(), SHA1] {
            assert_eq!(
                text.parse::<Thumbprint>().unwrap().as_str(),
                SHA1,
                "{text:?}"
            );
        }
    }

    #[test]
    fn words_and_signs_around_a_thumbprint_are_dropped() {
        let colons = "01:23:45:67:89:AB:CD:EF:01:23:45:67:89:AB:CD:EF:01:23:45:67";
        for text in [
            format!("SHA1 Fingerprint={colons}"),
            format!("sha256 Fingerprint={colons}"),
            format!("SHA-1: {SHA1}"),
            format!("Huella digital: {SHA1}"),
            format!("Huella digital (SHA-1) = {SHA1}"),
            format!("Thumbprint : {SHA1}"),
            format!("\"{SHA1}\""),
            format!("“{SHA1}”"),
            format!("0x{SHA1}"),
            format!("0x{}", colons.replace(':', ", 0x")),
            format!("[{SHA1}]"),
        ] {
            assert_eq!(
                text.parse::<Thumbprint>().unwrap().as_str(),
                SHA1,
                "{text:?}"
            );
        }
    }

    #[test]
    fn d05_only_forty_or_sixty_four_digits_are_a_thumbprint() {
        assert!("a".repeat(64).parse::<Thumbprint>().is_ok());
        for length in [1, 39, 41, 63, 65, 100_000] {
            assert_eq!(
                "a".repeat(length).parse::<Thumbprint>(),
                Err(ThumbprintError::Length(length))
            );
        }
        assert_eq!(" : ".parse::<Thumbprint>(), Err(ThumbprintError::Empty));
    }

    #[test]
    fn d05_full_width_digits_and_other_letters_are_refused() {
        for bad in ["０".repeat(40), "g".repeat(40), format!("{SHA1}\0")] {
            assert_eq!(
                bad.parse::<Thumbprint>(),
                Err(ThumbprintError::Digit),
                "{bad:?}"
            );
        }
    }

    #[test]
    fn people_see_groups_of_four() {
        let thumbprint: Thumbprint = SHA1.parse().unwrap();
        assert_eq!(
            thumbprint.grouped(),
            "0123 4567 89AB CDEF 0123 4567 89AB CDEF 0123 4567"
        );
        assert_eq!(thumbprint.grouped().parse(), Ok(thumbprint));
    }

    #[test]
    fn a_digest_has_a_thumbprint() {
        assert_eq!(
            Thumbprint::of_digest(&[0xAB; 20]).unwrap().as_str(),
            "AB".repeat(20)
        );
        assert!(Thumbprint::of_digest(&[0; 16]).is_err());
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in any::<String>()) {
            let _ = text.parse::<Thumbprint>();
        }

        #[test]
        fn what_is_read_reads_back(text in "[0-9a-fA-F: -]{0,140}") {
            if let Ok(thumbprint) = text.parse::<Thumbprint>() {
                prop_assert_eq!(thumbprint.to_string().parse(), Ok(thumbprint.clone()));
                prop_assert!(thumbprint.as_str().bytes().all(|b| b"0123456789ABCDEF".contains(&b)));
            }
        }
    }
}
