//! Browser sessions, stored under the SHA-256 of their id, so that a stolen
//! database reveals no usable session id.

use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe};

use super::folded::lowered;
use super::one_row::OneRow as _;
use super::row::{Fields, FromRow, readable};
use super::{Storage, StorageError, admins};
use crate::domain::device::Device;
use crate::domain::millis::Millis;
use crate::domain::string_enum::string_enum;

/// Most live sessions of one person; many people may share an application user.
pub const MOST_EACH: i64 = 50;

string_enum! {
    /// Who a session belongs to. The text form is stored.
    pub enum Kind as "kind of session" {
        /// Signed in through Redtrust.
        User = "user",
        /// A local admin.
        Admin = "admin",
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// SHA-256 of the id in the cookie.
    pub id_hash: [u8; 32],
    pub kind: Kind,
    /// Id of the owner or admin; "sign out everywhere" ends all sessions of one
    /// subject.
    pub subject: String,
    /// The sign-in at Redtrust that a user's session lives from.
    pub sign_in_id: Option<String>,
    /// JSON with ids only.
    pub state: String,
    pub created_at: Millis,
    /// When it was last used, to the minute.
    pub used_at: Millis,
    /// The address it began from; empty if that is not known.
    pub address: String,
    pub device: Device,
    /// Expires at this time unless it is used.
    pub idle_until: Millis,
    /// Expires at this time in any case.
    pub absolute_until: Millis,
}

const COLUMNS: &str = "id_hash, kind, subject, sign_in_id, state, created_at, used_at, \
    address, device, idle_until, absolute_until";

impl FromRow for Session {
    fn from_row(row: &AnyRow) -> Result<Self, StorageError> {
        let fields = Fields::with_id(row, "sessions", "(a session)");
        Ok(Self {
            id_hash: fields.hash("id_hash")?,
            kind: fields.parsed("kind")?,
            subject: fields.text("subject")?,
            sign_in_id: fields.text_or_null("sign_in_id")?,
            state: fields.text("state")?,
            created_at: fields.millis("created_at")?,
            used_at: fields.millis("used_at")?,
            address: fields.text("address")?,
            device: fields.parsed("device")?,
            idle_until: fields.millis("idle_until")?,
            absolute_until: fields.millis("absolute_until")?,
        })
    }
}

impl Session {
    fn lives_at(&self, now: Millis) -> bool {
        now < self.idle_until && now < self.absolute_until
    }
}

/// The session, if it is live at `now`.
pub async fn load(
    storage: &Storage,
    id_hash: &[u8; 32],
    now: Millis,
) -> Result<Option<Session>, StorageError> {
    let found = any(storage, id_hash).await?;
    Ok(found.filter(|session| session.lives_at(now)))
}

/// The session, if it has expired by `now`. A signed-out session is deleted and
/// not found.
pub async fn ended(
    storage: &Storage,
    id_hash: &[u8; 32],
    now: Millis,
) -> Result<Option<Session>, StorageError> {
    let found = any(storage, id_hash).await?;
    Ok(found.filter(|session| !session.lives_at(now)))
}

async fn any(storage: &Storage, id_hash: &[u8; 32]) -> Result<Option<Session>, StorageError> {
    let sql = format!("SELECT {COLUMNS} FROM sessions WHERE id_hash = $1");
    let row = sqlx::query(AssertSqlSafe(sql))
        .bind(id_hash.to_vec())
        .fetch_optional(storage.pool())
        .await?;
    row.as_ref().map(Session::from_row).transpose()
}

/// Whether there is a session with this id that is live at `now`.
pub async fn is_live(
    conn: &mut AnyConnection,
    id_hash: &[u8; 32],
    now: Millis,
) -> Result<bool, StorageError> {
    let sql = "SELECT id_hash FROM sessions \
        WHERE id_hash = $1 AND idle_until > $2 AND absolute_until > $2";
    let found = sqlx::query(sql)
        .bind(id_hash.to_vec())
        .bind(now.0)
        .fetch_optional(conn);
    Ok(found.await?.is_some())
}

/// A person's sessions that are live at `now`, the one used last first.
pub async fn live_of(
    storage: &Storage,
    kind: Kind,
    subject: &str,
    now: Millis,
) -> Result<Vec<Session>, StorageError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM sessions WHERE subject = $1 AND kind = $2 AND idle_until > $3 \
         AND absolute_until > $3 ORDER BY used_at DESC, id_hash"
    );
    let rows = sqlx::query(AssertSqlSafe(sql))
        .bind(subject)
        .bind(kind.as_str())
        .bind(now.0)
        .fetch_all(storage.pool())
        .await?;
    Ok(readable(&rows))
}

