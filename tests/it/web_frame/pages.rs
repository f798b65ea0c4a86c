//! The dummy routes of the portal, with every kind of field, guard and answer.

use std::sync::Arc;
use std::time::Duration;

use actix_session::Session;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use rubrica::domain::login_attempt::{Destination, LoginAttempt};
use rubrica::domain::millis::Millis;
use rubrica::i18n::key;
use rubrica::services::accounts::{Account, Role};
use rubrica::services::sign_out::sign_out_everywhere;
use rubrica::storage::admins;
use rubrica::web::csrf::{BeforeAdminSignIn, BeforeSignIn, CheckedForm, CheckedUpload, NoContent};
use rubrica::web::extractors::{AdminSignedIn, SignedIn};
use rubrica::web::page::form::{Choice, FieldErrors, FormView};
use rubrica::web::page::{Frame, Section, Tone, render, see_other};
use rubrica::web::problem::AppError;
use rubrica::web::routes::{self, Guard, Route};
use rubrica::web::session::Identity;
use rubrica::web::state::AppState;
use rubrica::web::{attempt_cookie, session};
use serde::Deserialize;

pub(super) const ROUTES: &[Route] = &[
    Route::get(routes::HOME, Guard::User, |route| route.to(home)),
    Route::get(routes::SIGN_IN, Guard::BeforeSignIn, |route| {
        route.to(sign_in_page)
    }),
    Route::post(routes::SIGN_IN_DIRECT, Guard::BeforeSignIn, |route| {
        route.to(sign_in)
    }),
    Route::post(routes::SIGN_OUT, Guard::User, |route| route.to(sign_out)),
    Route::post(routes::SIGN_OUT_EVERYWHERE, Guard::User, |route| {
        route.to(everywhere)
    }),
    Route::post(routes::ISSUE, Guard::User, |route| route.to(issue)),
    Route::post(routes::SIGN_IN_REDTRUST, Guard::BeforeSignIn, |route| {
        route.to(depart)
    }),
    Route::get(routes::CALLBACK, Guard::BeforeSignIn, |route| {
        route.to(arrive)
    }),
    Route::post(routes::RENEW, Guard::User, |route| route.to(renew)),
    Route::get("/never", Guard::BeforeSignIn, |route| route.to(never)),
    Route::get("/fault", Guard::BeforeSignIn, |route| route.to(fault)),
    Route::get(routes::ADMIN, Guard::Admin, |route| route.to(admin_home)),
    Route::get(routes::ADMIN_SIGN_IN, Guard::BeforeAdminSignIn, |route| {
        route.to(admin_sign_in_page)
    }),
    Route::post(routes::ADMIN_SIGN_IN, Guard::BeforeAdminSignIn, |route| {
        route.to(admin_sign_in)
    }),
];

#[derive(Template)]
#[template(
    ext = "html",
    source = r#"{% extends "question.html" %}
{% import "macros/form.html" as field %}
{% import "macros/page.html" as part %}
{% block title %}{{ frame.t("nav-issue") }}{% endblock %}
{% block question %}
<h1>{{ frame.t("nav-issue") }}</h1>
{{ part::alert(frame.t("error-word")) }}
<dl class="summary">{{ part::row_id("Name", form.value("given_names"), "holder") }}{{ part::row_change(frame, "Kind", "x", "/issue") }}</dl>
{{ part::tag("Issued", "good") }}{{ part::copy(frame, "holder") }}
<form id="step" method="post" action="{{ action }}" novalidate>
  {{ field::csrf(frame) }}
  {{ field::radios(frame, form, "kind", "Kind", choices, hint = "One of them") }}
  {{ field::text(frame, form, "given_names", "Given names", hint = "As in the document") }}
  {{ field::text(frame, form, "email", "E-mail", kind = "email", autocomplete = "email") }}
  {{ field::password(frame, form, "password", "Password") }}
  {{ field::select(frame, form, "provider", "Provider", choices) }}
  {{ field::textarea(frame, form, "notes", "Notes") }}
  {{ field::file(frame, form, "certificate_file", "Certificate") }}
  {{ field::checkboxes(frame, form, "group_ids", "Groups", choices) }}
  {{ field::checkbox(frame, form, "confirm", "I agree") }}
  {{ field::submit(frame.t("continue")) }}
</form>
{{ field::button_form(frame, "/sign-out", "Leave") }}
{% endblock %}"#
)]
struct QuestionPage {
    frame: Frame,
    form: FormView,
    action: &'static str,
    choices: Vec<Choice>,
}

