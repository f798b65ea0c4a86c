//! Sessions as rows, behind a cache of half a second.
//!
//! `update` on a deleted row writes nothing and returns Ok: a slow request must not
//! restore a session that was signed out in the meantime.

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
use crate::storage::{Storage, StorageError};

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
        let ends = self.extended(&row, now).await;
        let mut state: State = serde_json::from_str(&row.state)
            .map_err(|error| LoadError::Deserialization(error.into()))?;
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

    /// Extends the session if it was last used over a minute ago. If the database
    /// cannot write now, the request waits for at most [`TOUCH_WITHIN`] and goes on; its
    /// own writes have their own timeout.
    async fn extended(&self, row: &Session, now: Millis) -> Millis {
        if now.since(row.used_at) < EXTEND_AFTER {
            return row.idle_until;
        }
        let wanted = (now + IDLE).min(row.absolute_until);
        let hash = row.id_hash;
        let touch = self.storage.write(move |conn| {
            Box::pin(async move { sessions::touch(conn, &hash, wanted, now).await })
        });
        match tokio::time::timeout(TOUCH_WITHIN, touch).await {
            Ok(Ok(true)) => wanted,
            Ok(Ok(false)) => now,
            Ok(Err(error)) => {
                tracing::warn!(event = "session_not_extended", %error);
                row.idle_until
            }
            Err(_) => {
                tracing::warn!(event = "session_not_extended_yet");
                row.idle_until
            }
        }
    }

    async fn insert(&self, state: &State) -> Result<SessionKey, SaveError> {
        let id = new_id();
        let (kind, now) = (self.kind, self.clock.now());
        let row = new_row(kind, &id, state, &Arrival::current(), now)
            .map_err(|error| SaveError::Serialization(error.into()))?;
        self.storage
            .write(move |conn| Box::pin(async move { sessions::insert(conn, &row).await }))
            .await
            .map_err(|error| SaveError::Other(error.into()))?;
        SessionKey::try_from(id).map_err(|error| SaveError::Other(error.into()))
    }

    async fn replace(&self, hash: IdHash, state: &State) -> Result<(), UpdateError> {
        let text = serde_json::to_string(state)
            .map_err(|error| UpdateError::Serialization(error.into()))?;
        let idle_until = self.clock.now() + IDLE;
        self.cache.0.invalidate(&hash);
        self.storage
            .write(move |conn| {
                Box::pin(async move { sessions::update(conn, &hash, &text, idle_until).await })
            })
            .await
            .map(|_was_there| ())
            .map_err(|error| UpdateError::Other(error.into()))
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

    /// A session that was stored by the sign-in itself is only named to the browser.
    async fn save(&self, state: State, _: &time::Duration) -> Result<SessionKey, SaveError> {
        match state.get(super::ADOPTED) {
            Some(id) => {
                let id: String = serde_json::from_str(id)
                    .map_err(|error| SaveError::Serialization(error.into()))?;
                SessionKey::try_from(id).map_err(|error| SaveError::Other(error.into()))
            }
            None => self.insert(&state).await,
        }
    }

    async fn update(
        &self,
        key: SessionKey,
        state: State,
        _: &time::Duration,
    ) -> Result<SessionKey, UpdateError> {
        self.replace(hash(key.as_ref()), &state).await?;
        Ok(key)
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

/// The subject, for "sign out everywhere".
fn subject(state: &State) -> String {
    state
        .get(super::SUBJECT)
        .and_then(|json| serde_json::from_str(json).ok())
        .unwrap_or_default()
}
