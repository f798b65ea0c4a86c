//! Sessions as rows, behind a cache of half a second.
//!
//! Whatever comes late does no harm. `update` on a row that has ended writes nothing and
//! returns Ok, also where it gives the session a new id; `save` stores what [`super::begin`]
//! began, and nothing else. A session of an account is good for one version of it, which is
//! compared whenever the row is read: whatever was written beside a change of the account is
//! dead with that.

use std::collections::HashMap;
use std::sync::Arc;

use actix_session::storage::{LoadError, SaveError, SessionKey, SessionStore, UpdateError};
use actix_web::cookie::time;

use super::Identity;
use super::arrival::Arrival;
use super::policy::{CACHED_FOR, EXTEND_AFTER, IDLE, TOUCH_WITHIN, life};
use crate::clock::Clock;
use crate::domain::digest::sha256;
use crate::domain::millis::Millis;
use crate::storage::sessions::{self, Kind, Session};
use crate::storage::{Storage, StorageError, admins};

/// SHA-256 of a session's id; sessions are stored under it.
pub type IdHash = [u8; 32];
pub(super) type State = HashMap<String, String>;

/// Sessions read within the last half second; shared by the workers of this process.
#[derive(Debug, Clone)]
pub struct SessionCache(moka::sync::Cache<IdHash, Arc<Cached>>);

#[derive(Debug)]
struct Cached {
    kind: Kind,
    state: State,
    read_at: Millis,
    ends: Millis,
}

impl SessionCache {
    pub fn new() -> Self {
        Self(
            moka::sync::Cache::builder()
                .max_capacity(20_000)
                .time_to_live(CACHED_FOR)
                .build(),
        )
    }

    /// Empties the cache, after sessions were ended without knowing their ids.
    pub fn forget_all(&self) {
        self.0.invalidate_all();
    }
}

impl Default for SessionCache {
    fn default() -> Self {
        Self::new()
    }
}

#[derive(Debug, Clone)]
pub struct SessionRows {
    storage: Storage,
    clock: Clock,
    cache: SessionCache,
    kind: Kind,
}

impl SessionRows {
    pub const fn new(storage: Storage, clock: Clock, cache: SessionCache, kind: Kind) -> Self {
        Self {
            storage,
            clock,
            cache,
            kind,
        }
    }

    fn cached(&self, hash: &IdHash, now: Millis) -> Option<State> {
        if Arrival::reads_past_cache() {
            return None;
        }
        let cached = self.cache.0.get(hash)?;
        // The cache measures real time; this also covers a clock that was changed.
        let fresh = now.since(cached.read_at) < CACHED_FOR && now < cached.ends;
        (fresh && cached.kind == self.kind).then(|| cached.state.clone())
    }

    async fn read(&self, hash: IdHash) -> Result<Option<State>, LoadError> {
        let now = self.clock.now();
        if let Some(state) = self.cached(&hash, now) {
            return Ok(Some(state));
        }
        let row = sessions::load(&self.storage, &hash, now)
            .await
            .map_err(|error| LoadError::Other(error.into()))?;
        let Some(row) = row.filter(|row| row.kind == self.kind) else {
            self.cache.0.invalidate(&hash);
            return Ok(None);
        };
        let mut state: State = serde_json::from_str(&row.state)
            .map_err(|error| LoadError::Deserialization(error.into()))?;
        let holds = holds(&self.storage, &row, &state)
            .await
            .map_err(|error| LoadError::Other(error.into()))?;
        let ends = match holds {
            true => self.extended(&row, now).await,
            false => None,
        };
        let Some(ends) = ends else {
            self.cache.0.invalidate(&hash);
            return Ok(None);
        };
        state.insert(super::ENDS.to_owned(), ends.0.to_string());
        state.insert(super::LAST.to_owned(), row.absolute_until.0.to_string());
        let cached = Cached {
            kind: self.kind,
            state: state.clone(),
            read_at: now,
            ends,
        };
        self.cache.0.insert(hash, Arc::new(cached));
        Ok(Some(state))
    }

    /// Extends the session if it was last used over a minute ago; returns its end, `None` if
    /// it has ended meanwhile. If the database cannot write now, the request waits for at
    /// most [`TOUCH_WITHIN`] and goes on; its own writes have their own timeout.
    async fn extended(&self, row: &Session, now: Millis) -> Option<Millis> {
        if now.since(row.used_at) < EXTEND_AFTER {
            return Some(row.idle_until);
        }
        let wanted = (now + IDLE).min(row.absolute_until);
        let (hash, seen) = (row.id_hash, row.idle_until);
        let touch = self.storage.write(move |conn| {
            Box::pin(async move { sessions::touch(conn, &hash, seen, wanted, now).await })
        });
        match tokio::time::timeout(TOUCH_WITHIN, touch).await {
            Ok(Ok(true)) => return Some(wanted),
            Ok(Ok(false)) => return None,
            Ok(Err(error)) => tracing::warn!(event = "session_not_extended", %error),
            Err(_) => tracing::warn!(event = "session_not_extended_yet"),
        }
        Some(seen)
    }

    async fn insert(&self, state: &State) -> Result<SessionKey, SaveError> {
        let id = new_id();
        let (kind, now) = (self.kind, self.clock.now());
        let row = new_row(kind, &id, state, &Arrival::current(), now)
            .map_err(|error| SaveError::Serialization(error.into()))?;
        // Those of accounts begin with 1.
        let version = account_version(state).unwrap_or_default();
        let stored = self.storage.write(move |conn| {
            Box::pin(async move {
                match kind {
                    Kind::User => sessions::insert(conn, &row).await.map(|()| true),
                    Kind::Admin => sessions::insert_of_account(conn, &row, version).await,
                }
            })
        });
        let stored = stored
            .await
            .map_err(|error| SaveError::Other(error.into()))?;
        if !stored {
            tracing::info!(event = "session_not_begun");
        }
        SessionKey::try_from(id).map_err(|error| SaveError::Other(error.into()))
    }

