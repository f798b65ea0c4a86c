//! Stores a certificate that an issuance led to.

use sqlx::any::AnyArguments;
use sqlx::query::Query;
use sqlx::{Any, AnyConnection, AssertSqlSafe, Row as _};

use super::CALLED;
use super::search::{index_alone, index_of_issuance};
use crate::domain::certificate::{Certificate, Origin};
use crate::domain::holder::Kind;
use crate::domain::thumbprint::Thumbprint;
use crate::storage::StorageError;
use crate::storage::seal::KeyRing;

/// Stores a new certificate, in place of another one that only its owner had shown for the
/// same issuance. Where the certificate itself is known already, because its owner had
/// shown it for this issuance, claimed it or taken it over, its row becomes that of the
/// issuance; if it is proven, whoever else had taken it over does not keep it from being
/// stored. If it renews one that is known here, that one is marked as replaced. The
/// transition that led to it has written the words of its issuance.
///
/// # Errors
/// [`StorageError::Conflict`] if the thumbprint is already stored, or the
/// issuance already has a certificate.
pub async fn insert(
    conn: &mut AnyConnection,
    keys: &KeyRing,
    certificate: &Certificate,
) -> Result<(), StorageError> {
    let sql = format!(
        "SELECT id FROM certificates WHERE issuance_id = $3 AND proven = 0 \
         AND id NOT IN (SELECT id FROM certificates WHERE {CALLED})"
    );
    let shown = called(sql, certificate).fetch_all(&mut *conn).await?;
    for row in &shown {
        delete(conn, row.try_get(0)?, None).await?;
    }
    let is_here = adopt(conn, certificate).await?;
    if !is_here {
        add(conn, certificate).await?;
    }
    match &certificate.issuance_id {
        // The issuance is no longer, or now also, found by what stood beside that one.
        Some(issuance) if is_here || !shown.is_empty() => {
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

/// Finds rows by connection, thumbprint and issuance of this certificate.
fn called(sql: String, certificate: &Certificate) -> Query<'static, Any, AnyArguments> {
    sqlx::query(AssertSqlSafe(sql))
        .bind(certificate.connection_id.clone())
        .bind(certificate.thumbprint.to_string())
        .bind(certificate.issuance_id.clone())
}

/// Makes the row that its owner had shown for this issuance the row of this certificate, or
/// the one by which they claimed it, and if it is proven, the one that they had taken over;
/// deletes those of others then. Returns whether the certificate is stored now.
async fn adopt(conn: &mut AnyConnection, certificate: &Certificate) -> Result<bool, StorageError> {
    let also = match certificate.proven {
        true => "issuance_id IS NULL",
        false => "claimed IS NOT NULL",
    };
    let sql = format!(
        "SELECT id, owner_id FROM certificates WHERE {CALLED} \
         AND ({also} OR (issuance_id = $3 AND proven = 0)) \
         ORDER BY issuance_id IS NULL, claimed IS NOT NULL"
    );
    let rows = called(sql, certificate).fetch_all(&mut *conn).await?;
    let (mut own, mut gone) = (None, Vec::new());
    for row in rows {
        let (id, owner): (String, String) = (row.try_get(0)?, row.try_get(1)?);
        match owner == certificate.owner_id {
            true if own.is_none() => own = Some(id),
            // Others may go on claiming what is not proven.
            false if !certificate.proven => {}
            _ => gone.push(id),
        }
    }
    for id in &gone {
        delete(conn, id, own.as_deref()).await?;
    }
    match &own {
        Some(id) => tell(conn, id, certificate).await?,
        None => return Ok(false),
    }
    Ok(true)
}

/// Makes this row the one of this certificate. What was erased may be told anew, and is
/// erased once more when its time has come.
async fn tell(
    conn: &mut AnyConnection,
    id: &str,
    certificate: &Certificate,
) -> Result<(), StorageError> {
    let (sha1, sha256) = digests(&certificate.thumbprint);
    sqlx::query(
        "UPDATE certificates SET issuance_id = $1, certificate_id = $2, holder = $3, \
         subject = $4, kind = $5, renews = $6, issued_at = $7, proven = $8, origin = $9, \
         not_after = CASE WHEN exact = 1 THEN not_after ELSE $10 END, \
         exact = CASE WHEN exact = 1 THEN exact ELSE $11 END, thumbprint = $12, \
         claimed = NULL, sha1 = COALESCE(sha1, $13), sha256 = COALESCE(sha256, $14), \
         erased_at = NULL WHERE id = $15",
    )
    .bind(&certificate.issuance_id)
    .bind(certificate.certificate_id.clone().unwrap_or_default())
    .bind(certificate.holder.in_full())
    .bind(&certificate.subject)
    .bind(certificate.kind.map(Kind::as_str))
    .bind(certificate.renews.as_ref().map(Thumbprint::to_string))
    .bind(certificate.issued_at.0)
    .bind(i64::from(certificate.proven))
    .bind(certificate.origin.as_str())
    .bind(certificate.not_after().0)
    .bind(i64::from(certificate.validity.is_exact()))
    .bind(certificate.thumbprint.to_string())
    .bind(sha1)
    .bind(sha256)
    .bind(id)
    .execute(conn)
    .await?;
    Ok(())
}

/// Deletes the row of a certificate with all that hangs on it. What its owner was reminded
/// of, or does not want to be, goes over to `heir`, another row of the same certificate, if
/// that is theirs too.
pub(super) async fn delete(
    conn: &mut AnyConnection,
    id: &str,
    heir: Option<&str>,
) -> Result<(), StorageError> {
    if let Some(heir) = heir {
        sqlx::query(
            "INSERT INTO mail_reminded (certificate_id, days) SELECT heir.id, said.days \
             FROM mail_reminded said JOIN certificates gone ON gone.id = said.certificate_id \
             JOIN certificates heir ON heir.owner_id = gone.owner_id \
             WHERE gone.id = $1 AND heir.id = $2 ON CONFLICT DO NOTHING",
        )
        .bind(id)
        .bind(heir)
        .execute(&mut *conn)
        .await?;
    }
    for sql in [
        "DELETE FROM mail_reminded WHERE certificate_id = $1",
        "DELETE FROM certificates WHERE id = $1",
    ] {
        sqlx::query(sql).bind(id).execute(&mut *conn).await?;
    }
    Ok(())
}

/// The thumbprint as SHA-1 or as SHA-256.
fn digests(thumbprint: &Thumbprint) -> (Option<String>, Option<String>) {
    match thumbprint.as_str().len() {
        64 => (None, Some(thumbprint.to_string())),
        _ => (Some(thumbprint.to_string()), None),
    }
}

/// Adds the row of a certificate, whatever it came from; what its file says is added
/// by [`super::show_file`].
pub(super) async fn add(
    conn: &mut AnyConnection,
    certificate: &Certificate,
) -> Result<(), StorageError> {
    let thumbprint = certificate.thumbprint.to_string();
    // Unique only together with its owner, as long as they have only named it.
    let is_claim = certificate.origin == Origin::Thumbprint;
    let (claimed, thumbprint, (sha1, sha256)) = match is_claim {
        true => {
            let of_owner = format!("{thumbprint} {}", certificate.owner_id);
            (Some(thumbprint), of_owner, (None, None))
        }
        false => (None, thumbprint, digests(&certificate.thumbprint)),
    };
    sqlx::query(
        "INSERT INTO certificates (id, connection_id, owner_id, issuance_id, certificate_id, \
         thumbprint, holder, subject, kind, renews, issued_at, not_after, exact, proven, \
         origin, recorded_at, sha1, sha256, claimed) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, \
         $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)",
    )
    .bind(&certificate.id)
    .bind(&certificate.connection_id)
    .bind(&certificate.owner_id)
    .bind(&certificate.issuance_id)
    .bind(certificate.certificate_id.clone().unwrap_or_default())
    .bind(thumbprint)
    .bind(certificate.holder.in_full())
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
    .bind(claimed)
    .execute(conn)
    .await?;
    Ok(())
}

async fn replace(
    conn: &mut AnyConnection,
    certificate: &Certificate,
    renewed: &Thumbprint,
) -> Result<(), StorageError> {
    // Redtrust has decided whose it was; others had only named it.
    let claims: Vec<String> = sqlx::query_scalar(
        "SELECT id FROM certificates WHERE connection_id = $1 AND claimed = $2 AND owner_id <> $3",
    )
    .bind(&certificate.connection_id)
    .bind(renewed.to_string())
    .bind(&certificate.owner_id)
    .fetch_all(&mut *conn)
    .await?;
    for id in &claims {
        delete(conn, id, None).await?;
    }
    let sql = format!("UPDATE certificates SET replaced_by = $3 WHERE {CALLED}");
    sqlx::query(AssertSqlSafe(sql))
        .bind(&certificate.connection_id)
        .bind(renewed.to_string())
        .bind(certificate.thumbprint.to_string())
        .execute(conn)
        .await?;
    Ok(())
}
