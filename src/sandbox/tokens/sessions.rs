//! One session per sign-in. Access tokens name their session, the refresh token
//! rotates unless the dialect says otherwise, and logging out ends both.

use std::time::Duration;

use serde::Deserialize;
use serde_json::{Map, Value, json};
use sqlx::SqliteConnection;

use super::super::ledger::Operation;
use super::super::refusal::{ErrorCode, Refusal};
use super::super::state::State;
use super::super::trouble::Trouble;
use super::super::users::{self, User};
use super::super::{jws, secrets};
use rubrica_domain::millis::Millis;

/// Lifetime of a refresh token; each rotation starts it again.
const REFRESH_LIFE: Duration = Duration::from_secs(24 * 3600);

/// The claims of an access token that are read again.
#[derive(Debug, Deserialize)]
pub(super) struct AccessClaims {
    /// The session's id.
    pub(super) sid: String,
    /// Seconds since 1970.
    pub(super) exp: i64,
}

/// Starts a session; returns the three fields of `data`.
pub(super) async fn begin(
    conn: &mut SqliteConnection,
    state: &State,
    operation: Operation,
    user: &User,
    now: Millis,
) -> Result<Value, Refusal> {
    let manners = state.dialect().own;
    let expired = state
        .troubles
        .strikes(Trouble::ExpiredToken, operation, &manners);
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
    let life = Life::of(manners.access_token_ttl, expired);
    tokens(state, user, (&id, &refresh), life, now)
}

/// Exchanges a refresh token for a new access token and, if refresh tokens rotate, for
/// a new refresh token, which invalidates the old one; also returns the user.
pub(super) async fn refresh(
    conn: &mut SqliteConnection,
    state: &State,
    old: &str,
    now: Millis,
) -> Result<(Value, User), Refusal> {
    let manners = state.dialect().own;
    let refresh = if manners.refresh_rotates {
        secrets::random_text()?
    } else {
        old.to_owned()
    };
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
    let life = Life::of(manners.access_token_ttl, false);
    Ok((tokens(state, &user, (&id, &refresh), life, now)?, user))
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

/// How long an access token lives, and how long `expiration` says it does.
struct Life {
    real: Duration,
    said: Duration,
}

impl Life {
    fn of(seconds: u64, expired: bool) -> Self {
        let said = Duration::from_secs(seconds);
        let real = if expired { Duration::ZERO } else { said };
        Self { real, said }
    }
}

fn tokens(
    state: &State,
    user: &User,
    (session, refresh): (&str, &str),
    life: Life,
    now: Millis,
) -> Result<Value, Refusal> {
    let manners = state.dialect().own;
    // Use whole seconds, so that the claim and `expiration` are equal.
    let whole_seconds = |at: Millis| Millis::from_secs(at.as_secs());
    let mut claims: Map<String, Value> = manners
        .user_claim
        .names()
        .into_iter()
        .map(|name| (name.to_owned(), json!(user.username)))
        .collect();
    for (name, value) in [
        ("iss", json!(state.url)),
        ("sid", json!(session)),
        ("jti", json!(secrets::random_text()?)),
        ("iat", json!(now.as_secs())),
        ("exp", json!((now + life.real).as_secs())),
    ] {
        claims.insert(name.to_owned(), value);
    }
    if let Some(domain) = &user.domain {
        claims.insert("domain".to_owned(), json!(domain));
    }
    Ok(json!({
        "accessToken": state.access_key.sign(&claims).map_err(Refusal::internal)?,
        "refreshToken": refresh,
        "expiration": manners.expiration_form.of(whole_seconds(now + life.said)),
    }))
}
