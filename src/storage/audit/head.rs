//! The end of the chain: one sealed row that every append locks first.

use sqlx::AnyConnection;

use super::chain::START;
use crate::storage::row::Fields;
use crate::storage::seal::{KeyRing, SealError};
use crate::storage::{Storage, StorageError};

const TABLE: &str = "audit_head";

/// Number and hash of the last entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    pub(super) seq: i64,
    pub(super) hash: [u8; 32],
}

impl Head {
    /// Whether this portal's key made `seal` for this head.
    pub(super) fn is_sealed_by(&self, keys: &KeyRing, seal: &[u8]) -> bool {
        keys.open("audit", TABLE, "1", "seal", seal)
            .is_ok_and(|plain| plain.as_slice() == self.bytes())
    }

    fn seal(&self, keys: &KeyRing) -> Result<Vec<u8>, StorageError> {
        Ok(keys.seal("audit", TABLE, "1", "seal", &self.bytes())?)
    }

    fn bytes(&self) -> Vec<u8> {
        let mut bytes = self.seq.to_be_bytes().to_vec();
        bytes.extend_from_slice(&self.hash);
        bytes
    }
}

/// The head of an empty chain, and its seal.
pub(in crate::storage) fn first(keys: &KeyRing) -> Result<(Head, Vec<u8>), StorageError> {
    let head = Head {
        seq: 0,
        hash: START,
    };
    Ok((head, head.seal(keys)?))
}

/// Stores the head of an empty chain in a new database.
pub(in crate::storage) async fn begin(
    conn: &mut AnyConnection,
    (head, seal): (Head, Vec<u8>),
) -> Result<(), StorageError> {
    sqlx::query("INSERT INTO audit_head (id, seq, hash, seal) VALUES (1, $1, $2, $3)")
        .bind(head.seq)
        .bind(head.hash.to_vec())
        .bind(seal)
        .execute(conn)
        .await?;
    Ok(())
}

/// Whether a key that is not on this ring has sealed the head. One that is broken otherwise is
/// told by whoever verifies the chain.
pub(in crate::storage) async fn is_of_another_key(
    storage: &Storage,
    keys: &KeyRing,
) -> Result<bool, StorageError> {
    let row = sqlx::query("SELECT seal FROM audit_head WHERE id = 1")
        .fetch_optional(storage.pool())
        .await?;
    let seal = row.and_then(|row| Fields::with_id(&row, TABLE, "1").bytes("seal").ok());
    Ok(seal.is_some_and(|seal| {
        let opened = keys.open("audit", TABLE, "1", "seal", &seal);
        matches!(opened, Err(SealError::UnknownKey))
    }))
}

/// Locks the head for this transaction: others wait until it ends.
pub(super) async fn take(conn: &mut AnyConnection, keys: &KeyRing) -> Result<Head, StorageError> {
    let row = sqlx::query("UPDATE audit_head SET id = 1 WHERE id = 1 RETURNING seq, hash, seal")
        .fetch_optional(conn)
        .await?;
    let broken = || StorageError::Corrupt {
        table: TABLE,
        id: "1".to_owned(),
    };
    let row = row.ok_or_else(broken)?;
    let fields = Fields::with_id(&row, TABLE, "1");
    let head = Head {
        seq: fields.integer("seq")?,
        hash: fields.hash("hash")?,
    };
    if !head.is_sealed_by(keys, &fields.bytes("seal")?) {
        return Err(broken());
    }
    Ok(head)
}

pub(super) async fn store(
    conn: &mut AnyConnection,
    keys: &KeyRing,
    head: &Head,
) -> Result<(), StorageError> {
    sqlx::query("UPDATE audit_head SET seq = $1, hash = $2, seal = $3 WHERE id = 1")
        .bind(head.seq)
        .bind(head.hash.to_vec())
        .bind(head.seal(keys)?)
        .execute(conn)
        .await?;
    Ok(())
}

/// Seals the head anew with the current key. Returns whether another had sealed it.
pub(in crate::storage) async fn reseal(
    conn: &mut AnyConnection,
    keys: &KeyRing,
) -> Result<bool, StorageError> {
    let head = take(conn, keys).await?;
    let seal: Vec<u8> = sqlx::query_scalar("SELECT seal FROM audit_head WHERE id = 1")
        .fetch_one(&mut *conn)
        .await?;
    if keys.is_current(&seal) {
        return Ok(false);
    }
    store(conn, keys, &head).await?;
    Ok(true)
}
