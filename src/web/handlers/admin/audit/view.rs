//! The audit as its page shows it.

use askama::Template;

use super::changes::{Change, changes};
use super::query::{AuditQuery, finding};
use super::words::{Reader, Word};
use crate::domain::audit::{Action, ActorKind, Outcome};
use crate::domain::connection::{Connection, Slug};
use crate::domain::millis::Millis;
use crate::i18n::audit::{action_text, kind_text, outcome_text};
use crate::i18n::{Key, Lang, Message, key};
use crate::services::audit::{AuditPage, Entry, REACH};
use crate::web::page::form::{Choice, FormView};
use crate::web::page::{Frame, Section, days};
use crate::web::routes;
use crate::web::state::AppState;

#[derive(Debug, Template)]
#[template(path = "admin/audit.html")]
pub(super) struct AuditView {
    frame: Frame,
    form: FormView,
    rows: Vec<Row>,
    /// How many entries are found in all.
    total: Message,
    /// That words were looked for in a part of the audit only.
    looked: Option<Message>,
    filtered: bool,
    /// Filters that are folded away unless they are used.
    narrowed: bool,
    newer: Option<String>,
    older: Option<String>,
    /// The fields of the form that exports what is found.
    export: Vec<(&'static str, String)>,
    verify: String,
}

impl AuditView {
    pub(super) fn of(
        frame: Frame,
        form: FormView,
        query: &AuditQuery,
        found: &AuditPage,
        row: impl Fn(&Entry, String) -> Row,
    ) -> Self {
        let entries = &found.found;
        let shown = |entry: &Entry| row(entry, entries.object(entry));
        let rows = entries.entries.iter().map(shown);
        let folded = ["who", "kind", "action", "outcome", "from", "to"];
        let narrowed = folded.iter().any(|field| !form.value(field).is_empty());
        Self {
            total: total(found),
            looked: found
                .is_part
                .then(|| key("audit-looked-part").with("count", i64::from(REACH))),
            filtered: query.first() != routes::ADMIN_AUDIT,
            narrowed,
            newer: found.newer.map(|place| query.newer(place)),
            older: found.older.map(|place| query.older(place)),
            export: query
                .filters()
                .map(|(name, value)| (name, value.to_owned()))
                .into(),
            rows: rows.collect(),
            ..Self::refused(frame, form)
        }
    }

    /// Only the form, with its errors.
    pub(super) fn refused(frame: Frame, form: FormView) -> Self {
        Self {
            frame: frame.at(Section::Audit),
            form,
            rows: Vec::new(),
            total: key("audit-total").with("count", 0_i64),
            looked: None,
            filtered: true,
            narrowed: true,
            newer: None,
            older: None,
            export: Vec::new(),
            verify: routes::admin_audit_verify(),
        }
    }

    fn day_field(&self, name: &str) -> &'static str {
        days::field_type(self.form.value(name))
    }

    /// In the order of the reader's alphabet.
    fn actions(&self) -> Vec<Choice> {
        let choice = |action: &Action| {
            Choice::new(action.as_str(), self.frame.of_key(&action_text(*action)))
        };
        let mut actions: Vec<Choice> = Action::ALL.iter().map(choice).collect();
        actions.sort_by_cached_key(|choice| choice.label.to_lowercase());
        actions.insert(0, Choice::new("", self.frame.t("audit-all-actions")));
        actions
    }

    fn kinds(&self) -> Vec<Choice> {
        let choice =
            |kind: &ActorKind| Choice::new(kind.as_str(), self.frame.of_key(&kind_text(*kind)));
        let all = Choice::new("", self.frame.t("audit-all-kinds"));
        let kinds = ActorKind::ALL.iter().map(choice);
        std::iter::once(all).chain(kinds).collect()
    }

    fn outcomes(&self) -> Vec<Choice> {
        let choice = |outcome: &Outcome| {
            Choice::new(outcome.as_str(), self.frame.of_key(&outcome_text(*outcome)))
        };
        let all = Choice::new("", self.frame.t("audit-all-outcomes"));
        let outcomes = Outcome::ALL.iter().map(choice);
        std::iter::once(all).chain(outcomes).collect()
    }
}

fn total(found: &AuditPage) -> Message {
    let count = i64::try_from(found.total).unwrap_or(i64::MAX);
    let text = match found.has_more {
        false => key("audit-total"),
        true => key("audit-total-more"),
    };
    text.with("count", count)
}

/// One entry as the page shows it.
#[derive(Debug)]
pub(super) struct Row {
    seq: i64,
    at: Millis,
    actor: Word,
    kind: Word,
    from: Word,
    action: Word,
    object: Object,
    changes: Vec<Change>,
    outcome: Word,
    request_id: String,
}

