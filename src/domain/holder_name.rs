//! The name of a holder, as a certificate or a request has it. It may hold an identity
//! number, so it has no way to be printed but those below.

use std::fmt;

use serde::{Deserialize, Serialize, Serializer};

use super::characters::is_stray;
use super::spanish_id::{masked, parse_dni, parse_nie};
use super::thumbprint::Thumbprint;

/// Whose a certificate is; empty if it names nobody. Written as JSON, it is masked.
#[derive(Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(transparent)]
pub struct HolderName(String);

impl HolderName {
    /// As it was written, numbers and all: for its own page, for receipts, and to store it.
    pub fn in_full(&self) -> &str {
        &self.0
    }

    /// Whether there is no name.
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// For lists, mail, files and titles: of an identity number only the last four
    /// characters are left.
    pub fn masked(&self) -> String {
        // Of a certificate that only its number is known of.
        if self.0.len() >= 40
            && let Ok(thumbprint) = self.0.parse::<Thumbprint>()
        {
            return thumbprint.grouped();
        }
        // Hardly any name has as many digits: only such a one is looked at closely.
        if self.0.bytes().filter(u8::is_ascii_digit).count() < 7 {
            return self.0.clone();
        }
        let (mut shown, mut rest) = (String::with_capacity(self.0.len()), self.0.as_str());
        let mut is_within = false;
        while let Some(first) = rest.chars().next() {
            let may_begin = !(is_within && first.is_ascii_digit());
            match may_begin.then(|| number_at(rest)).flatten() {
                Some((number, behind)) => {
                    shown.push_str(&masked(&number));
                    rest = behind;
                }
                None => {
                    shown.push(first);
                    rest = rest.strip_prefix(first).unwrap_or_default();
                }
            }
            is_within = first.is_ascii_digit();
        }
        shown
    }
}

/// The identity number with which a text begins, and what stands behind it. There may be
/// blanks and signs in it, as people write them.
fn number_at(text: &str) -> Option<(String, &str)> {
    let mut number = String::new();
    for (at, c) in text.char_indices() {
        if c.is_ascii_alphanumeric() {
            number.push(c.to_ascii_uppercase());
        } else if number.is_empty() || !is_between(c) {
            return None;
        }
        let behind = text.get(at + c.len_utf8()..)?;
        let ends = c.is_ascii_alphabetic() && !behind.starts_with(char::is_alphanumeric);
        match number.len() {
            // A NIE of before 2008 has ten characters.
            9 | 10 if ends && is_number(&number) => return Some((number, behind)),
            11.. => return None,
            _ => {}
        }
    }
    None
}

fn is_number(text: &str) -> bool {
    parse_dni(text).is_ok() || parse_nie(text).is_ok()
}

/// What people write between the parts of a number.
fn is_between(c: char) -> bool {
    is_stray(c) || matches!(c, '.' | '-' | '/' | '\u{2010}'..='\u{2015}')
}

impl From<String> for HolderName {
    fn from(name: String) -> Self {
        Self(name)
    }
}

impl From<&str> for HolderName {
    fn from(name: &str) -> Self {
        Self(name.to_owned())
    }
}

impl PartialEq<&str> for HolderName {
    fn eq(&self, other: &&str) -> bool {
        self.0 == *other
    }
}

impl Serialize for HolderName {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.masked())
    }
}

impl fmt::Debug for HolderName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.masked())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn masked(name: &str) -> String {
        HolderName::from(name).masked()
    }

    #[test]
    fn an_identity_number_is_hidden_however_it_is_written() {
        for (name, shown) in [
            ("GARCÍA ANA - NIF 12345678Z", "GARCÍA ANA - NIF *****678Z"),
            ("Ana (X5253868R)", "Ana (*****868R)"),
            ("54362315k Ana", "*****315K Ana"),
            ("12.345.678-Z Ana", "*****678Z Ana"),
            ("Ana, DNI 12345678 Z.", "Ana, DNI *****678Z."),
            ("Ana IDCES-12345678Z", "Ana IDCES-*****678Z"),
            ("Ana NIF:ES12345678Z", "Ana NIF:ES*****678Z"),
            ("12345678Z(R:A58818501)", "*****678Z(R:A58818501)"),
            ("12345678Z-ANA/X5253868R", "*****678Z-ANA/*****868R"),
            ("Ana X01234567L", "Ana ******567L"),
            ("Ana 12345678\u{200B}Z", "Ana *****678Z"),
        ] {
            assert_eq!(masked(name), shown);
            assert_eq!(masked(shown), shown);
        }
    }

    #[test]
    fn what_is_no_identity_number_stays() {
        for name in [
            "María José O'Neill-Núñez",
            "Acme (R: A58818501)",
            "",
            "12345678A",
            "112345678Z",
            "12345678Zeta",
            "1234567 8901234",
        ] {
            assert_eq!(masked(name), name);
        }
        let thumbprint = "0D".repeat(20);
        assert_eq!(masked(&thumbprint), "0D0D ".repeat(10).trim());
    }

    #[test]
    fn neither_debug_nor_json_tells_the_number() {
        let name = HolderName::from("Ana \"12345678Z\"");
        let json = serde_json::to_string(&name).unwrap();
        assert_eq!(json, r#""Ana \"*****678Z\"""#);
        assert_eq!(format!("{name:?}"), json);
        let read: HolderName = serde_json::from_str(r#""Ana""#).unwrap();
        assert_eq!(read, "Ana");
    }
}
