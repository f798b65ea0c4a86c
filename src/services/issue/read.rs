//! Reads answers into checked values. The one place where that happens: the
//! forms show what this finds, and what is submitted went through it again.

use super::answers::Answers;
use super::email::is_email;
use super::field::{Field, FieldProblem, Step};
use crate::domain::connection::RequestOptions;
use crate::domain::document::{Document, DocumentError, DocumentType};
use crate::domain::holder::{Holder, Kind, Organisation, Person, built_common_name};
use crate::domain::key_spec::{KeySpec, PROVIDERS};
use crate::domain::person_name::{TITLE_LENGTH, check_name, check_text};

/// What is wrong, field by field, in the order of the forms.
pub type Problems = Vec<(Field, FieldProblem)>;

/// Longest name, in characters: no certificate needs more, and a page must
/// show it. Over 64 there is a warning.
const LONGEST_NAME: usize = 255;

/// Collects what is wrong while the rest is read on.
#[derive(Default)]
struct Reader {
    problems: Problems,
}

impl Reader {
    fn take<T, E: Into<FieldProblem>>(&mut self, field: Field, read: Result<T, E>) -> Option<T> {
        read.map_err(|problem| self.problems.push((field, problem.into())))
            .ok()
    }

    /// A text that may be left out: `Some(None)` where it was.
    fn optional(&mut self, field: Field, text: &str, longest: usize) -> Option<Option<String>> {
        if text.trim().is_empty() {
            return Some(None);
        }
        self.take(field, check_text(text, longest)).map(Some)
    }

    fn person(&mut self, answers: &Answers) -> Option<Person> {
        let given = check_name(&answers.given_names, LONGEST_NAME);
        let given_names = self.take(Field::GivenNames, given);
        let first = check_name(&answers.first_surname, LONGEST_NAME);
        let first_surname = self.take(Field::FirstSurname, first);
        let second_surname = if answers.second_surname.trim().is_empty() {
            Some(None)
        } else {
            let second = check_name(&answers.second_surname, LONGEST_NAME);
            self.take(Field::SecondSurname, second).map(Some)
        };
        let document = self.document(answers);
        Some(Person {
            given_names: given_names?,
            first_surname: first_surname?,
            second_surname: second_surname?,
            document: document?,
        })
    }

    fn document(&mut self, answers: &Answers) -> Option<Document> {
        let Ok(kind) = answers.document_type.parse::<DocumentType>() else {
            self.problems
                .push((Field::DocumentType, FieldProblem::Choice));
            return None;
        };
        let read = Document::read(kind, &answers.document_number, &answers.document_country);
        let field = match read {
            Err(DocumentError::Country(_)) => Field::DocumentCountry,
            _ => Field::DocumentNumber,
        };
        self.take(field, read)
    }

    fn organisation(&mut self, answers: &Answers) -> Option<Organisation> {
        let name = check_text(&answers.organisation_name, LONGEST_NAME);
        let name = self.take(Field::OrganisationName, name);
        let nif = self.take(Field::OrganisationNif, answers.organisation_nif.parse());
        Some(Organisation {
            name: name?,
            nif: nif?,
        })
    }

    fn common_name(&mut self, answers: &Answers) -> Option<String> {
        let name = check_text(&answers.common_name, LONGEST_NAME);
        self.take(Field::CommonName, name)
    }

    fn department(&mut self, answers: &Answers) -> Option<Option<String>> {
        self.optional(Field::Department, &answers.department, LONGEST_NAME)
    }

    fn position(&mut self, answers: &Answers) -> Option<Option<String>> {
        self.optional(Field::Position, &answers.position, TITLE_LENGTH)
    }

