//! Controls that change something: the dialect, faults, redirect URLs, partners, users.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Payload};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use super::super::faults::Fault;
use super::super::incoming::read_body;
use super::super::partners;
use super::super::redirect_urls as urls;
use super::super::secrets::SharedKey;
use super::super::state::{PARTNER, State};
use super::super::users::{self, NewUser};
use super::{Problem, failed, problem};

const WRONG: StatusCode = StatusCode::UNPROCESSABLE_ENTITY;

/// Reads a JSON body whatever its `Content-Type`.
async fn json<T: DeserializeOwned>(body: Payload) -> Result<T, Problem> {
    let bytes = read_body(body)
        .await
        .map_err(|code| problem(code.status(), code.meaning()))?;
    serde_json::from_slice(&bytes).map_err(|error| problem(WRONG, error))
}

/// `GET /sandbox/v1/dialect`.
pub(super) async fn dialect(state: Data<State>) -> HttpResponse {
    HttpResponse::Ok().json(state.dialect().to_json())
}

/// `PUT /sandbox/v1/dialect`: settings that are not named keep their values.
pub(super) async fn change_dialect(
    state: Data<State>,
    body: Payload,
) -> Result<HttpResponse, Problem> {
    let changes: Map<String, Value> = json(body).await?;
    let changed = state
        .dialect()
        .changed(changes)
        .map_err(|error| problem(WRONG, error))?;
    state.set_dialect(changed).await.map_err(failed)?;
    Ok(dialect(state).await)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FaultList {
    faults: Vec<Fault>,
}

/// `GET /sandbox/v1/faults`.
pub(super) async fn faults(state: Data<State>) -> HttpResponse {
    HttpResponse::Ok().json(json!({"faults": state.faults.list()}))
}

/// `PUT /sandbox/v1/faults`: replaces the whole list.
pub(super) async fn replace_faults(
    state: Data<State>,
    body: Payload,
) -> Result<HttpResponse, Problem> {
    let list: FaultList = json(body).await?;
    state
        .faults
        .replace(list.faults)
        .map_err(|error| problem(WRONG, error))?;
    Ok(faults(state).await)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RedirectUrl {
    url: String,
    partner: Option<String>,
}

/// Reads the body of a call about a redirect URL: partner and URL.
async fn redirect_url(state: &State, body: Payload) -> Result<(String, String), Problem> {
    let given: RedirectUrl = json(body).await?;
    let partner = given.partner.unwrap_or_else(|| PARTNER.to_owned());
    let key = partners::key_of(state.db.pool(), state, &partner).await;
    if key.map_err(failed)?.is_none() {
        return Err(problem(WRONG, "there is no such partner"));
    }
    Ok((partner, given.url))
}

/// `GET /sandbox/v1/redirect-urls`.
pub(super) async fn redirect_urls(state: Data<State>) -> Result<HttpResponse, Problem> {
    let all = urls::all(state.db.pool()).await.map_err(failed)?;
    let all: Vec<Value> = all
        .into_iter()
        .map(|(partner, url)| json!({"url": url, "partner": partner}))
        .collect();
    Ok(HttpResponse::Ok().json(json!({"redirect_urls": all})))
}

/// `POST /sandbox/v1/redirect-urls`: 201 for a new URL, 200 for an existing one.
pub(super) async fn register_redirect_url(
    state: Data<State>,
    body: Payload,
) -> Result<HttpResponse, Problem> {
    let (partner, url) = redirect_url(&state, body).await?;
    if let Some(why) = urls::problem(&url) {
        return Err(problem(WRONG, why));
    }
    let mut write = state.db.write().await.map_err(failed)?;
    let is_new = urls::register(write.conn(), &partner, &url, state.clock.now())
        .await
        .map_err(failed)?;
    write.commit().await.map_err(failed)?;
    let status = if is_new {
        StatusCode::CREATED
    } else {
        StatusCode::OK
    };
    Ok(HttpResponse::build(status).json(json!({"url": url, "partner": partner})))
}

/// `DELETE /sandbox/v1/redirect-urls`.
pub(super) async fn remove_redirect_url(
    state: Data<State>,
    body: Payload,
) -> Result<HttpResponse, Problem> {
    let (partner, url) = redirect_url(&state, body).await?;
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

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PartnerBody {
    name: String,
    shared_key: Option<String>,
}

/// `POST /sandbox/v1/partners`: returns the name and the key. The key is generated if
/// none is given.
pub(super) async fn add_partner(
    state: Data<State>,
    body: Payload,
) -> Result<HttpResponse, Problem> {
    let given: PartnerBody = json(body).await?;
    let name = given.name.trim();
    if name.is_empty() || name.chars().count() > 64 || name != name.to_uppercase() {
        return Err(problem(WRONG, "name: 1 to 64 characters, in upper case"));
    }
    let key = match given.shared_key {
        Some(text) if text.is_empty() => {
            return Err(problem(WRONG, "shared_key: not empty"));
        }
        Some(text) => SharedKey::from_text(text),
        None => SharedKey::made().map_err(failed)?,
    };
    let mut write = state.db.write().await.map_err(failed)?;
    let is_new = partners::add(write.conn(), name, &key, state.clock.now())
        .await
        .map_err(failed)?;
    write.commit().await.map_err(failed)?;
    if !is_new {
        let text = "there is a partner of this name";
        return Err(problem(StatusCode::CONFLICT, text));
    }
    Ok(HttpResponse::Created().json(json!({"name": name, "shared_key": key.expose()})))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct UserBody {
    username: String,
    password: String,
    domain: Option<String>,
    #[serde(default = "yes")]
    may_issue: bool,
    #[serde(default)]
    groups: Vec<i64>,
}

const fn yes() -> bool {
    true
}

/// `POST /sandbox/v1/users`.
pub(super) async fn add_user(state: Data<State>, body: Payload) -> Result<HttpResponse, Problem> {
    let given: UserBody = json(body).await?;
    let username = given.username.trim();
    let too_long = username.chars().count() > 255 || given.password.len() > 1024;
    if username.is_empty() || given.password.is_empty() || too_long {
        return Err(problem(
            WRONG,
            "username and password: neither empty nor endless",
        ));
    }
    let domain = given.domain.filter(|domain| !domain.is_empty());
    let new = NewUser {
        username,
        password: &given.password,
        domain: domain.as_deref(),
        domain_optional: false,
        may_issue: given.may_issue,
        groups: &given.groups,
    };
    let mut write = state.db.write().await.map_err(failed)?;
    let is_new = users::add(write.conn(), &new, state.clock.now())
        .await
        .map_err(failed)?;
    write.commit().await.map_err(failed)?;
    if !is_new {
        return Err(problem(
            StatusCode::CONFLICT,
            "there is a user of this name",
        ));
    }
    Ok(HttpResponse::Created().json(json!({"username": username})))
}
