//! What the sandbox was asked and what it did, in order: the test's witness.
//!
//! A call's row and the rows of its effects are written in the transaction of
//! the effect itself, so neither can be there without the other. No secret is
//! ever written here.

use jiff::Timestamp;
use serde::Serialize;
use sqlx::{FromRow, SqliteConnection, SqliteExecutor};

use crate::domain::millis::Millis;
use crate::domain::string_enum::string_enum;

string_enum! {
    /// One of the documented operations.
    pub(super) enum Operation as "operation" {
        /// `GET /authclient/auth/loginrequest`.
        LoginRequest = "login_request",
        /// The form of the sign-in page.
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
    /// Whether a browser asks, and gets pages.
    pub(super) const fn is_for_browsers(self) -> bool {
        matches!(self, Self::LoginRequest | Self::SignIn)
    }

    /// What it leaves behind when it is done.
    const fn effect(self) -> &'static str {
        match self {
            Self::CsrCreate => "key_pair",
            Self::CsrFinalize => "certificate",
            _ => "effect",
        }
    }
}

/// The result of a call that did what it was asked.
const OK: &str = "OK";

/// What is known of a call besides its result; absent ones are left out.
#[derive(Debug, Clone, Default)]
pub(super) struct Details {
    /// The code of the key pair.
    pub(super) request_code: Option<String>,
    /// Of the certificate that was issued.
    pub(super) thumbprint: Option<String>,
    /// The distinguished name as text.
    pub(super) subject: Option<String>,
    /// Thumbprint of the certificate to renew.
    pub(super) renews: Option<String>,
    /// The login name.
    pub(super) user: Option<String>,
}

/// Writes a call that worked and changed nothing.
pub(super) async fn call_done(
    conn: &mut SqliteConnection,
    operation: Operation,
    details: &Details,
    now: Millis,
) -> Result<(), sqlx::Error> {
    append(conn, "call", operation, OK, details, now).await
}

/// Writes a call that worked, and the effect it had.
pub(super) async fn effect_done(
    conn: &mut SqliteConnection,
    operation: Operation,
    details: &Details,
    now: Millis,
) -> Result<(), sqlx::Error> {
    append(conn, "call", operation, OK, details, now).await?;
    append(conn, operation.effect(), operation, OK, details, now).await
}

/// Writes a call that ended otherwise, with the code that says how.
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

/// One row, as `GET /sandbox/v1/ledger` shows it.
#[derive(Debug, FromRow, Serialize)]
pub(super) struct Entry {
    /// Grows by one, without gaps.
    pub(super) seq: i64,
    #[serde(serialize_with = "as_rfc3339")]
    at: i64,
    /// `call`, `key_pair`, `certificate` or `effect`.
    pub(super) kind: String,
    /// Which operation.
    pub(super) operation: String,
    /// `OK`, or why not.
    pub(super) result: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    thumbprint: Option<String>,
    /// The distinguished name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) subject: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    renews: Option<String>,
    /// The login name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) user: Option<String>,
}

impl Entry {
    /// When, for people.
    pub(super) fn at(&self) -> String {
        rfc3339(Millis(self.at))
    }

    /// The subject and the user, or nothing.
    pub(super) fn about(&self) -> [&str; 2] {
        [&self.subject, &self.user].map(|text| text.as_deref().unwrap_or_default())
    }
}

fn as_rfc3339<S: serde::Serializer>(at: &i64, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&rfc3339(Millis(*at)))
}

/// A point in time as RFC 3339 text in UTC.
pub(super) fn rfc3339(at: Millis) -> String {
    Timestamp::from_millisecond(at.0)
        .unwrap_or(Timestamp::UNIX_EPOCH)
        .to_string()
}

/// The whole ledger, oldest first.
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
