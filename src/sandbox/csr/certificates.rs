//! Certificates issued.

use sqlx::{FromRow, SqliteConnection, SqliteExecutor};

use super::super::pki::certificate::Issued;
use super::super::refusal::{ErrorCode, Refusal};
use super::super::users::User;
use crate::domain::millis::Millis;

/// One certificate.
#[derive(Debug, FromRow)]
pub(in crate::sandbox) struct Certificate {
    /// `idCertificate`.
    pub(in crate::sandbox) id: i64,
    /// Thumbprint.
    pub(in crate::sandbox) thumbprint: String,
    /// DER.
    pub(in crate::sandbox) der: Vec<u8>,
    /// Whose.
    pub(super) user_id: i64,
    /// JSON: the groups it is associated with.
    pub(super) groups: String,
    /// JSON: what stood in `info`.
    pub(super) info: String,
    replaced_by: Option<String>,
}

const COLUMNS: &str =
    "SELECT id, thumbprint, der, user_id, groups, info, replaced_by FROM certificates";

/// The certificate with this thumbprint.
pub(in crate::sandbox) async fn by_thumbprint(
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

/// The certificate that this request code led to.
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

/// The certificate a user wants to renew: the user's own, or one of a group of
/// the user's, and not replaced already.
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

/// Whom and what a new certificate is associated with.
#[derive(Debug)]
pub(super) struct Associations {
    /// Whose.
    pub(super) user_id: i64,
    /// JSON.
    pub(super) groups: String,
    /// JSON.
    pub(super) info: String,
}

/// Stores a certificate; answers its number.
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
