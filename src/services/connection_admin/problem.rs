//! What can be wrong with what an admin types about a connection, and where.

use std::net::IpAddr;

use crate::domain::connection::CaProblem;
use crate::domain::connection::{BaseUrlError, PartnerError, RequestOptionsError, SlugError};
use crate::domain::dialect::BadTemplate;
use crate::domain::person_name::NameError;
use crate::domain::signing::SigningError;

/// A field of the form; names as in the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ConnectionField {
    /// `name`
    Name,
    /// `slug`
    Slug,
    /// `base_url`
    BaseUrl,
    /// `domain`
    Domain,
    /// `partner`
    Partner,
    /// `shared_key`
    SharedKey,
    /// `ca_pem`
    CaPem,
    /// `issuer`
    Issuer,
    /// `validity_days`
    ValidityDays,
    /// `issue_timeout_secs`
    IssueTimeout,
    /// `extra_sign_in_origins`
    ExtraOrigins,
    /// `groups`
    Groups,
    /// `info_fields`
    InfoFields,
    /// `attributes`
    Attributes,
    /// `signed_message`
    SignedMessage,
    /// `signature_encoding`
    SignatureEncoding,
    /// `timestamp_unit`
    TimestampUnit,
    /// `key_encoding`
    KeyEncoding,
    /// `temp_token`
    TempToken,
    /// `temp_token_field`
    TempTokenField,
    /// `client_request_code`
    ClientRequestCode,
}

/// What is wrong with a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConnectionProblem {
    /// Nothing was given where something must be.
    Missing,
    /// Too long, or characters that do not belong there.
    Text,
    /// None of the choices offered, or a number out of range.
    Choice,
    /// The name for people.
    Name(NameError),
    /// The name in paths.
    Slug(SlugError),
    /// Another connection has it.
    SlugTaken,
    BaseUrl(BaseUrlError),
    /// The address must not be called.
    Refused(IpAddr),
    /// A line of what requests may carry.
    RequestOptions(RequestOptionsError),
    /// The partner's name.
    Partner(PartnerError),
    /// The private CA.
    Ca(CaProblem),
    /// The template of what is signed.
    Template(BadTemplate),
    /// The shared key, read as its dialect says.
    Key(SigningError),
    /// Not an https origin.
    Origin,
}

/// What is wrong, field by field.
pub type ConnectionProblems = Vec<(ConnectionField, ConnectionProblem)>;
