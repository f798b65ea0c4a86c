//! What the file of a certificate says, and the file itself with those of its CAs.

use sqlx::{AnyConnection, AssertSqlSafe, Row as _};

use super::insert::delete;
use super::search::index;
use crate::domain::certificate::Certificate;
use crate::domain::holder::Kind;
use crate::domain::holder_name::HolderName;
use crate::domain::millis::Millis;
use crate::domain::thumbprint::Thumbprint;
use crate::storage::seal::KeyRing;
use crate::storage::{Storage, StorageError};

/// The file of one certificate, as its owner showed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownFile {
    pub der: Vec<u8>,
    /// SHA-1 of it.
    pub sha1: Thumbprint,
    /// SHA-256 of it.
    pub sha256: Thumbprint,
    /// Its serial number, in hexadecimal.
    pub serial: String,
    pub not_before: Millis,
    pub not_after: Millis,
    /// Used where only the thumbprint was known before.
    pub holder: HolderName,
    /// Used where only the thumbprint was known before.
    pub subject: String,
    /// Used where only the thumbprint was known before.
    pub kind: Kind,
    /// The certificates of the CAs above it, the nearest first, each with its SHA-256.
    pub chain: Vec<(Thumbprint, Vec<u8>)>,
}

/// Adds to a stored certificate what its file says, and keeps the file.
///
/// # Errors
/// [`StorageError::Conflict`] if another row is this certificate by its file already.
pub async fn show_file(
    conn: &mut AnyConnection,
    keys: &KeyRing,
    certificate: &Certificate,
    file: &ShownFile,
) -> Result<(), StorageError> {
    // Who has only named one of its thumbprints has proven less.
    let named: Vec<String> = sqlx::query_scalar(
        "SELECT id FROM certificates WHERE connection_id = $1 AND id <> $2 \
         AND claimed IN ($3, $4)",
    )
    .bind(&certificate.connection_id)
    .bind(&certificate.id)
    .bind(file.sha1.to_string())
    .bind(file.sha256.to_string())
    .fetch_all(&mut *conn)
    .await?;
    for id in &named {
        delete(conn, id, Some(&certificate.id)).await?;
    }
    let chain: Vec<_> = file.chain.iter().map(|(name, _)| name.as_str()).collect();
    // A file without a chain must not make one forgotten that an earlier file had.
    sqlx::query(
        "UPDATE certificates SET thumbprint = COALESCE(claimed, thumbprint), claimed = NULL, \
         sha1 = $1, sha256 = $2, serial = $3, not_before = $4, \
         not_after = $5, exact = 1, \
         chain = CASE WHEN $6 = '' THEN COALESCE(chain, '') ELSE $6 END, \
         holder = CASE WHEN origin = 'thumbprint' THEN $7 ELSE holder END, \
         subject = CASE WHEN origin = 'thumbprint' THEN $8 ELSE subject END, \
         kind = CASE WHEN origin = 'thumbprint' THEN $9 ELSE kind END, \
         issued_at = CASE WHEN origin = 'thumbprint' THEN $4 ELSE issued_at END, \
         origin = CASE WHEN origin = 'thumbprint' THEN 'file' ELSE origin END \
         WHERE id = $10 AND erased_at IS NULL",
    )
    .bind(file.sha1.to_string())
    .bind(file.sha256.to_string())
    .bind(&file.serial)
    .bind(file.not_before.0)
    .bind(file.not_after.0)
    .bind(chain.join(" "))
    .bind(file.holder.in_full())
    .bind(&file.subject)
    .bind(file.kind.as_str())
    .bind(&certificate.id)
    .execute(&mut *conn)
    .await?;
    keep(conn, &certificate.connection_id, &file.sha256, &file.der).await?;
    for (name, der) in &file.chain {
        keep(conn, &certificate.connection_id, name, der).await?;
    }
    index(conn, keys, &certificate.id).await
}

async fn keep(
    conn: &mut AnyConnection,
    connection_id: &str,
    sha256: &Thumbprint,
    der: &[u8],
) -> Result<(), StorageError> {
    sqlx::query(
        "INSERT INTO certificate_files (connection_id, sha256, der) VALUES ($1, $2, $3) \
         ON CONFLICT DO NOTHING",
    )
    .bind(connection_id)
    .bind(sha256.to_string())
    .bind(der.to_vec())
    .execute(conn)
    .await?;
    Ok(())
}

/// The kept file of a certificate and those of its CAs, the nearest first, in DER form;
/// empty if no file is kept.
pub async fn file(
    storage: &Storage,
    certificate: &Certificate,
) -> Result<Vec<Vec<u8>>, StorageError> {
    let sql = "SELECT sha256, chain FROM certificates WHERE id = $1 AND chain IS NOT NULL";
    let found = sqlx::query(sql)
        .bind(&certificate.id)
        .fetch_optional(storage.pool())
        .await?;
    let Some(row) = found else {
        return Ok(Vec::new());
    };
    let (own, chain): (String, String) = (row.try_get(0)?, row.try_get(1)?);
    let mut files = Vec::new();
    for name in std::iter::once(own.as_str()).chain(chain.split_whitespace()) {
        let sql = "SELECT der FROM certificate_files WHERE connection_id = $1 AND sha256 = $2";
        let der: Option<Vec<u8>> = sqlx::query_scalar(sql)
            .bind(&certificate.connection_id)
            .bind(name)
            .fetch_optional(storage.pool())
            .await?;
        files.extend(der);
    }
    Ok(files)
}

/// Deletes the kept file of an issuance's certificate; those of its CAs name nobody.
pub async fn forget_files(conn: &mut AnyConnection, issuance_id: &str) -> Result<(), StorageError> {
    forget(conn, "issuance_id", issuance_id).await
}

/// Erases what is personal in some certificates that were taken over and ended before
/// `ended_before`, at most `most`. Their thumbprints stay. Returns how many there were.
pub async fn erase_taken_over(
    conn: &mut AnyConnection,
    keys: &KeyRing,
    ended_before: Millis,
    now: Millis,
    most: u16,
) -> Result<u64, StorageError> {
    let sql = format!(
        "SELECT id FROM certificates WHERE erased_at IS NULL AND issuance_id IS NULL \
         AND not_after < $1 ORDER BY not_after, id LIMIT {most}"
    );
    let ids: Vec<String> = sqlx::query_scalar(AssertSqlSafe(sql))
        .bind(ended_before.0)
        .fetch_all(&mut *conn)
        .await?;
    let mut erased = 0;
    for id in ids {
        forget(conn, "id", &id).await?;
        let sql = "UPDATE certificates SET holder = COALESCE(claimed, thumbprint), subject = '', note = '', \
            tags = '', erased_at = $1 WHERE id = $2 AND erased_at IS NULL";
        let done = sqlx::query(sql).bind(now.0).bind(&id).execute(&mut *conn);
        erased += done.await?.rows_affected();
        index(conn, keys, &id).await?;
    }
    Ok(erased)
}

async fn forget(
    conn: &mut AnyConnection,
    column: &'static str,
    id: &str,
) -> Result<(), StorageError> {
    let files = format!(
        "DELETE FROM certificate_files WHERE (connection_id, sha256) IN \
         (SELECT connection_id, sha256 FROM certificates WHERE {column} = $1)"
    );
    let chain = format!("UPDATE certificates SET chain = NULL WHERE {column} = $1");
    for sql in [files, chain] {
        sqlx::query(AssertSqlSafe(sql))
            .bind(id)
            .execute(&mut *conn)
            .await?;
    }
    Ok(())
}
