//! Sessions: their content, their beginning and their end.
//!
//! A session holds only ids and the display name; tokens and drafts have their own
//! rows. Users and admins have separate sessions, cookies and limits.

mod arrival;
mod ended;
mod policy;
mod recheck;
pub(super) mod rows;

use actix_session::config::CookieContentSecurity;
use actix_session::{Session, SessionMiddleware};
use actix_web::HttpRequest;
use actix_web::cookie::{CookieJar, Key, SameSite};
use serde::{Deserialize, Serialize};

pub use crate::storage::sessions::Kind;
pub use arrival::{Arrival, arriving};
pub use ended::{Ended, ended};
pub use policy::IDLE;
pub use recheck::recheck;
pub use rows::{IdHash, SessionRows};

use super::keys;
use super::problem::AppError;
use super::state::AppState;
use crate::domain::millis::Millis;
use crate::domain::secret::Secret;
use crate::services::accounts::Role;
use crate::services::sign_in::{NewSignIn, SessionToBe};
use crate::storage::StorageError;

const WHO: &str = "who";
const CSRF: &str = "csrf";
const SUBJECT: &str = "subject";
const WEAK: &str = "weak";
const FACTOR: &str = "factor";
/// Key of the version of the account that the session is good for.
const VERSION: &str = "version";
/// Key of the time at which the session ends without activity; set when it is read.
const ENDS: &str = "ends";
/// Key of the time at which the session ends in any case; set when it is read.
const LAST: &str = "last";

/// Key of what a sign-in began just now; see [`begin`].
const BEGUN: &str = "begun";
/// Key of a session that is to get a new id; see [`renew`].
const RENEWED: &str = "renewed";
/// Key of the id of a session that is stored already; see [`adopt`].
const ADOPTED: &str = "adopted";

/// Who is signed in, as stored in the session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Identity {
    User(User),
    Admin(Admin),
}

/// A user signed in through Redtrust.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// The sign-in whose tokens are used.
    pub sign_in: String,
    /// The owner of the issuances.
    pub owner: String,
    /// The connection to Redtrust.
    pub connection: String,
    /// For whom it is counted what they do, if not for the owner.
    #[serde(default)]
    pub counted_as: Option<String>,
    /// The name to show.
    pub login: String,
}

/// Somebody signed in with a local account. Its sessions end when its role or
/// connections change, so what stands here is what the account says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Admin {
    /// The account's id.
    pub admin: String,
    /// The name to show.
    pub username: String,
    pub role: Role,
    /// Ids of an officer's connections.
    pub connections: Vec<String>,
}

impl Identity {
    /// The id of the owner or admin; "sign out everywhere" ends all sessions of one
    /// subject.
    pub fn subject(&self) -> &str {
        match self {
            Self::User(user) => &user.owner,
            Self::Admin(admin) => &admin.admin,
        }
    }

    /// For whom it is counted what they do.
    pub fn counted_as(&self) -> &str {
        match self {
            Self::User(user) => user.counted_as.as_ref().unwrap_or(&user.owner),
            Self::Admin(admin) => &admin.admin,
        }
    }

    /// The name to show.
    pub fn name(&self) -> &str {
        match self {
            Self::User(user) => &user.login,
            Self::Admin(admin) => &admin.username,
        }
    }
}

/// Signs in with a new session id, to prevent session fixation.
pub fn begin(session: &Session, who: &Identity) -> Result<(), AppError> {
    session.clear();
    session.renew();
    let written = session
        .insert(WHO, who)
        .and_then(|()| session.insert(CSRF, keys::nonce()))
        .and_then(|()| session.insert(SUBJECT, who.subject()))
        .and_then(|()| session.insert(BEGUN, true));
    written.map_err(|_| AppError::Internal)
}

/// Gives the session a new id, unless it has ended meanwhile. Its last end stays.
///
/// [`Session::renew`] is for sign-ins: it deletes the row and stores another one, even if
/// there was none left to delete.
pub fn renew(session: &Session) -> Result<(), AppError> {
    mark(session, RENEWED, true)
}

/// A session that a sign-in stores itself, with the user that `who` makes of it.
pub fn to_be(
    now: Millis,
    who: impl FnOnce(&NewSignIn) -> Identity + Send + Sync + 'static,
) -> SessionToBe {
    let (id, from) = (rows::new_id(), Arrival::current());
    SessionToBe {
        id: Secret::new(&*id),
        row: Box::new(move |sign_in| {
            let who = who(sign_in);
            let state = [
                (WHO, serde_json::to_string(&who)),
                (CSRF, serde_json::to_string(&keys::nonce())),
                (SUBJECT, serde_json::to_string(who.subject())),
            ];
            let state: Result<rows::State, serde_json::Error> = state
                .into_iter()
                .map(|(key, value)| Ok((key.to_owned(), value?)))
                .collect();
            let row = state.and_then(|state| rows::new_row(Kind::User, &id, &state, &from, now));
            row.ok()
        }),
    }
}

