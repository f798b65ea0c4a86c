//! Actions and outcomes of the audit in the reader's language.

use std::borrow::Cow;
use std::str::FromStr;

use crate::i18n::audit::{action_text, outcome_text};
use crate::i18n::{Key, Lang};
use crate::services::audit::Entry;
use crate::web::page::Frame;

/// A translated word of the audit, or the stored word if this version does not know
/// it.
#[derive(Debug)]
pub(super) enum Word {
    Known(Key),
    Other(String),
}

impl Word {
    /// An action's.
    pub(super) fn of_action(word: &str) -> Self {
        Self::of(word, action_text)
    }

    /// An outcome's.
    pub(super) fn of_outcome(word: &str) -> Self {
        Self::of(word, outcome_text)
    }

    fn of<T: FromStr>(word: &str, text: fn(T) -> Key) -> Self {
        let known = word.parse().map(text);
        known.map_or_else(|_| Self::Other(word.to_owned()), Self::Known)
    }

    pub(super) fn text(&self, frame: &Frame) -> Cow<'_, str> {
        self.in_language(frame.lang)
    }

    fn in_language(&self, lang: Lang) -> Cow<'_, str> {
        match self {
            Self::Known(key) => lang.of(*key),
            Self::Other(word) => Cow::Borrowed(word),
        }
    }
}

/// Action and outcome of an entry.
pub(super) fn words(lang: Lang, entry: &Entry) -> (String, String) {
    let (action, outcome) = (
        Word::of_action(&entry.what.action),
        Word::of_outcome(&entry.what.outcome),
    );
    let text = |word: &Word| word.in_language(lang).into_owned();
    (text(&action), text(&outcome))
}
