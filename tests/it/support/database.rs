//! An empty, migrated database for one test, on either engine.

use std::sync::Arc;

use rubrica::storage::Storage;
use rubrica::storage::seal::KeyRing;
use tempfile::TempDir;

use super::postgres;

/// The master key of test databases.
pub const MASTER_KEY: [u8; 32] = [7; 32];

/// A database that is deleted after the test.
pub struct Database {
    pub storage: Storage,
    pub url: String,
    pub keys: Arc<KeyRing>,
    _dir: Option<TempDir>,
}

impl Database {
    pub async fn sqlite() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", dir.path().join("rubrica.db").display());
        Self::open(url, Some(dir)).await
    }

    /// On PostgreSQL, if it is installed.
    pub async fn postgres() -> Option<Self> {
        let url = postgres::migrated().await?;
        Some(Self::open(url, None).await)
    }

    async fn open(url: String, dir: Option<TempDir>) -> Self {
        let keys = Arc::new(KeyRing::new(MASTER_KEY));
        let storage = Storage::open(&url, &keys).await.unwrap();
        Self {
            storage,
            url,
            keys,
            _dir: dir,
        }
    }

    /// Runs one unchecked statement, as a person with the database password could.
    pub async fn meddle(&self, sql: &str) {
        let sql = sql.to_owned();
        self.storage
            .write(move |conn| {
                Box::pin(async move {
                    sqlx::query(sqlx::AssertSqlSafe(sql)).execute(conn).await?;
                    Ok(())
                })
            })
            .await
            .unwrap();
    }
}

/// Runs each of these `async fn(Database)` as a test on both engines.
macro_rules! on_both_engines {
    ($($body:ident),+ $(,)?) => {$(
        mod $body {
            #[tokio::test]
            async fn on_sqlite() {
                super::$body(crate::support::database::Database::sqlite().await).await;
            }

            #[tokio::test]
            async fn on_postgresql() {
                if let Some(database) = crate::support::database::Database::postgres().await {
                    super::$body(database).await;
                }
            }
        }
    )+};
}
pub(crate) use on_both_engines;
