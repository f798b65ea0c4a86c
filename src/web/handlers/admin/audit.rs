//! The audit, newest first, and the check of its hash chain.

use std::borrow::Cow;
use std::str::FromStr;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;
use serde_json::Value;

use crate::domain::audit::{Action, Outcome};
use crate::domain::millis::Millis;
use crate::i18n::{Key, key};
use crate::services::audit::{self, Entry, Verified};
use crate::web::extractors::AdminSignedIn;
use crate::web::page::{Frame, Section, Tone, render};
use crate::web::problem::AppError;
use crate::web::routes;
use crate::web::state::AppState;

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
    action: Word,
    object: String,
    changes: Vec<Change>,
    outcome: Word,
    request_id: String,
}

/// A translated word of the audit, or the stored word if this version does not know
/// it.
#[derive(Debug)]
enum Word {
    Known(Key),
    Other(String),
}

impl Word {
    fn of<T: FromStr>(word: String, text: fn(T) -> Key) -> Self {
        word.parse()
            .map_or(Self::Other(word), |known| Self::Known(text(known)))
    }

    fn text(&self, frame: &Frame) -> Cow<'_, str> {
        match self {
            Self::Known(key) => frame.of_key(key),
            Self::Other(word) => Cow::Borrowed(word),
        }
    }
}

/// How one setting changed.
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

pub(super) async fn page(
    req: HttpRequest,
    state: web::Data<AppState>,
    _admin: AdminSignedIn,
    query: web::Query<AuditQuery>,
) -> Result<HttpResponse, AppError> {
    let before = query.before.unwrap_or(i64::MAX);
    let mut entries = audit::newest(&state.portal, before, SHOWN + 1).await?;
    let more = entries.len() > usize::from(SHOWN);
    entries.truncate(SHOWN.into());
    let last = entries.last().filter(|_| more).map(|entry| entry.seq);
    let mut frame = Frame::of(&req, &state).at(Section::Audit);
    if query.verify == "yes" {
        frame = match audit::verify(&state.portal).await? {
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
        action: Word::of(what.action, action_text),
        object: what.object,
        changes: changes(what.before.as_deref(), what.after.as_deref()),
        outcome: Word::of(what.outcome, outcome_text),
        request_id: what.request_id,
    }
}

const fn action_text(action: Action) -> Key {
    match action {
        Action::AdminSignIn => key("admin-audit-admin-sign-in"),
        Action::AdminSignInRefused => key("admin-audit-admin-sign-in-refused"),
        Action::UserSignIn => key("admin-audit-user-sign-in"),
        Action::AdminCreate => key("admin-audit-admin-create"),
        Action::AdminResetPassword => key("admin-audit-admin-reset-password"),
        Action::ConnectionCreate => key("admin-audit-connection-create"),
        Action::ConnectionEdit => key("admin-audit-connection-edit"),
        Action::ConnectionMove => key("admin-audit-connection-move"),
        Action::ConnectionEnable => key("admin-audit-connection-enable"),
        Action::ConnectionDisable => key("admin-audit-connection-disable"),
        Action::ConnectionKeyReplace => key("admin-audit-connection-key-replace"),
        Action::ConnectionNextKeyStore => key("admin-audit-connection-next-key-store"),
        Action::ConnectionNextKeyUse => key("admin-audit-connection-next-key-use"),
        Action::ConnectionSecondKeyDrop => key("admin-audit-connection-second-key-drop"),
        Action::ConnectionLeftFile => key("admin-audit-connection-left-file"),
        Action::ConnectionHandOver => key("admin-audit-connection-hand-over"),
        Action::ConnectionTest => key("admin-audit-connection-test"),
        Action::RedirectUrlEnter => key("admin-audit-redirect-url-enter"),
        Action::RedirectUrlRegister => key("admin-audit-redirect-url-register"),
        Action::RedirectUrlDisable => key("admin-audit-redirect-url-disable"),
        Action::IssuanceCreateIntended => key("event-create-intended"),
        Action::IssuanceNothingSent => key("event-nothing-sent"),
        Action::IssuanceKeyCreated => key("event-key-created"),
        Action::IssuanceFinalizeIntended => key("event-finalize-intended"),
        Action::IssuanceResumed => key("admin-audit-issuance-resumed"),
        Action::IssuanceIssued => key("event-issued"),
        Action::IssuanceShown => key("event-shown"),
        Action::IssuanceSettled => key("event-settled"),
        Action::IssuanceRefused => key("event-refused"),
        Action::IssuanceTurnedBack => key("event-turned-back"),
        Action::IssuanceUnknown => key("event-outcome-unknown"),
        Action::IssuanceMismatch => key("event-mismatched"),
        Action::IssuanceAbandoned => key("event-abandoned"),
    }
}

const fn outcome_text(outcome: Outcome) -> Key {
    match outcome {
        Outcome::Done => key("admin-audit-done"),
        Outcome::NotSent => key("admin-audit-not-sent"),
        Outcome::Refused => key("admin-audit-refused"),
        Outcome::Unknown => key("admin-audit-unknown"),
        Outcome::Mismatch => key("admin-audit-mismatch"),
    }
}

/// If both sides are settings, only those that differ; otherwise both unchanged.
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
    fn plain_words_are_shown_unchanged() {
        let moved = changes(Some("draft"), Some("registered"));
        assert_eq!(
            (moved[0].before.as_str(), moved[0].after.as_str()),
            ("draft", "registered")
        );
    }
}
