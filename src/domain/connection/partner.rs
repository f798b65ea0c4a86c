//! Our name at a Redtrust server.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::characters::is_printable;

/// Our name at a server: 1 to 64 printable characters, in upper case as
/// Redtrust's documents require.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Partner(String);

/// Why a text is not a partner name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PartnerError {
    /// It is empty.
    #[error("the partner name is missing")]
    Empty,
    /// Over 64 characters.
    #[error("the partner name is longer than 64 characters")]
    TooLong,
    /// Control or invisible characters.
    #[error("the partner name contains characters that cannot be seen")]
    NotPrintable,
}

impl Partner {
    /// The value in a new form: no name yet.
    pub(super) const fn blank() -> Self {
        Self(String::new())
    }

    /// The name, in upper case.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Partner {
    type Err = PartnerError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let name = text.trim().to_uppercase();
        if name.is_empty() {
            return Err(PartnerError::Empty);
        }
        if !name.chars().all(is_printable) {
            return Err(PartnerError::NotPrintable);
        }
        if name.chars().count() > 64 {
            return Err(PartnerError::TooLong);
        }
        Ok(Self(name))
    }
}

impl fmt::Display for Partner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl From<Partner> for String {
    fn from(partner: Partner) -> Self {
        partner.0
    }
}

impl TryFrom<String> for Partner {
    type Error = PartnerError;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_partner_becomes_upper_case() {
        for (typed, kept) in [
            ("rubrica", "RUBRICA"),
            (" Año & Cía ", "AÑO & CÍA"),
            ("x&redirecturl=+%26", "X&REDIRECTURL=+%26"),
            ("дом", "ДОМ"),
        ] {
            assert_eq!(typed.parse::<Partner>().unwrap().as_str(), kept);
        }
    }

    #[test]
    fn a_partner_is_printable_and_not_too_long() {
        assert_eq!(" ".parse::<Partner>(), Err(PartnerError::Empty));
        for hidden in ["A\0B", "A\nB", "A\u{202E}B", "A\u{200B}B", "A\u{1B}[1mB"] {
            assert_eq!(hidden.parse::<Partner>(), Err(PartnerError::NotPrintable));
        }
        assert!("Ñ".repeat(64).parse::<Partner>().is_ok());
        assert_eq!(
            "Ñ".repeat(65).parse::<Partner>(),
            Err(PartnerError::TooLong)
        );
        // One ß becomes two letters in upper case, and the upper case is sent.
        assert_eq!(
            "ß".repeat(33).parse::<Partner>(),
            Err(PartnerError::TooLong)
        );
    }
}
