//! The answers in the issue forms, exactly as typed: stored with the draft,
//! shown again, and checked each time they are used.

mod carried;
mod check;
mod email;
mod field;
mod of_subject;
mod reader;
mod step;
mod warning;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::document::DocumentType;
use super::holder::Kind;
use super::key_spec::{KeySpec, PROVIDERS};

pub use carried::{INFO_NAMES, info_fields};
pub use check::Checked;
pub use email::address as email_address;
pub use field::{Field, FieldProblem, Problems};
pub use of_subject::same_name;
pub use step::Step;
pub use warning::{Warning, warnings};

/// The answers of one draft: a text for each field of the forms.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Stored", into = "Stored")]
pub struct Answers {
    texts: BTreeMap<Field, String>,
    /// Further facts, by the connection's keys for them.
    pub info: BTreeMap<String, String>,
}

/// The JSON form. Fields written by another version and unknown to this one are
/// ignored.
#[derive(Serialize, Deserialize)]
struct Stored {
    #[serde(default)]
    info: BTreeMap<String, String>,
    #[serde(flatten)]
    texts: BTreeMap<String, Value>,
}

impl From<Stored> for Answers {
    fn from(stored: Stored) -> Self {
        let mut answers = Self {
            info: stored.info,
            ..Self::default()
        };
        for field in Field::ALL {
            if let Some(Value::String(text)) = stored.texts.get(field.as_str()) {
                answers.set(*field, text.clone());
            }
        }
        answers
    }
}

impl From<Answers> for Stored {
    fn from(answers: Answers) -> Self {
        let own = |(field, text): (Field, String)| (field.to_string(), Value::String(text));
        Self {
            info: answers.info,
            texts: answers.texts.into_iter().map(own).collect(),
        }
    }
}

impl Default for Answers {
    /// No answers; key settings and the most common document type are
    /// prefilled.
    fn default() -> Self {
        let key = KeySpec::default();
        let prefilled = |field: &Field| match field {
            Field::DocumentType => DocumentType::Dni.to_string(),
            Field::HashType => key.hash.to_string(),
            Field::KeyLength => key.length.to_string(),
            Field::Provider => PROVIDERS.first().copied().unwrap_or_default().to_owned(),
            _ => String::new(),
        };
        let texts = Field::ALL.iter().map(|field| (*field, prefilled(field)));
        Self {
            texts: texts.collect(),
            info: BTreeMap::new(),
        }
    }
}

impl Answers {
    /// Answers with these texts and defaults for the rest.
    pub fn with<const N: usize>(texts: [(Field, &str); N]) -> Self {
        let mut answers = Self::default();
        for (field, text) in texts {
            answers.set(field, text);
        }
        answers
    }

    /// The stored form. Contains only texts, so this cannot fail.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// The text typed into a field.
    pub fn text(&self, field: Field) -> &str {
        self.texts.get(&field).map_or("", String::as_str)
    }

    /// Replaces the text of a field.
    pub fn set(&mut self, field: Field, text: impl Into<String>) {
        self.texts.insert(field, text.into());
    }

    /// The e-mail address, as it is used; `None` if there is none or if it is refused.
    pub fn email(&self) -> Option<String> {
        email_address(self.text(Field::Email)).ok()
    }

    /// The kind of holder, if it was chosen.
    pub fn kind(&self) -> Option<Kind> {
        self.text(Field::Kind).parse().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_of_an_older_or_newer_version_are_read_all_the_same() {
        let stored = r#"{"kind":"name","common_name":"Ana","data_changed":"no","shoe_size":38,"info":{"a":"b"}}"#;
        let read: Answers = serde_json::from_str(stored).unwrap();
        assert_eq!(read.kind(), Some(Kind::Name));
        assert_eq!(read.text(Field::CommonName), "Ana");
        assert_eq!(read.text(Field::HashType), "SHA384");
        assert_eq!(read.info.get("a").map(String::as_str), Some("b"));
        let again: Answers = serde_json::from_str(&read.to_json()).unwrap();
        assert_eq!(again, read);
    }

    #[test]
    fn every_field_reads_back_what_was_typed_into_it() {
        let mut answers = Answers::default();
        for field in Field::ALL {
            answers.set(*field, field.as_str());
        }
        for field in Field::ALL {
            assert_eq!(answers.text(*field), field.as_str());
        }
    }
}
