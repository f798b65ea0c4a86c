//! The database: one SQL text for SQLite and PostgreSQL, one file per table.
//!
//! Reads take a [`Storage`] and use its pool; writes take a connection that
//! [`Storage::write`] provides inside a transaction. Rows are converted to
//! domain types here, once. Knows nothing of HTTP, Redtrust or permissions.
//!
//! Every read may fail with [`StorageError::Unavailable`],
//! [`StorageError::Busy`] or, for an invalid row, [`StorageError::Corrupt`]. A
//! write may also fail with [`StorageError::Full`], [`StorageError::Conflict`]
//! or [`StorageError::Reference`]; after any error but `Unavailable` nothing
//! was written. Functions document only errors with a special meaning.

mod address;
pub mod admins;
mod alike;
pub mod attempts;
pub mod audit;
pub mod backup;
mod bind_secrets;
pub mod calendar_feeds;
pub mod certificates;
mod changes;
pub mod concerned;
mod conditions;
pub mod connections;
pub mod day;
pub mod ended_sign_ins;
mod error;
mod files;
mod fitness;
mod folded;
pub mod gauges;
pub mod invitations;
pub mod issuances;
pub mod issuers;
pub mod kept_forms;
pub mod key_age;
mod key_check;
pub mod lapsed_keys;
mod lent;
mod listed;
pub mod lock;
pub mod mail;
mod meta;
mod migrations;
pub mod new_file;
mod old_settings;
mod one_row;
mod open;
pub mod owners;
mod paging;
mod postgres_tls;
mod readiness;
mod reads;
pub mod redirect_urls;
mod reindex;
pub mod rotate;
mod row;
mod row_seal;
mod running;
pub mod runs;
pub mod seal;
pub mod sealed_rows;
mod search;
pub mod sessions;
mod settle;
pub mod setup_links;
pub mod sign_in_failures;
pub mod sign_ins;
pub mod tries;
pub mod webhook;
mod write_tx;

use std::sync::Arc;

pub use address::odd_about_address;
pub use alike::Wanted;
pub use error::StorageError;
pub use listed::{Listed, Start, Total};
pub use open::{check_address, refuse_missing};
pub use postgres_tls::unverified;
pub use reads::{PoolUse, Reads};
pub use search::{Sought, Whose};
pub use write_tx::Work;

use changes::Changes;
use readiness::LastWrite;
use running::Running;
use write_tx::Writer;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// One file, one server.
    Sqlite,
    /// Any number of equal nodes.
    Postgres,
}

/// An open, migrated database whose secrets this process can open.
#[derive(Debug, Clone)]
pub struct Storage {
    engine: Engine,
    reads: Reads,
    /// SQLite only: the connection for all writes of this process.
    writer: Option<Arc<Writer>>,
    /// SQLite only.
    running: Option<Arc<Running>>,
    changes: Arc<Changes>,
    last_write: Arc<LastWrite>,
}

impl Storage {
    pub const fn engine(&self) -> Engine {
        self.engine
    }

    /// For reads. On SQLite its connections refuse to write.
    pub const fn pool(&self) -> &Reads {
        &self.reads
    }

    pub fn pool_use(&self) -> PoolUse {
        self.reads.used()
    }

    /// The number of the newest migration that was run.
    pub async fn schema_version(&self) -> Result<i64, StorageError> {
        let newest = sqlx::query_scalar("SELECT MAX(version) FROM _sqlx_migrations");
        Ok(newest.fetch_one(&self.reads).await?)
    }

    /// Checks that the database answers within two seconds, and that SQLite has found no
    /// damage in its file.
    pub async fn ping(&self) -> Result<(), StorageError> {
        if self.reads.is_damaged() {
            return Err(StorageError::Damaged);
        }
        let asked = sqlx::query("SELECT COUNT(*) FROM meta").execute(&self.reads);
        match tokio::time::timeout(open::ACQUIRE, asked).await {
            Ok(answer) => answer?,
            Err(_) => return Err(reads::no_answer().into()),
        };
        Ok(())
    }

    /// Closes every connection once the running writes have ended. PostgreSQL has two seconds
    /// for it.
    pub async fn close(&self) {
        self.let_go().await;
        if let Some(writer) = &self.writer {
            writer.close().await;
        }
        self.reads.close().await;
    }
}
