//! What the search for a dialect came to, as the page shows it.

use super::fields;
use crate::domain::connection::Connection;
use crate::domain::dialect_finder::Found;
use crate::i18n::{Lang, Message, dialect_finder as words};
use crate::services::Portal;
use crate::services::find_dialect::Answer;
use crate::services::sealed_key;

#[derive(Debug)]
pub(super) struct Shown {
    pub(super) found: Vec<Possibility>,
    /// How the stored key differs, and other things about this connection.
    pub(super) about_key: Option<Message>,
    pub(super) typed_key_is_wrong: bool,
    pub(super) open: Vec<Message>,
    pub(super) odd: Vec<Message>,
    pub(super) mistakes: Vec<Message>,
    pub(super) tried: Message,
}

/// One found dialect.
#[derive(Debug)]
pub(super) struct Possibility {
    /// What was signed, with blanks and line ends made visible.
    pub(super) message: String,
    pub(super) rows: Vec<Row>,
    pub(super) key_cleaned: bool,
    /// The key for the form, if it is to be replaced.
    pub(super) sealed_key: Option<String>,
    /// The same as lines of a configuration file.
    pub(super) toml: String,
}

/// A setting, here and in the example.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) key: &'static str,
    pub(super) here: String,
    pub(super) there: String,
}

impl Row {
    pub(super) fn differs(&self) -> bool {
        self.here != self.there
    }

    pub(super) fn label(&self, lang: &Lang) -> std::borrow::Cow<'static, str> {
        lang.of(fields::label(self.key))
    }

    /// The text of a value: a choice has words, a message is shown as it is.
    pub(super) fn words(&self, lang: &Lang, value: &str) -> String {
        fields::said(*lang, self.key, value)
    }
}

impl Possibility {
    fn of(portal: &Portal, connection: &Connection, found: &Found) -> Self {
        let here = connection.settings.texts();
        let row = |(key, there): (&'static str, String)| Row {
            key,
            here: here.get(key).cloned().unwrap_or_default(),
            there,
        };
        let is_other_key = found.key != connection.shared_key && !connection.from_file;
        Self {
            message: visible(&found.message),
            rows: found.settings().into_iter().map(row).collect(),
            key_cleaned: found.key_cleaned,
            sealed_key: is_other_key
                .then(|| sealed_key::seal(portal, &connection.id, &found.key))
                .flatten(),
            toml: found.toml(),
        }
    }

    pub(super) fn differs(&self) -> bool {
        self.sealed_key.is_some() || self.rows.iter().any(Row::differs)
    }
}

impl Shown {
    pub(super) fn of(portal: &Portal, connection: &Connection, answer: &Answer) -> Self {
        let findings = &answer.findings;
        let possibility = |found| Possibility::of(portal, connection, found);
        Self {
            found: findings.found.iter().map(possibility).collect(),
            about_key: words::key_difference(answer.stored_key),
            typed_key_is_wrong: answer.typed_key_is_wrong,
            open: findings.open.iter().map(words::open).collect(),
            odd: findings.odd.iter().map(words::oddity).collect(),
            mistakes: findings.mistakes.iter().map(words::mistake).collect(),
            tried: words::tried(findings),
        }
    }
}

/// Blanks and line ends as signs that can be seen.
fn visible(message: &str) -> String {
    message.replace(' ', "␣").replace('\n', "⏎\n")
}
