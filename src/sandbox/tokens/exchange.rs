//! `POST /authapi/v1/login_by_temp_token`.

use sqlx::SqliteConnection;

use super::super::answer::Answer;
use super::super::incoming::Incoming;
use super::super::jws;
use super::super::ledger::{self, Details, Operation};
use super::super::refusal::{ErrorCode, Refusal};
use super::super::state::State;
use super::super::users;
use super::sessions;
use rubrica_domain::millis::Millis;

const OPERATION: Operation = Operation::LoginByTempToken;

/// Exchanges a temporary token; it works once.
pub(crate) async fn answer(
    state: &State,
    incoming: &Incoming,
    details: &mut Details,
) -> Result<Answer, Refusal> {
    let body = incoming.json()?;
    let field = state.dialect().open.temp_token_field;
    let hash = jws::hash(body.text(field.as_str())?);
    let mut write = state.db.write().await?;
    let user_id = consume(write.conn(), &hash, incoming.now).await?;
    let user = users::by_id(&mut *write.conn(), user_id)
        .await?
        .ok_or(ErrorCode::InvalidTempToken)?;
    let data = sessions::begin(write.conn(), state, OPERATION, &user, incoming.now).await?;
    details.user = Some(user.username);
    ledger::effect_done(write.conn(), OPERATION, details, incoming.now).await?;
    write.commit().await?;
    Ok(Answer::Data(data))
}

/// Checks and marks the token in a single statement, so that only one of several
/// concurrent calls succeeds.
async fn consume(conn: &mut SqliteConnection, hash: &[u8], now: Millis) -> Result<i64, Refusal> {
    let user_id: Option<i64> = sqlx::query_scalar(
        "UPDATE temp_tokens SET used_at = ? WHERE hash = ? AND used_at IS NULL AND expires_at > ? \
         RETURNING user_id",
    )
    .bind(now.0)
    .bind(hash)
    .bind(now.0)
    .fetch_optional(&mut *conn)
    .await?;
    if let Some(user_id) = user_id {
        return Ok(user_id);
    }
    let used: Option<bool> =
        sqlx::query_scalar("SELECT used_at IS NOT NULL FROM temp_tokens WHERE hash = ?")
            .bind(hash)
            .fetch_optional(conn)
            .await?;
    Err(match used {
        Some(true) => ErrorCode::TempTokenUsed,
        Some(false) => ErrorCode::TempTokenExpired,
        None => ErrorCode::InvalidTempToken,
    }
    .into())
}
