//! The applications that may send people here. One is built in; others can be added,
//! each with its own key.

use sqlx::{SqliteConnection, SqliteExecutor};

use super::secrets::SharedKey;
use super::state::{PARTNER, State};
use rubrica_domain::millis::Millis;

/// The key shared with a partner; `None` if there is no such partner.
pub(super) async fn key_of(
    db: impl SqliteExecutor<'_>,
    state: &State,
    name: &str,
) -> Result<Option<SharedKey>, sqlx::Error> {
    if name == PARTNER {
        return Ok(Some(state.shared_key.clone()));
    }
    let stored: Option<String> =
        sqlx::query_scalar("SELECT shared_key FROM partners WHERE name = ?")
            .bind(name)
            .fetch_optional(db)
            .await?;
    Ok(stored.map(SharedKey::from_text))
}

/// Adds a partner; returns whether the name was free.
pub(super) async fn add(
    conn: &mut SqliteConnection,
    name: &str,
    key: &SharedKey,
    now: Millis,
) -> Result<bool, sqlx::Error> {
    if name == PARTNER {
        return Ok(false);
    }
    let done = sqlx::query(
        "INSERT INTO partners (name, shared_key, created_at) VALUES (?, ?, ?) \
         ON CONFLICT DO NOTHING",
    )
    .bind(name)
    .bind(key.expose())
    .bind(now.0)
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}
