//! Forms as pages show them: the submitted values, and the errors beside their
//! fields and in the summary.

use std::collections::HashSet;

use serde::de::DeserializeOwned;

use crate::i18n::{Message, key};

/// The fields for files. As in a form without files, their value says that something was
/// chosen there.
pub const FILES: [&str; 2] = ["certificate_file", "holders_file"];

/// The submitted fields of a form, in order.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Fields(Vec<(String, String)>);

impl std::fmt::Debug for Fields {
    /// Prints names only: values may be secrets or personal data.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list()
            .entries(self.0.iter().map(|(name, _)| name))
            .finish()
    }
}

impl Fields {
    /// Parses a form's body. Invalid UTF-8 becomes the replacement character, which
    /// no field accepts.
    pub fn parse(body: &[u8]) -> Self {
        Self(url::form_urlencoded::parse(body).into_owned().collect())
    }

    pub fn of<const N: usize>(pairs: [(&str, &str); N]) -> Self {
        let own = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
        Self(pairs.into_iter().map(own).collect())
    }

    /// The field's value: the last one if it was sent twice, empty if it was not
    /// sent.
    pub fn get(&self, name: &str) -> &str {
        let mut values = self.0.iter().rev();
        values
            .find(|(field, _)| field == name)
            .map_or("", |(_, value)| value)
    }

    /// All values of a field, such as ticked boxes.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0
            .iter()
            .filter(move |(field, _)| field == name)
            .map(|(_, value)| value.as_str())
    }

    /// Replaces the value of a field.
    pub fn set(&mut self, name: &str, value: impl Into<String>) {
        self.0.retain(|(field, _)| field != name);
        self.0.push((name.to_owned(), value.into()));
    }

    /// Every field, in order.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Adds a value without replacing earlier ones.
    pub fn push(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.0.push((name.into(), value.into()));
    }

    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        self.0.retain(|(field, _)| field != name);
        self
    }

    /// Encodes the fields as a form body, to be parsed again.
    pub fn to_body(&self) -> String {
        url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(&self.0)
            .finish()
    }

    /// Reads a struct; the last value of a repeated field counts. Fails if a field
    /// without a default is missing or cannot be read.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, actix_web::error::QueryPayloadError> {
        let mut text = url::form_urlencoded::Serializer::new(String::new());
        let mut seen = HashSet::new();
        for (name, value) in self.0.iter().rev() {
            if seen.insert(name.as_str()) {
                text.append_pair(name, value);
            }
        }
        actix_web::web::Query::from_query(&text.finish()).map(actix_web::web::Query::into_inner)
    }
}

/// The errors of a form, in the order of its fields.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FieldErrors(Vec<(&'static str, Message)>);

impl FieldErrors {
    pub fn new() -> Self {
        Self::default()
    }

    pub fn one(field: &'static str, message: impl Into<Message>) -> Self {
        Self(vec![(field, message.into())])
    }

    /// Adds an error; the first error of a field is kept.
    pub fn add(&mut self, field: &'static str, message: impl Into<Message>) {
        if self.get(field).is_none() {
            self.0.push((field, message.into()));
        }
    }

    pub fn get(&self, field: &str) -> Option<&Message> {
        let mut all = self.0.iter();
        all.find(|(name, _)| *name == field)
            .map(|(_, message)| message)
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn iter(&self) -> impl Iterator<Item = &(&'static str, Message)> {
        self.0.iter()
    }
}

/// Controls and noncharacters (HTML, "Preprocessing the input stream").
fn is_forbidden_in_html(c: char) -> bool {
    let is_noncharacter =
        matches!(u32::from(c), 0xFDD0..=0xFDEF) || u32::from(c) & 0xFFFE == 0xFFFE;
    is_noncharacter || (c.is_control() && !matches!(c, '\t' | '\n' | '\r'))
}

/// A form as a template sees it.
#[derive(Debug, Clone, Default)]
pub struct FormView {
    fields: Fields,
    errors: FieldErrors,
}

impl FormView {
    /// A form without errors: stored answers, or empty.
    pub fn filled(fields: Fields) -> Self {
        Self::refused(fields, FieldErrors::new())
    }

