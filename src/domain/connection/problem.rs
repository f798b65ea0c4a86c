//! What can be wrong with what somebody writes about a connection.

use std::net::IpAddr;

use super::{BaseUrlError, CaProblem, PartnerError, RequestOptionsError, SlugError};
use crate::domain::dialect::{BadFieldName, BadTemplate};
use crate::domain::person_name::NameError;
use crate::domain::redirect_url::RedirectUrlError;

/// What is wrong, with the key of each setting; `slug`, `shared_key` and
/// `redirect_url` besides.
pub type Problems = Vec<(&'static str, Problem)>;

/// What is wrong with a setting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// Too long, or characters that do not belong there.
    Text,
    /// None of the choices.
    Choice,
    /// No number of days in the range.
    Days,
    /// No number of seconds in the range.
    Seconds,
    /// The name for people.
    Name(NameError),
    /// The name in paths.
    Slug(SlugError),
    /// Another connection has the slug, or a page of ours.
    SlugTaken,
    /// The address.
    BaseUrl(BaseUrlError),
    /// The portal must not call this address.
    Refused(IpAddr),
    /// The partner's name.
    Partner(PartnerError),
    /// The shared key.
    Key(KeyProblem),
    /// The private CA.
    Ca(CaProblem),
    /// Not an origin, or too many.
    Origins,
    /// A line of the groups.
    Groups(RequestOptionsError),
    /// A line of the further facts.
    InfoFields(RequestOptionsError),
    /// A line of the spellings.
    Attributes(RequestOptionsError),
    /// The template of what is signed.
    Template(BadTemplate),
    /// The name of the field that carries the temporary token.
    FieldName(BadFieldName),
    /// The redirect URL.
    RedirectUrl(RedirectUrlError),
    /// The redirect URL is not the one at which the portal answers.
    NotOurs {
        /// The one that was given.
        given: String,
        /// The one it answers at.
        expected: String,
    },
}

/// Why a text is no shared key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyProblem {
    /// Nothing was given.
    #[error("the shared key is missing")]
    Missing,
    /// Over 4,096 bytes, blanks at an end, or control characters.
    #[error("the shared key is too long or contains characters that cannot be seen")]
    Characters,
    /// Not of the form that `key_encoding` says.
    #[error("the shared key is not written as key_encoding says")]
    Encoding,
}
