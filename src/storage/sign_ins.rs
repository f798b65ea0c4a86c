//! Sign-ins at Redtrust and their sealed tokens. The version grows with every
//! new pair of tokens, so that a late writer cannot restore old ones.

use sqlx::AnyConnection;

use super::one_row::OneRow as _;
use super::row::Fields;
use super::seal::{KeyRing, SealError, bound};
use super::{Storage, StorageError};
use crate::domain::issuance::ServerMessage;
use crate::domain::millis::Millis;
use crate::domain::secret::Secret;
use crate::domain::tokens::TokenPair;

const TABLE: &str = "sign_ins";
const ACCESS: &str = "access_token";
const REFRESH: &str = "refresh_token";

/// What a new sign-in starts with.
#[derive(Debug, Clone, Copy)]
pub struct NewTokens<'a> {
    pub id: &'a str,
    pub owner_id: &'a str,
    pub connection_id: &'a str,
    /// `redirect` or `direct`.
    pub method: &'a str,
    /// The server that the tokens are from: they open for no other.
    pub server: &'a str,
    pub tokens: &'a TokenPair,
}

#[derive(Debug, Clone)]
pub struct SignIn {
    pub id: String,
    pub owner_id: String,
    pub connection_id: String,
    /// The bearer token, unless it was cleared.
    pub access: Option<Secret>,
    /// The refresh token, if there is one.
    pub refresh: Option<Secret>,
    /// When the access token expires, if known.
    pub expires_at: Option<Millis>,
    /// Grows with every new pair of tokens.
    pub version: i64,
    /// No longer usable: the person must sign in again.
    pub needs_sign_in: bool,
    /// When its tokens were stored, unless it has ended.
    pub updated_at: Millis,
}

pub async fn insert(
    conn: &mut AnyConnection,
    keys: &KeyRing,
    new: NewTokens<'_>,
    now: Millis,
) -> Result<(), StorageError> {
    let (access, refresh) = sealed(keys, new.id, new.server, new.tokens)?;
    sqlx::query(
        "INSERT INTO sign_ins (id, owner_id, connection_id, method, access_token, refresh_token, \
         expires_at, version, refresh_claimed_until, needs_sign_in, created_at, updated_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, 1, 0, 0, $8, $8)",
    )
    .bind(new.id)
    .bind(new.owner_id)
    .bind(new.connection_id)
    .bind(new.method)
    .bind(access)
    .bind(refresh)
    .bind(new.tokens.expires_at.map(|at| at.0))
    .bind(now.0)
    .execute(conn)
    .await?;
    Ok(())
}

/// The sign-in with this id, with its tokens opened for `server`.
///
/// # Errors
/// [`StorageError::Corrupt`] if a token cannot be opened, for example because it is
/// another server's.
pub async fn load(
    storage: &Storage,
    keys: &KeyRing,
    id: &str,
    server: &str,
) -> Result<Option<SignIn>, StorageError> {
    let row = sqlx::query(
        "SELECT id, owner_id, connection_id, access_token, refresh_token, expires_at, \
         version, needs_sign_in, updated_at FROM sign_ins WHERE id = $1",
    )
    .bind(id)
    .fetch_optional(storage.pool())
    .await?;
    let Some(row) = row else {
        return Ok(None);
    };
    let fields = Fields::new(&row, TABLE, "id");
    Ok(Some(SignIn {
        id: fields.id().to_owned(),
        owner_id: fields.text("owner_id")?,
        connection_id: fields.text("connection_id")?,
        access: fields.bound_or_null(keys, ACCESS, server)?,
        refresh: fields.bound_or_null(keys, REFRESH, server)?,
        expires_at: fields.millis_or_null("expires_at")?,
        version: fields.integer("version")?,
        needs_sign_in: fields.flag("needs_sign_in")?,
        updated_at: fields.millis("updated_at")?,
    }))
}

/// Claims the one refresh of this version until `until`. Returns whether the
/// caller got it; an expired claim may be claimed again.
pub async fn claim_refresh(
    conn: &mut AnyConnection,
    id: &str,
    version: i64,
    now: Millis,
    until: Millis,
) -> Result<bool, StorageError> {
    sqlx::query(
        "UPDATE sign_ins SET refresh_claimed_until = $1 WHERE id = $2 AND version = $3 \
         AND refresh_claimed_until <= $4 AND needs_sign_in = 0",
    )
    .bind(until.0)
    .bind(id)
    .bind(version)
    .bind(now.0)
    .changes_one(conn)
    .await
}