    fn holder(&mut self, answers: &Answers) -> Option<Holder> {
        let Some(kind) = answers.kind() else {
            let problem = match answers.kind.is_empty() {
                true => FieldProblem::Missing,
                false => FieldProblem::Choice,
            };
            self.problems.push((Field::Kind, problem));
            return None;
        };
        match kind {
            Kind::Person => self.natural_person(answers),
            Kind::Linked => {
                let (person, organisation) = (self.person(answers), self.organisation(answers));
                let (department, position) = (self.department(answers), self.position(answers));
                Some(Holder::Linked {
                    person: person?,
                    organisation: organisation?,
                    department: department?,
                    position: position?,
                })
            }
            Kind::Representative => {
                let (person, organisation) = (self.person(answers), self.organisation(answers));
                let position = self.position(answers);
                Some(Holder::Representative {
                    person: person?,
                    organisation: organisation?,
                    position: position?,
                })
            }
            Kind::Seal => {
                let (name, organisation) = (self.common_name(answers), self.organisation(answers));
                let department = self.department(answers);
                Some(Holder::Seal {
                    common_name: name?,
                    organisation: organisation?,
                    department: department?,
                })
            }
            Kind::Name => Some(Holder::Name {
                common_name: self.common_name(answers)?,
            }),
        }
    }

    fn natural_person(&mut self, answers: &Answers) -> Option<Holder> {
        let person = self.person(answers);
        let edited = self.optional(Field::CommonName, &answers.common_name, LONGEST_NAME);
        let (person, edited) = (person?, edited?);
        // A name that was shown and left as it was is not an edited one.
        let built = built_common_name(&person, None);
        Some(Holder::Person {
            person,
            common_name: edited.filter(|edited| *edited != built),
        })
    }

    fn contact(&mut self, answers: &Answers, offer: &RequestOptions) {
        let email = answers.email.trim();
        if !email.is_empty() && !is_email(email) {
            self.problems.push((Field::Email, FieldProblem::Email));
        }
        if answers.groups(offer).is_none() {
            self.problems.push((Field::GroupIds, FieldProblem::Group));
        }
    }

    fn key(&mut self, answers: &Answers) -> Option<KeySpec> {
        let choice = |_| FieldProblem::Choice;
        let hash = answers.hash_type.parse().map_err(choice);
        let hash = self.take(Field::HashType, hash);
        let length = answers.key_length.parse().map_err(choice);
        let length = self.take(Field::KeyLength, length);
        if !PROVIDERS.contains(&answers.provider.as_str()) {
            self.problems.push((Field::Provider, FieldProblem::Choice));
        }
        Some(KeySpec {
            hash: hash?,
            length: length?,
        })
    }
}

impl Answers {
    /// The holder, checked.
    ///
    /// # Errors
    /// Everything that is wrong with the fields that this kind of holder has.
    pub fn holder(&self) -> Result<Holder, Problems> {
        let mut reader = Reader::default();
        match reader.holder(self) {
            Some(holder) if reader.problems.is_empty() => Ok(holder),
            _ => Err(reader.problems),
        }
    }

    /// The holder and the key settings, checked, with everything besides: at
    /// a connection with this offer.
    ///
    /// # Errors
    /// Everything that is wrong on any step.
    pub fn check(&self, offer: &RequestOptions) -> Result<(Holder, KeySpec), Problems> {
        let mut reader = Reader::default();
        let holder = reader.holder(self);
        reader.contact(self, offer);
        let key = reader.key(self);
        match (holder, key) {
            (Some(holder), Some(key)) if reader.problems.is_empty() => Ok((holder, key)),
            _ => Err(reader.problems),
        }
    }

    /// What is wrong on one step.
    pub fn problems_on(&self, step: Step, offer: &RequestOptions) -> Problems {
        let kind = self.kind();
        let mut problems = match step {
            Step::Changed => self.changed_problem().into_iter().collect(),
            _ => self.check(offer).err().unwrap_or_default(),
        };
        problems.retain(|(field, _)| field.step(kind) == step);
        problems
    }

    /// What keeps a renewal from going on: only unchanged data is renewed.
    pub(super) fn changed_problem(&self) -> Option<(Field, FieldProblem)> {
        let problem = match self.data_changed.as_str() {
            "no" => return None,
            "yes" => FieldProblem::Changed,
            "" => FieldProblem::Missing,
            _ => FieldProblem::Choice,
        };
        Some((Field::DataChanged, problem))
    }
}

