//! Controls that change something: the dialect, faults, partners, users.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Payload};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::super::faults::Fault;
use super::super::partners;
use super::super::secrets::SharedKey;
use super::super::state::State;
use super::super::users::{self, NewUser};
use super::{Problem, WRONG, failed, problem, read_json};

/// `GET /sandbox/v1/dialect`.
pub(super) async fn dialect(state: Data<State>) -> HttpResponse {
    HttpResponse::Ok().json(state.dialect().to_json())
}

/// `PUT /sandbox/v1/dialect`: settings that are not named keep their values.
pub(super) async fn change_dialect(
    state: Data<State>,
    body: Payload,
) -> Result<HttpResponse, Problem> {
    let changes: Map<String, Value> = read_json(body).await?;
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
    let list: FaultList = read_json(body).await?;
    state
        .faults
        .replace(list.faults)
        .map_err(|error| problem(WRONG, error))?;
    Ok(faults(state).await)
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
    let given: PartnerBody = read_json(body).await?;
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
    let given: UserBody = read_json(body).await?;
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
