//! The fields of the issue forms, and the problems of a field. A new field
//! needs a line here, its place in `step`, its label, and its part in `check`.

use serde::{Deserialize, Serialize};

use crate::document::{DocumentError, PassportError};
use crate::person_name::NameError;
use crate::spanish_id::IdError;
use crate::string_enum::string_enum;

string_enum! {
    /// A field of the issue forms, in the order of the forms. The text form is
    /// its name in forms and in stored answers.
    #[derive(PartialOrd, Ord)]
    pub enum Field as "field" {
        /// Kind of holder.
        Kind = "kind",
        /// Given names.
        GivenNames = "given_names",
        /// First surname.
        FirstSurname = "first_surname",
        /// Second surname.
        SecondSurname = "second_surname",
        /// `yes` if the person has only one name: then either the given names or the
        /// surname may be empty (ETSI EN 319 412-2, 4.2.4).
        OneName = "one_name",
        /// Kind of document.
        DocumentType = "document_type",
        /// The document's number.
        DocumentNumber = "document_number",
        /// The country that issued a passport.
        DocumentCountry = "document_country",
        /// The name in the certificate, if it is typed.
        CommonName = "common_name",
        /// Name of the organisation.
        OrganisationName = "organisation_name",
        /// NIF of the organisation.
        OrganisationNif = "organisation_nif",
        /// Department.
        Department = "department",
        /// Position.
        Position = "position",
        /// E-mail address: stored here, and sent only if the connection has an
        /// attribute for it.
        Email = "email",
        /// Groups, as numbers separated by blanks or commas.
        GroupIds = "group_ids",
        /// Hash.
        HashType = "hash_type",
        /// Key length.
        KeyLength = "key_length",
        /// CA.
        Provider = "provider",
    }
}

/// Problems by field, in the order of the forms.
pub type Problems = Vec<(Field, FieldProblem)>;

/// A problem of a field. Its names are stored, as are those of the mistakes in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum FieldProblem {
    /// A required field is empty.
    #[error("missing")]
    Missing,
    /// Of somebody with one name, neither it nor a surname was typed.
    #[error("neither a name nor a surname")]
    EitherName,
    /// Of somebody with one name, several were typed.
    #[error("more than one name")]
    SeveralNames,
    /// Not one of the offered choices.
    #[error("not one of the choices")]
    Choice,
    /// A name that is not allowed in a certificate.
    #[error(transparent)]
    Name(NameError),
    /// A document's number or country is not valid.
    #[error(transparent)]
    Document(DocumentError),
    /// A company's NIF is not valid.
    #[error(transparent)]
    Nif(IdError),
    /// Not an e-mail address, or too long.
    #[error("not an e-mail address")]
    Email,
    /// An address that the certificate cannot hold: it takes ASCII only.
    #[error("an e-mail address with letters beyond ASCII")]
    EmailNotAscii,
    /// A group that the connection does not offer.
    #[error("not one of the groups offered")]
    Group,
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
