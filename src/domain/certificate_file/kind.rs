//! Which kind of holder a certificate is for, judged by the attributes of its name as
//! ETSI EN 319 412 sets them.

use super::CertificateFacts;
use crate::distinguished_name::Subject;
use crate::holder::Kind;
use crate::spanish_id::{parse_dni, parse_nie};

const COMMON_NAME: &str = "2.5.4.3";
const SURNAME: &str = "2.5.4.4";
const SERIAL_NUMBER: &str = "2.5.4.5";
const ORGANISATION: &str = "2.5.4.10";
const GIVEN_NAME: &str = "2.5.4.42";
const ORGANISATION_IDENTIFIER: &str = "2.5.4.97";

/// How the number of a person's document begins: identity card, passport, and a number
/// that a state gives to persons.
const OF_PERSONS: [&str; 3] = ["IDC", "PAS", "PNO"];

impl CertificateFacts {
    /// The kind of holder that the name suggests.
    pub fn kind(&self) -> Kind {
        kind_of(&self.subject)
    }
}

/// The kind of holder that a name suggests.
pub fn kind_of(subject: &Subject) -> Kind {
    let has = |oid| subject.values(oid).next().is_some();
    let names_person = subject.values(SERIAL_NUMBER).any(is_of_person);
    let has_person = has(GIVEN_NAME) || has(SURNAME) || names_person;
    let is_for_another = |name: &str| name.contains("(R:");
    match (has_person, has(ORGANISATION_IDENTIFIER)) {
        (true, _) if subject.values(COMMON_NAME).any(is_for_another) => Kind::Representative,
        (true, true) => Kind::Linked,
        (true, false) if has(ORGANISATION) => Kind::Linked,
        (true, false) => Kind::Person,
        (false, true) => Kind::Seal,
        (false, false) => Kind::Name,
    }
}

fn is_of_person(number: &str) -> bool {
    OF_PERSONS.iter().any(|begin| number.starts_with(begin))
        || parse_dni(number).is_ok()
        || parse_nie(number).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(attributes: &[(&str, &str)]) -> Kind {
        let own = |(oid, value): &(&str, &str)| ((*oid).to_owned(), (*value).to_owned());
        kind_of(&Subject::new(attributes.iter().map(own).collect()))
    }

    #[test]
    fn the_attributes_of_a_name_tell_its_kind() {
        let person = (SERIAL_NUMBER, "IDCES-12345678Z");
        let company = (ORGANISATION_IDENTIFIER, "VATES-A58818501");
        for (attributes, expected) in [
            (&[(COMMON_NAME, "Ana"), person][..], Kind::Person),
            (&[(COMMON_NAME, "Ana"), (SURNAME, "Núñez")], Kind::Person),
            (&[(SERIAL_NUMBER, "PASFR-12AB34567")], Kind::Person),
            (&[(SERIAL_NUMBER, "12345678Z")], Kind::Person),
            (&[(COMMON_NAME, "Ana"), person, company], Kind::Linked),
            (&[person, (ORGANISATION, "Acme")], Kind::Linked),
            (
                &[(COMMON_NAME, "Ana (R: A58818501)"), person, company],
                Kind::Representative,
            ),
            (&[(COMMON_NAME, "Acme"), company], Kind::Seal),
            // A seal may repeat the organisation's number here.
            (&[(SERIAL_NUMBER, "A58818501"), company], Kind::Seal),
            (&[(COMMON_NAME, "Ana")], Kind::Name),
            (&[(COMMON_NAME, "www"), (ORGANISATION, "Acme")], Kind::Name),
            (&[], Kind::Name),
        ] {
            assert_eq!(kind(attributes), expected, "{attributes:?}");
        }
    }
}
