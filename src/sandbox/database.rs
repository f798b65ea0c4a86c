//! The sandbox's own SQLite database and the lock on its data directory.

use std::fs::{File, TryLockError};
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{SqlSafeStr as _, Sqlite, SqliteConnection, SqlitePool, Transaction};
use tokio::sync::{Mutex, OwnedMutexGuard};

use super::SandboxError;
use super::files::{make_directory, open_or_make};

/// Reads a row into a struct whose fields are called as the columns are.
macro_rules! from_row {
    ($name:ident: $($column:ident),+) => {
        impl sqlx::FromRow<'_, sqlx::sqlite::SqliteRow> for $name {
            fn from_row(row: &sqlx::sqlite::SqliteRow) -> Result<Self, sqlx::Error> {
                Ok(Self { $($column: sqlx::Row::try_get(row, stringify!($column))?),+ })
            }
        }
    };
}

pub(super) use from_row;

/// The open database. While it exists, no other sandbox can open this data directory.
pub(super) struct Database {
    pool: SqlitePool,
    turn: Arc<Mutex<()>>,
    _lock: File,
}

/// One write transaction. Dropping it without [`Write::commit`] rolls it back.
pub(super) struct Write {
    transaction: Transaction<'static, Sqlite>,
    _turn: OwnedMutexGuard<()>,
}

impl Database {
    /// Locks the data directory, opens its database and runs the migrations.
    pub(super) async fn open(data_dir: &Path) -> Result<Self, SandboxError> {
        make_directory(data_dir)?;
        let lock = lock(data_dir)?;
        let path = data_dir.join("sandbox.db");
        // The database holds private keys, so create the file with mode 0600 before
        // SQLite creates a readable one. Its other files get the same mode and owner.
        open_or_make(&path)?;
        let options = SqliteConnectOptions::new()
            .filename(&path)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(10));
        let pool = SqlitePoolOptions::new()
            .max_connections(6)
            .test_before_acquire(false)
            .connect_with(options)
            .await?;
        assert_durable(&pool).await?;
        migrator().run(&pool).await?;
        Ok(Self {
            pool,
            turn: Arc::default(),
            _lock: lock,
        })
    }

    /// The pool for reads.
    pub(super) fn pool(&self) -> &SqlitePool {
        &self.pool
    }

    /// Waits until no other task of this process writes, then begins a transaction.
    pub(super) async fn write(&self) -> Result<Write, sqlx::Error> {
        let turn = Arc::clone(&self.turn).lock_owned().await;
        let transaction = self.pool.begin_with("BEGIN IMMEDIATE").await?;
        Ok(Write {
            transaction,
            _turn: turn,
        })
    }
}

impl Write {
    pub(super) fn conn(&mut self) -> &mut SqliteConnection {
        &mut self.transaction
    }

    /// Commits; the data is on disk when this returns.
    pub(super) async fn commit(self) -> Result<(), sqlx::Error> {
        self.transaction.commit().await
    }
}

fn migrator() -> Migrator {
    let simple = |version, name: &'static str, sql: &'static str| {
        let sql = sql.into_sql_str();
        Migration::new(version, name.into(), MigrationType::Simple, sql, false)
    };
    Migrator::with_migrations(vec![
        simple(1, "initial", include_str!("migrations/0001_initial.sql")),
        simple(2, "partners", include_str!("migrations/0002_partners.sql")),
    ])
}

fn lock(data_dir: &Path) -> Result<File, SandboxError> {
    let file = open_or_make(&data_dir.join("sandbox.lock"))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(SandboxError::InUse(data_dir.to_owned())),
        Err(TryLockError::Error(error)) => Err(error.into()),
    }
}

/// Checks the durability settings: a ledger that can lose rows in a power cut proves
/// nothing.
async fn assert_durable(pool: &SqlitePool) -> Result<(), SandboxError> {
    const FULL: i64 = 2;
    let synchronous: i64 = sqlx::query_scalar("PRAGMA synchronous")
        .fetch_one(pool)
        .await?;
    let journal: String = sqlx::query_scalar("PRAGMA journal_mode")
        .fetch_one(pool)
        .await?;
    if synchronous == FULL && journal == "wal" {
        return Ok(());
    }
    Err(SandboxError::Files(io::Error::other(
        "SQLite did not take WAL with synchronous=FULL",
    )))
}
