//! State shared by all workers of a sandbox.

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
use super::trouble::Troubles;
use rubrica_clock::Clock;

/// The built-in partner.
pub(super) const PARTNER: &str = "RUBRICA-DEMO";

/// The key of the dialect in the settings table.
const DIALECT: &str = "dialect";

pub(super) struct State {
    pub(super) db: Database,
    pub(super) clock: Clock,
    /// The key with which the built-in partner signs login requests.
    pub(super) shared_key: SharedKey,
    /// Signs access tokens.
    pub(super) access_key: TokenKey,
    /// Signs the hidden field of the sign-in page.
    pub(super) form_key: TokenKey,
    pub(super) ca: Ca,
    /// Makes key pairs, one at a time.
    pub(super) keys: KeyMaker,
    pub(super) faults: Faults,
    pub(super) troubles: Troubles,
    /// The origin by which people and tokens know this sandbox.
    pub(super) url: String,
    /// The active settings.
    pub(super) dialect: RwLock<SandboxDialect>,
}

impl State {
    /// The active settings.
    pub(super) fn dialect(&self) -> SandboxDialect {
        self.dialect
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Stores new settings, then activates them.
    pub(super) async fn set_dialect(&self, dialect: SandboxDialect) -> Result<(), sqlx::Error> {
        let mut write = self.db.write().await?;
        store_dialect(write.conn(), &dialect).await?;
        write.commit().await?;
        *self.dialect.write().unwrap_or_else(PoisonError::into_inner) = dialect;
        Ok(())
    }
}

pub(super) async fn store_dialect(
    db: impl SqliteExecutor<'_>,
    dialect: &SandboxDialect,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO settings (name, value) VALUES (?, ?) \
         ON CONFLICT (name) DO UPDATE SET value = excluded.value",
    )
    .bind(DIALECT)
    .bind(Value::Object(dialect.to_json()).to_string())
    .execute(db)
    .await?;
    Ok(())
}

/// The stored settings, or the defaults.
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
