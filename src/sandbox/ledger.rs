//! A record of every call and what it did, in order; tests use it as evidence.
//!
//! The rows of a call and its effects are written in the same transaction as the
//! effect, so one never exists without the other. Secrets are never written here.

use jiff::Timestamp;
use serde::Serialize;
use sqlx::{SqliteConnection, SqliteExecutor};

use super::database::from_row;
use rubrica_domain::millis::Millis;
use rubrica_domain::string_enum::string_enum;

string_enum! {
    /// A documented operation.
    pub(super) enum Operation as "operation" {
        /// `GET /authclient/auth/loginrequest`.
        LoginRequest = "login_request",
        /// Submitting the form of the sign-in page.
        SignIn = "sign_in",
        /// `POST /authapi/v1/login_by_temp_token`.
        LoginByTempToken = "login_by_temp_token",
        /// `POST /raapi/v1/auth/login`.
        Login = "login",
        /// `PUT /raapi/v1/auth/refresh-token`.
        RefreshToken = "refresh_token",
        /// `DELETE /raapi/v1/auth/logout`.
        Logout = "logout",
        /// `POST /raapi/v1/csr/create`.
        CsrCreate = "csr_create",
        /// `PUT /raapi/v1/csr/finalize`.
        CsrFinalize = "csr_finalize",
    }
}

impl Operation {
    /// Whether browsers use this operation, so that it answers with pages.
    pub(super) const fn is_for_browsers(self) -> bool {
        matches!(self, Self::LoginRequest | Self::SignIn)
    }

    /// The `kind` of the ledger row for a completed operation.
    const fn effect(self) -> &'static str {
        match self {
            Self::CsrCreate => "key_pair",
            Self::CsrFinalize => "certificate",
            _ => "effect",
        }
    }
}

/// The result of a successful call.
const OK: &str = "OK";

/// Facts about a call other than its result; missing ones are left out of the JSON.
#[derive(Debug, Clone, Default)]
pub(super) struct Details {
    /// The request code, which names the key pair.
    pub(super) request_code: Option<String>,
    /// Thumbprint of the issued certificate.
    pub(super) thumbprint: Option<String>,
    /// The distinguished name as text.
    pub(super) subject: Option<String>,
    /// Thumbprint of the certificate to renew.
    pub(super) renews: Option<String>,
    pub(super) user: Option<String>,
}

/// Records a successful call that changed nothing.
pub(super) async fn call_done(
    conn: &mut SqliteConnection,
    operation: Operation,
    details: &Details,
    now: Millis,
) -> Result<(), sqlx::Error> {
    append(conn, "call", operation, OK, details, now).await
}

/// Records a successful call and its effect.
pub(super) async fn effect_done(
    conn: &mut SqliteConnection,
    operation: Operation,
    details: &Details,
    now: Millis,
) -> Result<(), sqlx::Error> {
    append(conn, "call", operation, OK, details, now).await?;
    append(conn, operation.effect(), operation, OK, details, now).await
}

/// Records a call that did not succeed, with its result code.
pub(super) async fn call_refused(
    conn: &mut SqliteConnection,
    operation: Operation,
    result: &str,
    details: &Details,
    now: Millis,
) -> Result<(), sqlx::Error> {
    append(conn, "call", operation, result, details, now).await
}

async fn append(
    conn: &mut SqliteConnection,
    kind: &str,
    operation: Operation,
    result: &str,
    details: &Details,
    now: Millis,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO ledger (at, kind, operation, result, request_code, thumbprint, subject, \
         renews, user) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(now.0)
    .bind(kind)
    .bind(operation.as_str())
    .bind(result)
    .bind(&details.request_code)
    .bind(&details.thumbprint)
    .bind(&details.subject)
    .bind(&details.renews)
    .bind(&details.user)
    .execute(conn)
    .await?;
    Ok(())
}

/// One row, in the form of `GET /sandbox/v1/ledger`.
#[derive(Debug, Serialize)]
pub(super) struct Entry {
    /// Increases by one, without gaps.
    pub(super) seq: i64,
    #[serde(serialize_with = "as_rfc3339")]
    at: i64,
    /// `call`, `key_pair`, `certificate` or `effect`.
    pub(super) kind: String,
    pub(super) operation: String,
    /// `OK` or an error code.
    pub(super) result: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    thumbprint: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) subject: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    renews: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) user: Option<String>,
}

from_row!(Entry: seq, at, kind, operation, result, request_code, thumbprint, subject, renews, user);

impl Entry {
    /// The time as text for people.
    pub(super) fn at(&self) -> String {
        rfc3339(Millis(self.at))
    }

    /// The subject and the user; empty text for a missing one.
    pub(super) fn about(&self) -> [&str; 2] {
        [&self.subject, &self.user].map(|text| text.as_deref().unwrap_or_default())
    }
}

fn as_rfc3339<S: serde::Serializer>(at: &i64, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&rfc3339(Millis(*at)))
}

/// Formats a time as RFC 3339 text in UTC.
pub(super) fn rfc3339(at: Millis) -> String {
    Timestamp::from_millisecond(at.0)
        .unwrap_or(Timestamp::UNIX_EPOCH)
        .to_string()
}

/// All rows, oldest first.
pub(super) async fn whole(db: impl SqliteExecutor<'_>) -> Result<Vec<Entry>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM ledger ORDER BY seq")
        .fetch_all(db)
        .await
}

/// The newest rows, newest first.
pub(super) async fn newest(
    db: impl SqliteExecutor<'_>,
    count: i64,
) -> Result<Vec<Entry>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM ledger ORDER BY seq DESC LIMIT ?")
        .bind(count)
        .fetch_all(db)
        .await
}
