//! Checks answers. The forms show the problems found here, and a submit runs
//! the same checks again.

use super::reader::Reader;
use super::{Answers, Field, FieldProblem, Problems, Step};
use crate::connection::RequestOptions;
use crate::holder::{Holder, Kind};
use crate::key_spec::KeySpec;

/// Longest text shown in a list before it was checked, in characters.
const LONGEST_LISTED: usize = 100;

/// Answers with all their problems at one connection.
#[derive(Debug, Clone)]
pub struct Checked<'a> {
    answers: &'a Answers,
    holder: Option<Holder>,
    key: Option<KeySpec>,
    problems: Problems,
    wrong_info: Vec<&'static str>,
}

impl<'a> Checked<'a> {
    /// The answers as typed.
    pub const fn answers(&self) -> &'a Answers {
        self.answers
    }

    /// The holder, if all fields are valid.
    pub const fn holder(&self) -> Option<&Holder> {
        self.holder.as_ref()
    }

    /// The holder and the key settings.
    ///
    /// # Errors
    /// The first step with a missing or invalid answer.
    pub fn complete(&self) -> Result<(&Holder, KeySpec), Step> {
        match (&self.holder, self.key, self.first_incomplete()) {
            (Some(holder), Some(key), None) => Ok((holder, key)),
            (_, _, step) => Err(step.unwrap_or(Step::Kind)),
        }
    }

    /// The problems on one step.
    pub fn problems_on(&self, step: Step) -> Problems {
        let kind = self.answers.kind();
        let is_here = |(field, _): &&(Field, FieldProblem)| field.step(kind) == Some(step);
        self.problems.iter().filter(is_here).copied().collect()
    }

    /// The form fields of further facts on one step that cannot be sent as
    /// typed.
    pub fn wrong_info_on(&self, step: Step) -> &[&'static str] {
        match step {
            Step::Options => &self.wrong_info,
            Step::Kind | Step::Holder | Step::Organisation | Step::Check => &[],
        }
    }

    /// The first step with a missing or invalid answer.
    pub fn first_incomplete(&self) -> Option<Step> {
        let kind = self.answers.kind();
        let steps = self
            .problems
            .iter()
            .filter_map(|(field, _)| field.step(kind));
        let info = self.wrong_info.first().map(|_| Step::Options);
        steps.chain(info).min()
    }

    /// The earlier step that must be completed before `step`, if any.
    pub fn detour(&self, step: Step) -> Option<Step> {
        if let Some(first) = self.first_incomplete().filter(|first| *first < step) {
            return Some(first);
        }
        let kind = self.answers.kind()?;
        (!Step::all(kind).contains(&step)).then(|| step.next(kind))
    }

    /// A name for lists: the name in the certificate if it is known, otherwise
    /// what was typed of it.
    pub fn listed_name(&self) -> String {
        if let Some(holder) = &self.holder {
            return holder.common_name();
        }
        let parts: &[Field] = match self.answers.kind() {
            Some(Kind::Seal | Kind::Name) => &[Field::CommonName],
            Some(Kind::Person | Kind::Linked | Kind::Representative) | None => {
                &[Field::GivenNames, Field::FirstSurname, Field::SecondSurname]
            }
        };
        let parts = parts.iter().map(|part| self.answers.text(*part).trim());
        let typed = parts.collect::<Vec<_>>().join(" ");
        typed.trim().chars().take(LONGEST_LISTED).collect()
    }
}

impl Answers {
    /// Checks the answers for a connection that offers `options`.
    pub fn checked(&self, options: &RequestOptions) -> Checked<'_> {
        let mut reader = Reader::new(self);
        let holder = reader.holder().filter(|_| reader.problems.is_empty());
        reader.contact(options);
        let key = reader.key();
        Checked {
            answers: self,
            holder,
            key,
            problems: reader.problems,
            wrong_info: self.wrong_info(options),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::warning::warnings;
    use super::*;
    use crate::document::DocumentError;
    use crate::person_name::NameError;
    use crate::spanish_id::IdError;

    fn person() -> Answers {
        Answers::with([
            (Field::Kind, "person"),
            (Field::GivenNames, "María José"),
            (Field::FirstSurname, "O'Neill-Núñez"),
            (Field::DocumentNumber, "12345678Z"),
        ])
    }

    fn representative() -> Answers {
        let mut answers = person();
        answers.set(Field::Kind, "representative");
        answers.set(Field::OrganisationName, "Acme SL");
        answers.set(Field::OrganisationNif, "A58818501");
        answers
    }

    fn checked(answers: &Answers) -> Checked<'_> {
        answers.checked(&RequestOptions::default())
    }

