//! What mail was sent, and a test.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use crate::domain::mail::{Kind, Reason, State};
use crate::domain::millis::Millis;
use crate::i18n::{Key, key};
use crate::services::mail;
use crate::web::csrf::{CheckedForm, NoContent};
use crate::web::extractors::{AdminSignedIn, AuditorSignedIn};
use crate::web::page::{Frame, Numbered, Section, Tone, render, see_other};
use crate::web::problem::AppError;
use crate::web::routes;
use crate::web::state::AppState;

#[derive(Debug, Template)]
#[template(path = "admin/mail.html")]
struct MailPage {
    frame: Frame,
    is_on: bool,
    /// Whether somebody would get a test.
    is_to_somebody: bool,
    rows: Vec<Row>,
    pages: Numbered,
}

/// Mails on one page.
const PAGE_SIZE: usize = 20;

impl MailPage {
    fn page_of(&self, page: &usize) -> String {
        routes::admin_mail_page(*page)
    }
}

/// Without the recipient and the holder: the list is for those who look after the
/// portal, not for reading other people's mail.
#[derive(Debug)]
struct Row {
    at: Millis,
    kind: Key,
    /// The reference of a request; empty if it is about none.
    reference: String,
    state: Key,
    /// What the server said.
    said: String,
    /// Why it was not sent, if that is not for the server to say.
    reason: Option<Key>,
    /// Its id, if it may be sent once more.
    again: Option<String>,
}

/// `?done=test` and `?done=again`, and `?page=`
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Done {
    done: String,
    page: String,
}

pub(super) async fn page(
    req: HttpRequest,
    state: web::Data<AppState>,
    _auditor: AuditorSignedIn,
    query: web::Query<Done>,
) -> Result<HttpResponse, AppError> {
    let newest = mail::newest(&state.portal).await?;
    let is_on = state.portal.mail.is_some();
    let is_to_somebody = is_to_somebody(&state);
    let row = |mail: mail::Mail| Row {
        at: mail.created_at,
        kind: kind_text(mail.what.kind),
        reference: mail.what.facts.reference,
        state: state_text(mail.state, is_on),
        reason: reason(mail.said.as_deref()),
        said: mail.said.unwrap_or_default(),
        again: matches!(mail.state, State::Failed | State::Unknown).then_some(mail.what.id),
    };
    let frame = Frame::of(&req, &state).at(Section::Diagnostics);
    let pages = Numbered::of(&query.page, newest.len(), PAGE_SIZE);
    let page = MailPage {
        frame: match query.done.as_str() {
            "test" => frame.banner(Tone::Good, key("mail-test-ordered")),
            "again" => frame.banner(Tone::Good, key("mail-again-ordered")),
            _ => frame,
        },
        is_on,
        is_to_somebody,
        rows: pages.rows(newest.into_iter().map(row)),
        pages,
    };
    Ok(render(&page, StatusCode::OK))
}

fn is_to_somebody(state: &AppState) -> bool {
    let mail = state.portal.mail.as_ref();
    mail.is_some_and(|mail| !mail.alerts_to.is_empty())
}

pub(super) async fn test(
    state: web::Data<AppState>,
    admin: AdminSignedIn,
    _form: CheckedForm<NoContent>,
) -> Result<HttpResponse, AppError> {
    if !is_to_somebody(&state) {
        return Err(AppError::NotFound);
    }
    mail::test(&state.portal, &admin.actor).await?;
    Ok(see_other(&format!("{}?done=test", routes::ADMIN_MAIL)))
}

/// The mail that is to be sent once more.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Again {
    mail: String,
}

pub(super) async fn again(
    state: web::Data<AppState>,
    admin: AdminSignedIn,
    form: CheckedForm<Again>,
) -> Result<HttpResponse, AppError> {
    if !mail::again(&state.portal, &form.value.mail, &admin.actor).await? {
        return Err(AppError::NotFound);
    }
    Ok(see_other(&format!("{}?done=again", routes::ADMIN_MAIL)))
}

fn reason(said: Option<&str>) -> Option<Key> {
    Some(match said?.parse::<Reason>().ok()? {
        Reason::NobodyNamed => key("mail-reason-nobody"),
        Reason::NoAddress => key("mail-reason-no-address"),
        Reason::AsciiOnly => key("mail-reason-ascii"),
        Reason::NoAnswer => key("mail-reason-no-answer"),
    })
}

const fn kind_text(kind: Kind) -> Key {
    match kind {
        Kind::Issued => key("mail-kind-issued"),
        Kind::Failed => key("mail-kind-failed"),
        Kind::Unknown => key("mail-kind-unknown"),
        Kind::Alert => key("mail-kind-alert"),
        Kind::Officer => key("mail-kind-officer"),
        Kind::Reminder => key("mail-kind-reminder"),
        Kind::Expired => key("mail-kind-expired"),
        Kind::Welcome => key("mail-kind-welcome"),
        Kind::Test => key("mail-kind-test"),
    }
}

/// Nothing is sent while mail is not set up.
const fn state_text(state: State, is_on: bool) -> Key {
    match state {
        State::Waiting if !is_on => key("mail-state-off"),
        State::Waiting => key("mail-state-waiting"),
        State::Sending => key("mail-state-sending"),
        State::Sent => key("mail-state-sent"),
        State::Failed => key("mail-state-failed"),
        State::Unknown => key("mail-state-unknown"),
    }
}
