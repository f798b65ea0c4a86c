//! A portal of dummy routes: what the frame does, without any real page.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use actix_session::Session;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, HttpServer, web};
use askama::Template;
use rubrica::clock::Clock;
use rubrica::config::{Branding, Hsts, SecondFactor};
use rubrica::domain::login_attempt::{Destination, LoginAttempt};
use rubrica::domain::millis::Millis;
use rubrica::i18n::key;
use rubrica::redtrust::ClientSettings;
use rubrica::services::Portal;
use rubrica::services::accounts::{Account, Hashers, Role};
use rubrica::services::connections::ConnectionRegistry;
use rubrica::services::engine::InFlight;
use rubrica::services::jobs::Jobs;
use rubrica::services::limiter::Limiter;
use rubrica::services::may_issue::Refusals;
use rubrica::services::sign_out::sign_out_everywhere;
use rubrica::storage::seal::KeyRing;
use rubrica::storage::{Storage, admins};
use rubrica::web::csrf::{BeforeAdminSignIn, BeforeSignIn, CheckedForm, CheckedUpload, NoContent};
use rubrica::web::extractors::{AdminSignedIn, SignedIn};
use rubrica::web::page::form::{Choice, FieldErrors, FormView};
use rubrica::web::page::{Frame, Section, Tone, render, see_other};
use rubrica::web::problem::AppError;
use rubrica::web::routes::{self, Guard, Route};
use rubrica::web::session::Identity;
use rubrica::web::state::{AppState, Settings};
use rubrica::web::{FILES_AND_PROBES, attempt_cookie, session};
use serde::Deserialize;

/// The dummy portal while it runs.
pub struct Site {
    pub address: SocketAddr,
    pub url: String,
    pub state: web::Data<AppState>,
    handle: actix_web::dev::ServerHandle,
    _folder: tempfile::TempDir,
}

impl Drop for Site {
    fn drop(&mut self) {
        drop(self.handle.stop(false));
    }
}

/// Starts it on a free port.
pub async fn start() -> Site {
    start_as(|port| format!("http://localhost:{port}")).await
}

/// Starts it with another public URL than where it listens.
pub async fn start_as(public_url: impl Fn(u16) -> String) -> Site {
    let folder = tempfile::tempdir().unwrap();
    let ring = Arc::new(KeyRing::new([7; 32]));
    let database = format!("sqlite://{}/portal.db", folder.path().display());
    let storage = Storage::open(&database, &ring).await.unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let url = public_url(address.port());
    let settings = settings(&url);
    let portal = Portal {
        connections: ConnectionRegistry::new(
            storage.clone(),
            Arc::clone(&ring),
            ClientSettings::default(),
        ),
        in_flight: Arc::new(InFlight::new("site".to_owned())),
        limiter: Limiter::default(),
        refusals: Refusals::default(),
        jobs: Jobs::default(),
        hashers: Hashers::default(),
        public_url: url.clone(),
        retention: None,
        mail: None,
        webhook: None,
        partner_name: "rubrica".to_owned(),
        storage,
        keys: ring,
        clock: Clock::manual(Millis(1_782_858_600_000)),
    };
    let state = web::Data::new(AppState::new(Arc::new(portal), settings).unwrap());
    let shared = state.clone();
    let server =
        HttpServer::new(move || rubrica::web::app(shared.clone(), &[FILES_AND_PROBES, ROUTES]))
            .workers(1)
            .disable_signals()
            .listen(listener)
            .unwrap()
            .run();
    let handle = server.handle();
    actix_web::rt::spawn(server);
    Site {
        address,
        url,
        state,
        handle,
        _folder: folder,
    }
}

/// Settings of a portal at this public URL.
pub fn settings(url: &str) -> Settings {
    Settings {
        origin: url.parse().unwrap(),
        hsts: Hsts::default(),
        second_factor: SecondFactor::default(),
        branding: Branding {
            partner_name: "rubrica".to_owned(),
            partner_nif: None,
            partner_address: None,
            logo: None,
            support_contact: None,
            legal_url: None,
            privacy_url: None,
            accessibility_url: None,
            support_url: None,
            time_zone: jiff::tz::TimeZone::get("Europe/Madrid").unwrap(),
        },
        trusted_proxies: Vec::new(),
        hide_connections: false,
    }
}

impl Site {
    /// A URL of this site.
    pub fn at(&self, path: &str) -> String {
        format!("{}{path}", self.url)
    }

    /// Sends bytes as they are and reads until the connection ends.
    pub async fn raw(&self, request: &str) -> String {
        let (address, request) = (self.address, request.to_owned());
        web::block(move || {
            let mut stream = TcpStream::connect(address).unwrap();
            stream
                .set_read_timeout(Some(Duration::from_secs(10)))
                .unwrap();
            stream.write_all(request.as_bytes()).unwrap();
            let mut answer = Vec::new();
            // A reset after the answer is as good as an end.
            let _ = stream.read_to_end(&mut answer);
            String::from_utf8_lossy(&answer).into_owned()
        })
        .await
        .unwrap()
    }

    /// A GET of exactly this path.
    pub async fn raw_get(&self, path: &str) -> String {
        let host = self.url.split("://").nth(1).unwrap();
        self.raw(&format!(
            "GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
        ))
        .await
    }
}

const ROUTES: &[Route] = &[
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
