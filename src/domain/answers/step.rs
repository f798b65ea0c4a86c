//! The steps of the wizard, in order, and the fields on each.

use super::field::Field;
use crate::holder::Kind;
use crate::string_enum::string_enum;

string_enum! {
    /// One step of the wizard. The text form is part of its page's path.
    #[derive(PartialOrd, Ord)]
    pub enum Step as "step" {
        /// Which kind of holder.
        Kind = "kind",
        /// The person; or only the name.
        Holder = "holder",
        /// The organisation.
        Organisation = "organisation",
        /// E-mail address, groups, and the key settings.
        Options = "options",
        /// Check your answers.
        Check = "check",
    }
}

impl Step {
    /// The steps for this kind of holder, in order: those with questions, and
    /// the check.
    pub fn all(kind: Kind) -> Vec<Self> {
        let is_taken = |step: &Self| *step == Self::Check || !step.fields(Some(kind)).is_empty();
        Self::ALL.iter().copied().filter(is_taken).collect()
    }

    /// The step after this one.
    pub fn next(self, kind: Kind) -> Self {
        let later = Self::all(kind).into_iter().find(|step| *step > self);
        later.unwrap_or(Self::Check)
    }

    /// The step before this one.
    pub fn before(self, kind: Kind) -> Option<Self> {
        Self::all(kind).into_iter().rfind(|step| *step < self)
    }

    /// The fields on this step for this kind of holder.
    pub fn fields(self, kind: Option<Kind>) -> Vec<Field> {
        let is_here = |field: &Field| field.step(kind) == Some(self);
        Field::ALL.iter().copied().filter(is_here).collect()
    }
}

impl Field {
    /// The step that asks for this field for this kind of holder; `None` if no
    /// step does.
    pub fn step(self, kind: Option<Kind>) -> Option<Step> {
        let is = |kinds: &[Kind]| kind.is_some_and(|kind| kinds.contains(&kind));
        match self {
            Self::Kind => Some(Step::Kind),
            Self::GivenNames
            | Self::FirstSurname
            | Self::SecondSurname
            | Self::OneName
            | Self::DocumentType
            | Self::DocumentNumber
            | Self::DocumentCountry => kind?.has_person().then_some(Step::Holder),
            Self::CommonName => match kind? {
                Kind::Person | Kind::Name => Some(Step::Holder),
                // A seal's name is asked with its organisation.
                Kind::Seal => Some(Step::Organisation),
                Kind::Linked | Kind::Representative => None,
            },
            Self::OrganisationName | Self::OrganisationNif => {
                kind?.has_organisation().then_some(Step::Organisation)
            }
            Self::Department => is(&[Kind::Linked, Kind::Seal]).then_some(Step::Organisation),
            Self::Position => {
                is(&[Kind::Linked, Kind::Representative]).then_some(Step::Organisation)
            }
            Self::Email | Self::GroupIds | Self::HashType | Self::KeyLength | Self::Provider => {
                Some(Step::Options)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_kind_has_more_than_seven_steps_and_each_ends_with_the_check() {
        for kind in Kind::ALL {
            let steps = Step::all(*kind);
            assert!(steps.len() <= 7, "{kind}");
            assert_eq!(steps.first(), Some(&Step::Kind));
            assert_eq!(steps.last(), Some(&Step::Check));
            assert!(steps.is_sorted(), "{kind}: {steps:?}");
        }
        assert_eq!(
            Step::all(Kind::Seal),
            [Step::Kind, Step::Organisation, Step::Options, Step::Check]
        );
        assert_eq!(Step::all(Kind::Linked), Step::ALL);
    }

    #[test]
    fn every_field_of_a_kind_stands_on_one_of_its_steps() {
        for kind in Kind::ALL {
            let steps = Step::all(*kind);
            for field in Field::ALL {
                if let Some(step) = field.step(Some(*kind)) {
                    assert!(steps.contains(&step), "{kind} {field}");
                }
            }
        }
    }
}
