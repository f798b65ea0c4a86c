//! What was typed, as it was typed: kept with the draft, shown again, and read
//! anew whenever it matters.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::field::Field;
use crate::domain::document::DocumentType;
use crate::domain::holder::Kind;
use crate::domain::key_spec::{KeySpec, PROVIDERS};

/// The answers of one draft: a text for each field of the forms.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Answers {
    /// Kind of holder.
    pub kind: String,
    pub given_names: String,
    pub first_surname: String,
    pub second_surname: String,
    /// Kind of document.
    pub document_type: String,
    pub document_number: String,
    /// The country of a passport.
    pub document_country: String,
    /// Name of the organisation.
    pub organisation_name: String,
    /// NIF of the organisation.
    pub organisation_nif: String,
    pub department: String,
    pub position: String,
    /// E-mail address: kept here, not sent.
    pub email: String,
    /// The name in the certificate, where it is typed.
    pub common_name: String,
    pub hash_type: String,
    pub key_length: String,
    pub provider: String,
    /// Groups, as numbers with blanks or commas between.
    pub group_ids: String,
    /// Further facts by the connection's keys for them.
    pub info: BTreeMap<String, String>,
    /// Renewals only: `no` or `yes`.
    pub data_changed: String,
}

impl Default for Answers {
    /// Nothing typed; the key settings and the commonest document prefilled.
    fn default() -> Self {
        let key = KeySpec::default();
        Self {
            kind: String::new(),
            given_names: String::new(),
            first_surname: String::new(),
            second_surname: String::new(),
            document_type: DocumentType::Dni.as_str().to_owned(),
            document_number: String::new(),
            document_country: String::new(),
            organisation_name: String::new(),
            organisation_nif: String::new(),
            department: String::new(),
            position: String::new(),
            email: String::new(),
            common_name: String::new(),
            hash_type: key.hash.to_string(),
            key_length: key.length.to_string(),
            provider: PROVIDERS.first().copied().unwrap_or_default().to_owned(),
            group_ids: String::new(),
            info: BTreeMap::new(),
            data_changed: String::new(),
        }
    }
}

impl Answers {
    /// The answers of a stored draft. What an older version stored and this
    /// one does not know is passed over.
    pub fn from_stored(json: &str) -> Option<Self> {
        serde_json::from_str(json).ok()
    }

    /// As they are stored. Texts only: this cannot fail.
    pub fn to_stored(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// What was typed into a field.
    pub fn text(&self, field: Field) -> &str {
        match field {
            Field::Kind => &self.kind,
            Field::GivenNames => &self.given_names,
            Field::FirstSurname => &self.first_surname,
            Field::SecondSurname => &self.second_surname,
            Field::DocumentType => &self.document_type,
            Field::DocumentNumber => &self.document_number,
            Field::DocumentCountry => &self.document_country,
            Field::OrganisationName => &self.organisation_name,
            Field::OrganisationNif => &self.organisation_nif,
            Field::Department => &self.department,
            Field::Position => &self.position,
            Field::Email => &self.email,
            Field::CommonName => &self.common_name,
            Field::HashType => &self.hash_type,
            Field::KeyLength => &self.key_length,
            Field::Provider => &self.provider,
            Field::GroupIds => &self.group_ids,
            Field::DataChanged => &self.data_changed,
        }
    }

    /// Puts what was typed into a field in the place of what stood there.
    pub fn set(&mut self, field: Field, text: String) {
        let place = match field {
            Field::Kind => &mut self.kind,
            Field::GivenNames => &mut self.given_names,
            Field::FirstSurname => &mut self.first_surname,
            Field::SecondSurname => &mut self.second_surname,
            Field::DocumentType => &mut self.document_type,
            Field::DocumentNumber => &mut self.document_number,
            Field::DocumentCountry => &mut self.document_country,
            Field::OrganisationName => &mut self.organisation_name,
            Field::OrganisationNif => &mut self.organisation_nif,
            Field::Department => &mut self.department,
            Field::Position => &mut self.position,
            Field::Email => &mut self.email,
            Field::CommonName => &mut self.common_name,
            Field::HashType => &mut self.hash_type,
            Field::KeyLength => &mut self.key_length,
            Field::Provider => &mut self.provider,
            Field::GroupIds => &mut self.group_ids,
            Field::DataChanged => &mut self.data_changed,
        };
        *place = text;
    }

    /// The kind, once it was chosen.
    pub fn kind(&self) -> Option<Kind> {
        self.kind.parse().ok()
    }

    /// A name for lists: the one in the certificate as soon as it is known,
    /// else as much of it as was typed.
    pub fn shown_name(&self) -> String {
        if let Ok(holder) = self.holder() {
            return holder.common_name();
        }
        let typed = match self.kind() {
            Some(Kind::Seal | Kind::Name) => self.common_name.clone(),
            _ => [&self.given_names, &self.first_surname, &self.second_surname]
                .map(|part| part.trim())
                .join(" "),
        };
        typed.trim().chars().take(LONGEST_SHOWN).collect()
    }
}

/// What is not checked yet is not shown at any length.
const LONGEST_SHOWN: usize = 100;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_of_an_older_or_newer_version_are_read_all_the_same() {
        let read = Answers::from_stored(r#"{"kind":"name","common_name":"Ana","shoe_size":"38"}"#);
        let read = read.unwrap();
        assert_eq!(
            (read.kind.as_str(), read.common_name.as_str()),
            ("name", "Ana")
        );
        assert_eq!(read.hash_type, "SHA384");
        assert_eq!(Answers::from_stored(&read.to_stored()), Some(read));
    }

    #[test]
    fn every_field_reads_back_what_was_typed_into_it() {
        let mut answers = Answers::default();
        for field in Field::ALL {
            answers.set(*field, field.as_str().to_owned());
        }
        for field in Field::ALL {
            assert_eq!(answers.text(*field), field.as_str());
        }
    }

    #[test]
    fn a_draft_is_called_by_as_much_of_the_name_as_was_typed() {
        let mut answers = Answers::default();
        assert_eq!(answers.shown_name(), "");
        answers.kind = "person".into();
        answers.given_names = " María ".into();
        assert_eq!(answers.shown_name(), "María");
    }
}
