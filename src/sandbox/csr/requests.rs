//! The key pairs that were made, finalized or not, one row each.

use std::time::Duration;

use sqlx::SqliteConnection;

use super::super::database::from_row;
use rubrica_domain::millis::Millis;

/// A key pair and the request it was made for.
#[derive(Debug)]
pub(super) struct Request {
    /// `requestCode`.
    pub(super) code: String,
    pub(super) user_id: i64,
    /// Fingerprint of the request (`Asked::fingerprint`).
    pub(super) fingerprint: Vec<u8>,
    /// Subject as text.
    pub(super) subject: String,
    /// Subject as DER.
    pub(super) subject_der: Vec<u8>,
    /// `hashType`.
    pub(super) hash_type: String,
    pub(super) public_key: Vec<u8>,
    pub(super) csr: String,
    /// Thumbprint of the certificate to renew.
    pub(super) renews: Option<String>,
    /// JSON array of group numbers.
    pub(super) groups: String,
    /// `info` as JSON.
    pub(super) info: String,
    /// Milliseconds since 1970.
    pub(super) created_at: i64,
}

from_row!(Request: code, user_id, fingerprint, subject, subject_der, hash_type, public_key, csr, renews, groups, info, created_at);

impl Request {
    /// Whether the code is older than `ttl` seconds.
    pub(super) fn is_expired(&self, ttl: u64, now: Millis) -> bool {
        now >= Millis(self.created_at) + Duration::from_secs(ttl)
    }
}

/// Stores a key pair. The private key is stored but never read again: the sandbox signs
/// nothing with it, and it never leaves the server.
pub(super) async fn insert(
    conn: &mut SqliteConnection,
    request: &Request,
    private_key: &[u8],
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO requests (code, user_id, fingerprint, subject, subject_der, hash_type, \
         public_key, private_key, csr, renews, groups, info, created_at) \
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(&request.code)
    .bind(request.user_id)
    .bind(&request.fingerprint)
    .bind(&request.subject)
    .bind(&request.subject_der)
    .bind(&request.hash_type)
    .bind(&request.public_key)
    .bind(private_key)
    .bind(&request.csr)
    .bind(&request.renews)
    .bind(&request.groups)
    .bind(&request.info)
    .bind(request.created_at)
    .execute(conn)
    .await?;
    Ok(())
}

pub(super) async fn by_code(
    conn: &mut SqliteConnection,
    code: &str,
) -> Result<Option<Request>, sqlx::Error> {
    sqlx::query_as(
        "SELECT code, user_id, fingerprint, subject, subject_der, hash_type, public_key, csr, \
         renews, groups, info, created_at FROM requests WHERE code = ?",
    )
    .bind(code)
    .fetch_optional(conn)
    .await
}
