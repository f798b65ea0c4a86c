//! Verifies the whole chain and finds the first entry that was changed.

use sqlx::any::AnyRow;

use super::chain::{START, link};
use super::{Entry, Head, rows};
use crate::storage::row::{Fields, FromRow};
use crate::storage::seal::KeyRing;
use crate::storage::{Storage, StorageError};

/// Entries read per query: memory use does not grow with the chain.
const AT_ONCE: u16 = 1000;

/// Result of verifying the chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verified {
    /// No entry was changed.
    Intact { entries: i64 },
    /// This entry is missing, changed, or not written by this portal.
    Broken {
        /// The first bad number.
        seq: i64,
    },
}

/// Verifies the chain up to its sealed head. A changed entry is a result, not
/// an error.
pub async fn verify(storage: &Storage, keys: &KeyRing) -> Result<Verified, StorageError> {
    // One statement, so one snapshot: every entry up to that head exists, even
    // if others are being appended.
    let row = sqlx::query(
        "SELECT h.seq, h.hash, h.seal, (SELECT MAX(a.seq) FROM audit a) AS last \
         FROM audit_head h WHERE h.id = 1",
    )
    .fetch_optional(storage.pool())
    .await?;
    let sealed = row.as_ref().and_then(|row| sealed_head(row, keys));
    let (until, last) = match &row {
        Some(row) => {
            let last: Option<i64> = sqlx::Row::try_get(row, "last")?;
            (sealed.map_or(i64::MAX, |head| head.seq), last.unwrap_or(0))
        }
        None => (i64::MAX, 0),
    };
    let (seq, hash) = match walk(storage, until).await? {
        Ok(end) => end,
        Err(bad) => return Ok(Verified::Broken { seq: bad }),
    };
    Ok(match sealed {
        // The chain is consistent but the head is not sealed by us. Any entry
        // may be forged; we report the end, where it shows.
        None => Verified::Broken { seq: seq.max(1) },
        Some(head) if seq < head.seq || last > head.seq => Verified::Broken { seq: seq + 1 },
        Some(head) if hash != head.hash => Verified::Broken { seq },
        Some(_) => Verified::Intact { entries: seq },
    })
}

fn sealed_head(row: &AnyRow, keys: &KeyRing) -> Option<Head> {
    let fields = Fields::with_id(row, "audit_head", "1");
    let head = Head {
        seq: fields.integer("seq").ok()?,
        hash: fields.hash("hash").ok()?,
    };
    let seal = fields.bytes("seal").ok()?;
    head.is_sealed_by(keys, &seal).then_some(head)
}

/// Walks from the first entry to number `until`. Returns number and hash of the
/// last good one, or the first bad number.
async fn walk(storage: &Storage, until: i64) -> Result<Result<(i64, [u8; 32]), i64>, StorageError> {
    let (mut seq, mut hash) = (0, START);
    // From the smallest possible number, so that no forged entry before 1 is
    // missed.
    let mut after = i64::MIN;
    loop {
        let page = rows(storage, "seq > $1 ORDER BY seq", after, AT_ONCE).await?;
        if page.is_empty() {
            return Ok(Ok((seq, hash)));
        }
        for row in &page {
            if seq == until {
                return Ok(Ok((seq, hash)));
            }
            let expected = seq + 1;
            let good = Entry::from_row(row).ok().filter(|entry| {
                entry.seq == expected && entry.hash == link(&hash, expected, entry.at, &entry.what)
            });
            match good {
                Some(entry) => (seq, hash) = (expected, entry.hash),
                None => return Ok(Err(expected)),
            }
        }
        after = seq;
    }
}
