//! What people write into cells for what a form lets them choose.

use super::columns::folded;
use crate::answers::{Answers, Field};
use crate::document::DocumentType;
use crate::holder::Kind;

/// The value of a field, with the words of a list in place of the form's.
pub(super) fn value(field: Field, text: &str) -> String {
    let chosen = match field {
        Field::Kind => kind(text).map(Kind::as_str),
        Field::DocumentType => document_type(text).map(DocumentType::as_str),
        Field::OneName => is_yes(text).then_some("yes"),
        _ => None,
    };
    match (chosen, field) {
        (Some(chosen), _) => chosen.to_owned(),
        (None, Field::HashType) => text.to_uppercase().replace('-', ""),
        (None, Field::Provider) => text.to_uppercase(),
        (None, _) => text.to_owned(),
    }
}

fn is_yes(text: &str) -> bool {
    matches!(
        folded(text).as_str(),
        "yes" | "y" | "si" | "s" | "x" | "1" | "true" | "verdadero"
    )
}

fn kind(text: &str) -> Option<Kind> {
    let text = folded(text);
    let says = |words: &[&str]| words.iter().any(|word| text.contains(word));
    if says(&["sello", "seal"]) {
        Some(Kind::Seal)
    } else if says(&["represent"]) {
        Some(Kind::Representative)
    } else if says(&["vinculad", "linked", "inanorganisation", "inanorganization"]) {
        Some(Kind::Linked)
    } else if says(&["juridica", "legalperson"]) {
        None
    } else if says(&["person", "fisica"]) {
        Some(Kind::Person)
    } else if says(&["nombre", "name"]) {
        Some(Kind::Name)
    } else {
        None
    }
}

fn document_type(text: &str) -> Option<DocumentType> {
    match folded(text).as_str() {
        "dni" | "nif" => Some(DocumentType::Dni),
        "nie" => Some(DocumentType::Nie),
        "passport" | "pasaporte" | "pas" => Some(DocumentType::Passport),
        _ => None,
    }
}

/// Where no cell says it: a number that begins as a NIE is one, and a country means a
/// passport.
pub(super) fn guess_document_type(answers: &mut Answers) {
    let country = answers.text(Field::DocumentCountry).trim();
    let number = folded(answers.text(Field::DocumentNumber));
    let kind = if !country.is_empty() && !country.eq_ignore_ascii_case("ES") {
        DocumentType::Passport
    } else if number.starts_with(['x', 'y', 'z']) {
        DocumentType::Nie
    } else {
        return;
    };
    answers.set(Field::DocumentType, kind.as_str());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_read_as_the_forms_and_people_call_them() {
        for (text, kind) in [
            ("Persona física", "person"),
            ("person", "person"),
            ("Persona física vinculada a entidad", "linked"),
            ("A person in an organisation", "linked"),
            ("Persona jurídica", "Persona jurídica"),
            ("Representante de persona jurídica", "representative"),
            ("Sello electrónico de entidad", "seal"),
            ("Solo un nombre", "name"),
            ("otra cosa", "otra cosa"),
        ] {
            assert_eq!(value(Field::Kind, text), kind, "{text}");
        }
        assert_eq!(value(Field::HashType, "sha-384"), "SHA384");
    }

    #[test]
    fn a_missing_kind_of_document_is_found_by_its_number_or_country() {
        for (number, country, kind) in [
            ("12345678Z", "", "dni"),
            ("x-5253868-r", "", "nie"),
            ("X1234", "FR", "passport"),
            ("12345678Z", "ES", "dni"),
        ] {
            let mut answers = Answers::with([
                (Field::DocumentNumber, number),
                (Field::DocumentCountry, country),
            ]);
            guess_document_type(&mut answers);
            assert_eq!(
                answers.text(Field::DocumentType),
                kind,
                "{number} {country}"
            );
        }
    }
}
