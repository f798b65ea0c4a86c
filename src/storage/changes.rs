//! Whether anything was committed since somebody looked last: who waits for news looks
//! again only then.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::sync::Mutex;
use tokio::time::Instant;

use super::{Engine, Storage, StorageError};

/// How long an answer of PostgreSQL is good for everybody who asks.
const FRESH_FOR: Duration = Duration::from_millis(250);

#[derive(Debug, Default)]
pub(super) struct Changes {
    /// The transactions of this process.
    ended: AtomicU64,
    /// What PostgreSQL said last, and when it was asked.
    said: Mutex<Option<(Instant, String)>>,
}

impl Changes {
    /// Notes that a transaction of this process has ended.
    pub(super) fn note(&self) {
        self.ended.fetch_add(1, Ordering::Release);
    }
}

impl Storage {
    /// How many transactions of this process have ended.
    pub fn own_changes(&self) -> u64 {
        self.changes.ended.load(Ordering::Acquire)
    }

    /// A text that is another one after every change: on SQLite of this process, on
    /// PostgreSQL of any node, a quarter of a second later at most. It is cheap: those who
    /// ask at the same time share one question.
    pub async fn changes(&self) -> Result<String, StorageError> {
        match self.engine {
            Engine::Sqlite => Ok(self.own_changes().to_string()),
            Engine::Postgres => self.snapshot().await,
        }
    }

    /// Which transactions have ended: none ends without changing this.
    async fn snapshot(&self) -> Result<String, StorageError> {
        let mut said = self.changes.said.lock().await;
        if let Some((asked_at, text)) = &*said
            && asked_at.elapsed() < FRESH_FOR
        {
            return Ok(text.clone());
        }
        let asked_at = Instant::now();
        let text: String = sqlx::query_scalar("SELECT CAST(txid_current_snapshot() AS TEXT)")
            .fetch_one(self.pool())
            .await?;
        *said = Some((asked_at, text.clone()));
        Ok(text)
    }
}
