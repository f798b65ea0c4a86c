//! Stores a certificate that an issuance led to.

use sqlx::{AnyConnection, AssertSqlSafe, Row as _};

use super::CALLED;
use super::search::{index_alone, index_of_issuance};
use crate::domain::certificate::Certificate;
use crate::domain::holder::Kind;
use crate::domain::thumbprint::Thumbprint;
use crate::storage::StorageError;
use crate::storage::seal::KeyRing;

/// Stores a new certificate, in place of one that only its owner had shown for the same
/// issuance. If it is proven, whoever had taken it over before does not keep it from
/// being stored; and if it renews one that is known here, that one is marked as replaced.
/// The transition that led to it has written the words of its issuance.
///
/// # Errors
/// [`StorageError::Conflict`] if the thumbprint is already stored, or the
/// issuance already has a certificate.
pub async fn insert(
    conn: &mut AnyConnection,
    keys: &KeyRing,
    certificate: &Certificate,
) -> Result<(), StorageError> {
    let done = sqlx::query("DELETE FROM certificates WHERE issuance_id = $1 AND proven = 0")
        .bind(&certificate.issuance_id)
        .execute(&mut *conn)
        .await?;
    let is_here = certificate.proven && adopt(conn, certificate).await?;
    if !is_here {
        add(conn, certificate).await?;
    }
    match &certificate.issuance_id {
        // The issuance is no longer, or now also, found by what stood beside that one.
        Some(issuance) if is_here || done.rows_affected() > 0 => {
            index_of_issuance(conn, keys, issuance).await?;
        }
        _ => {
            index_alone(conn, keys, &certificate.id).await?;
        }
    }
    match certificate.renews.as_ref().filter(|_| certificate.proven) {
        Some(renewed) => replace(conn, certificate, renewed).await,
        None => Ok(()),
    }
}

/// Makes a row that was taken over the row of this certificate, if it is the same
/// person's; deletes somebody else's. Returns whether the certificate is stored now.
async fn adopt(conn: &mut AnyConnection, certificate: &Certificate) -> Result<bool, StorageError> {
    let sql =
        format!("SELECT id, owner_id FROM certificates WHERE {CALLED} AND issuance_id IS NULL");
    let found = sqlx::query(AssertSqlSafe(sql))
        .bind(&certificate.connection_id)
        .bind(certificate.thumbprint.to_string())
        .fetch_optional(&mut *conn)
        .await?;
    let Some(row) = found else {
        return Ok(false);
    };
    let (id, owner): (String, String) = (row.try_get(0)?, row.try_get(1)?);
    if owner != certificate.owner_id {
        sqlx::query("DELETE FROM certificates WHERE id = $1")
            .bind(id)
            .execute(conn)
            .await?;
        return Ok(false);
    }
    sqlx::query(
        "UPDATE certificates SET issuance_id = $1, certificate_id = $2, holder = $3, \
         subject = $4, kind = $5, renews = $6, issued_at = $7, proven = 1, origin = $8, \
         not_after = CASE WHEN exact = 1 THEN not_after ELSE $9 END WHERE id = $10",
    )
    .bind(&certificate.issuance_id)
    .bind(certificate.certificate_id.clone().unwrap_or_default())
    .bind(&certificate.holder)
    .bind(&certificate.subject)
    .bind(certificate.kind.map(Kind::as_str))
    .bind(certificate.renews.as_ref().map(Thumbprint::to_string))
    .bind(certificate.issued_at.0)
    .bind(certificate.origin.as_str())
    .bind(certificate.not_after().0)
    .bind(id)
    .execute(conn)
    .await?;
    Ok(true)
}

/// Adds the row of a certificate, whatever it came from; what its file says is added
/// by [`super::show_file`].
pub(super) async fn add(
    conn: &mut AnyConnection,
    certificate: &Certificate,
) -> Result<(), StorageError> {
    let thumbprint = certificate.thumbprint.to_string();
    let (sha1, sha256) = match thumbprint.len() {
        64 => (None, Some(thumbprint.clone())),
        _ => (Some(thumbprint.clone()), None),
    };
    sqlx::query(
        "INSERT INTO certificates (id, connection_id, owner_id, issuance_id, certificate_id, \
         thumbprint, holder, subject, kind, renews, issued_at, not_after, exact, proven, \
         origin, recorded_at, sha1, sha256) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, \
         $11, $12, $13, $14, $15, $16, $17, $18)",
    )
    .bind(&certificate.id)
    .bind(&certificate.connection_id)
    .bind(&certificate.owner_id)
    .bind(&certificate.issuance_id)
    .bind(certificate.certificate_id.clone().unwrap_or_default())
    .bind(thumbprint)
    .bind(&certificate.holder)
    .bind(&certificate.subject)
    .bind(certificate.kind.map(Kind::as_str))
    .bind(certificate.renews.as_ref().map(ToString::to_string))
    .bind(certificate.issued_at.0)
    .bind(certificate.not_after().0)
    .bind(i64::from(certificate.validity.is_exact()))
    .bind(i64::from(certificate.proven))
    .bind(certificate.origin.as_str())
    .bind(certificate.recorded_at.0)
    .bind(sha1)
    .bind(sha256)
    .execute(conn)
    .await?;
    Ok(())
}

async fn replace(
    conn: &mut AnyConnection,
    certificate: &Certificate,
    renewed: &Thumbprint,
) -> Result<(), StorageError> {
    let sql = format!("UPDATE certificates SET replaced_by = $3 WHERE {CALLED}");
    sqlx::query(AssertSqlSafe(sql))
        .bind(&certificate.connection_id)
        .bind(renewed.to_string())
        .bind(certificate.thumbprint.to_string())
        .execute(conn)
        .await?;
    Ok(())
}