#[cfg(test)]
mod tests {
    use super::super::warning::warnings;
    use super::*;
    use crate::domain::person_name::NameError;
    use crate::domain::spanish_id::IdError;

    fn person() -> Answers {
        Answers {
            kind: "person".into(),
            given_names: "María José".into(),
            first_surname: "O'Neill-Núñez".into(),
            document_number: "12345678Z".into(),
            ..Answers::default()
        }
    }

    fn representative() -> Answers {
        Answers {
            kind: "representative".into(),
            organisation_name: "Acme SL".into(),
            organisation_nif: "A58818501".into(),
            ..person()
        }
    }

    #[test]
    fn each_kind_is_read_from_the_fields_it_has() {
        let (holder, key) = person().check(&RequestOptions::default()).unwrap();
        assert_eq!(holder.common_name(), "María José O'Neill-Núñez");
        assert_eq!(key, KeySpec::default());
        let holder = representative().holder().unwrap();
        assert!(holder.common_name().ends_with(" (R: A58818501)"));
        let name = Answers {
            kind: "name".into(),
            common_name: "HOLDER_NAME".into(),
            document_number: "left over".into(),
            ..Answers::default()
        };
        assert_eq!(name.holder().unwrap().kind(), Kind::Name);
    }

    #[test]
    fn everything_that_is_wrong_is_told_at_once() {
        let answers = Answers {
            kind: "linked".into(),
            given_names: "Ana\u{200B}".into(),
            document_number: "12345678A".into(),
            organisation_nif: "12345678Z".into(),
            hash_type: "MD5".into(),
            provider: "OTHER".into(),
            group_ids: "7".into(),
            email: "ana".into(),
            ..Answers::default()
        };
        use FieldProblem as P;
        assert_eq!(
            answers.check(&RequestOptions::default()).unwrap_err(),
            [
                (Field::GivenNames, P::Name(NameError::ZeroWidth)),
                (Field::FirstSurname, P::Missing),
                (
                    Field::DocumentNumber,
                    P::Document(DocumentError::Number(IdError::Letter))
                ),
                (Field::OrganisationName, P::Missing),
                (Field::OrganisationNif, P::Nif(IdError::IsPersonal)),
                (Field::Email, P::Email),
                (Field::GroupIds, P::Group),
                (Field::HashType, P::Choice),
                (Field::Provider, P::Choice),
            ]
        );
    }

    #[test]
    fn a_step_tells_only_of_its_own_fields() {
        let answers = Answers {
            kind: "seal".into(),
            ..Answers::default()
        };
        let fields = |step| {
            let problems = answers
                .problems_on(step, &RequestOptions::default())
                .into_iter();
            problems.map(|(field, _)| field).collect::<Vec<_>>()
        };
        assert_eq!(fields(Step::Kind), []);
        assert_eq!(
            fields(Step::Organisation),
            [
                Field::CommonName,
                Field::OrganisationName,
                Field::OrganisationNif
            ]
        );
        assert_eq!(fields(Step::Key), []);
        assert_eq!(fields(Step::Changed), [Field::DataChanged]);
    }

    #[test]
    fn a_name_that_was_shown_and_left_is_not_an_edited_one() {
        let mut answers = person();
        answers.common_name = "María José O'Neill-Núñez".into();
        let Holder::Person { common_name, .. } = answers.holder().unwrap() else {
            panic!("another kind")
        };
        assert_eq!(common_name, None);
    }

    #[test]
    fn sixty_five_characters_warn_in_a_name_and_stop_in_a_title() {
        let mut answers = representative();
        answers.organisation_name = "Ñ".repeat(65);
        let found = warnings(&answers.holder().unwrap());
        assert_eq!(found.len(), 1);
        answers.position = "x".repeat(65);
        assert_eq!(answers.holder().unwrap_err().len(), 1);
        answers.position = "x".repeat(64);
        assert!(answers.holder().is_ok());
    }
}
