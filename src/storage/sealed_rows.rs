//! All tables with sealed rows: sealed after an upgrade, stamped with the audit entry of
//! each change, and searched for rows that the portal did not write as they are.

use std::fmt;

use sqlx::{AnyConnection, AssertSqlSafe};

use super::row::Fields;
use super::row_seal::SealedTable;
use super::seal::KeyRing;
use super::{Storage, StorageError, admins, connections, invitations};

const TABLES: [&SealedTable; 3] = [&connections::SEALED, &admins::SEALED, &invitations::SEALED];

/// A row that was changed past the portal, or outlived its audit entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangedRow {
    noun: &'static str,
    name: String,
    /// The audit entry of its last change, which the audit no longer has.
    entry: Option<i64>,
}

impl fmt::Display for ChangedRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { noun, name, entry } = self;
        match entry {
            None => write!(
                f,
                "{noun} {name} was changed in the database, past the portal"
            ),
            Some(seq) => write!(
                f,
                "{noun} {name} was last changed by audit entry {seq}, which is gone or another"
            ),
        }
    }
}

/// All rows that the portal did not write as they are.
pub async fn changed_rows(
    storage: &Storage,
    keys: &KeyRing,
) -> Result<Vec<ChangedRow>, StorageError> {
    let mut changed = Vec::new();
    for table in TABLES {
        let rows = sqlx::query(AssertSqlSafe(table.select())).fetch_all(storage.pool());
        for row in &rows.await? {
            let fields = Fields::new(row, table.name, "id");
            let entry = match table.holds(keys, row) {
                true => match lost_entry(storage, &fields).await? {
                    None => continue,
                    lost => lost,
                },
                false => None,
            };
            let name = fields.text(table.known_by).unwrap_or_default();
            let noun = table.noun;
            changed.push(ChangedRow { noun, name, entry });
        }
    }
    Ok(changed)
}

/// The number of the audit entry of the row's last change, if the audit has it no more.
async fn lost_entry(storage: &Storage, fields: &Fields<'_>) -> Result<Option<i64>, StorageError> {
    let seq = fields.integer_or_null("audit_seq")?;
    let hash = fields.bytes_or_null("audit_hash")?;
    let (Some(seq), Some(hash)) = (seq, hash) else {
        return Ok(None);
    };
    Ok((!audit_has(storage, seq, &hash).await?).then_some(seq))
}

/// Whether the audit has an entry with this number and hash.
pub async fn audit_has(storage: &Storage, seq: i64, hash: &[u8]) -> Result<bool, StorageError> {
    let stored: Option<Vec<u8>> = sqlx::query_scalar("SELECT hash FROM audit WHERE seq = $1")
        .bind(seq)
        .fetch_optional(storage.pool())
        .await?;
    Ok(stored.is_some_and(|stored| stored == hash))
}

/// Seals the rows of a database of an earlier version, in one transaction.
pub(super) async fn seal_first_time(
    conn: &mut AnyConnection,
    keys: &KeyRing,
) -> Result<(), StorageError> {
    for table in TABLES {
        table.seal_first_time(conn, keys).await?;
    }
    Ok(())
}

/// Writes an audit entry's number and hash into the row that it describes, if it
/// describes one: its object is `connection SLUG`, `admin NAME` or `invitation ID`.
pub(super) async fn stamp(
    conn: &mut AnyConnection,
    keys: &KeyRing,
    object: &str,
    entry: (i64, [u8; 32]),
) -> Result<(), StorageError> {
    for table in TABLES {
        let name = object.strip_prefix(table.noun);
        if let Some(name) = name.and_then(|rest| rest.strip_prefix(' ')) {
            table.stamp(conn, keys, name, entry).await?;
        }
    }
    Ok(())
}
