//! Actions, outcomes and those who act by themselves, in the reader's language.

use std::borrow::Cow;
use std::str::FromStr;

use crate::domain::issuance::State;
use crate::i18n::audit::{action_text, actor_text, origin_text, outcome_text};
use crate::i18n::{Key, Lang, key};
use crate::services::audit::Entry;
use crate::web::formats::audit::Shown;
use crate::web::handlers::issuances::cause;
use crate::web::handlers::names;
use crate::web::page::Frame;

/// A translated word of the audit, or the stored word if this version does not know
/// it.
#[derive(Debug, PartialEq, Eq)]
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

    /// Whose act it was.
    pub(super) fn of_actor(entry: &Entry) -> Self {
        let what = &entry.what;
        Self::known(&what.actor, actor_text(&what.actor, &what.from))
    }

    /// Where it came from.
    pub(super) fn of_origin(from: &str) -> Self {
        Self::known(from, origin_text(from))
    }

    /// What a fact about a request is called.
    pub(super) fn of_fact(name: &str) -> Self {
        let text = match name {
            "state" => Some(key("issuances-state")),
            "cause" => Some(key("many-why")),
            "request_code" => Some(key("one-request-code")),
            "certificate_id" => Some(key("certificates-id")),
            "thumbprint" => Some(key("certificates-thumbprint")),
            "error_code" => Some(key("issuances-error-code")),
            _ => None,
        };
        Self::known(name, text)
    }

    /// What the fact of this name says.
    pub(super) fn of_value(name: &str, value: &str) -> Self {
        match name {
            "state" => Self::of(value, |state: State| names::state_of(state, None).0),
            "cause" => Self::of(value, cause),
            _ => Self::Other(value.to_owned()),
        }
    }

    fn of<T: FromStr>(word: &str, text: fn(T) -> Key) -> Self {
        Self::known(word, word.parse().map(text).ok())
    }

    fn known(word: &str, text: Option<Key>) -> Self {
        text.map_or_else(|| Self::Other(word.to_owned()), Self::Known)
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

/// An entry about `object`, in words.
pub(super) fn words(lang: Lang, entry: &Entry, object: String) -> Shown {
    let text = |word: Word| word.in_language(lang).into_owned();
    Shown {
        actor: text(Word::of_actor(entry)),
        from: text(Word::of_origin(&entry.what.from)),
        action: text(Word::of_action(&entry.what.action)),
        object,
        outcome: text(Word::of_outcome(&entry.what.outcome)),
    }
}
