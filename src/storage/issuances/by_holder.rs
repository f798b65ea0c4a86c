//! The history sorted by holder name: the sort key, and where a page starts.

use sqlx::{AnyConnection, Row};

use crate::storage::folded::fold;
use crate::storage::{Storage, StorageError};

/// How many keys are written in one transaction.
const BATCH: u16 = 500;

/// Where a page starts: after this name and, among equal names, after this
/// cursor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) key: Vec<u8>,
    pub(super) cursor: Vec<u8>,
}

impl Place {
    /// Encodes it as one value, prefixed with the length of the name.
    pub(super) fn to_bytes(&self) -> Option<Vec<u8>> {
        let length = u16::try_from(self.key.len()).ok()?;
        let mut bytes = length.to_be_bytes().to_vec();
        bytes.extend_from_slice(&self.key);
        bytes.extend_from_slice(&self.cursor);
        Some(bytes)
    }

    /// Decodes it; `None` if the bytes are not valid.
    pub(super) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (length, rest) = bytes.split_first_chunk::<2>()?;
        let (key, cursor) = rest.split_at_checked(u16::from_be_bytes(*length).into())?;
        Some(Self {
            key: key.to_vec(),
            cursor: cursor.to_vec(),
        })
    }
}

/// Stores the key of the submitted issuance at `cursor`.
pub(super) async fn store(
    conn: &mut AnyConnection,
    owner_id: &str,
    holder: &str,
    cursor: &[u8],
) -> Result<(), StorageError> {
    sqlx::query(
        "UPDATE issuances SET holder_key = $1 \
         WHERE owner_id = $2 AND cursor = $3 AND submitted_at IS NOT NULL",
    )
    .bind(fold(holder))
    .bind(owner_id)
    .bind(cursor.to_vec())
    .execute(conn)
    .await?;
    Ok(())
}

/// Stores the keys of issuances submitted before this column existed.
pub async fn fill_holder_keys(storage: &Storage) -> Result<(), StorageError> {
    while storage.write(|conn| Box::pin(fill_some(conn))).await? {}
    Ok(())
}

/// One batch. Returns whether there was anything to do.
async fn fill_some(conn: &mut AnyConnection) -> Result<bool, StorageError> {
    let sql = format!(
        "SELECT id, holder FROM issuances \
         WHERE submitted_at IS NOT NULL AND holder_key IS NULL ORDER BY id LIMIT {BATCH}"
    );
    let rows = sqlx::query(sqlx::AssertSqlSafe(sql))
        .fetch_all(&mut *conn)
        .await?;
    for row in &rows {
        let (id, holder): (String, String) = (row.try_get("id")?, row.try_get("holder")?);
        sqlx::query("UPDATE issuances SET holder_key = $1 WHERE id = $2")
            .bind(fold(&holder))
            .bind(id)
            .execute(&mut *conn)
            .await?;
    }
    Ok(!rows.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_reads_back_and_what_is_none_does_not() {
        let place = Place {
            key: fold("Ñandú"),
            cursor: vec![0, 1, 2],
        };
        let bytes = place.to_bytes().unwrap();
        assert_eq!(Place::from_bytes(&bytes), Some(place));
        for wrong in [&[][..], &[0], &[0, 9, 1], &[255, 255]] {
            assert_eq!(Place::from_bytes(wrong), None, "{wrong:?}");
        }
    }
}
