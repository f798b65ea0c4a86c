//! Certificates, and the chain of renewals.

mod current;
mod expiring;

use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe};

use crate::domain::certificate::{Certificate, Validity};
use crate::domain::millis::Millis;
use crate::domain::thumbprint::Thumbprint;
use crate::storage::row::{Fields, FromRow, readable};
use crate::storage::{Storage, StorageError};

pub use current::{current, current_of_connection};
pub use expiring::{count_expiring, expiring};

const COLUMNS: &str = "id, connection_id, owner_id, issuance_id, certificate_id, thumbprint, \
    holder, subject, kind, renews, replaced_by, issued_at, not_after, exact, \
    proven";

impl FromRow for Certificate {
    fn from_row(row: &AnyRow) -> Result<Self, StorageError> {
        let fields = Fields::new(row, "certificates", "id");
        let not_after = fields.millis("not_after")?;
        Ok(Self {
            id: fields.id().to_owned(),
            connection_id: fields.text("connection_id")?,
            owner_id: fields.text("owner_id")?,
            issuance_id: fields.text("issuance_id")?,
            certificate_id: Some(fields.text("certificate_id")?).filter(|id| !id.is_empty()),
            thumbprint: fields.parsed("thumbprint")?,
            holder: fields.text("holder")?,
            subject: fields.text("subject")?,
            kind: fields.parsed("kind")?,
            renews: fields.parsed_or_null("renews")?,
            replaced_by: fields.parsed_or_null("replaced_by")?,
            issued_at: fields.millis("issued_at")?,
            validity: match fields.flag("exact")? {
                true => Validity::Exact(not_after),
                false => Validity::Estimated(not_after),
            },
            proven: fields.flag("proven")?,
        })
    }
}

/// Stores a new certificate, in place of one that only its owner had shown for the same
/// issuance. If it is proven and renews one that is known here, marks that one as
/// replaced.
///
/// # Errors
/// [`StorageError::Conflict`] if the thumbprint is already stored, or the
/// issuance already has a certificate.
pub async fn insert(
    conn: &mut AnyConnection,
    certificate: &Certificate,
) -> Result<(), StorageError> {
    sqlx::query("DELETE FROM certificates WHERE issuance_id = $1 AND proven = 0")
        .bind(&certificate.issuance_id)
        .execute(&mut *conn)
        .await?;
    sqlx::query(
        "INSERT INTO certificates (id, connection_id, owner_id, issuance_id, certificate_id, \
         thumbprint, holder, subject, kind, renews, issued_at, not_after, exact, proven) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
    )
    .bind(&certificate.id)
    .bind(&certificate.connection_id)
    .bind(&certificate.owner_id)
    .bind(&certificate.issuance_id)
    .bind(certificate.certificate_id.clone().unwrap_or_default())
    .bind(certificate.thumbprint.to_string())
    .bind(&certificate.holder)
    .bind(&certificate.subject)
    .bind(certificate.kind.as_str())
    .bind(certificate.renews.as_ref().map(ToString::to_string))
    .bind(certificate.issued_at.0)
    .bind(certificate.not_after().0)
    .bind(i64::from(certificate.validity.is_exact()))
    .bind(i64::from(certificate.proven))
    .execute(&mut *conn)
    .await?;
    let Some(renewed) = certificate.renews.as_ref().filter(|_| certificate.proven) else {
        return Ok(());
    };
    sqlx::query(
        "UPDATE certificates SET replaced_by = $1 WHERE connection_id = $2 AND thumbprint = $3",
    )
    .bind(certificate.thumbprint.to_string())
    .bind(&certificate.connection_id)
    .bind(renewed.to_string())
    .execute(conn)
    .await?;
    Ok(())
}

/// Makes an estimated validity exact.
pub async fn set_exact_validity(
    conn: &mut AnyConnection,
    id: &str,
    not_after: Millis,
) -> Result<(), StorageError> {
    sqlx::query("UPDATE certificates SET not_after = $1, exact = 1 WHERE id = $2")
        .bind(not_after.0)
        .bind(id)
        .execute(conn)
        .await?;
    Ok(())
}

/// `owner_id`'s valid certificates for a holder of exactly this name.
pub async fn for_holder(
    storage: &Storage,
    owner_id: &str,
    holder: &str,
    now: Millis,
) -> Result<Vec<Certificate>, StorageError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM certificates WHERE owner_id = $1 AND holder = $2 \
         AND replaced_by IS NULL ORDER BY not_after DESC LIMIT 10"
    );
    let mut found = many(storage, sql, &[owner_id, holder]).await?;
    found.retain(|certificate| certificate.not_after() > now);
    Ok(found)
}

/// The certificate with this thumbprint on a connection, of any owner.
pub async fn by_thumbprint(
    storage: &Storage,
    connection_id: &str,
    thumbprint: &Thumbprint,
) -> Result<Option<Certificate>, StorageError> {
    let sql =
        format!("SELECT {COLUMNS} FROM certificates WHERE connection_id = $1 AND thumbprint = $2");
    let found = many(storage, sql, &[connection_id, &thumbprint.to_string()]).await?;
    Ok(found.into_iter().next())
}

/// The certificate of an issuance.
pub async fn of_issuance(
    storage: &Storage,
    issuance_id: &str,
) -> Result<Option<Certificate>, StorageError> {
    let sql = format!("SELECT {COLUMNS} FROM certificates WHERE issuance_id = $1");
    let found = many(storage, sql, &[issuance_id]).await?;
    Ok(found.into_iter().next())
}

/// The certificate with one of these thumbprints on a connection: one file has
/// a thumbprint for each digest.
pub async fn by_either_thumbprint(
    storage: &Storage,
    connection_id: &str,
    [one, other]: [&Thumbprint; 2],
) -> Result<Option<Certificate>, StorageError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM certificates WHERE connection_id = $1 AND thumbprint IN ($2, $3)"
    );
    let values = [connection_id, one.as_str(), other.as_str()];
    Ok(many(storage, sql, &values).await?.into_iter().next())
}

/// Any thumbprint on a connection: it shows which digest its server uses.
pub async fn any_thumbprint(
    storage: &Storage,
    connection_id: &str,
) -> Result<Option<Thumbprint>, StorageError> {
    let sql = format!("SELECT {COLUMNS} FROM certificates WHERE connection_id = $1 LIMIT 1");
    let found = many(storage, sql, &[connection_id]).await?.into_iter();
    Ok(found.map(|certificate| certificate.thumbprint).next())
}

async fn many(
    storage: &Storage,
    sql: String,
    values: &[&str],
) -> Result<Vec<Certificate>, StorageError> {
    let mut query = sqlx::query(AssertSqlSafe(sql));
    for value in values {
        query = query.bind((*value).to_owned());
    }
    let rows = query.fetch_all(storage.pool()).await?;
    Ok(readable(&rows))
}