/// What an entry is about.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Object {
    /// What it is; `None` if this version does not know it.
    noun: Option<Key>,
    /// Its reference.
    name: String,
    /// Its page, or the entries about it.
    href: Option<String>,
}

impl Object {
    /// One whose id means nothing to people: a link finds what happened to the same one.
    fn unnamed(text: &str, finding: impl Fn(&str) -> String) -> Option<Self> {
        let kinds = [
            ("invitation", key("audit-invitation")),
            ("mail", key("audit-mail")),
        ];
        kinds.into_iter().find_map(|(kind, noun)| {
            let id = text.strip_prefix(kind)?.trim();
            Some(Self {
                noun: Some(noun),
                name: String::new(),
                href: (!id.is_empty()).then(|| finding(id)),
            })
        })
    }

    /// What there is only one of, or none.
    fn alone(text: &str) -> Option<Self> {
        let noun = match text {
            "audit" => key("nav-audit"),
            "database" => key("audit-database"),
            "personal data" => key("audit-personal-data"),
            "an account that does not exist" => key("audit-no-account"),
            _ => return None,
        };
        Some(Self {
            noun: Some(noun),
            name: String::new(),
            href: None,
        })
    }

    /// Reads an object's stored text; `finding` makes the address of the entries that are
    /// found with a text.
    fn of(text: String, finding: impl Fn(&str) -> String) -> Self {
        let nameless = Self::alone(&text).or_else(|| Self::unnamed(&text, &finding));
        if let Some(nameless) = nameless {
            return nameless;
        }
        let kinds: [(&str, Key); 5] = [
            ("connection ", key("audit-connection")),
            ("redirect URL ", key("audit-redirect-url")),
            ("admin ", key("audit-account")),
            ("issuance ", key("audit-issuance")),
            ("user ", key("audit-user")),
        ];
        for (prefix, noun) in kinds {
            let Some(name) = text.strip_prefix(prefix) else {
                continue;
            };
            let page = match prefix {
                "connection " => name
                    .parse::<Slug>()
                    .ok()
                    .map(|slug| routes::admin_connection(&slug)),
                "redirect URL " => Some(routes::ADMIN_REDIRECT_URLS.to_owned()),
                _ => None,
            };
            return Self {
                noun: Some(noun),
                href: Some(page.unwrap_or_else(|| finding(name))),
                name: name.to_owned(),
            };
        }
        Self {
            noun: None,
            name: text,
            href: None,
        }
    }
}

impl Row {
    pub(super) fn of(
        state: &AppState,
        (admin, lang): (&str, Lang),
        connections: &[Connection],
        (entry, object): (&Entry, String),
    ) -> Self {
        let what = entry.what.clone();
        let reader = Reader {
            lang,
            zone: &state.settings.branding.time_zone,
            connections,
        };
        let facts = [what.before.as_deref(), what.after.as_deref()];
        Self {
            seq: entry.seq,
            at: entry.at,
            actor: Word::of_actor(entry),
            kind: Word::of_kind(entry),
            from: Word::of_origin(&what.from),
            action: Word::of_action(&what.action),
            object: Object::of(object, |text| finding(state, admin, text)),
            changes: changes(reader, &what.action, facts),
            outcome: Word::of_outcome(&what.outcome),
            request_id: what.request_id,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_entry_is_about_leads_to_its_page_or_to_its_entries() {
        let of = |text: &str| {
            let object = Object::of(text.to_owned(), |text| format!("/find/{text}"));
            (object.name, object.href.unwrap_or_default())
        };
        for (text, name, href) in [
            ("connection acme", "acme", "/admin/connections/acme"),
            ("connection <b>", "<b>", "/find/<b>"),
            (
                "redirect URL https://p/c",
                "https://p/c",
                "/admin/redirect-urls",
            ),
            ("admin ana", "ana", "/find/ana"),
            ("issuance K3J9", "K3J9", "/find/K3J9"),
            ("audit", "", ""),
            ("something else", "something else", ""),
        ] {
            assert_eq!(of(text), (name.to_owned(), href.to_owned()));
        }
    }

    #[test]
    fn what_there_is_one_of_is_said_in_the_language_of_the_reader() {
        let noun = |text: &str| {
            let object = Object::of(text.to_owned(), ToOwned::to_owned);
            Lang::Es.of(object.noun.unwrap()).into_owned()
        };
        assert_eq!(noun("personal data"), "Datos personales");
        assert_eq!(noun("database"), "Base de datos");
    }
}
