//! The answers that a certificate's own name gives: what its holder would have typed.

use super::{Answers, Field};
use crate::distinguished_name::{Attribute, DistinguishedName, Subject};
use crate::document::DocumentType;
use crate::holder::Kind;
use crate::person_name::check_text;
use crate::spanish_id::{normalise, parse_nie};

/// The attributes that have a name of their own in an order; others go by their OID.
const NAMED: [(&str, &str); 9] = [
    ("2.5.4.3", "cn"),
    ("2.5.4.4", "surname"),
    ("2.5.4.5", "serialNumber"),
    ("2.5.4.6", "c"),
    ("2.5.4.10", "o"),
    ("2.5.4.11", "ou"),
    ("2.5.4.12", "title"),
    ("2.5.4.42", "givenName"),
    ("2.5.4.97", "organizationIdentifier"),
];

/// Longest value that is repeated, in characters.
const LONGEST: usize = 256;

/// The name to order so that a new certificate has the same as an existing one; `None`
/// if that has no common name, or a value that no request may have.
pub fn same_name(subject: &Subject) -> Option<DistinguishedName> {
    let all = subject.attributes();
    subject.values("2.5.4.3").next()?;
    if all
        .iter()
        .any(|(_, value)| check_text(value, LONGEST).is_err())
    {
        return None;
    }
    let attribute = |(oid, value): &(String, String)| {
        let named = NAMED.iter().find(|(known, _)| known == oid);
        Attribute::new(named.map_or(oid.as_str(), |(_, name)| name), value)
    };
    Some(DistinguishedName::new(all.iter().map(attribute).collect()))
}

impl Answers {
    /// What a certificate with this name says of its holder; the rest is left open.
    pub fn of_subject(subject: &Subject, kind: Kind) -> Self {
        let first = |oid| subject.values(oid).next().unwrap_or_default();
        let mut answers = Self::with([
            (Field::Kind, kind.as_str()),
            (Field::GivenNames, first("2.5.4.42")),
            (Field::FirstSurname, first("2.5.4.4")),
            (Field::OrganisationName, first("2.5.4.10")),
            (Field::OrganisationNif, first("2.5.4.97")),
            (Field::Department, first("2.5.4.11")),
            (Field::Position, first("2.5.4.12")),
        ]);
        // Elsewhere the common name is made of the other answers.
        if matches!(kind, Kind::Person | Kind::Seal | Kind::Name) {
            answers.set(Field::CommonName, first("2.5.4.3"));
        }
        if first("2.5.4.42").is_empty() != first("2.5.4.4").is_empty() {
            answers.set(Field::OneName, "yes");
        }
        answers.set_document(first("2.5.4.5"));
        answers
    }

    /// Fills in the document from its form in a certificate: `IDCES-12345678Z`,
    /// `PASFR-12AB34567`.
    fn set_document(&mut self, number: &str) {
        let passport = number.strip_prefix("PAS");
        if let Some((country, number)) = passport.and_then(|rest| rest.split_once('-')) {
            self.set(Field::DocumentType, DocumentType::Passport.as_str());
            self.set(Field::DocumentCountry, country);
            self.set(Field::DocumentNumber, number);
            return;
        }
        if parse_nie(number).is_ok() {
            self.set(Field::DocumentType, DocumentType::Nie.as_str());
        }
        self.set(Field::DocumentNumber, normalise(number));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::connection::RequestOptions;

    fn subject(attributes: &[(&str, &str)]) -> Subject {
        let own = |(oid, value): &(&str, &str)| ((*oid).to_owned(), (*value).to_owned());
        Subject::new(attributes.iter().map(own).collect())
    }

    #[test]
    fn the_name_of_a_person_answers_all_that_is_asked_of_one() {
        for (number, kind, country) in [
            ("IDCES-12345678Z", "dni", ""),
            ("IDCES-X5253868R", "nie", ""),
            ("12345678Z", "dni", ""),
            ("PASFR-12AB34567", "passport", "FR"),
        ] {
            let of = subject(&[
                ("2.5.4.6", "ES"),
                ("2.5.4.5", number),
                ("2.5.4.4", "Núñez Iglesias"),
                ("2.5.4.42", "Ana"),
                ("2.5.4.3", "NÚÑEZ IGLESIAS ANA - 12345678Z"),
            ]);
            let answers = Answers::of_subject(&of, Kind::Person);
            assert_eq!(answers.text(Field::DocumentType), kind);
            assert_eq!(answers.text(Field::DocumentCountry), country);
            let options = RequestOptions::default();
            let checked = answers.checked(&options);
            assert_eq!(checked.first_incomplete(), None, "{number}");
            let name = "NÚÑEZ IGLESIAS ANA - 12345678Z";
            assert_eq!(checked.listed_name(), name);
        }
    }

    #[test]
    fn a_representative_and_a_bare_name_are_answered_too() {
        let of = subject(&[
            ("2.5.4.3", "Ana Núñez (R: A58818501)"),
            ("2.5.4.42", "Ana"),
            ("2.5.4.4", "Núñez"),
            ("2.5.4.5", "IDCES-12345678Z"),
            ("2.5.4.10", "Acme"),
            ("2.5.4.97", "VATES-A58818501"),
        ]);
        let options = RequestOptions::default();
        let answers = Answers::of_subject(&of, Kind::Representative);
        let checked = answers.checked(&options);
        assert_eq!(checked.first_incomplete(), None);
        assert_eq!(checked.listed_name(), "Ana Núñez (R: A58818501)");
        let answers = Answers::of_subject(&subject(&[("2.5.4.3", "Ana")]), Kind::Name);
        assert_eq!(answers.checked(&options).first_incomplete(), None);
    }

    #[test]
    fn a_name_is_repeated_as_it_stands_or_not_at_all() {
        let of = subject(&[
            ("2.5.4.6", "ES"),
            ("2.5.4.97", "VATES-A58818501"),
            ("2.5.4.7", "Lugo"),
            ("2.5.4.3", "Acme"),
        ]);
        let name = same_name(&of).unwrap();
        let attributes: Vec<_> = name
            .attributes()
            .iter()
            .map(|one| one.attribute.as_str())
            .collect();
        assert_eq!(attributes, ["c", "organizationIdentifier", "2.5.4.7", "cn"]);
        assert!(name.matches(&of));
        for bad in ["a\0b", "a\u{202E}b", ""] {
            assert_eq!(same_name(&subject(&[("2.5.4.3", bad)])), None, "{bad:?}");
        }
        assert_eq!(same_name(&subject(&[("2.5.4.10", "Acme")])), None);
    }
}
