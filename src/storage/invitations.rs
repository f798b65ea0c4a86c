//! Invitations: one-time links that make an account with a role. Sealed like the
//! accounts: otherwise whoever can write to the database could invite themselves.

use std::time::Duration;

use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe};

use super::admins::Role;
use super::one_row::OneRow as _;
use super::row::Fields;
use super::row_seal::{Column, SealedTable};
use super::seal::KeyRing;
use super::{Storage, StorageError};
use crate::domain::millis::Millis;

/// How long a link is valid.
pub const LIFE: Duration = Duration::from_secs(72 * 60 * 60);

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    pub id: String,
    /// SHA-256 of the secret in the link.
    pub link_sha256: [u8; 32],
    pub role: Role,
    /// Ids of an officer's connections.
    pub connections: Vec<String>,
    /// For whom it is, in the words of whoever invites.
    pub note: String,
    /// The name of the account that invites.
    pub created_by: String,
    pub created_at: Millis,
    pub expires_at: Millis,
}

pub(super) const SEALED: SealedTable = SealedTable {
    name: "invitations",
    noun: "invitation",
    known_by: "id",
    columns: &[
        Column::Bytes("link_hash"),
        Column::Text("role"),
        Column::Text("connections"),
        Column::Text("note"),
        Column::Text("created_by"),
        Column::Integer("created_at"),
        Column::Integer("expires_at"),
    ],
    later: &[],
    unsealed: &[],
};

impl Invitation {
    fn read(row: &AnyRow, keys: &KeyRing) -> Result<Self, StorageError> {
        let fields = Fields::new(row, "invitations", "id");
        if !SEALED.holds(keys, row) {
            return Err(fields.corrupt());
        }
        Ok(Self {
            id: fields.id().to_owned(),
            link_sha256: fields.hash("link_hash")?,
            role: fields.parsed("role")?,
            connections: fields.json_or_null("connections")?.unwrap_or_default(),
            note: fields.text("note")?,
            created_by: fields.text("created_by")?,
            created_at: fields.millis("created_at")?,
            expires_at: fields.millis("expires_at")?,
        })
    }
}

/// Stores a new invitation, and deletes expired ones.
pub async fn insert(
    conn: &mut AnyConnection,
    keys: &KeyRing,
    new: &Invitation,
) -> Result<(), StorageError> {
    sqlx::query("DELETE FROM invitations WHERE expires_at <= $1")
        .bind(new.created_at.0)
        .execute(&mut *conn)
        .await?;
    sqlx::query(
        "INSERT INTO invitations (id, link_hash, role, connections, note, created_by, \
         created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(&new.id)
    .bind(new.link_sha256.to_vec())
    .bind(new.role.as_str())
    .bind(serde_json::json!(new.connections).to_string())
    .bind(&new.note)
    .bind(&new.created_by)
    .bind(new.created_at.0)
    .bind(new.expires_at.0)
    .execute(&mut *conn)
    .await?;
    SEALED.seal(conn, keys, &new.id).await
}

/// The invitations whose links are valid, newest first. Those that were changed past
/// the portal are logged, and are none.
pub async fn open(
    storage: &Storage,
    keys: &KeyRing,
    now: Millis,
) -> Result<Vec<Invitation>, StorageError> {
    let sql = SEALED.select() + " WHERE expires_at > $1 ORDER BY created_at DESC, id";
    let rows = sqlx::query(AssertSqlSafe(sql))
        .bind(now.0)
        .fetch_all(storage.pool())
        .await?;
    let read = rows.iter().filter_map(|row| {
        let read = Invitation::read(row, keys);
        read.inspect_err(|error| tracing::error!(event = "row_not_read", %error))
            .ok()
    });
    Ok(read.collect())
}

/// The invitation of a link that is valid. Does not use it up.
pub async fn by_link(
    storage: &Storage,
    keys: &KeyRing,
    link_sha256: &[u8; 32],
    now: Millis,
) -> Result<Option<Invitation>, StorageError> {
    let sql = SEALED.select() + " WHERE link_hash = $1 AND expires_at > $2";
    let row = sqlx::query(AssertSqlSafe(sql))
        .bind(link_sha256.to_vec())
        .bind(now.0)
        .fetch_optional(storage.pool())
        .await?;
    row.map(|row| Invitation::read(&row, keys)).transpose()
}

/// Uses the link up, or takes it back. Returns whether it was there: of two concurrent
/// calls only one succeeds.
pub async fn take(conn: &mut AnyConnection, id: &str) -> Result<bool, StorageError> {
    sqlx::query("DELETE FROM invitations WHERE id = $1")
        .bind(id.to_owned())
        .changes_one(conn)
        .await
}

/// Takes back all that the account with this name has made. Returns how many there were.
pub async fn take_of(conn: &mut AnyConnection, created_by: &str) -> Result<u64, StorageError> {
    let done = sqlx::query("DELETE FROM invitations WHERE created_by = $1")
        .bind(created_by.to_owned())
        .execute(conn)
        .await?;
    Ok(done.rows_affected())
}
