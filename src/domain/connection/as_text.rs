//! Settings of a connection from text and to text, where their types do not say it.

use std::collections::BTreeMap;

use unic_langid::LanguageIdentifier;

use super::problem::Problem;
use super::request_options::{self, Group, InfoField};
use super::{BaseUrl, Partner, PrivateCa};
use crate::dialect::{FieldName, SignedMessage};
use crate::person_name::check_text;

pub(super) fn read_name(text: &str) -> Result<String, Problem> {
    check_text(text, 100).map_err(Problem::Name)
}

/// Any visible text; `None` if it is empty.
pub(super) fn read_optional(text: &str) -> Result<Option<String>, Problem> {
    let text = text.trim();
    if text.chars().count() > 255 || text.chars().any(char::is_control) {
        return Err(Problem::Text);
    }
    Ok((!text.is_empty()).then(|| text.to_owned()))
}

pub(super) fn write_optional(text: &Option<String>) -> String {
    text.clone().unwrap_or_default()
}

pub(super) fn read_flag(text: &str) -> Result<bool, Problem> {
    match text {
        "yes" => Ok(true),
        "" => Ok(false),
        _ => Err(Problem::Choice),
    }
}

pub(super) fn write_flag(on: &bool) -> String {
    if *on { "yes" } else { "" }.to_owned()
}

pub(super) fn read_base_url(text: &str) -> Result<BaseUrl, Problem> {
    text.parse().map_err(Problem::BaseUrl)
}

pub(super) fn read_partner(text: &str) -> Result<Partner, Problem> {
    text.parse().map_err(Problem::Partner)
}

pub(super) fn read_ca(text: &str) -> Result<Option<PrivateCa>, Problem> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    text.parse().map(Some).map_err(Problem::Ca)
}

pub(super) fn write_ca(ca: &Option<PrivateCa>) -> String {
    ca.as_ref()
        .map_or_else(String::new, |ca| ca.pem().to_owned())
}

pub(super) fn read_lang(text: &str) -> Result<LanguageIdentifier, Problem> {
    match text.trim() {
        "" => Err(Problem::Language),
        tag => tag.parse().map_err(|_| Problem::Language),
    }
}

pub(super) fn read_groups(text: &str) -> Result<Vec<Group>, Problem> {
    request_options::read_groups(text).map_err(Problem::Groups)
}

pub(super) fn read_info(text: &str) -> Result<Vec<InfoField>, Problem> {
    request_options::read_info(text).map_err(Problem::InfoFields)
}

pub(super) fn read_attributes(text: &str) -> Result<BTreeMap<String, String>, Problem> {
    request_options::read_attributes(text).map_err(Problem::Attributes)
}

pub(super) fn read_message(text: &str) -> Result<SignedMessage, Problem> {
    text.trim().parse().map_err(Problem::Template)
}

pub(super) fn read_field_name(text: &str) -> Result<FieldName, Problem> {
    text.parse().map_err(Problem::FieldName)
}
