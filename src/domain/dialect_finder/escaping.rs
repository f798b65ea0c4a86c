//! How the redirect URL of an example is escaped, read from its text.

use crate::dialect::UrlEncoding;
use crate::login_url::Parameter;
use crate::signing::escaped;

/// How a value is escaped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Escaping {
    /// In each of these ways: the text does not tell them apart.
    Known(Vec<UrlEncoding>),
    /// Not at all, or in none of the ways that a dialect knows.
    Unknown,
}

pub(super) fn of(parameter: &Parameter) -> Escaping {
    let writes_it = |encoding: &UrlEncoding| escaped(&parameter.text, *encoding) == parameter.raw;
    let known: Vec<_> = UrlEncoding::ALL.iter().copied().filter(writes_it).collect();
    match known.is_empty() {
        true => Escaping::Unknown,
        false => Escaping::Known(known),
    }
}
