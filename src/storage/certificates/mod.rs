//! Certificates, issued here or taken over, and the chain of renewals.

mod alike;
mod expiring;
mod files;
mod in_run;
mod insert;
mod list;
mod notes;
mod search;
mod summary;
mod take_over;

use sqlx::AssertSqlSafe;
use sqlx::any::AnyRow;

use crate::domain::certificate::{Certificate, FileFacts, Origin, Validity};
use crate::domain::millis::Millis;
use crate::domain::thumbprint::Thumbprint;
use crate::storage::row::{Fields, FromRow, readable};
use crate::storage::{Storage, StorageError};

pub use alike::{alike, alike_plan};
pub use expiring::{
    Kinds, count_expiring, expiring, expiring_behind, first_expiring, renewable, renewable_plan,
};
pub use files::{ShownFile, erase_taken_over, file, forget_files, show_file};
pub use in_run::in_run;
pub use insert::insert;
pub use list::{Filter, SortOrder, Which, export, list, list_plan};
pub use notes::{Beside, By, Note, beside, note, set_note};
pub(super) use search::index_alone;
pub use search::{index, index_of_issuance};
pub use take_over::{TakenOver, take_over};

const COLUMNS: &str = "id, connection_id, owner_id, issuance_id, origin, recorded_at, \
    certificate_id, COALESCE(claimed, thumbprint) AS thumbprint, sha1, sha256, serial, not_before, \
    CAST(CASE WHEN chain IS NULL THEN 0 ELSE 1 END AS BIGINT) AS is_kept, holder, subject, kind, renews, \
    replaced_by, issued_at, not_after, exact, proven";

/// A certificate has one row, which either digest finds: `$2` on the connection `$1`. Of one
/// that is known by its thumbprint alone, each person has a row who claims that it is theirs.
const CALLED: &str = "connection_id = $1 \
    AND (thumbprint = $2 OR sha1 = $2 OR sha256 = $2 OR claimed = $2)";

impl FromRow for Certificate {
    fn from_row(row: &AnyRow) -> Result<Self, StorageError> {
        let fields = Fields::new(row, "certificates", "id");
        Ok(Self {
            id: fields.id().to_owned(),
            connection_id: fields.text("connection_id")?,
            owner_id: fields.text("owner_id")?,
            issuance_id: fields.text_or_null("issuance_id")?,
            origin: fields.parsed("origin")?,
            recorded_at: fields.millis("recorded_at")?,
            certificate_id: Some(fields.text("certificate_id")?).filter(|id| !id.is_empty()),
            thumbprint: fields.parsed("thumbprint")?,
            file: file_facts(&fields)?,
            holder: fields.text("holder")?.into(),
            subject: fields.text("subject")?,
            kind: fields.parsed_or_null("kind")?,
            renews: fields.parsed_or_null("renews")?,
            replaced_by: fields.parsed_or_null("replaced_by")?,
            issued_at: fields.millis("issued_at")?,
            validity: validity(&fields)?,
            proven: fields.flag("proven")?,
        })
    }
}

pub(super) fn validity(fields: &Fields<'_>) -> Result<Validity, StorageError> {
    let not_after = fields.millis("not_after")?;
    Ok(match (fields.flag("exact")?, fields.parsed("origin")?) {
        (true, _) => Validity::Exact(not_after),
        (false, Origin::Thumbprint) => Validity::Unknown,
        (false, _) => Validity::Estimated(not_after),
    })
}

fn file_facts(fields: &Fields<'_>) -> Result<Option<FileFacts>, StorageError> {
    let Some(serial) = fields.text_or_null("serial")? else {
        return Ok(None);
    };
    Ok(Some(FileFacts {
        sha1: fields.parsed("sha1")?,
        sha256: fields.parsed("sha256")?,
        serial,
        not_before: fields.millis("not_before")?,
        is_kept: fields.flag("is_kept")?,
    }))
}

/// The certificate with this thumbprint on a connection, of any owner: of either digest
/// as far as both are known. One that is only claimed comes after one that is known.
pub async fn by_thumbprint(
    storage: &Storage,
    connection_id: &str,
    thumbprint: &Thumbprint,
) -> Result<Option<Certificate>, StorageError> {
    let sql =
        format!("SELECT {COLUMNS} FROM certificates WHERE {CALLED} ORDER BY claimed IS NOT NULL");
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

/// This owner's certificate with one of these thumbprints on a connection: one file has a
/// thumbprint for each digest.
pub async fn owned(
    storage: &Storage,
    connection_id: &str,
    owner_id: &str,
    [one, other]: [&Thumbprint; 2],
) -> Result<Option<Certificate>, StorageError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM certificates WHERE connection_id = $1 AND (thumbprint IN ($2, $3) \
         OR sha1 IN ($2, $3) OR sha256 IN ($2, $3) OR claimed IN ($2, $3)) AND owner_id = $4 \
         ORDER BY claimed IS NOT NULL"
    );
    let values = [connection_id, one.as_str(), other.as_str(), owner_id];
    Ok(many(storage, sql, &values).await?.into_iter().next())
}

/// How many certificates this owner has taken over since then.
pub async fn taken_over_since(
    storage: &Storage,
    owner_id: &str,
    since: Millis,
) -> Result<usize, StorageError> {
    let sql = "SELECT COUNT(*) FROM certificates WHERE owner_id = $1 AND issuance_id IS NULL \
        AND recorded_at >= $2";
    let number: i64 = sqlx::query_scalar(sql)
        .bind(owner_id.to_owned())
        .bind(since.0)
        .fetch_one(storage.pool())
        .await?;
    Ok(usize::try_from(number).unwrap_or_default())
}

/// Any thumbprint that a connection's server named: it shows which digest it uses.
pub async fn any_thumbprint(
    storage: &Storage,
    connection_id: &str,
) -> Result<Option<Thumbprint>, StorageError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM certificates WHERE connection_id = $1 AND certificate_id <> '' \
         LIMIT 1"
    );
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
