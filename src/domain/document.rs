//! The identity document of a person (DNI, NIE or passport), and its form in a
//! certificate.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::characters::is_stray;
pub use super::country::{Country, CountryError};
use super::spanish_id::{IdError, SpanishId, masked, parse_dni, parse_nie};
use super::string_enum::string_enum;

string_enum! {
    /// The kind of a person's document. The text form is the value of the form
    /// field `document_type`.
    pub enum DocumentType as "document_type" {
        /// For Spanish citizens.
        Dni = "dni",
        /// For foreigners in Spain.
        Nie = "nie",
        /// A passport of any country.
        Passport = "passport",
    }
}

/// A passport: its country and number.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Passport {
    country: Country,
    number: String,
}

/// Why a text is not a passport number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum PassportError {
    /// It is empty.
    #[error("the passport number is missing")]
    Empty,
    /// It contains something other than letters A to Z and digits.
    #[error("a passport number has letters from A to Z and digits only")]
    Characters,
    /// It has more than 20 characters.
    #[error("a passport number has at most 20 characters")]
    TooLong,
}

impl Passport {
    /// The passport of `country` with this number; spaces and hyphens are dropped.
    ///
    /// # Errors
    /// [`PassportError`] if the number is invalid.
    pub fn new(country: Country, number: &str) -> Result<Self, PassportError> {
        let number: String = number
            .chars()
            .filter(|c| !is_stray(*c) && !matches!(c, '-' | '.' | '/'))
            .map(|c| c.to_ascii_uppercase())
            .collect();
        if number.is_empty() {
            return Err(PassportError::Empty);
        }
        if !number.bytes().all(|b| b.is_ascii_alphanumeric()) {
            return Err(PassportError::Characters);
        }
        if number.len() > 20 {
            return Err(PassportError::TooLong);
        }
        Ok(Self { country, number })
    }

    /// The issuing country.
    pub const fn country(&self) -> &Country {
        &self.country
    }

    /// The number.
    pub fn number(&self) -> &str {
        &self.number
    }
}

impl fmt::Debug for Passport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.country, masked(&self.number))
    }
}

/// A person's document, checked.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Document {
    /// A DNI, a NIE or a K, L or M number.
    Spanish(SpanishId),
    /// A passport.
    Passport(Passport),
}

/// Why a document is invalid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum DocumentError {
    /// The number of a DNI or NIE is invalid.
    #[error(transparent)]
    Number(#[from] IdError),
    /// The number of a passport is invalid.
    #[error(transparent)]
    Passport(#[from] PassportError),
    /// The country of a passport is invalid.
    #[error(transparent)]
    Country(#[from] CountryError),
}

impl Document {
    /// Reads a document of the chosen type; `country` is used only for passports.
    ///
    /// # Errors
    /// [`DocumentError`], which names the field and the mistake.
    pub fn read(kind: DocumentType, number: &str, country: &str) -> Result<Self, DocumentError> {
        Ok(match kind {
            DocumentType::Dni => Self::Spanish(parse_dni(number)?),
            DocumentType::Nie => Self::Spanish(parse_nie(number)?),
            DocumentType::Passport => {
                Self::Passport(Passport::new(country.parse::<Country>()?, number)?)
            }
        })
    }

    /// The value for `serialNumber`, as in ETSI EN 319 412-1.
    pub fn etsi(&self) -> String {
        match self {
            Self::Spanish(id) => id.etsi(),
            Self::Passport(passport) => {
                format!("PAS{}-{}", passport.country, passport.number)
            }
        }
    }

    /// The number for lists: only the last four characters are visible.
    pub fn masked(&self) -> String {
        match self {
            Self::Spanish(id) => id.masked(),
            Self::Passport(passport) => masked(&passport.number),
        }
    }
}

/// The ETSI value of a person's document in a distinguished name as it reads.
pub fn etsi_in(name: &str) -> Option<&str> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let parts = name.split(|c: char| !is_part(c));
    let is_passport = |part: &str| {
        let country = part.strip_prefix("PAS").and_then(|rest| rest.get(..2));
        let is_country = |code: &str| {
            let country = code.parse::<Country>();
            country.is_ok_and(|country| country.as_str() == code)
        };
        country.is_some_and(is_country) && part.get(5..6) == Some("-")
    };
    let mut documents = parts.filter(|part| part.starts_with("IDCES-") || is_passport(part));
    documents.next()
}

/// An ETSI value as it is shown to people who may know the number already.
pub fn masked_etsi(etsi: &str) -> String {
    let number = etsi.split_once('-').map_or(etsi, |(_, number)| number);
    masked(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passport(country: &str, number: &str) -> Result<Document, DocumentError> {
        Document::read(DocumentType::Passport, number, country)
    }

    #[test]
    fn each_type_of_document_has_its_etsi_value() {
        use DocumentType as T;
        for (kind, number, country, etsi, masked) in [
            (T::Dni, "12.345.678-z", "", "IDCES-12345678Z", "*****678Z"),
            (T::Nie, "X5253868R", "FR", "IDCES-X5253868R", "*****868R"),
            (
                T::Passport,
                "ab 123-456",
                "fr",
                "PASFR-AB123456",
                "****3456",
            ),
        ] {
            let document = Document::read(kind, number, country).unwrap();
            assert_eq!(document.etsi(), etsi);
            assert_eq!(document.masked(), masked);
        }
    }

    #[test]
    fn a_document_is_found_in_a_name_and_nothing_else_is_taken_for_one() {
        for (name, found) in [
            (
                "cn=Ana, serialNumber=IDCES-12345678Z, c=ES",
                Some("IDCES-12345678Z"),
            ),
            ("2.5.4.5=PASFR-AB123456, c=ES", Some("PASFR-AB123456")),
            ("cn=PASCAL-DUPONT, o=PASTA-SL", None),
            ("cn=Sello, organizationIdentifier=VATES-A58818501", None),
            ("", None),
        ] {
            assert_eq!(etsi_in(name), found, "{name}");
        }
        assert_eq!(masked_etsi("IDCES-12345678Z"), "*****678Z");
    }

    #[test]
    fn each_mistake_belongs_to_its_field() {
        assert_eq!(
            Document::read(DocumentType::Dni, "X5253868R", ""),
            Err(DocumentError::Number(IdError::IsNie))
        );
        let refused = passport("UK", "AB1");
        assert_eq!(
            refused,
            Err(DocumentError::Country(CountryError::Write("GB")))
        );
        for (number, why) in [
            (" - ", PassportError::Empty),
            ("AB=1", PassportError::Characters),
            ("１２３", PassportError::Characters),
            ("A\0B", PassportError::Characters),
            ("A".repeat(21).as_str(), PassportError::TooLong),
        ] {
            let refused = passport("FR", number);
            assert_eq!(refused, Err(DocumentError::Passport(why)), "{number:?}");
        }
        assert!(passport("FR", &"A".repeat(20)).is_ok());
    }

    #[test]
    fn a_document_is_masked_where_it_is_printed() {
        let printed = format!("{:?}", passport("FR", "AB123456").unwrap());
        assert!(printed.contains("****3456"), "{printed}");
        assert!(!printed.contains("AB123"), "{printed}");
    }

    #[test]
    fn every_type_reads_back_what_it_writes() {
        for kind in DocumentType::ALL {
            assert_eq!(kind.to_string().parse(), Ok(*kind));
        }
        assert!("DNI".parse::<DocumentType>().is_err());
    }
}