fn question(frame: Frame, form: FormView, action: &'static str) -> QuestionPage {
    QuestionPage {
        frame,
        form,
        action,
        choices: vec![
            Choice::new("person", "A person"),
            Choice::new("seal", "A seal").hint("Of an organisation"),
        ],
    }
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Answers {
    kind: String,
    given_names: String,
}

async fn home(
    req: HttpRequest,
    state: web::Data<AppState>,
    _user: SignedIn,
) -> Result<HttpResponse, AppError> {
    let frame = Frame::of(&req, &state)
        .at(Section::Home)
        .banner(Tone::Warning, key("error-unreachable-title"));
    let page = question(frame, FormView::default(), routes::ISSUE);
    Ok(render(&page, StatusCode::OK))
}

async fn issue(
    req: HttpRequest,
    state: web::Data<AppState>,
    _user: SignedIn,
    form: CheckedForm<Answers>,
) -> Result<HttpResponse, AppError> {
    let mut errors = FieldErrors::new();
    if form.value.kind.is_empty() {
        errors.add("kind", key("error-not-found-title"));
    }
    if form.value.given_names.contains('0') {
        errors.add("given_names", key("error-conflict-title"));
    }
    if errors.is_empty() {
        return Ok(see_other(routes::ISSUANCES));
    }
    let frame = Frame::of(&req, &state).languages_at(routes::HOME);
    let page = question(frame, FormView::refused(form.fields, errors), routes::ISSUE);
    Ok(render(&page, StatusCode::UNPROCESSABLE_ENTITY))
}

async fn never() -> HttpResponse {
    std::future::pending().await
}

async fn renew(_user: SignedIn, form: CheckedUpload) -> String {
    let size = form.content().map_or(0, <[u8]>::len);
    format!("{} {size}", form.fields.get("given_names"))
}

async fn sign_in_page(req: HttpRequest, state: web::Data<AppState>) -> HttpResponse {
    Frame::allow_form_targets(&req, vec!["https://redtrust.example:8082".parse().unwrap()]);
    let frame = Frame::before_sign_in(&req, &state);
    let page = question(frame, FormView::default(), routes::SIGN_IN_DIRECT);
    render(&page, StatusCode::OK)
}

async fn sign_in(
    session: Session,
    form: CheckedForm<Answers, BeforeSignIn>,
) -> Result<HttpResponse, AppError> {
    let who = Identity::User(session::User {
        sign_in: "s".to_owned(),
        owner: form.value.given_names.clone(),
        connection: "c".to_owned(),
        counted_as: None,
        login: form.value.given_names,
    });
    session::begin(&session, &who)?;
    Ok(see_other(routes::HOME))
}

async fn sign_out(session: Session, _user: SignedIn, _: CheckedForm<NoContent>) -> HttpResponse {
    session::end(&session);
    see_other(routes::SIGN_IN)
}

async fn everywhere(
    state: web::Data<AppState>,
    session: Session,
    user: SignedIn,
    _: CheckedForm<NoContent>,
) -> Result<HttpResponse, AppError> {
    sign_out_everywhere(&state.portal, &user.caller.owner_id).await?;
    state.sessions.forget_all();
    session::end(&session);
    Ok(see_other(routes::SIGN_IN))
}

async fn depart(
    req: HttpRequest,
    state: web::Data<AppState>,
    form: CheckedForm<Answers, BeforeSignIn>,
) -> Result<HttpResponse, AppError> {
    let slug = form.value.kind.parse().map_err(|_| AppError::BadRequest)?;
    let attempt = LoginAttempt {
        id: form.value.given_names,
        connection: slug,
        redirect_url: "https://portal.example/callback/x".parse().unwrap(),
        domain: String::new(),
        started_at: state.portal.clock.now(),
        go_to: Destination::Issue,
    };
    state.portal.clock.advance(Duration::from_secs(1));
    let cookies = attempt_cookie::put(&req, &state, &attempt).ok_or(AppError::Internal)?;
    let mut response = see_other("/gone");
    for cookie in cookies {
        response.add_cookie(&cookie).unwrap();
    }
    Ok(response)
}

async fn arrive(
    req: HttpRequest,
    state: web::Data<AppState>,
    slug: web::Path<String>,
) -> Result<HttpResponse, AppError> {
    let slug = slug.parse().map_err(|_| AppError::NotFound)?;
    let attempts = attempt_cookie::all(&req, &state, &slug);
    let mut response = HttpResponse::Ok();
    if let Some(newest) = attempts.first() {
        response.cookie(attempt_cookie::remove(&req, &state, &newest.id).unwrap());
    }
    let ids: Vec<_> = attempts.into_iter().map(|attempt| attempt.id).collect();
    Ok(response.body(ids.join(" ")))
}

async fn fault() -> Result<HttpResponse, AppError> {
    Err(AppError::Internal)
}

async fn admin_home(
    req: HttpRequest,
    state: web::Data<AppState>,
    _admin: AdminSignedIn,
) -> Result<HttpResponse, AppError> {
    let frame = Frame::of(&req, &state).at(Section::AdminHome);
    let page = question(frame, FormView::default(), routes::ADMIN_SIGN_IN);
    Ok(render(&page, StatusCode::OK))
}

async fn admin_sign_in_page(req: HttpRequest, state: web::Data<AppState>) -> HttpResponse {
    let frame = Frame::before_admin_sign_in(&req, &state);
    let page = question(frame, FormView::default(), routes::ADMIN_SIGN_IN);
    render(&page, StatusCode::OK)
}

async fn admin_sign_in(
    session: Session,
    state: web::Data<AppState>,
    form: CheckedForm<Answers, BeforeAdminSignIn>,
) -> Result<HttpResponse, AppError> {
    let (name, hash) = (form.value.given_names, "a hash".to_owned());
    let account = Account::new("a".to_owned(), name, Role::Admin, hash, Millis(1));
    let version = account.version;
    let who = Identity::Admin(session::Admin {
        admin: account.id.clone(),
        username: account.username.clone(),
        role: account.role,
        connections: Vec::new(),
    });
    let keys = Arc::clone(&state.portal.keys);
    let stored = state
        .portal
        .storage
        .write(move |conn| Box::pin(async move { admins::insert(conn, &keys, &account).await }));
    // At a second sign-in there is one.
    drop(stored.await);
    session::begin(&session, &who)?;
    session::set_version(&session, version)?;
    Ok(see_other(routes::ADMIN))
}
