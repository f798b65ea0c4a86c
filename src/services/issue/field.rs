//! The fields of the forms, the steps they stand on, and what can be wrong
//! with one. Names here are the names in the forms.

use crate::domain::document::{DocumentError, PassportError};
use crate::domain::holder::Kind;
use crate::domain::person_name::NameError;
use crate::domain::spanish_id::IdError;

/// A field of the issue forms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Field {
    /// Kind of holder.
    Kind,
    GivenNames,
    FirstSurname,
    SecondSurname,
    /// Kind of document.
    DocumentType,
    DocumentNumber,
    /// The country of a passport.
    DocumentCountry,
    /// Name of the organisation.
    OrganisationName,
    /// NIF of the organisation.
    OrganisationNif,
    Department,
    Position,
    Email,
    /// The name in the certificate.
    CommonName,
    HashType,
    KeyLength,
    Provider,
    GroupIds,
    /// Whether the data of a renewal changed.
    DataChanged,
}

impl Field {
    /// Every field, in the order of the forms.
    pub const ALL: &'static [Self] = &[
        Self::Kind,
        Self::GivenNames,
        Self::FirstSurname,
        Self::SecondSurname,
        Self::DocumentType,
        Self::DocumentNumber,
        Self::DocumentCountry,
        Self::CommonName,
        Self::OrganisationName,
        Self::OrganisationNif,
        Self::Department,
        Self::Position,
        Self::Email,
        Self::GroupIds,
        Self::HashType,
        Self::KeyLength,
        Self::Provider,
        Self::DataChanged,
    ];

    /// Whether a holder of this kind is asked for it.
    pub const fn is_asked(self, kind: Kind) -> bool {
        match self {
            Self::GivenNames
            | Self::FirstSurname
            | Self::SecondSurname
            | Self::DocumentType
            | Self::DocumentNumber
            | Self::DocumentCountry => kind.has_person(),
            Self::CommonName => matches!(kind, Kind::Person | Kind::Seal | Kind::Name),
            Self::OrganisationName | Self::OrganisationNif => kind.has_organisation(),
            Self::Department => matches!(kind, Kind::Linked | Kind::Seal),
            Self::Position => matches!(kind, Kind::Linked | Kind::Representative),
            Self::Kind
            | Self::Email
            | Self::GroupIds
            | Self::HashType
            | Self::KeyLength
            | Self::Provider => true,
            Self::DataChanged => false,
        }
    }

    /// The name in the form.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Kind => "kind",
            Self::GivenNames => "given_names",
            Self::FirstSurname => "first_surname",
            Self::SecondSurname => "second_surname",
            Self::DocumentType => "document_type",
            Self::DocumentNumber => "document_number",
            Self::DocumentCountry => "document_country",
            Self::OrganisationName => "organisation_name",
            Self::OrganisationNif => "organisation_nif",
            Self::Department => "department",
            Self::Position => "position",
            Self::Email => "email",
            Self::CommonName => "common_name",
            Self::HashType => "hash_type",
            Self::KeyLength => "key_length",
            Self::Provider => "provider",
            Self::GroupIds => "group_ids",
            Self::DataChanged => "data_changed",
        }
    }

    /// The step on which it is asked for a holder of this kind.
    pub const fn step(self, kind: Option<Kind>) -> Step {
        match self {
            Self::Kind => Step::Kind,
            Self::GivenNames
            | Self::FirstSurname
            | Self::SecondSurname
            | Self::DocumentType
            | Self::DocumentNumber
            | Self::DocumentCountry => Step::Holder,
            // A seal's name belongs to its organisation.
            Self::CommonName => match kind {
                Some(Kind::Seal) => Step::Organisation,
                _ => Step::Holder,
            },
            Self::OrganisationName | Self::OrganisationNif | Self::Department | Self::Position => {
                Step::Organisation
            }
            Self::Email | Self::GroupIds => Step::Contact,
            Self::HashType | Self::KeyLength | Self::Provider => Step::Key,
            Self::DataChanged => Step::Changed,
        }
    }
}

/// One page of the wizard before the check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Step {
    /// Which kind of holder.
    Kind,
    /// Who; or just the name.
    Holder,
    /// Of which organisation.
    Organisation,
    /// E-mail and groups.
    Contact,
    /// Key settings, prefilled.
    Key,
    /// Renewals only: has any of this changed?
    Changed,
}

impl Step {
    /// The steps of a new issue for a holder of this kind, in order.
    pub const fn all(kind: Kind) -> &'static [Self] {
        match kind {
            Kind::Person | Kind::Name => &[Self::Kind, Self::Holder, Self::Contact, Self::Key],
            Kind::Linked | Kind::Representative => &[
                Self::Kind,
                Self::Holder,
                Self::Organisation,
                Self::Contact,
                Self::Key,
            ],
            Kind::Seal => &[Self::Kind, Self::Organisation, Self::Contact, Self::Key],
        }
    }
}

/// What is wrong with a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FieldProblem {
    /// Nothing was given where something must be.
    #[error("missing")]
    Missing,
    /// None of the choices offered.
    #[error("not one of the choices")]
    Choice,
    /// A name that cannot stand in a certificate.
    #[error(transparent)]
    Name(NameError),
    /// A document's number or country.
    #[error(transparent)]
    Document(DocumentError),
    /// A company's NIF.
    #[error(transparent)]
    Nif(IdError),
    /// No e-mail address, or too long a one.
    #[error("not an e-mail address")]
    Email,
    /// A group that is not offered.
    #[error("not one of the groups offered")]
    Group,
    /// Data that changed calls for a new certificate, not for a renewal.
    #[error("data that changed cannot be renewed")]
    Changed,
}

impl From<NameError> for FieldProblem {
    fn from(error: NameError) -> Self {
        match error {
            NameError::Empty => Self::Missing,
            error => Self::Name(error),
        }
    }
}

impl From<IdError> for FieldProblem {
    fn from(error: IdError) -> Self {
        match error {
            IdError::Empty => Self::Missing,
            error => Self::Nif(error),
        }
    }
}

impl From<DocumentError> for FieldProblem {
    fn from(error: DocumentError) -> Self {
        match error {
            DocumentError::Number(IdError::Empty)
            | DocumentError::Passport(PassportError::Empty) => Self::Missing,
            error => Self::Document(error),
        }
    }
}
