//! Issued certificates.

use sqlx::{SqliteConnection, SqliteExecutor};

use super::super::database::from_row;
use super::super::pki::certificate::Issued;
use super::super::refusal::{ErrorCode, Refusal};
use super::super::users::User;
use rubrica_domain::millis::Millis;

#[derive(Debug)]
pub(crate) struct Certificate {
    /// `idCertificate`.
    pub(crate) id: i64,
    pub(crate) thumbprint: String,
    pub(crate) der: Vec<u8>,
    pub(super) user_id: i64,
    /// JSON array of its group numbers.
    pub(super) groups: String,
    /// The `info` of the request, as JSON.
    pub(super) info: String,
    replaced_by: Option<String>,
}

from_row!(Certificate: id, thumbprint, der, user_id, groups, info, replaced_by);

const COLUMNS: &str =
    "SELECT id, thumbprint, der, user_id, groups, info, replaced_by FROM certificates";

pub(crate) async fn by_thumbprint(
    db: impl SqliteExecutor<'_>,
    thumbprint: &str,
) -> Result<Option<Certificate>, sqlx::Error> {
    sqlx::query_as(sqlx::AssertSqlSafe(format!(
        "{COLUMNS} WHERE thumbprint = ?"
    )))
    .bind(thumbprint)
    .fetch_optional(db)
    .await
}

/// The certificate issued for this request code.
pub(super) async fn by_request(
    db: impl SqliteExecutor<'_>,
    code: &str,
) -> Result<Option<Certificate>, sqlx::Error> {
    sqlx::query_as(sqlx::AssertSqlSafe(format!(
        "{COLUMNS} WHERE request_code = ?"
    )))
    .bind(code)
    .fetch_optional(db)
    .await
}

/// The certificate a user wants to renew. It must belong to the user or to one of the
/// user's groups, and must not have been renewed already.
pub(super) async fn renewable(
    conn: &mut SqliteConnection,
    thumbprint: &str,
    user: &User,
) -> Result<Certificate, Refusal> {
    let old = by_thumbprint(conn, thumbprint)
        .await?
        .filter(|old| old.belongs_to(user))
        .ok_or(ErrorCode::UnknownThumbprint)?;
    match &old.replaced_by {
        None => Ok(old),
        Some(newer) => Err(Refusal::because(
            ErrorCode::CertificateReplaced,
            format!("the certificate was replaced by {newer}"),
        )),
    }
}

impl Certificate {
    fn belongs_to(&self, user: &User) -> bool {
        let own_groups = user.groups();
        let groups: Vec<i64> = serde_json::from_str(&self.groups).unwrap_or_default();
        self.user_id == user.id || groups.iter().any(|group| own_groups.contains(group))
    }
}

/// The owner, groups and `info` of a new certificate.
#[derive(Debug)]
pub(super) struct Associations {
    pub(super) user_id: i64,
    pub(super) groups: String,
    pub(super) info: String,
}

/// Stores a certificate; returns its number.
pub(super) async fn insert(
    conn: &mut SqliteConnection,
    issued: &Issued,
    request_code: &str,
    associations: &Associations,
    now: Millis,
) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar(
        "INSERT INTO certificates (thumbprint, request_code, serial, der, user_id, groups, info, \
         created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
    )
    .bind(&issued.thumbprint)
    .bind(request_code)
    .bind(issued.serial.as_slice())
    .bind(&issued.der)
    .bind(associations.user_id)
    .bind(&associations.groups)
    .bind(&associations.info)
    .bind(now.0)
    .fetch_one(conn)
    .await
}

/// Marks a certificate as replaced.
pub(super) async fn replace(
    conn: &mut SqliteConnection,
    old: &str,
    new: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE certificates SET replaced_by = ? WHERE thumbprint = ?")
        .bind(new)
        .bind(old)
        .execute(conn)
        .await?;
    Ok(())
}