/// All sessions of admins that are live at `now`, with their user names; of each admin the
/// one used last first.
pub async fn live_of_admins(
    storage: &Storage,
    now: Millis,
) -> Result<Vec<(String, Session)>, StorageError> {
    let name = "SELECT username FROM admins WHERE admins.id = sessions.subject";
    let sql = format!(
        "{} ORDER BY name, used_at DESC, id_hash",
        live(name, "admin")
    );
    let rows = sqlx::query(AssertSqlSafe(sql))
        .bind(now.0)
        .fetch_all(storage.pool())
        .await?;
    Ok(named(&rows))
}

/// The sessions that are live at `now` of users who are called this at whatever connection,
/// in whatever case, on our pages or by their server; the one used last first.
pub async fn live_of_login(
    storage: &Storage,
    login: &str,
    now: Millis,
) -> Result<Vec<(String, Session)>, StorageError> {
    let name = "SELECT login FROM owners WHERE owners.id = sessions.subject";
    let sql = format!(
        "{} AND subject IN (SELECT id FROM owners WHERE LOWER(login) IN ($2, $3, $4, $5) \
         UNION ALL SELECT owner_id FROM owner_names WHERE LOWER(folded) IN ($2, $3, $4, $5) \
         OR LOWER(folded || '@' || domain) IN ($2, $3, $4, $5)) ORDER BY used_at DESC, id_hash",
        live(name, "user")
    );
    let mut query = sqlx::query(AssertSqlSafe(sql)).bind(now.0);
    for login in lowered(login) {
        query = query.bind(login);
    }
    let rows = query.fetch_all(storage.pool()).await?;
    Ok(named(&rows))
}

/// Selects the sessions of a kind that are live at `$1`, with a name for each.
fn live(name: &str, kind: &str) -> String {
    format!(
        "SELECT ({name}) AS name, {COLUMNS} FROM sessions \
         WHERE kind = '{kind}' AND idle_until > $1 AND absolute_until > $1"
    )
}

fn named(rows: &[AnyRow]) -> Vec<(String, Session)> {
    let named = readable::<Named>(rows).into_iter();
    named.map(|Named(name, session)| (name, session)).collect()
}

struct Named(String, Session);

impl FromRow for Named {
    fn from_row(row: &AnyRow) -> Result<Self, StorageError> {
        let fields = Fields::with_id(row, "sessions", "(a session)");
        let name = fields.text_or_null("name")?.unwrap_or_default();
        Ok(Self(name, Session::from_row(row)?))
    }
}

/// Stores a new session of an account, unless the account is no longer enabled at this
/// version. Whoever changes an account ends its sessions after that, so none that begins
/// meanwhile is left. Returns whether it was stored.
pub async fn insert_of_account(
    conn: &mut AnyConnection,
    session: &Session,
    version: i64,
) -> Result<bool, StorageError> {
    let stands = admins::stands(conn, &session.subject, version).await?;
    if stands {
        insert(conn, session).await?;
    }
    Ok(stands)
}

/// Stores a new session. If the person has more than [`MOST_EACH`] of this kind then,
/// the oldest end, as if their time were over.
pub async fn insert(conn: &mut AnyConnection, session: &Session) -> Result<(), StorageError> {
    sqlx::query(
        "INSERT INTO sessions (id_hash, kind, subject, state, created_at, idle_until, \
         absolute_until, sign_in_id, used_at, address, device) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
    )
    .bind(session.id_hash.to_vec())
    .bind(session.kind.as_str())
    .bind(&session.subject)
    .bind(&session.state)
    .bind(session.created_at.0)
    .bind(session.idle_until.0)
    .bind(session.absolute_until.0)
    .bind(session.sign_in_id.as_deref())
    .bind(session.used_at.0)
    .bind(&session.address)
    .bind(session.device.to_string())
    .execute(&mut *conn)
    .await?;
    end_oldest(conn, session).await
}

