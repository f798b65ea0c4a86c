//! Erases what people typed, once it has been kept long enough. What stays are facts:
//! reference, state, times, codes, thumbprint and the validity of the certificate.

use sqlx::{AnyConnection, AssertSqlSafe};

use super::search::index;
use super::states::listed;
use crate::domain::millis::Millis;
use crate::storage::one_row::OneRow as _;
use crate::storage::row::Fields;
use crate::storage::seal::KeyRing;
use crate::storage::{StorageError, certificates};

/// How much was erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Erased {
    /// Issuances that were sent, with their certificates.
    pub issuances: u64,
    /// Drafts that never were; they are deleted whole.
    pub drafts: u64,
    /// Certificates that were taken over.
    pub taken_over: u64,
}

/// Erases some of what ended before `ended_before`, at most `most` of each kind: drafts
/// that nobody touched since, issuances without a certificate, and those whose certificate
/// has expired by then. An outcome that is not known has not ended.
pub async fn erase_some(
    conn: &mut AnyConnection,
    keys: &KeyRing,
    ended_before: Millis,
    now: Millis,
    most: u16,
) -> Result<Erased, StorageError> {
    let drafts = delete_drafts(conn, ended_before, most).await?;
    let without_certificate = format!(
        "SELECT id FROM issuances WHERE erased_at IS NULL \
         AND state IN ('draft', 'refused', 'abandoned', 'mismatch') AND updated_at < $1 \
         AND (state <> 'draft' OR submitted_at IS NOT NULL) AND NOT EXISTS (SELECT 1 FROM certificates WHERE issuance_id = issuances.id) \
         ORDER BY updated_at, id LIMIT {most}"
    );
    let expired = format!(
        "SELECT issuance_id FROM certificates WHERE erased_at IS NULL AND not_after < $1 \
         AND EXISTS (SELECT 1 FROM issuances WHERE id = issuance_id AND state IN ({})) \
         ORDER BY not_after, issuance_id LIMIT {most}",
        listed(|state| !state.is_open())
    );
    let mut issuances = 0;
    for sql in [without_certificate, expired] {
        let ids: Vec<String> = sqlx::query_scalar(AssertSqlSafe(sql))
            .bind(ended_before.0)
            .fetch_all(&mut *conn)
            .await?;
        for id in ids {
            issuances += u64::from(erase(conn, keys, &id, now).await?);
        }
    }
    let taken_over = certificates::erase_taken_over(conn, keys, ended_before, now, most).await?;
    Ok(Erased {
        issuances,
        drafts,
        taken_over,
    })
}

async fn delete_drafts(
    conn: &mut AnyConnection,
    ended_before: Millis,
    most: u16,
) -> Result<u64, StorageError> {
    let old = "erased_at IS NULL AND state = 'draft' AND submitted_at IS NULL AND updated_at < $1";
    let sql = format!(
        "DELETE FROM issuances WHERE {old} AND id IN (SELECT id FROM issuances WHERE {old} \
         AND state IN ('draft', 'refused', 'abandoned', 'mismatch') ORDER BY updated_at LIMIT {most})"
    );
    let done = sqlx::query(AssertSqlSafe(sql))
        .bind(ended_before.0)
        .execute(conn)
        .await?;
    Ok(done.rows_affected())
}

/// Erases one issuance; in lists its reference stands in place of the name. Returns
/// whether it was not erased yet. One that its owner goes on with at this moment stays.
async fn erase(
    conn: &mut AnyConnection,
    keys: &KeyRing,
    id: &str,
    now: Millis,
) -> Result<bool, StorageError> {
    let row = sqlx::query("SELECT id, reference, attempt, erased_at FROM issuances WHERE id = $1")
        .bind(id)
        .fetch_one(&mut *conn)
        .await?;
    let fields = Fields::new(&row, "issuances", "id");
    let reference = fields.text("reference")?;
    let is_whole = fields.millis_or_null("erased_at")?.is_none();
    if is_whole {
        let erased = sqlx::query(
            "UPDATE issuances SET answers = '{}', request = NULL, holder = reference, csr = NULL, \
             error_message = CASE WHEN error_message IS NULL THEN NULL ELSE '' END, \
             attempt = attempt + 1, erased_at = $1 WHERE id = $2 AND attempt = $3",
        )
        .bind(now.0)
        .bind(id)
        .bind(fields.integer("attempt")?)
        .changes_one(&mut *conn)
        .await?;
        if !erased {
            return Ok(false);
        }
    }
    certificates::forget_files(conn, id).await?;
    // A certificate that came after its issuance was erased is erased on its own.
    let sql = "UPDATE certificates SET holder = $1, subject = '', note = '', tags = '', erased_at = $2 \
        WHERE issuance_id = $3 AND erased_at IS NULL";
    sqlx::query(sql)
        .bind(&reference)
        .bind(now.0)
        .bind(id)
        .execute(&mut *conn)
        .await?;
    // Redtrust's own words may name somebody.
    sqlx::query("UPDATE issuance_events SET message = NULL WHERE issuance_id = $1")
        .bind(id)
        .execute(&mut *conn)
        .await?;
    certificates::index_of_issuance(conn, keys, id).await?;
    index(conn, keys, id).await?;
    Ok(is_whole)
}
