//! Writing: each piece of work is one transaction, which finishes even if the
//! caller stops waiting.
//!
//! On SQLite all writes of this process share one connection: its lock is the
//! queue, so that writers take turns in order and `BEGIN IMMEDIATE` waits for
//! other processes only. On PostgreSQL it is a plain `BEGIN` on a connection of
//! the pool.

use std::fmt;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::time::Duration;

use sqlx::any::AnyConnectOptions;
use sqlx::{Any, AnyConnection, Connection, Transaction};
use tokio::sync::{Mutex, oneshot};
use tokio::time::{Instant, timeout, timeout_at};
use tracing::Instrument as _;

use super::audit::logged;
use super::reads::{Reads, no_answer};
use super::settle::settle_sqlite;
use super::{Storage, StorageError};

/// How long a writer waits for its turn, within this process and between
/// processes.
const PATIENCE: Duration = Duration::from_secs(5);

/// How long SQLite itself waits before it returns "busy" and we ask again:
/// short, so that `PATIENCE` is kept exactly.
const TURN: Duration = Duration::from_millis(250);

/// How long PostgreSQL may take to begin a transaction, which waits for no
/// lock.
const BEGIN: Duration = Duration::from_secs(2);

/// How long a whole transaction may take on PostgreSQL: a little longer than
/// the server lets one statement wait.
const TRANSACTION: Duration = Duration::from_secs(7);

/// The work inside one transaction.
pub type Work<'c, T> = Pin<Box<dyn Future<Output = Result<T, StorageError>> + Send + 'c>>;

/// Work without its answer's type, so that the code around a transaction is compiled once
/// and not for each of some hundred callers.
type AnyWork = Box<dyn for<'c> FnOnce(&'c mut AnyConnection) -> Work<'c, ()> + Send>;

/// The one connection that writes to a SQLite file.
pub(super) struct Writer {
    options: AnyConnectOptions,
    file: PathBuf,
    /// Taken out while in use; not put back after an error.
    kept: Mutex<Option<AnyConnection>>,
}

impl fmt::Debug for Writer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Writer")
    }
}

impl Writer {
    pub(super) fn new(options: AnyConnectOptions, file: PathBuf) -> Self {
        Self {
            options,
            file,
            kept: Mutex::default(),
        }
    }

    pub(super) fn file(&self) -> &Path {
        &self.file
    }

    /// A new connection with its settings applied.
    pub(super) async fn connect(&self) -> Result<AnyConnection, StorageError> {
        let mut conn = AnyConnection::connect_with(&self.options).await?;
        let deadline = Instant::now() + PATIENCE;
        // Switching a new file to WAL is a write, which other processes may
        // block.
        loop {
            match settle_sqlite(&mut conn, TURN)
                .await
                .map_err(StorageError::from)
            {
                Err(StorageError::Busy) if Instant::now() < deadline => {}
                Err(error) => return Err(error),
                Ok(()) => return Ok(conn),
            }
        }
    }

    /// Connects before the first write.
    pub(super) async fn warm(&self) -> Result<(), StorageError> {
        *self.kept.lock().await = Some(self.connect().await?);
        Ok(())
    }

    /// Copies what is in the `-wal` into the file and empties it. Returns whether that was
    /// done: a reader may still need what is there.
    pub(super) async fn write_back(&self) -> Result<bool, StorageError> {
        let mut kept = self.kept.lock().await;
        let mut conn = match kept.take() {
            Some(conn) => conn,
            None => self.connect().await?,
        };
        let done: (i64, i64, i64) = sqlx::query_as("PRAGMA wal_checkpoint(TRUNCATE)")
            .fetch_one(&mut conn)
            .await?;
        *kept = Some(conn);
        let (busy, ..) = done;
        Ok(busy == 0)
    }

    pub(super) async fn close(&self) {
        if let Some(conn) = self.kept.lock().await.take() {
            // It does not matter whether the connection closes cleanly.
            let _ = conn.close().await;
        }
    }
}

