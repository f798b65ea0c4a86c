//! Authentication by Bearer token.

use sqlx::SqliteConnection;

use super::super::incoming::Incoming;
use super::super::refusal::{ErrorCode, Refusal};
use super::super::state::State;
use super::super::users::{self, User};
use super::sessions::AccessClaims;

/// A caller with a valid access token.
#[derive(Debug)]
pub(crate) struct Caller {
    pub(crate) user: User,
    pub(super) session: String,
}

/// Identifies the caller from the Bearer token.
pub(crate) async fn authenticate(
    conn: &mut SqliteConnection,
    state: &State,
    incoming: &Incoming,
) -> Result<Caller, Refusal> {
    let token = incoming.bearer().ok_or(ErrorCode::Unauthorized)?;
    let claims: AccessClaims = state
        .access_key
        .verify(token)
        .ok_or(ErrorCode::InvalidToken)?;
    if incoming.now.as_secs() >= claims.exp {
        return Err(ErrorCode::TokenExpired.into());
    }
    let user_id: Option<i64> =
        sqlx::query_scalar("SELECT user_id FROM sessions WHERE id = ? AND ended_at IS NULL")
            .bind(&claims.sid)
            .fetch_optional(&mut *conn)
            .await?;
    let user_id = user_id.ok_or(ErrorCode::InvalidToken)?;
    let user = users::by_id(conn, user_id)
        .await?
        .ok_or(ErrorCode::InvalidToken)?;
    Ok(Caller {
        user,
        session: claims.sid,
    })
}
