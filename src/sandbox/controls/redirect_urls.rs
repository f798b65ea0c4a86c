//! Controls for redirect URLs: JSON for programs, and the form of the start page.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Payload};
use serde::Deserialize;
use serde_json::{Value, json};

use super::super::partners;
use super::super::redirect_urls as urls;
use super::super::state::{PARTNER, State};
use super::{Problem, WRONG, failed, problem, read_json};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Given {
    url: String,
    partner: Option<String>,
}

/// Reads the body of a call about a redirect URL: partner and URL.
async fn read(state: &State, body: Payload) -> Result<(String, String), Problem> {
    let given: Given = read_json(body).await?;
    let partner = given.partner.unwrap_or_else(|| PARTNER.to_owned());
    let key = partners::key_of(state.db.pool(), state, &partner).await;
    if key.map_err(failed)?.is_none() {
        return Err(problem(WRONG, "there is no such partner"));
    }
    Ok((partner, given.url))
}

/// `GET /sandbox/v1/redirect-urls`.
pub(super) async fn list(state: Data<State>) -> Result<HttpResponse, Problem> {
    let all = urls::all(state.db.pool()).await.map_err(failed)?;
    let all: Vec<Value> = all
        .into_iter()
        .map(|(partner, url)| json!({"url": url, "partner": partner}))
        .collect();
    Ok(HttpResponse::Ok().json(json!({"redirect_urls": all})))
}

/// `POST /sandbox/v1/redirect-urls`: 201 for a new URL, 200 for an existing one.
pub(super) async fn add(state: Data<State>, body: Payload) -> Result<HttpResponse, Problem> {
    let (partner, url) = read(&state, body).await?;
    let is_new = register(&state, &partner, &url).await?;
    let status = if is_new {
        StatusCode::CREATED
    } else {
        StatusCode::OK
    };
    Ok(HttpResponse::build(status).json(json!({"url": url, "partner": partner})))
}

/// `DELETE /sandbox/v1/redirect-urls`.
pub(super) async fn remove(state: Data<State>, body: Payload) -> Result<HttpResponse, Problem> {
    let (partner, url) = read(&state, body).await?;
    let mut write = state.db.write().await.map_err(failed)?;
    let was_there = urls::remove(write.conn(), &partner, &url)
        .await
        .map_err(failed)?;
    write.commit().await.map_err(failed)?;
    if was_there {
        Ok(HttpResponse::NoContent().finish())
    } else {
        Err(problem(StatusCode::NOT_FOUND, "this URL is not registered"))
    }
}

/// Registers a URL; returns whether it was new.
pub(super) async fn register(state: &State, partner: &str, url: &str) -> Result<bool, Problem> {
    if let Some(why) = urls::problem(url) {
        return Err(problem(WRONG, why));
    }
    let mut write = state.db.write().await.map_err(failed)?;
    let is_new = urls::register(write.conn(), partner, url, state.clock.now())
        .await
        .map_err(failed)?;
    write.commit().await.map_err(failed)?;
    Ok(is_new)
}
