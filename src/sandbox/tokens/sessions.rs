//! One session per sign-in. Access tokens name their session, the refresh token
//! rotates, and logging out ends both.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sqlx::SqliteConnection;

use super::super::refusal::{ErrorCode, Refusal};
use super::super::state::State;
use super::super::users::{self, User};
use super::super::{jws, ledger, secrets};
use crate::domain::millis::Millis;

/// Lifetime of a refresh token; each rotation starts it again.
const REFRESH_LIFE: Duration = Duration::from_secs(24 * 3600);

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct AccessClaims {
    iss: String,
    sub: String,
    unique_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    domain: Option<String>,
    /// The session's id.
    pub(super) sid: String,
    jti: String,
    iat: i64,
    /// Seconds since 1970.
    pub(super) exp: i64,
}

/// Starts a session; returns the three fields of `data`.
pub(super) async fn begin(
    conn: &mut SqliteConnection,
    state: &State,
    user: &User,
    now: Millis,
) -> Result<Value, Refusal> {
    sqlx::query("DELETE FROM sessions WHERE refresh_expires_at < ?")
        .bind(now.0)
        .execute(&mut *conn)
        .await?;
    let (id, refresh) = (secrets::random_text()?, secrets::random_text()?);
    sqlx::query(
        "INSERT INTO sessions (id, user_id, refresh_hash, refresh_expires_at) VALUES (?, ?, ?, ?)",
    )
    .bind(&id)
    .bind(user.id)
    .bind(jws::hash(&refresh))
    .bind((now + REFRESH_LIFE).0)
    .execute(conn)
    .await?;
    tokens(state, user, &id, &refresh, now)
}

/// Exchanges a refresh token for a new pair and invalidates it; also returns the user.
pub(super) async fn rotate(
    conn: &mut SqliteConnection,
    state: &State,
    old: &str,
    now: Millis,
) -> Result<(Value, User), Refusal> {
    let refresh = secrets::random_text()?;
    let session: Option<(String, i64)> = sqlx::query_as(
        "UPDATE sessions SET refresh_hash = ?, refresh_expires_at = ? \
         WHERE refresh_hash = ? AND refresh_expires_at > ? AND ended_at IS NULL \
         RETURNING id, user_id",
    )
    .bind(jws::hash(&refresh))
    .bind((now + REFRESH_LIFE).0)
    .bind(jws::hash(old))
    .bind(now.0)
    .fetch_optional(&mut *conn)
    .await?;
    let (id, user_id) = session.ok_or(ErrorCode::InvalidRefreshToken)?;
    let user = users::by_id(conn, user_id)
        .await?
        .ok_or(ErrorCode::InvalidRefreshToken)?;
    Ok((tokens(state, &user, &id, &refresh, now)?, user))
}

/// Ends a session and invalidates both of its tokens.
pub(super) async fn end(
    conn: &mut SqliteConnection,
    id: &str,
    now: Millis,
) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE sessions SET ended_at = ? WHERE id = ?")
        .bind(now.0)
        .bind(id)
        .execute(conn)
        .await?;
    Ok(())
}

fn tokens(
    state: &State,
    user: &User,
    session: &str,
    refresh: &str,
    now: Millis,
) -> Result<Value, Refusal> {
    // Use whole seconds, so that the claim and `expiration` are equal.
    let life = state.dialect().access_token_ttl;
    let expires_at = Millis::from_secs((now + Duration::from_secs(life)).as_secs());
    let access = state
        .access_key
        .sign(&AccessClaims {
            iss: state.url.clone(),
            sub: user.username.clone(),
            unique_name: user.username.clone(),
            domain: user.domain.clone(),
            sid: session.to_owned(),
            jti: secrets::random_text()?,
            iat: now.as_secs(),
            exp: expires_at.as_secs(),
        })
        .map_err(Refusal::internal)?;
    Ok(json!({
        "accessToken": access,
        "refreshToken": refresh,
        "expiration": ledger::rfc3339(expires_at),
    }))
}
