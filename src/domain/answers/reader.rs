//! Converts answers to checked values, field by field.

use super::{Answers, Field, FieldProblem, Problems, email};
use crate::connection::RequestOptions;
use crate::document::{Document, DocumentError, DocumentType};
use crate::holder::{Holder, Kind, Organisation, Person, built_common_name};
use crate::key_spec::{KeySpec, PROVIDERS};
use crate::person_name::{TITLE_LENGTH, check_name, check_text};

/// Longest name, in characters: no certificate needs more, and pages must be
/// able to show it. Names over 64 get a warning.
const LONGEST_NAME: usize = 255;

/// Collects problems while reading on.
pub(super) struct Reader<'a> {
    answers: &'a Answers,
    pub(super) problems: Problems,
}

impl<'a> Reader<'a> {
    pub(super) const fn new(answers: &'a Answers) -> Self {
        Self {
            answers,
            problems: Problems::new(),
        }
    }

    fn take<T, E: Into<FieldProblem>>(&mut self, field: Field, read: Result<T, E>) -> Option<T> {
        read.map_err(|problem| self.problems.push((field, problem.into())))
            .ok()
    }

    /// A person's name.
    fn name(&mut self, field: Field) -> Option<String> {
        self.take(field, check_name(self.answers.text(field), LONGEST_NAME))
    }

    /// A person's name; none, and no problem, if it `is_left_out`.
    fn name_unless(&mut self, is_left_out: bool, field: Field) -> Option<Option<String>> {
        match is_left_out {
            true => Some(None),
            false => self.name(field).map(Some),
        }
    }

    /// Any other required text.
    fn text(&mut self, field: Field) -> Option<String> {
        self.take(field, check_text(self.answers.text(field), LONGEST_NAME))
    }

    /// An optional text: `Some(None)` if it was left empty.
    fn optional(&mut self, field: Field, longest: usize) -> Option<Option<String>> {
        let text = self.answers.text(field);
        if text.trim().is_empty() {
            return Some(None);
        }
        self.take(field, check_text(text, longest)).map(Some)
    }

    fn person(&mut self) -> Option<Person> {
        let one_is_enough = self.answers.text(Field::OneName) == "yes";
        let is_missing = |field| self.answers.text(field).trim().is_empty();
        let missing =
            [Field::GivenNames, Field::FirstSurname, Field::SecondSurname].map(is_missing);
        let [no_given_names, no_surname, no_second] = missing;
        if one_is_enough && no_given_names && no_surname {
            let problem = (Field::GivenNames, FieldProblem::EitherName);
            self.problems.push(problem);
        }
        let given_names = self.name_unless(one_is_enough && no_given_names, Field::GivenNames);
        let first_surname = self.name_unless(one_is_enough && no_surname, Field::FirstSurname);
        let second_surname = self.name_unless(no_second, Field::SecondSurname);
        if one_is_enough && missing.iter().filter(|no_name| !**no_name).count() > 1 {
            let problem = (Field::OneName, FieldProblem::SeveralNames);
            self.problems.push(problem);
        }
        let document = self.document();
        Some(Person {
            given_names: given_names?,
            first_surname: first_surname?,
            second_surname: second_surname?,
            document: document?,
        })
    }

    fn document(&mut self) -> Option<Document> {
        let Ok(kind) = self
            .answers
            .text(Field::DocumentType)
            .parse::<DocumentType>()
        else {
            self.problems
                .push((Field::DocumentType, FieldProblem::Choice));
            return None;
        };
        let number = self.answers.text(Field::DocumentNumber);
        let read = Document::read(kind, number, self.answers.text(Field::DocumentCountry));
        let field = match read {
            Err(DocumentError::Country(_)) => Field::DocumentCountry,
            _ => Field::DocumentNumber,
        };
        self.take(field, read)
    }

    fn organisation(&mut self) -> Option<Organisation> {
        let name = self.text(Field::OrganisationName);
        let nif = self.answers.text(Field::OrganisationNif).parse();
        let nif = self.take(Field::OrganisationNif, nif);
        Some(Organisation {
            name: name?,
            nif: nif?,
        })
    }

    fn department(&mut self) -> Option<Option<String>> {
        self.optional(Field::Department, LONGEST_NAME)
    }

    fn position(&mut self) -> Option<Option<String>> {
        self.optional(Field::Position, TITLE_LENGTH)
    }

    pub(super) fn holder(&mut self) -> Option<Holder> {
        let Some(kind) = self.answers.kind() else {
            let problem = match self.answers.text(Field::Kind).is_empty() {
                true => FieldProblem::Missing,
                false => FieldProblem::Choice,
            };
            self.problems.push((Field::Kind, problem));
            return None;
        };
        match kind {
            Kind::Person => self.natural_person(),
            Kind::Linked => {
                let (person, organisation) = (self.person(), self.organisation());
                let (department, position) = (self.department(), self.position());
                Some(Holder::Linked {
                    person: person?,
                    organisation: organisation?,
                    department: department?,
                    position: position?,
                })
            }
            Kind::Representative => {
                let (person, organisation) = (self.person(), self.organisation());
                let position = self.position();
                Some(Holder::Representative {
                    person: person?,
                    organisation: organisation?,
                    position: position?,
                })
            }
            Kind::Seal => {
                let (name, organisation) = (self.text(Field::CommonName), self.organisation());
                let department = self.department();
                Some(Holder::Seal {
                    common_name: name?,
                    organisation: organisation?,
                    department: department?,
                })
            }
            Kind::Name => Some(Holder::Name {
                common_name: self.text(Field::CommonName)?,
            }),
        }
    }

    fn natural_person(&mut self) -> Option<Holder> {
        let person = self.person();
        let edited = self.optional(Field::CommonName, LONGEST_NAME);
        let (person, edited) = (person?, edited?);
        // A name that was prefilled and left unchanged does not count as
        // edited.
        let built = built_common_name(&person, None);
        Some(Holder::Person {
            person,
            common_name: edited.filter(|edited| *edited != built),
        })
    }

    pub(super) fn contact(&mut self, options: &RequestOptions) {
        let typed = self.answers.text(Field::Email);
        if !typed.trim().is_empty() {
            self.take(Field::Email, email::read(typed, options.sends_email()));
        }
        if self.answers.groups(options).is_none() {
            self.problems.push((Field::GroupIds, FieldProblem::Group));
        }
    }

    pub(super) fn key(&mut self) -> Option<KeySpec> {
        let hash = self.answers.text(Field::HashType).parse();
        let hash = self.take(Field::HashType, hash.map_err(|_| FieldProblem::Choice));
        let length = self.answers.text(Field::KeyLength).parse();
        let length = self.take(Field::KeyLength, length.map_err(|_| FieldProblem::Choice));
        if !PROVIDERS.contains(&self.answers.text(Field::Provider)) {
            self.problems.push((Field::Provider, FieldProblem::Choice));
        }
        Some(KeySpec {
            hash: hash?,
            length: length?,
        })
    }
}