    /// Replaces the state of a session, and its id if that was asked for; returns the id.
    async fn replace(&self, key: SessionKey, mut state: State) -> Result<SessionKey, UpdateError> {
        let is_renewed = state.remove(super::RENEWED).is_some();
        let new = is_renewed.then(new_id);
        let from = hash(key.as_ref());
        let to = new.as_deref().map_or(from, hash);
        let text = serde_json::to_string(&state)
            .map_err(|error| UpdateError::Serialization(error.into()))?;
        let seen = state.get(super::ENDS).and_then(|ends| ends.parse().ok());
        let seen = Millis(seen.unwrap_or_default());
        let idle_until = self.clock.now() + IDLE;
        self.cache.0.invalidate(&from);
        let was_there = self.storage.write(move |conn| {
            Box::pin(
                async move { sessions::update(conn, [&from, &to], &text, seen, idle_until).await },
            )
        });
        let was_there = was_there
            .await
            .map_err(|error| UpdateError::Other(error.into()))?;
        if is_renewed && !was_there {
            tracing::info!(event = "session_not_begun");
        }
        match new.filter(|_| was_there) {
            Some(id) => SessionKey::try_from(id).map_err(|error| UpdateError::Other(error.into())),
            None => Ok(key),
        }
    }

    async fn remove(&self, hash: IdHash) -> Result<bool, StorageError> {
        let removed = self
            .storage
            .write(move |conn| Box::pin(async move { sessions::delete(conn, &hash).await }))
            .await;
        // After deleting the row: otherwise a parallel read could cache the old
        // session again.
        self.cache.0.invalidate(&hash);
        removed
    }
}

impl SessionStore for SessionRows {
    async fn load(&self, key: &SessionKey) -> Result<Option<State>, LoadError> {
        self.read(hash(key.as_ref())).await
    }

    /// A session that was stored by the sign-in itself is only named to the browser. What no
    /// sign-in began is stored nowhere: it is left of a session that has ended.
    async fn save(&self, mut state: State, _: &time::Duration) -> Result<SessionKey, SaveError> {
        let is_begun = state.remove(super::BEGUN).is_some();
        match state.get(super::ADOPTED) {
            Some(id) => {
                let id: String = serde_json::from_str(id)
                    .map_err(|error| SaveError::Serialization(error.into()))?;
                SessionKey::try_from(id).map_err(|error| SaveError::Other(error.into()))
            }
            None if is_begun => self.insert(&state).await,
            None => SessionKey::try_from(new_id()).map_err(|error| SaveError::Other(error.into())),
        }
    }

    async fn update(
        &self,
        key: SessionKey,
        state: State,
        _: &time::Duration,
    ) -> Result<SessionKey, UpdateError> {
        self.replace(key, state).await
    }

    /// Nothing to do: reading already extends the session.
    async fn update_ttl(&self, _: &SessionKey, _: &time::Duration) -> Result<(), anyhow::Error> {
        Ok(())
    }

    async fn delete(&self, key: &SessionKey) -> Result<(), anyhow::Error> {
        self.remove(hash(key.as_ref())).await?;
        Ok(())
    }
}

/// A random id.
pub(super) fn new_id() -> String {
    data_encoding::BASE64URL_NOPAD.encode(&rand::random::<[u8; 32]>())
}

/// The row of a new session.
pub(super) fn new_row(
    kind: Kind,
    id: &str,
    state: &State,
    from: &Arrival,
    now: Millis,
) -> Result<Session, serde_json::Error> {
    Ok(Session {
        id_hash: hash(id),
        kind,
        subject: subject(state),
        sign_in_id: sign_in_id(state),
        state: serde_json::to_string(state)?,
        created_at: now,
        used_at: now,
        address: from.address(),
        device: from.device(),
        idle_until: now + IDLE,
        absolute_until: now + life(kind),
    })
}

pub(super) fn hash(id: &str) -> IdHash {
    sha256(id)
}

/// The sign-in that a user's session lives from.
fn sign_in_id(state: &State) -> Option<String> {
    let who: Identity = serde_json::from_str(state.get(super::WHO)?).ok()?;
    match who {
        Identity::User(user) => Some(user.sign_in),
        Identity::Admin(_) => None,
    }
}

/// Whether the account of a session is enabled and still at the version that the session is
/// good for.
async fn holds(storage: &Storage, row: &Session, state: &State) -> Result<bool, StorageError> {
    if row.kind == Kind::User {
        return Ok(true);
    }
    let now = admins::version_in_force(storage, &row.subject).await?;
    // Sessions that an earlier version of the portal stored say none.
    let good_for = account_version(state);
    Ok(now.is_some_and(|now| good_for.is_none_or(|version| version == now)))
}

/// Whether the session still exists; does not extend it.
pub(super) async fn lives(
    storage: &Storage,
    hash: &IdHash,
    now: Millis,
) -> Result<bool, StorageError> {
    let Some(row) = sessions::load(storage, hash, now).await? else {
        return Ok(false);
    };
    let state = serde_json::from_str(&row.state).unwrap_or_default();
    holds(storage, &row, &state).await
}

/// The version of the account that a session of an account is good for.
fn account_version(state: &State) -> Option<i64> {
    state.get(super::VERSION)?.parse().ok()
}

/// The subject, for "sign out everywhere".
fn subject(state: &State) -> String {
    state
        .get(super::SUBJECT)
        .and_then(|json| serde_json::from_str(json).ok())
        .unwrap_or_default()
}
