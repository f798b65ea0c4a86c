//! Messages for the problems of a field: one for each kind of mistake.

use crate::domain::answers::{Field, FieldProblem, Problems, Warning};
use crate::domain::document::{CountryError, DocumentError, PassportError};
use crate::domain::person_name::{NameError, NameWarning};
use crate::domain::spanish_id::IdError;
use crate::i18n::{Key, Lang, Message, key};
use crate::web::handlers::names;
use crate::web::page::form::FieldErrors;

pub fn errors(problems: &Problems, lang: Lang) -> FieldErrors {
    let mut errors = FieldErrors::new();
    for (field, problem) in problems {
        errors.add(field.as_str(), message(*field, *problem, lang));
    }
    errors
}

fn message(field: Field, problem: FieldProblem, lang: Lang) -> Message {
    match problem {
        FieldProblem::Missing => missing(field).into(),
        FieldProblem::EitherName => key("missing-either-name").into(),
        FieldProblem::SeveralNames => key("wrong-one-name").into(),
        FieldProblem::Choice => choice(field).into(),
        FieldProblem::Name(error) => name(field, error, lang),
        FieldProblem::Document(DocumentError::Number(error)) | FieldProblem::Nif(error) => {
            number(field, error)
        }
        FieldProblem::Document(DocumentError::Passport(error)) => passport(error).into(),
        FieldProblem::Document(DocumentError::Country(error)) => country(error),
        FieldProblem::Email => key("wrong-email").into(),
        FieldProblem::EmailNotAscii => key("wrong-email-not-ascii").into(),
        FieldProblem::Group => key("wrong-group").into(),
    }
}

const fn missing(field: Field) -> Key {
    match field {
        Field::Kind => key("missing-kind"),
        Field::GivenNames => key("missing-given-names"),
        Field::FirstSurname => key("missing-first-surname"),
        Field::DocumentNumber => key("missing-document-number"),
        Field::OrganisationName => key("missing-organisation-name"),
        Field::OrganisationNif => key("missing-organisation-nif"),
        Field::CommonName => key("missing-common-name"),
        _ => key("missing-other"),
    }
}

const fn choice(field: Field) -> Key {
    match field {
        Field::Kind => key("missing-kind"),
        Field::DocumentType => key("choose-document-type"),
        Field::HashType => key("choose-hash-type"),
        Field::KeyLength => key("choose-key-length"),
        Field::Provider => key("choose-provider"),
        _ => key("choose-other"),
    }
}

fn name(field: Field, error: NameError, lang: Lang) -> Message {
    match error {
        NameError::Empty => missing(field).into(),
        error => text_problem(error, lang.of(names::field(field)).into_owned()),
    }
}

/// What is wrong with the text of the field with this label.
pub fn text_problem(error: NameError, label: String) -> Message {
    let with_label = |key: Key| key.with("field", label.clone());
    match error {
        NameError::Empty => key("missing-other").into(),
        NameError::NoLetter => with_label(key("wrong-name-no-letter")),
        NameError::TooLong { max, length } => with_label(key("wrong-name-long"))
            .with("max", max)
            .with("length", length),
        NameError::Control => with_label(key("wrong-name-control")),
        NameError::Bidi => with_label(key("wrong-name-bidi")),
        NameError::ZeroWidth => with_label(key("wrong-name-zero-width")),
        NameError::MixedScripts => with_label(key("wrong-name-mixed")),
        NameError::Character(c) => {
            with_label(key("wrong-name-character")).with("character", c.to_string())
        }
    }
}

fn number(field: Field, error: IdError) -> Message {
    let organisation = field == Field::OrganisationNif;
    match error {
        IdError::Empty => missing(field).into(),
        IdError::Characters => key("wrong-number-characters").into(),
        IdError::Length(length) => key("wrong-number-length").with("length", length),
        // The letter of a company comes first, and may be what is missing.
        IdError::NoLetter if organisation => key("wrong-number-length").with("length", 8_usize),
        IdError::NoLetter => key("wrong-number-no-letter").into(),
        IdError::ShortDni if organisation => key("wrong-nif-is-personal").into(),
        IdError::ShortDni => key("wrong-number-short-dni").into(),
        IdError::Form if organisation => key("wrong-nif-form").into(),
        IdError::Form => key("wrong-number-form").into(),
        IdError::Letter => key("wrong-number-letter").into(),
        IdError::Control => key("wrong-number-control").into(),
        IdError::IsNie => key("wrong-number-is-nie").into(),
        IdError::IsDni => key("wrong-number-is-dni").into(),
        IdError::IsCompanyNif => key("wrong-number-is-company").into(),
        IdError::IsPersonal => key("wrong-nif-is-personal").into(),
    }
}

const fn passport(error: PassportError) -> Key {
    match error {
        PassportError::Empty => key("missing-document-number"),
        PassportError::Characters => key("wrong-passport-characters"),
        PassportError::TooLong => key("wrong-passport-long"),
    }
}

fn country(error: CountryError) -> Message {
    match error {
        // Which code is right is not kept with a row that was left out.
        CountryError::Form | CountryError::Write("") => key("wrong-country").into(),
        CountryError::NoSuch => key("wrong-country-no-such").into(),
        CountryError::Write(code) => key("wrong-country-write").with("code", code),
    }
}

/// A hint about a field that is accepted anyway.
pub fn warning(field: Field, warning: Warning, lang: Lang) -> Message {
    match warning {
        Warning::Name(NameWarning::Long { length }) => key("warn-long")
            .with("field", lang.of(names::field(field)).into_owned())
            .with("length", length),
        Warning::UnusualNif => key("warn-unusual-nif").into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mistake_has_its_own_message_in_both_languages() {
        let names = [
            NameError::NoLetter,
            NameError::TooLong {
                max: 64,
                length: 65,
            },
            NameError::Control,
            NameError::Bidi,
            NameError::ZeroWidth,
            NameError::MixedScripts,
            NameError::Character('@'),
        ];
        let ids = [
            IdError::Characters,
            IdError::Length(8),
            IdError::NoLetter,
            IdError::ShortDni,
            IdError::Form,
            IdError::Letter,
            IdError::Control,
            IdError::IsNie,
            IdError::IsDni,
            IdError::IsCompanyNif,
            IdError::IsPersonal,
        ];
        for lang in Lang::ALL {
            let said = names
                .map(|error| message(Field::GivenNames, FieldProblem::Name(error), lang))
                .into_iter()
                .chain(ids.map(|error| number(Field::DocumentNumber, error)))
                .map(|message| lang.message(&message).into_owned())
                .collect::<std::collections::BTreeSet<_>>();
            assert_eq!(said.len(), names.len() + ids.len(), "{said:?}");
        }
    }

    #[test]
    fn the_correct_letter_is_never_shown() {
        let said = Lang::Es.message(&number(Field::DocumentNumber, IdError::Letter));
        assert_eq!(said, "La letra no corresponde al número. Compruebe ambos.");
    }
}
