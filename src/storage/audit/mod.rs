//! The audit: who did what, append-only. Each entry is chained to the previous
//! one by SHA-256, and the end of the chain is sealed with the portal's key.
//!
//! An attacker with write access to the database can compute hashes and cut off
//! the end, but cannot seal. Whoever also puts back an older sealed end is found
//! by the rows that were changed since, which name their entry, and by the log,
//! which names each end: `rubrica audit verify --expect`.

mod chain;
mod head;
mod search;
mod verify;
mod written;

use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe};

use super::row::{Fields, FromRow};
use super::seal::KeyRing;
use super::{Storage, StorageError, sealed_rows};
use crate::domain::audit::{Action, ActorKind};
use crate::domain::millis::Millis;

pub use search::{Found, Part, Place, REACH, Search, count, plan, search};
pub use verify::{Verified, verify};
pub(super) use written::logged;

pub(super) use head::{Head, begin, first as first_head, is_of_another_key, reseal};

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NewEntry {
    /// The name of whoever did it: see [`NewEntry::kind`].
    pub actor: String,
    /// An IP address; `cli` for the command line.
    pub from: String,
    pub action: String,
    pub object: String,
    /// The previous state; never a secret.
    pub before: Option<String>,
    /// The new state; never a secret.
    pub after: Option<String>,
    pub outcome: String,
    pub request_id: String,
}

impl NewEntry {
    /// What the actor's name belongs to. The action and the place say it, which are hashed
    /// already; `None` if this version does not know the action.
    pub fn kind(&self) -> Option<ActorKind> {
        let action = self.action.parse().ok()?;
        Some(ActorKind::of(action, &self.actor, &self.from))
    }
}

/// One entry of the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Counts from 1 without gaps.
    pub seq: i64,
    pub at: Millis,
    pub what: NewEntry,
    /// SHA-256 over the previous hash and this entry.
    pub hash: [u8; 32],
}

const COLUMNS: &str = "seq, at, actor, origin, action, object, before_text, after_text, outcome, \
    request_id, hash";

impl FromRow for Entry {
    fn from_row(row: &AnyRow) -> Result<Self, StorageError> {
        let seq: i64 = sqlx::Row::try_get(row, "seq")?;
        let fields = Fields::with_id(row, "audit", &seq.to_string());
        Ok(Self {
            seq,
            at: fields.millis("at")?,
            what: NewEntry {
                actor: fields.text("actor")?,
                from: fields.text("origin")?,
                action: fields.text("action")?,
                object: fields.text("object")?,
                before: fields.text_or_null("before_text")?,
                after: fields.text_or_null("after_text")?,
                outcome: fields.text("outcome")?,
                request_id: fields.text("request_id")?,
            },
            hash: fields.hash("hash")?,
        })
    }
}

/// Appends an entry in the transaction of the change it describes. Locks the
/// head row first, so that writers on all nodes queue up.
///
/// # Errors
/// [`StorageError::Corrupt`] if the head's seal is broken: appending would
/// cover the traces.
pub async fn append(
    conn: &mut AnyConnection,
    keys: &KeyRing,
    entry: &NewEntry,
    now: Millis,
) -> Result<(), StorageError> {
    let previous = head::take(conn, keys).await?;
    let seq = previous.seq + 1;
    let hash = chain::link(&previous.hash, seq, now, entry);
    sqlx::query(
        "INSERT INTO audit (seq, at, actor, origin, action, object, before_text, after_text, \
         outcome, request_id, hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
    )
    .bind(seq)
    .bind(now.0)
    .bind(&entry.actor)
    .bind(&entry.from)
    .bind(&entry.action)
    .bind(&entry.object)
    .bind(entry.before.clone())
    .bind(entry.after.clone())
    .bind(&entry.outcome)
    .bind(&entry.request_id)
    .bind(hash.to_vec())
    .execute(&mut *conn)
    .await?;
    let head = Head { seq, hash };
    head::store(conn, keys, &head).await?;
    // Another row must not be locked after the head, or two nodes could wait for each other:
    // only one that the change itself has locked.
    let action = entry.action.parse::<Action>();
    if action.is_ok_and(Action::changes_its_row) {
        sealed_rows::stamp(conn, keys, &entry.object, (seq, hash)).await?;
    }
    written::note(head);
    Ok(())
}

/// Entries after number `after_seq`, oldest first.
pub async fn list(
    storage: &Storage,
    after_seq: i64,
    limit: u16,
) -> Result<Vec<Entry>, StorageError> {
    let rows = rows(storage, "seq > $1 ORDER BY seq", after_seq, limit).await?;
    rows.iter().map(Entry::from_row).collect()
}

/// The entry of the last change of the connection `id`, which its row names; `None` if no
/// entry is named, or it is gone.
pub async fn last_of_connection(
    storage: &Storage,
    id: &str,
) -> Result<Option<Entry>, StorageError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM audit WHERE seq = (SELECT audit_seq FROM connections WHERE id = $1)"
    );
    let row = sqlx::query(AssertSqlSafe(sql))
        .bind(id)
        .fetch_optional(storage.pool())
        .await?;
    row.as_ref().map(Entry::from_row).transpose()
}

async fn rows(
    storage: &Storage,
    condition: &'static str,
    seq: i64,
    limit: u16,
) -> Result<Vec<AnyRow>, StorageError> {
    let sql = format!("SELECT {COLUMNS} FROM audit WHERE {condition} LIMIT {limit}");
    let rows = sqlx::query(AssertSqlSafe(sql))
        .bind(seq)
        .fetch_all(storage.pool())
        .await?;
    Ok(rows)
}
