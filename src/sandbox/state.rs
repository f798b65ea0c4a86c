//! What all workers of one sandbox share.

use std::sync::{PoisonError, RwLock};

use serde_json::Value;
use sqlx::SqliteExecutor;

use super::database::Database;
use super::dialect::SandboxDialect;
use super::faults::Faults;
use super::jws::TokenKey;
use super::pki::ca::Ca;
use super::pki::keys::KeyMaker;
use super::secrets::SharedKey;
use crate::clock::Clock;

/// The partner that is there from the start.
pub(super) const PARTNER: &str = "RUBRICA-DEMO";

/// The name in the table of settings under which the dialect stands.
const DIALECT: &str = "dialect";

/// What all workers of one sandbox share.
pub(super) struct State {
    /// The database.
    pub(super) db: Database,
    /// The time.
    pub(super) clock: Clock,
    /// The key that the partner signs login requests with.
    pub(super) shared_key: SharedKey,
    /// Signs access tokens.
    pub(super) access_key: TokenKey,
    /// Signs what the sign-in page carries.
    pub(super) form_key: TokenKey,
    /// Issues certificates.
    pub(super) ca: Ca,
    /// Makes key pairs, one at a time.
    pub(super) keys: KeyMaker,
    /// Faults on order.
    pub(super) faults: Faults,
    /// The origin people and tokens know this sandbox by.
    pub(super) url: String,
    /// The settings in force.
    pub(super) dialect: RwLock<SandboxDialect>,
}

impl State {
    /// The settings in force.
    pub(super) fn dialect(&self) -> SandboxDialect {
        self.dialect
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Stores other settings, then puts them in force.
    pub(super) async fn set_dialect(&self, dialect: SandboxDialect) -> Result<(), sqlx::Error> {
        let mut write = self.db.write().await?;
        sqlx::query(
            "INSERT INTO settings (name, value) VALUES (?, ?) \
             ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        )
        .bind(DIALECT)
        .bind(Value::Object(dialect.to_json()).to_string())
        .execute(write.conn())
        .await?;
        write.commit().await?;
        *self.dialect.write().unwrap_or_else(PoisonError::into_inner) = dialect;
        Ok(())
    }
}

/// The settings as stored; the defaults where none are.
pub(super) async fn stored_dialect(
    db: impl SqliteExecutor<'_>,
) -> Result<SandboxDialect, sqlx::Error> {
    let stored: Option<String> = sqlx::query_scalar("SELECT value FROM settings WHERE name = ?")
        .bind(DIALECT)
        .fetch_optional(db)
        .await?;
    let dialect = SandboxDialect::default();
    let Some(stored) = stored else {
        return Ok(dialect);
    };
    serde_json::from_str(&stored)
        .map_err(|error| error.to_string())
        .and_then(|changes| dialect.changed(changes))
        .map_err(|error| sqlx::Error::Decode(error.into()))
}