/// Releases the claim of a refresh that was never sent.
pub async fn release_refresh(
    conn: &mut AnyConnection,
    id: &str,
    version: i64,
) -> Result<(), StorageError> {
    sqlx::query("UPDATE sign_ins SET refresh_claimed_until = 0 WHERE id = $1 AND version = $2")
        .bind(id)
        .bind(version)
        .execute(conn)
        .await?;
    Ok(())
}

/// Replaces the tokens of `before` with refreshed ones of `server`. Returns whether they
/// were stored: `false` if the person signed out in the meantime.
pub async fn store_tokens(
    conn: &mut AnyConnection,
    keys: &KeyRing,
    before: &SignIn,
    (server, tokens): (&str, &TokenPair),
    now: Millis,
) -> Result<bool, StorageError> {
    let (access, refresh) = sealed(keys, &before.id, server, tokens)?;
    sqlx::query(
        "UPDATE sign_ins SET access_token = $1, refresh_token = $2, expires_at = $3, \
         version = version + 1, refresh_claimed_until = 0, updated_at = $4 \
         WHERE id = $5 AND version = $6 AND needs_sign_in = 0",
    )
    .bind(access)
    .bind(refresh)
    .bind(tokens.expires_at.map(|at| at.0))
    .bind(now.0)
    .bind(&before.id)
    .bind(before.version)
    .changes_one(conn)
    .await
}

/// Marks a sign-in as no longer usable, if it still has this version. Keeps its access
/// token, which a later log-out may need. Returns whether it had.
pub async fn end(
    conn: &mut AnyConnection,
    id: &str,
    version: i64,
    now: Millis,
) -> Result<bool, StorageError> {
    sqlx::query(
        "UPDATE sign_ins SET needs_sign_in = 1, updated_at = $1 WHERE id = $2 AND version = $3",
    )
    .bind(now.0)
    .bind(id)
    .bind(version)
    .changes_one(conn)
    .await
}

/// Remembers that this sign-in may not issue, in Redtrust's words; `None` forgets it.
pub async fn set_may_not_issue(
    conn: &mut AnyConnection,
    id: &str,
    said: Option<&ServerMessage>,
) -> Result<(), StorageError> {
    sqlx::query(
        "UPDATE sign_ins SET may_not_issue_code = $1, may_not_issue_message = $2 WHERE id = $3",
    )
    .bind(said.map(|said| said.code.clone()))
    .bind(said.map(|said| said.text.clone()))
    .bind(id)
    .execute(conn)
    .await?;
    Ok(())
}

/// What Redtrust said if this sign-in may not issue.
pub async fn may_not_issue(
    storage: &Storage,
    id: &str,
) -> Result<Option<ServerMessage>, StorageError> {
    let row =
        sqlx::query("SELECT may_not_issue_code, may_not_issue_message FROM sign_ins WHERE id = $1")
            .bind(id)
            .fetch_optional(storage.pool())
            .await?;
    let Some(row) = row else {
        return Ok(None);
    };
    let fields = Fields::with_id(&row, TABLE, id);
    let code = fields.text_or_null("may_not_issue_code")?;
    let text = fields.text_or_null("may_not_issue_message")?;
    Ok(code
        .zip(text)
        .map(|(code, text)| ServerMessage { code, text }))
}

/// The connection of a sign-in.
pub async fn connection_of(storage: &Storage, id: &str) -> Result<Option<String>, StorageError> {
    let connection = sqlx::query_scalar("SELECT connection_id FROM sign_ins WHERE id = $1")
        .bind(id)
        .fetch_optional(storage.pool())
        .await?;
    Ok(connection)
}

/// The owner's sign-ins that still have tokens: "sign out everywhere" ends
/// these.
pub async fn live_of_owner(storage: &Storage, owner_id: &str) -> Result<Vec<String>, StorageError> {
    let ids = sqlx::query_scalar(
        "SELECT id FROM sign_ins WHERE owner_id = $1 AND access_token IS NOT NULL",
    )
    .bind(owner_id)
    .fetch_all(storage.pool())
    .await?;
    Ok(ids)
}

type Sealed = (Vec<u8>, Option<Vec<u8>>);

fn sealed(keys: &KeyRing, id: &str, server: &str, tokens: &TokenPair) -> Result<Sealed, SealError> {
    let seal = |column, secret: &Secret| {
        let column = bound(column, server);
        keys.seal(TABLE, TABLE, id, &column, secret.expose().as_bytes())
    };
    let refresh = tokens.refresh.as_ref();
    Ok((
        seal(ACCESS, &tokens.access)?,
        refresh.map(|refresh| seal(REFRESH, refresh)).transpose()?,
    ))
}