/// Makes the browser's session the stored one with this id, and ends the one it had.
/// Returns the sign-in of that one.
pub fn adopt(
    req: &HttpRequest,
    state: &AppState,
    session: &Session,
    id: &str,
) -> Result<Option<String>, AppError> {
    if id_hash(req, state, Kind::User) == Some(rows::hash(id)) {
        return Ok(None);
    }
    let before = sign_in_of(session);
    session.clear();
    session.renew();
    session
        .insert(ADOPTED, id)
        .map_err(|_| AppError::Internal)?;
    Ok(before)
}

/// From now on the session is good for this version of its account: see
/// [`crate::storage::sessions::insert_of_account`].
pub fn set_version(session: &Session, version: i64) -> Result<(), AppError> {
    session
        .insert(VERSION, version)
        .map_err(|_| AppError::Internal)
}

/// Remembers whether the password of this sign-in would not be accepted as a new one.
pub fn set_weak_password(session: &Session, is_weak: bool) -> Result<(), AppError> {
    mark(session, WEAK, is_weak)
}

pub fn has_weak_password(session: &Session) -> bool {
    is_marked(session, WEAK)
}

/// Remembers whether the account has a second factor. When it gets or loses one, its
/// other sessions end.
pub fn set_second_factor(session: &Session, has_one: bool) -> Result<(), AppError> {
    mark(session, FACTOR, has_one)
}

pub fn has_second_factor(session: &Session) -> bool {
    is_marked(session, FACTOR)
}

fn mark(session: &Session, name: &str, is_so: bool) -> Result<(), AppError> {
    if !is_so {
        session.remove(name);
        return Ok(());
    }
    session.insert(name, true).map_err(|_| AppError::Internal)
}

fn is_marked(session: &Session, name: &str) -> bool {
    session.get(name).ok().flatten().unwrap_or(false)
}

/// Signs out: deletes the row and the cookie.
pub fn end(session: &Session) {
    session.purge();
}

pub fn identity(session: &Session) -> Option<Identity> {
    session.get(WHO).ok().flatten()
}

/// The sign-in at Redtrust of a user's session.
pub fn sign_in_of(session: &Session) -> Option<String> {
    match identity(session)? {
        Identity::User(user) => Some(user.sign_in),
        Identity::Admin(_) => None,
    }
}

/// The session's CSRF tokens are bound to this.
pub fn csrf_nonce(session: &Session) -> Option<String> {
    session.get(CSRF).ok().flatten()
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ends {
    /// Without activity.
    pub idle: Millis,
    /// At the latest, even with activity.
    pub last: Millis,
}

pub fn ends(session: &Session) -> Option<Ends> {
    Some(Ends {
        idle: session.get(ENDS).ok().flatten()?,
        last: session.get(LAST).ok().flatten()?,
    })
}

/// The hash under which this request's session is stored.
pub fn id_hash(req: &HttpRequest, state: &AppState, kind: Kind) -> Option<IdHash> {
    let id = id_in(req, &cookie_name(state, kind), &state.keys.cookie())?;
    Some(rows::hash(&id))
}

/// The id in a session cookie with a right signature.
pub(super) fn id_in(req: &HttpRequest, name: &str, key: &Key) -> Option<String> {
    let mut jar = CookieJar::new();
    jar.add_original(req.cookie(name)?);
    let id = jar.signed(key).get(name)?;
    Some(id.value().to_owned())
}

/// Whether the session still exists; does not extend it.
pub async fn lives(state: &AppState, hash: &IdHash) -> Result<bool, StorageError> {
    rows::lives(&state.portal.storage, hash, state.portal.clock.now()).await
}

/// The hash of the session that this request belongs to.
pub fn this(req: &HttpRequest, state: &AppState, kind: Kind) -> Result<IdHash, AppError> {
    id_hash(req, state, kind).ok_or(AppError::Internal)
}

fn cookie_name(state: &AppState, kind: Kind) -> String {
    state.settings.origin.cookie_name(match kind {
        Kind::User => "rubrica",
        Kind::Admin => "rubrica-admin",
    })
}

/// The session middleware for a scope of this kind.
pub fn middleware(state: &AppState, kind: Kind) -> SessionMiddleware<SessionRows> {
    let origin = &state.settings.origin;
    let rows = SessionRows::new(
        state.portal.storage.clone(),
        state.portal.clock.clone(),
        state.sessions.clone(),
        kind,
    );
    SessionMiddleware::builder(rows, state.keys.cookie())
        .cookie_name(cookie_name(state, kind))
        .cookie_secure(origin.is_https())
        .cookie_http_only(true)
        .cookie_same_site(SameSite::Lax)
        .cookie_path("/".to_owned())
        .cookie_content_security(CookieContentSecurity::Signed)
        .build()
}
