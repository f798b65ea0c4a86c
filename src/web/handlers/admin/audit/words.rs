//! Actions, outcomes and those who act by themselves, in the reader's language.

use std::borrow::Cow;
use std::str::FromStr;

use jiff::tz::TimeZone;
use serde_json::Value;

use crate::domain::connection::{Connection, SETTINGS};
use crate::domain::issuance::State;
use crate::domain::millis::Millis;
use crate::domain::redirect_url::RedirectUrlState;
use crate::i18n::audit::{action_text, actor_text, kind_text, origin_text, outcome_text};
use crate::i18n::{Key, Lang, connection_check, key};
use crate::services::audit::Entry;
use crate::web::formats::audit::Shown;
use crate::web::handlers::admin::connections::fields;
use crate::web::handlers::admin::people::role_name;
use crate::web::handlers::admin::url_facts::state_of;
use crate::web::handlers::issuances::cause;
use crate::web::handlers::names;
use crate::web::page::{Frame, dates};

/// In whose words an entry is shown.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reader<'a> {
    pub(super) lang: Lang,
    pub(super) zone: &'a TimeZone,
    /// What people call the connections whose ids are stored.
    pub(super) connections: &'a [Connection],
}

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
        Self::known(&what.actor, actor_text(what.kind(), &what.actor))
    }

    /// What the name of whoever did it belongs to; empty if this version does not know.
    pub(super) fn of_kind(entry: &Entry) -> Self {
        Self::known("", entry.what.kind().map(kind_text))
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
            name => of_act(name).or_else(|| of_setting(name)),
        };
        Self::known(name, text)
    }

    /// What the fact of this name says.
    pub(super) fn of_value(reader: Reader<'_>, name: &str, value: &Value) -> Self {
        let Reader { lang, zone, .. } = reader;
        match (name, value) {
            (_, Value::Null) => Self::Other(String::new()),
            (_, Value::Bool(true)) => Self::Known(key("yes")),
            (_, Value::Bool(false)) => Self::Known(key("no")),
            ("from" | "to", Value::Number(at)) => {
                let at = at.as_i64().map(Millis);
                Self::Other(at.map_or_else(String::new, |at| dates::date_time(at, zone, lang)))
            }
            ("connections", Value::Array(ids)) => Self::of_connections(reader.connections, ids),
            (name, Value::String(text)) => Self::of_text(lang, name, text),
            (_, other) => Self::Other(other.to_string()),
        }
    }

    /// Connections by their names; one that is not there any more by its id.
    fn of_connections(connections: &[Connection], ids: &[Value]) -> Self {
        if ids.is_empty() {
            return Self::Known(key("audit-no-connections"));
        }
        let name = |id: &Value| {
            let id = id.as_str().unwrap_or_default();
            let mut named = connections.iter().filter(|one| one.id == id);
            let name = named.next().map(|one| one.settings.name.clone());
            name.unwrap_or_else(|| id.to_owned())
        };
        let names: Vec<String> = ids.iter().map(name).collect();
        Self::Other(names.join(", "))
    }

    /// What a check of a connection is called on the page of its test. Some checks have
    /// the names of settings.
    pub(super) fn of_check(name: &str) -> Self {
        Self::of(name, connection_check::name)
    }

    /// How a check ended, as the page of the test says it.
    pub(super) fn of_check_result(value: &Value) -> Self {
        Self::of(value.as_str().unwrap_or_default(), connection_check::result)
    }

    fn of_text(lang: Lang, name: &str, text: &str) -> Self {
        match name {
            "" => Self::of(text, |state: RedirectUrlState| state_of(state).0),
            "state" => Self::of(text, |state: State| names::state_of(state, None).0),
            "cause" => Self::of(text, cause),
            "role" => Self::of(text, role_name),
            "action" => Self::of_action(text),
            "actor_kind" => Self::of(text, kind_text),
            "outcome" => Self::of_outcome(text),
            "shared_key" | "second_key" | "second_factor" => Self::known(text, of_secret(text)),
            name => Self::Other(fields::said(lang, name, text)),
        }
    }

    fn of<T: FromStr>(word: &str, text: fn(T) -> Key) -> Self {
        Self::known(word, word.parse().map(text).ok())
    }

    fn known(word: &str, text: Option<Key>) -> Self {
        text.map_or_else(|| Self::Other(word.to_owned()), Self::Known)
    }

    /// Whether there is nothing to say.
    pub(super) fn is_empty(&self) -> bool {
        matches!(self, Self::Other(word) if word.is_empty())
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

/// What a fact about an act of the office is called.
fn of_act(name: &str) -> Option<Key> {
    Some(match name {
        "shared_key" => key("admin-connection-key"),
        "second_key" => key("audit-second-key"),
        "from_file" => key("admin-connection-in-file"),
        "enabled" => key("audit-enabled"),
        "same_users" => key("admin-server-same-users"),
        "role" => key("people-role"),
        "connections" => key("nav-connections"),
        "note" => key("people-note"),
        "second_factor" => key("people-second-factor"),
        "invitations_taken_back" => key("audit-invitations-taken-back"),
        "recovery_codes_left" => key("audit-recovery-codes-left"),
        "more_refused" => key("audit-more-refused"),
        "format" => key("audit-format"),
        "action" => key("audit-action"),
        "actor_kind" => key("audit-kind"),
        "outcome" => key("audit-outcome"),
        "from" => key("issuances-from"),
        "to" => key("issuances-to"),
        "searched" => key("audit-searched"),
        "backup" => key("audit-backup"),
        "replace" => key("audit-replace"),
        "requests" => key("nav-attention"),
        "drafts" => key("drafts-title"),
        "certificates_taken_over" => key("taken-over-title"),
        "after_days" => key("audit-after-days"),
        _ => return None,
    })
}

/// What a setting of a connection is called on its form.
fn of_setting(name: &str) -> Option<Key> {
    let is_setting = SETTINGS.iter().any(|setting| setting.key == name);
    is_setting.then(|| fields::label(name))
}

/// What is said of a key, or of a second factor, that is never shown.
fn of_secret(word: &str) -> Option<Key> {
    match word {
        "set" => Some(key("audit-key-set")),
        "replaced" => Some(key("audit-key-replaced")),
        "next" => Some(key("admin-key-next")),
        "previous" => Some(key("admin-key-previous")),
        "none" => Some(key("admin-second-factor-is-off")),
        "app" => Some(key("audit-factor-app")),
        "recovery code" => Some(key("audit-factor-recovery-code")),
        _ => None,
    }
}

/// An entry about `object`, in words.
pub(super) fn words(lang: Lang, entry: &Entry, object: String) -> Shown {
    let text = |word: Word| word.in_language(lang).into_owned();
    Shown {
        actor: text(Word::of_actor(entry)),
        kind: text(Word::of_kind(entry)),
        from: text(Word::of_origin(&entry.what.from)),
        action: text(Word::of_action(&entry.what.action)),
        object,
        outcome: text(Word::of_outcome(&entry.what.outcome)),
    }
}
