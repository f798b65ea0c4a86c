//! Writes the words of rows that have none yet, and those that a former master key has
//! hashed.

use std::sync::Arc;

use sqlx::{AnyConnection, AssertSqlSafe};

use super::certificates;
use super::issuances;
use super::seal::KeyRing;
use super::{Storage, StorageError};

/// Rows of one transaction.
const BATCH: u16 = 50;

/// After so many rows the log says how far it is.
const TELL_EVERY: usize = 10_000;

/// A list whose rows are found by words.
#[derive(Debug, Clone, Copy)]
enum List {
    Issuances,
    Certificates,
}

impl List {
    const fn table(self) -> &'static str {
        match self {
            Self::Issuances => "issuances",
            Self::Certificates => "certificates",
        }
    }
}

/// Writes the words of all rows that an earlier version has written.
pub(super) async fn without_words(storage: &Storage, keys: &KeyRing) -> Result<(), StorageError> {
    let keys = Arc::new(keys.clone());
    for list in [List::Issuances, List::Certificates] {
        let sql = match list {
            List::Issuances => {
                "SELECT id FROM issuances WHERE search_key IS NULL AND id > $1 ORDER BY id"
            }
            List::Certificates => {
                "SELECT id FROM certificates WHERE search_key IS NULL AND id > $1 ORDER BY id"
            }
        };
        all_of(storage, &keys, list, sql, None).await?;
    }
    Ok(())
}

/// Writes the words anew of all rows whose numbers another key than the current one has
/// hashed.
pub(super) async fn with_older_key(
    storage: &Storage,
    keys: &Arc<KeyRing>,
) -> Result<(), StorageError> {
    let current = keys.id()?;
    for (list, sql) in [
        (
            List::Issuances,
            "SELECT id FROM issuances WHERE search_key <> $2 AND id > $1 ORDER BY id",
        ),
        (
            List::Certificates,
            "SELECT id FROM certificates WHERE search_key <> $2 AND id > $1 ORDER BY id",
        ),
    ] {
        all_of(storage, keys, list, sql, Some(&current)).await?;
    }
    Ok(())
}

/// In batches, so that others can write in between. A row that cannot be read stays
/// without words, and is passed over.
async fn all_of(
    storage: &Storage,
    keys: &Arc<KeyRing>,
    list: List,
    sql: &str,
    current: Option<&String>,
) -> Result<(), StorageError> {
    let mut last = String::new();
    let (mut rows, mut told) = (0, 0);
    loop {
        let sql = format!("{sql} LIMIT {BATCH}");
        let mut query = sqlx::query_scalar(AssertSqlSafe(sql)).bind(last);
        if let Some(current) = current {
            query = query.bind(current.clone());
        }
        let ids: Vec<String> = query.fetch_all(storage.pool()).await?;
        if rows - told >= TELL_EVERY || (ids.is_empty() && rows > told) {
            tracing::info!(event = "words_written", list = list.table(), rows);
            told = rows;
        }
        let Some(end) = ids.last() else {
            return Ok(());
        };
        last = end.clone();
        rows += ids.len();
        let keys = Arc::clone(keys);
        storage
            .write(move |conn| Box::pin(async move { some(conn, &keys, list, &ids).await }))
            .await?;
    }
}

async fn some(
    conn: &mut AnyConnection,
    keys: &KeyRing,
    list: List,
    ids: &[String],
) -> Result<(), StorageError> {
    for id in ids {
        let done = match list {
            List::Issuances => issuances::index(conn, keys, id).await,
            List::Certificates => certificates::index_alone(conn, keys, id).await.map(drop),
        };
        match done {
            Err(StorageError::Corrupt { table, id }) => {
                tracing::error!(event = "row_not_indexed", table, id);
            }
            done => done?,
        }
    }
    Ok(())
}
