//! The sandbox's start page.

use actix_web::http::header::{ACCEPT_LANGUAGE, ContentType};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};

use super::super::answer::render;
use super::super::incoming::header;
use super::super::language::Language;
use super::super::pages::HomePage;
use super::super::state::{PARTNER, State};
use super::super::{ledger, redirect_urls, users};
use super::{LINKS, Problem, failed};

/// Number of ledger rows shown.
const ROWS: i64 = 20;

pub(super) async fn page(
    state: Data<State>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let language = header(&request, &ACCEPT_LANGUAGE).unwrap_or_default();
    let page = load(&state, Language::preferred(language))
        .await
        .map_err(failed)?;
    let html = render(&page).map_err(|refusal| failed(refusal.message))?;
    Ok(HttpResponse::Ok()
        .content_type(ContentType::html())
        .body(html))
}

async fn load(state: &State, language: Language) -> Result<HomePage<'_>, sqlx::Error> {
    let redirect_urls = redirect_urls::all(state.db.pool()).await?;
    Ok(HomePage {
        words: language.words(),
        partner: PARTNER,
        shared_key: state.shared_key.expose(),
        users: users::all(state.db.pool()).await?,
        redirect_urls: redirect_urls.into_iter().map(|(_, url)| url).collect(),
        entries: ledger::newest(state.db.pool(), ROWS).await?,
        controls: &LINKS,
    })
}