/// Ends all but the newest [`MOST_EACH`] sessions of the person to whom `newest` belongs.
async fn end_oldest(conn: &mut AnyConnection, newest: &Session) -> Result<(), StorageError> {
    sqlx::query(
        "UPDATE sessions SET idle_until = $1 WHERE id_hash IN (\
         SELECT id_hash FROM sessions WHERE subject = $2 AND kind = $3 AND idle_until > $1 \
         AND id_hash <> $4 ORDER BY created_at DESC, id_hash LIMIT $5 OFFSET $6)",
    )
    .bind(newest.created_at.0)
    .bind(&newest.subject)
    .bind(newest.kind.as_str())
    .bind(newest.id_hash.to_vec())
    // SQLite knows no OFFSET without a LIMIT.
    .bind(i64::MAX)
    .bind(MOST_EACH - 1)
    .execute(conn)
    .await?;
    Ok(())
}

/// Replaces the state of a session, which gets the id `to` (it may be the same) and keeps
/// its last end. Does nothing if it has ended since it was `seen` to end then unless it is
/// used: one that was signed out of does not come back, under whatever id. Returns whether
/// it was there.
pub async fn update(
    conn: &mut AnyConnection,
    [from, to]: [&[u8; 32]; 2],
    state: &str,
    seen: Millis,
    idle_until: Millis,
) -> Result<bool, StorageError> {
    let sql = format!("UPDATE sessions SET id_hash = $4, state = $5, {EXTENDED}");
    sqlx::query(AssertSqlSafe(sql))
        .bind(idle_until.0)
        .bind(from.to_vec())
        .bind(seen.0)
        .bind(to.to_vec())
        .bind(state)
        .changes_one(conn)
        .await
}

/// Extends a session that is used now, if it has not ended since it was `seen` to end then.
/// Returns whether it was there.
pub async fn touch(
    conn: &mut AnyConnection,
    id_hash: &[u8; 32],
    seen: Millis,
    idle_until: Millis,
    now: Millis,
) -> Result<bool, StorageError> {
    let sql = format!("UPDATE sessions SET used_at = $4, {EXTENDED}");
    sqlx::query(AssertSqlSafe(sql))
        .bind(idle_until.0)
        .bind(id_hash.to_vec())
        .bind(seen.0)
        .bind(now.0)
        .changes_one(conn)
        .await
}

/// Puts the end of the session `$2` off until `$1`, but only if it is not before `$3`, where
/// it was seen: using a session never moves its end back, and ending one does.
const EXTENDED: &str = "idle_until = CASE WHEN idle_until > $1 THEN idle_until ELSE $1 END \
    WHERE id_hash = $2 AND idle_until >= $3";

/// Ends one session. Returns whether it existed.
pub async fn delete(conn: &mut AnyConnection, id_hash: &[u8; 32]) -> Result<bool, StorageError> {
    sqlx::query("DELETE FROM sessions WHERE id_hash = $1")
        .bind(id_hash.to_vec())
        .changes_one(conn)
        .await
}

/// Ends all of a person's sessions of one kind. Returns how many there were.
pub async fn delete_of_subject(
    conn: &mut AnyConnection,
    kind: Kind,
    subject: &str,
) -> Result<u64, StorageError> {
    let done = sqlx::query("DELETE FROM sessions WHERE subject = $1 AND kind = $2")
        .bind(subject)
        .bind(kind.as_str())
        .execute(conn)
        .await?;
    Ok(done.rows_affected())
}

/// Ends all of a person's sessions of one kind but this one. Returns how many there were.
pub async fn delete_others(
    conn: &mut AnyConnection,
    kind: Kind,
    subject: &str,
    this: &[u8; 32],
) -> Result<u64, StorageError> {
    let sql = "DELETE FROM sessions WHERE subject = $1 AND kind = $2 AND id_hash <> $3";
    let done = sqlx::query(sql)
        .bind(subject)
        .bind(kind.as_str())
        .bind(this.to_vec())
        .execute(conn)
        .await?;
    Ok(done.rows_affected())
}

/// Ends all sessions of a connection's users.
pub async fn delete_of_connection(
    conn: &mut AnyConnection,
    connection_id: &str,
) -> Result<(), StorageError> {
    sqlx::query(
        "DELETE FROM sessions WHERE kind = 'user' \
         AND subject IN (SELECT id FROM owners WHERE connection_id = $1)",
    )
    .bind(connection_id)
    .execute(conn)
    .await?;
    Ok(())
}

/// Deletes expired sessions. Returns how many.
pub async fn purge(conn: &mut AnyConnection, now: Millis) -> Result<u64, StorageError> {
    let done = sqlx::query("DELETE FROM sessions WHERE idle_until <= $1")
        .bind(now.0)
        .execute(conn)
        .await?;
    Ok(done.rows_affected())
}