    /// A form as it was submitted, with its errors. What no page may contain is shown as the
    /// replacement character. No browser fills in a file again, so its field says that it has
    /// to be chosen once more.
    pub fn refused(mut fields: Fields, mut errors: FieldErrors) -> Self {
        for file in FILES {
            if !errors.is_empty() && !fields.get(file).is_empty() {
                errors.add(file, key("form-file-again"));
            }
        }
        for (_, value) in &mut fields.0 {
            if value.contains(is_forbidden_in_html) {
                *value = value.replace(is_forbidden_in_html, "\u{FFFD}");
            }
        }
        Self { fields, errors }
    }

    pub fn value(&self, name: &str) -> &str {
        self.fields.get(name)
    }

    /// Whether `option` of a field is chosen.
    pub fn is(&self, name: &str, option: &str) -> bool {
        self.fields.all(name).any(|value| value == option)
    }

    pub fn error(&self, name: &str) -> Option<&Message> {
        self.errors.get(name)
    }

    pub fn has_errors(&self) -> bool {
        !self.errors.is_empty()
    }

    /// Whether something is wrong with one of these fields: then what folds them is open.
    pub fn any_wrong(&self, fields: impl AsRef<[&'static str]>) -> bool {
        let mut fields = fields.as_ref().iter();
        fields.any(|field| self.error(field).is_some())
    }

    /// All errors, for the summary.
    pub fn errors(&self) -> impl Iterator<Item = &(&'static str, Message)> {
        self.errors.iter()
    }

    /// The value of `aria-describedby` for a field.
    pub fn described_by(&self, name: &str, hint: &str) -> String {
        let mut ids = Vec::new();
        if !hint.is_empty() {
            ids.push(format!("{name}-hint"));
        }
        if self.error(name).is_some() {
            ids.push(format!("{name}-error"));
        }
        ids.join(" ")
    }
}

/// An option of a select, radio buttons or checkboxes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    pub value: String,
    pub label: String,
    /// Shown below the label; may be empty.
    pub hint: String,
}

impl Choice {
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            value: value.into(),
            label: label.into(),
            hint: String::new(),
        }
    }

    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }

    /// The id of the control. The first one has the field's own id, so that the
    /// summary can link to it.
    pub fn id(&self, field: &str, at: &usize) -> String {
        match at {
            0 => field.to_owned(),
            at => format!("{field}-{at}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(serde::Deserialize, Default)]
    #[serde(default)]
    struct Two {
        kind: String,
        given_names: String,
    }

    #[test]
    fn the_last_value_of_a_repeated_field_counts_and_unknown_fields_are_ignored() {
        let fields = Fields::parse(b"kind=seal&x=1&kind=person&given_names=Mar%C3%ADa+J");
        let two: Two = fields.read().unwrap();
        assert_eq!(
            (two.kind.as_str(), two.given_names.as_str()),
            ("person", "María J")
        );
        assert_eq!(fields.get("kind"), "person");
        assert_eq!(fields.all("kind").count(), 2);
        let none: Two = Fields::parse(b"%FF&&=&kind").read().unwrap();
        assert_eq!(none.kind, "");
    }

    #[test]
    fn the_first_error_of_a_field_is_kept() {
        let mut errors = FieldErrors::new();
        errors.add("kind", key("error-word"));
        errors.add("kind", key("error-summary-title"));
        assert_eq!(errors.get("kind").unwrap().key().id(), "error-word");
        assert_eq!(errors.iter().count(), 1);
    }

    #[test]
    fn a_file_has_to_be_chosen_again_wherever_the_mistake_is() {
        let sent = || Fields::of([("thumbprint", "12 34"), ("certificate_file", "a.pem")]);
        let wrong = || FieldErrors::one("thumbprint", key("error-word"));
        let view = FormView::refused(sent(), wrong());
        let told = view.error("certificate_file").map(|told| told.key().id());
        assert_eq!(told, Some("form-file-again"));
        let without = FormView::refused(sent().without("certificate_file"), wrong());
        assert_eq!(without.error("certificate_file"), None);
        assert!(!FormView::filled(sent()).has_errors());
    }

    #[test]
    fn what_no_page_may_contain_is_shown_as_the_replacement_character() {
        let sent = Fields::of([("q", "a\u{7}b\u{FFFF}\tñ"), ("name", "ANA")]);
        let view = FormView::refused(sent, FieldErrors::new());
        assert_eq!(view.value("q"), "a\u{FFFD}b\u{FFFD}\tñ");
        assert_eq!(view.value("name"), "ANA");
    }

    #[test]
    fn debug_prints_no_value() {
        let fields = Fields::of([("password", "canary")]);
        assert_eq!(format!("{fields:?}"), "[\"password\"]");
    }
}
