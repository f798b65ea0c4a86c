//! The audit, newest first, and whether its chain holds.

use std::borrow::Cow;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;
use serde_json::Value;

use crate::domain::millis::Millis;
use crate::i18n::{Key, key};
use crate::storage::audit::{self, Entry, Verified};
use crate::web::extractors::AdminSignedIn;
use crate::web::page::{Frame, Section, Tone, render};
use crate::web::problem::AppError;
use crate::web::routes;
use crate::web::state::AppState;

/// Entries on one page.
const SHOWN: u16 = 50;

#[derive(Debug, Template)]
#[template(path = "admin/audit.html")]
struct AuditPage {
    frame: Frame,
    rows: Vec<Row>,
    older: Option<String>,
    is_newest: bool,
    verify: String,
}

/// One entry as the page shows it.
#[derive(Debug)]
struct Row {
    seq: i64,
    at: Millis,
    actor: String,
    from: String,
    action: Action,
    object: String,
    changes: Vec<Change>,
    outcome: Action,
    request_id: String,
}

/// A word of the audit that has a text, or the word itself.
#[derive(Debug)]
enum Action {
    Known(Key),
    Other(String),
}

impl Action {
    fn text(&self, frame: &Frame) -> Cow<'_, str> {
        match self {
            Self::Known(key) => frame.of_key(key),
            Self::Other(word) => Cow::Borrowed(word),
        }
    }
}

/// What became of one setting.
#[derive(Debug, PartialEq, Eq)]
struct Change {
    name: String,
    before: String,
    after: String,
}

/// `?before=SEQ&verify=yes`
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct AuditQuery {
    before: Option<i64>,
    verify: String,
}

/// One page of entries.
pub(super) async fn page(
    req: HttpRequest,
    state: web::Data<AppState>,
    _admin: AdminSignedIn,
    query: web::Query<AuditQuery>,
) -> Result<HttpResponse, AppError> {
    let storage = &state.portal.storage;
    let before = query.before.unwrap_or(i64::MAX);
    let mut entries = audit::newest(storage, before, SHOWN + 1).await?;
    let more = entries.len() > usize::from(SHOWN);
    entries.truncate(SHOWN.into());
    let last = entries.last().filter(|_| more).map(|entry| entry.seq);
    let mut frame = Frame::of(&req, &state).at(Section::Audit);
    if query.verify == "yes" {
        frame = match audit::verify(storage, &state.portal.keys).await? {
            Verified::Intact { entries } => {
                frame.banner(Tone::Good, key("admin-audit-intact").with("count", entries))
            }
            Verified::Broken { seq } => {
                tracing::error!(event = "audit_chain_broken", seq);
                let text = key("admin-audit-broken").with("seq", seq.to_string());
                frame.banner(Tone::Bad, text)
            }
        };
    }
    let page = AuditPage {
        frame,
        rows: entries.into_iter().map(row).collect(),
        older: last.map(routes::admin_audit_before),
        is_newest: query.before.is_none(),
        verify: routes::admin_audit_verify(),
    };
    Ok(render(&page, StatusCode::OK))
}

fn row(entry: Entry) -> Row {
    let what = entry.what;
    Row {
        seq: entry.seq,
        at: entry.at,
        actor: what.actor,
        from: what.from,
        action: action(what.action),
        object: what.object,
        changes: changes(what.before.as_deref(), what.after.as_deref()),
        outcome: outcome(what.outcome),
        request_id: what.request_id,
    }
}

fn action(name: String) -> Action {
    Action::Known(match name.as_str() {
        "admin.sign_in" => key("admin-audit-admin-sign-in"),
        "admin.create" => key("admin-audit-admin-create"),
        "admin.reset_password" => key("admin-audit-admin-reset-password"),
        "connection.create" => key("admin-audit-connection-create"),
        "connection.edit" => key("admin-audit-connection-edit"),
        "connection.enable" => key("admin-audit-connection-enable"),
        "connection.disable" => key("admin-audit-connection-disable"),
        "connection.delete" => key("admin-audit-connection-delete"),
        "redirect_url.enter" => key("admin-audit-redirect-url-enter"),
        "redirect_url.register" => key("admin-audit-redirect-url-register"),
        "redirect_url.disable" => key("admin-audit-redirect-url-disable"),
        "issuance.create_intended" => key("event-create-intended"),
        "issuance.nothing_sent" => key("event-nothing-sent"),
        "issuance.key_created" => key("event-key-created"),
        "issuance.finalize_intended" => key("event-finalize-intended"),
        "issuance.resumed" => key("admin-audit-issuance-resumed"),
        "issuance.issued" => key("event-issued"),
        "issuance.settled" => key("event-settled"),
        "issuance.refused" => key("event-refused"),
        "issuance.unknown" => key("event-outcome-unknown"),
        "issuance.mismatch" => key("event-mismatched"),
        "issuance.abandoned" => key("event-abandoned"),
        _ => return Action::Other(name),
    })
}

fn outcome(name: String) -> Action {
    Action::Known(match name.as_str() {
        "done" => key("admin-audit-done"),
        "not_sent" => key("admin-audit-not-sent"),
        "refused" => key("admin-audit-refused"),
        "unknown" => key("admin-audit-unknown"),
        "mismatch" => key("admin-audit-mismatch"),
        _ => return Action::Other(name),
    })
}

/// Where both sides are settings, only those that differ; else both as they are.
fn changes(before: Option<&str>, after: Option<&str>) -> Vec<Change> {
    let settings = |text: Option<&str>| match text.map(serde_json::from_str) {
        None => Some(serde_json::Map::new()),
        Some(Ok(Value::Object(settings))) => Some(settings),
        Some(_) => None,
    };
    let (Some(old), Some(new)) = (settings(before), settings(after)) else {
        return vec![Change {
            name: String::new(),
            before: before.unwrap_or_default().to_owned(),
            after: after.unwrap_or_default().to_owned(),
        }];
    };
    let mut names: Vec<&String> = old.keys().chain(new.keys()).collect();
    names.sort();
    names.dedup();
    let differing = names
        .into_iter()
        .filter(|name| old.get(*name) != new.get(*name));
    differing
        .map(|name| Change {
            name: name.clone(),
            before: shown(old.get(name)),
            after: shown(new.get(name)),
        })
        .filter(|change| change.before != change.after)
        .collect()
}

fn shown(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_differs_is_shown() {
        let before = Some(r#"{"name":"A","enabled":true,"domain":null}"#);
        let after = Some(r#"{"name":"<b>B","enabled":true,"domain":""}"#);
        let change = Change {
            name: "name".into(),
            before: "A".into(),
            after: "<b>B".into(),
        };
        assert_eq!(changes(before, after), [change]);
        assert!(changes(None, None).is_empty());
    }

    #[test]
    fn plain_words_stand_as_they_are() {
        let moved = changes(Some("draft"), Some("registered"));
        assert_eq!(
            (moved[0].before.as_str(), moved[0].after.as_str()),
            ("draft", "registered")
        );
    }
}
