//! The sandbox's start page.

use actix_web::http::StatusCode;
use actix_web::http::header::{ACCEPT_LANGUAGE, ContentType, LOCATION};
use actix_web::web::{Data, Form};
use actix_web::{HttpRequest, HttpResponse};
use serde::Deserialize;
use serde_json::Value;

use super::super::answer::render;
use super::super::incoming::header;
use super::super::language::Language;
use super::super::ledger;
use super::super::pages::HomePage;
use super::super::state::{PARTNER, State};
use super::super::{redirect_urls as urls, users};
use super::{HOME, LINKS, Problem, WRONG, failed, look, redirect_urls};

/// Number of ledger rows shown.
const ROWS: i64 = 20;

pub(super) async fn page(
    state: Data<State>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    shown(&state, &request, None).await
}

#[derive(Deserialize)]
pub(super) struct Registered {
    url: String,
}

/// The form that registers a redirect URL of the built-in partner.
pub(super) async fn register(
    state: Data<State>,
    request: HttpRequest,
    form: Form<Registered>,
) -> Result<HttpResponse, Problem> {
    let url = form.into_inner().url.trim().to_owned();
    match redirect_urls::register(&state, PARTNER, &url).await {
        Ok(_) => Ok(HttpResponse::SeeOther()
            .insert_header((LOCATION, format!("{HOME}#redirect-urls")))
            .finish()),
        Err(problem) if problem.status == WRONG => shown(&state, &request, Some(url)).await,
        Err(problem) => Err(problem),
    }
}

/// `refused`: the redirect URL that was just typed.
async fn shown(
    state: &State,
    request: &HttpRequest,
    refused: Option<String>,
) -> Result<HttpResponse, Problem> {
    let language = header(request, &ACCEPT_LANGUAGE).unwrap_or_default();
    let status = match refused {
        None => StatusCode::OK,
        Some(_) => WRONG,
    };
    let page = load(state, Language::preferred(language), refused)
        .await
        .map_err(failed)?;
    let html = render(&page).map_err(|refusal| failed(refusal.message))?;
    Ok(HttpResponse::build(status)
        .content_type(ContentType::html())
        .body(html))
}

async fn load(
    state: &State,
    language: Language,
    refused: Option<String>,
) -> Result<HomePage<'_>, sqlx::Error> {
    let redirect_urls = urls::all(state.db.pool()).await?;
    let dialect = state.dialect();
    Ok(HomePage {
        words: language.words(),
        partner: PARTNER,
        shared_key: state.shared_key.expose(),
        // It cannot be made once `key_encoding` no longer suits the key.
        example_url: look::login_example(state).ok().map(|made| made.url),
        seed: dialect.own.seed,
        settings: dialect.to_json().into_iter().map(as_text).collect(),
        users: users::all(state.db.pool()).await?,
        redirect_urls: redirect_urls.into_iter().map(|(_, url)| url).collect(),
        refused,
        entries: ledger::newest(state.db.pool(), ROWS).await?,
        controls: &LINKS,
    })
}

/// A setting for people: text without quotation marks.
fn as_text((name, value): (String, Value)) -> (String, String) {
    let text = match value {
        Value::String(text) => text,
        other => other.to_string(),
    };
    (name, text)
}