    fn holder(answers: &Answers) -> Holder {
        checked(answers).holder().unwrap().clone()
    }

    #[test]
    fn each_kind_is_read_from_the_fields_it_has() {
        let answers = person();
        let found = checked(&answers);
        let (holder_, key) = found.complete().unwrap();
        assert_eq!(holder_.common_name(), "María José O'Neill-Núñez");
        assert_eq!(key, KeySpec::default());
        let name = holder(&representative()).common_name();
        assert!(name.ends_with(" (R: A58818501)"));
        let name = Answers::with([
            (Field::Kind, "name"),
            (Field::CommonName, "HOLDER_NAME"),
            (Field::DocumentNumber, "left over"),
        ]);
        assert_eq!(holder(&name).kind(), Kind::Name);
    }

    #[test]
    fn everything_that_is_wrong_is_told_at_once() {
        let answers = Answers::with([
            (Field::Kind, "linked"),
            (Field::GivenNames, "Ana\u{200B}"),
            (Field::DocumentNumber, "12345678A"),
            (Field::OrganisationNif, "12345678Z"),
            (Field::HashType, "MD5"),
            (Field::Provider, "OTHER"),
            (Field::GroupIds, "7"),
            (Field::Email, "ana"),
        ]);
        use FieldProblem as P;
        assert_eq!(
            checked(&answers).problems,
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
        assert_eq!(checked(&answers).complete(), Err(Step::Holder));
    }

    #[test]
    fn a_step_tells_only_of_its_own_fields() {
        let answers = Answers::with([(Field::Kind, "seal")]);
        let fields = |step| {
            let problems = checked(&answers).problems_on(step).into_iter();
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
        assert_eq!(fields(Step::Options), []);
    }

    #[test]
    fn a_name_that_was_shown_and_left_is_not_an_edited_one() {
        let mut answers = person();
        answers.set(Field::CommonName, "María José O'Neill-Núñez");
        let Holder::Person { common_name, .. } = holder(&answers) else {
            panic!("another kind")
        };
        assert_eq!(common_name, None);
    }

    #[test]
    fn sixty_five_characters_warn_in_a_name_and_stop_in_a_title() {
        let mut answers = representative();
        answers.set(Field::OrganisationName, "Ñ".repeat(65));
        assert_eq!(warnings(&holder(&answers)).len(), 1);
        answers.set(Field::Position, "x".repeat(65));
        assert_eq!(checked(&answers).problems.len(), 1);
        answers.set(Field::Position, "x".repeat(64));
        assert!(checked(&answers).complete().is_ok());
    }

    #[test]
    fn who_skips_a_step_is_led_to_the_first_that_is_not_complete() {
        let detour = |answers: &Answers, step| checked(answers).detour(step);
        let of = |kind| Answers::with([(Field::Kind, kind)]);
        assert_eq!(detour(&of(""), Step::Check), Some(Step::Kind));
        assert_eq!(detour(&of("linked"), Step::Check), Some(Step::Holder));
        assert_eq!(detour(&of("linked"), Step::Holder), None);
        assert_eq!(detour(&of("linked"), Step::Kind), None);
        assert_eq!(detour(&of("seal"), Step::Holder), Some(Step::Organisation));
        let mut name = of("name");
        name.set(Field::CommonName, "Ana");
        assert_eq!(detour(&name, Step::Check), None);
        assert_eq!(detour(&name, Step::Organisation), Some(Step::Options));
    }

    #[test]
    fn a_draft_is_called_by_as_much_of_the_name_as_was_typed() {
        let mut answers = Answers::default();
        assert_eq!(checked(&answers).listed_name(), "");
        answers.set(Field::Kind, "person");
        answers.set(Field::GivenNames, " María ");
        assert_eq!(checked(&answers).listed_name(), "María");
    }
}