impl Storage {
    /// Does `work` in one transaction and commits it. If `work` returns an
    /// error, everything is rolled back. `work` must return every database
    /// error, because PostgreSQL commits nothing after one.
    ///
    /// The transaction runs in its own task: dropping the caller neither
    /// interrupts it nor leaves it open.
    ///
    /// # Errors
    /// [`StorageError::Busy`] if its turn did not come within five seconds;
    /// otherwise the error of `work` or the database. After
    /// [`StorageError::Unavailable`] the commit may have happened.
    pub async fn write<T, F>(&self, work: F) -> Result<T, StorageError>
    where
        T: Send + 'static,
        F: for<'c> FnOnce(&'c mut AnyConnection) -> Work<'c, T> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let work: AnyWork = Box::new(move |conn| {
            let work = work(conn);
            Box::pin(async move {
                // Whoever asked may have stopped waiting.
                let _ = answer.send(work.await?);
                Ok(())
            })
        });
        self.write_any(work).await?;
        let lost = |_| StorageError::Unavailable("a transaction without an answer".to_owned());
        answered.await.map_err(lost)
    }

    async fn write_any(&self, work: AnyWork) -> Result<(), StorageError> {
        let trace = self.reads.trace("database write");
        let written = self.write_in_task(work).instrument(trace.clone()).await;
        if written.is_err() {
            trace.record("otel.status", "error");
        }
        written
    }

    async fn write_in_task(&self, work: AnyWork) -> Result<(), StorageError> {
        if let Some(running) = &self.running {
            running.is_in_place()?;
        }
        let storage = self.clone();
        let task = tokio::spawn(logged(async move {
            let outcome = match &storage.writer {
                Some(writer) => write_sqlite(writer, work).await,
                None => write_postgres(&storage.reads, work).await,
            };
            storage.changes.note();
            storage
                .last_write
                .note(storage.engine, outcome.as_ref().copied());
            outcome
        }));
        match task.await {
            Ok(outcome) => {
                if matches!(outcome, Err(StorageError::Damaged)) {
                    self.reads.note_damage();
                }
                outcome
            }
            Err(broken) => match broken.try_into_panic() {
                Ok(panic) => std::panic::resume_unwind(panic),
                Err(cancelled) => Err(StorageError::Unavailable(cancelled.to_string())),
            },
        }
    }
}

async fn write_sqlite(writer: &Writer, work: AnyWork) -> Result<(), StorageError> {
    let deadline = Instant::now() + PATIENCE;
    let mut kept = timeout_at(deadline, writer.kept.lock())
        .await
        .map_err(|_| StorageError::Busy)?;
    let mut conn = match kept.take() {
        Some(conn) => conn,
        None => writer.connect().await?,
    };
    let (outcome, sound) = immediately(&mut conn, deadline, work).await;
    if sound {
        *kept = Some(conn);
    }
    outcome
}

/// A transaction that may write from its first statement. One that reads first
/// and then writes would fail at once if another had written in between.
async fn immediately(
    conn: &mut AnyConnection,
    deadline: Instant,
    work: AnyWork,
) -> (Result<(), StorageError>, bool) {
    let tx = loop {
        match conn.begin_with("BEGIN IMMEDIATE").await {
            Ok(tx) => break tx,
            Err(error) => match StorageError::from(error) {
                StorageError::Busy if Instant::now() < deadline => {}
                StorageError::Busy => return (Err(StorageError::Busy), true),
                error => return (Err(error), false),
            },
        }
    };
    transact(tx, work).await
}

/// A connection goes back to the pool only if it is known to be in no
/// transaction. If it was interrupted anywhere, for example during `BEGIN`, it
/// is closed.
async fn write_postgres(reads: &Reads, work: AnyWork) -> Result<(), StorageError> {
    let (mut dead, most) = (0, reads.used().most);
    loop {
        let mut lent = reads.lend().await?;
        let tx = match timeout(BEGIN, lent.conn()?.begin()).await {
            Ok(Ok(tx)) => tx,
            // The connection died while idle and nothing was done on it. Every
            // connection in the pool may be dead.
            Ok(Err(sqlx::Error::Io(_))) if dead < most => {
                dead += 1;
                continue;
            }
            Ok(Err(error)) => return Err(error.into()),
            Err(_) => return Err(no_answer().into()),
        };
        let Ok((outcome, sound)) = timeout(TRANSACTION, transact(tx, work)).await else {
            return Err(no_answer().into());
        };
        if sound {
            lent.settle();
        }
        return outcome;
    }
}

/// Does the work and ends the transaction. Also returns whether the connection
/// can be reused: after SQLITE_FULL, for example, SQLite has already rolled
/// back while sqlx believes that it is still in a transaction.
async fn transact(mut tx: Transaction<'_, Any>, work: AnyWork) -> (Result<(), StorageError>, bool) {
    match work(&mut tx).await {
        Ok(()) => match tx.commit().await {
            Ok(()) => (Ok(()), true),
            Err(error) => (Err(error.into()), false),
        },
        Err(error) => {
            let sound = tx.rollback().await.is_ok();
            (Err(error), sound)
        }
    }
}
