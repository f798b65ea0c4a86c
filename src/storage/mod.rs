//! What is kept: one SQL text for SQLite and PostgreSQL, a file per table.
//!
//! Reads take a [`Storage`] and use its pool; writes take a connection that
//! [`Storage::write`] hands out inside a transaction. Rows become domain types
//! here, once. Knows nothing of HTTP, Redtrust or who may see what.
//!
//! Every read may fail with [`StorageError::Unavailable`], [`StorageError::Busy`]
//! or, where a row is not understood, [`StorageError::Corrupt`]. A write may
//! besides fail with [`StorageError::Full`], [`StorageError::Conflict`] or
//! [`StorageError::Reference`]; after any error but `Unavailable` nothing was
//! written. Only functions that mean something of their own by an error say so.

pub mod admins;
pub mod attempts;
pub mod audit;
pub mod certificates;
pub mod connections;
mod error;
mod folded;
pub mod issuances;
pub mod kept_forms;
mod key_check;
pub mod lock;
mod login_name;
mod old_settings;
mod open;
pub mod owners;
mod paging;
mod reads;
pub mod redirect_urls;
mod row;
pub mod seal;
pub mod sessions;
mod settle;
pub mod setup_links;
pub mod sign_ins;
mod write_tx;

use std::sync::Arc;

pub use error::StorageError;
pub use paging::Page;
pub use reads::Reads;
pub use write_tx::Work;

use write_tx::Writer;

/// Which database is behind the one SQL text.
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
    /// SQLite only: all writes of this process go through this one connection.
    writer: Option<Arc<Writer>>,
}

impl Storage {
    /// Which database this is.
    pub const fn engine(&self) -> Engine {
        self.engine
    }

    /// For reads. On SQLite its connections refuse to write.
    pub const fn pool(&self) -> &Reads {
        &self.reads
    }

    /// Asks the database for nothing: an answer means that it is there. One
    /// that does not come within two seconds means that it is not.
    pub async fn ping(&self) -> Result<(), StorageError> {
        let asked = sqlx::query("SELECT 1").execute(&self.reads);
        match tokio::time::timeout(open::ACQUIRE, asked).await {
            Ok(answer) => answer?,
            Err(_) => return Err(reads::no_answer().into()),
        };
        Ok(())
    }

    /// Closes every connection, after the writes under way.
    pub async fn close(&self) {
        if let Some(writer) = &self.writer {
            writer.close().await;
        }
        self.reads.pool().close().await;
    }
}
