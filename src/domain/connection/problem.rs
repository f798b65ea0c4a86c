//! Problems in the form or file of a connection.

use std::net::IpAddr;

use super::{BaseUrlError, CaProblem, PartnerError, RequestOptionsError, SlugError};
use crate::dialect::{BadFieldName, BadTemplate};
use crate::person_name::NameError;
use crate::redirect_url::RedirectUrlError;

/// Problems by setting key; the keys `slug`, `shared_key`, `next_shared_key` and
/// `redirect_url` also occur.
pub type Problems = Vec<(&'static str, Problem)>;

/// A problem of one setting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// Too long, or contains characters that are not allowed.
    Text,
    /// Not one of the choices.
    Choice,
    /// Not a BCP 47 language tag.
    Language,
    /// Not a number of days in the range.
    Days,
    /// Not numbers of days between commas.
    ReminderDays,
    /// Not a number of seconds in the range.
    Seconds,
    /// The display name is not valid.
    Name(NameError),
    /// Another connection is called so.
    NameTaken,
    /// The slug is not valid.
    Slug(SlugError),
    /// Another connection has the slug, or one of our pages needs it.
    SlugTaken,
    /// The address is not valid.
    BaseUrl(BaseUrlError),
    /// The portal must not call this address.
    Refused(IpAddr),
    /// The partner name is not valid.
    Partner(PartnerError),
    /// The shared key is not valid.
    Key(KeyProblem),
    /// The shared key in a file is not valid.
    KeyFile {
        /// The file's path.
        path: String,
        /// What is wrong with its content.
        problem: KeyProblem,
    },
    /// The private CA is not valid.
    Ca(CaProblem),
    /// Not an origin, or too many of them.
    Origins,
    /// Not an `https` address.
    HelpUrl,
    /// A line of the groups is not valid.
    Groups(RequestOptionsError),
    /// A line of the further facts is not valid.
    InfoFields(RequestOptionsError),
    /// A line of the attribute names is not valid.
    Attributes(RequestOptionsError),
    /// The template of the signed message is not valid.
    Template(BadTemplate),
    /// The field name for the temporary token is not valid.
    FieldName(BadFieldName),
    /// The redirect URL is not valid.
    RedirectUrl {
        /// The URL in the file.
        given: String,
        /// The rule that it breaks.
        error: RedirectUrlError,
    },
    /// The redirect URL is not the portal's callback URL for this connection.
    NotOurs {
        /// The URL in the form or file.
        given: String,
        /// The portal's callback URL.
        expected: String,
    },
}

/// Why a text is not a shared key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyProblem {
    /// It is empty.
    #[error("the shared key is missing")]
    Missing,
    /// Over 4,096 bytes.
    #[error("the shared key is too long")]
    TooLong,
    /// Blanks at the start or end.
    #[error("the shared key begins or ends with a blank")]
    Blanks,
    /// Line breaks or other control characters.
    #[error("the shared key contains characters that cannot be seen")]
    Characters,
    /// Not written in the form that `key_encoding` requires.
    #[error("the shared key is not written as key_encoding says")]
    Encoding,
    /// It is the key in use, given as a new one.
    #[error("the shared key is the one in use")]
    InUse,
}
