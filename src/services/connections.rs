//! The Redtrust servers this portal works with, each with its kept client.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::domain::connection::{CaProblem, Connection, Problem, Problems, Slug};
use crate::domain::millis::Millis;
use crate::redtrust::{ClientSettings, RedtrustClient, RedtrustError, refused_literal};
use crate::storage::connections::Broken;
use crate::storage::seal::KeyRing;
use crate::storage::{Storage, StorageError, connections};

/// How late a change made on another node may be seen here.
const FRESH_FOR: Duration = Duration::from_millis(500);

/// One connection and the client that talks to it.
#[derive(Debug)]
pub struct Redtrust {
    pub connection: Connection,
    /// Kept as long as the settings stay the same, so that its breaker and
    /// its limit count all calls.
    pub client: RedtrustClient,
}

/// From so much on clocks are said to differ: sign-in links bear half a minute.
const SKEW: Duration = Duration::from_secs(30);

/// What an admin has to know of a connection's server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// It could not prove who it is, the last time it was asked to.
    Untrusted,
    /// The last calls, not long ago, did not get through.
    Unreachable,
    /// Its clock is so much ahead of ours.
    ClockAhead(Duration),
    /// Its clock is so much behind ours.
    ClockBehind(Duration),
}

/// Clocks that differ by less are no reason to worry somebody who signs in.
const NOTICEABLE: Duration = Duration::from_secs(60);

impl Trouble {
    /// Whether whoever signs in should know before they try.
    pub fn hinders_people(self) -> bool {
        match self {
            Self::Untrusted | Self::Unreachable => true,
            Self::ClockAhead(skew) | Self::ClockBehind(skew) => skew > NOTICEABLE,
        }
    }
}

/// What is wrong with a connection that reads well: a private CA that is not in
/// force, an address that must not be called.
pub fn problems(connection: &Connection, client: &ClientSettings, now: Millis) -> Problems {
    let settings = &connection.settings;
    let mut problems = Problems::new();
    if let Some(address) = refused_literal(&settings.base_url, client) {
        problems.push(("base_url", Problem::Refused(address)));
    }
    if let Some(ca) = &settings.private_ca
        && !ca.is_in_force(now)
    {
        problems.push(("ca", Problem::Ca(CaProblem::NotInForce)));
    }
    problems
}

/// Why a connection cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConnectionError {
    /// The database.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// Its settings make no client: a private CA that cannot be read, say.
    #[error("connection {slug}: {cause}")]
    Unusable { slug: String, cause: RedtrustError },
}

/// What the database holds.
#[derive(Debug, Clone)]
struct Known {
    connections: Arc<Vec<Connection>>,
    broken: Arc<Vec<Broken>>,
}

/// All connections, read from the database and kept for half a second.
#[derive(Debug)]
pub struct ConnectionRegistry {
    storage: Storage,
    keys: Arc<KeyRing>,
    settings: ClientSettings,
    recent: moka::sync::Cache<(), Known>,
    clients: Mutex<HashMap<String, Arc<Redtrust>>>,
}

impl ConnectionRegistry {
    /// A book over this database.
    pub fn new(storage: Storage, keys: Arc<KeyRing>, settings: ClientSettings) -> Self {
        Self {
            storage,
            keys,
            settings,
            recent: moka::sync::Cache::builder()
                .max_capacity(1)
                .time_to_live(FRESH_FOR)
                .build(),
            clients: Mutex::default(),
        }
    }

    /// Every connection, by name, but for those that cannot be read.
    pub async fn all(&self) -> Result<Arc<Vec<Connection>>, StorageError> {
        Ok(self.known().await?.connections)
    }

    /// The connections that cannot be read.
    pub async fn broken(&self) -> Result<Arc<Vec<Broken>>, StorageError> {
        Ok(self.known().await?.broken)
    }

    async fn known(&self) -> Result<Known, StorageError> {
        if let Some(recent) = self.recent.get(&()) {
            return Ok(recent);
        }
        let (good, broken) = connections::readable(&self.storage, &self.keys).await?;
        for one in &broken {
            tracing::error!(event = "connection_not_read", connection = %one.slug);
        }
        let known = Known {
            connections: Arc::new(good),
            broken: Arc::new(broken),
        };
        self.recent.insert((), known.clone());
        Ok(known)
    }

    /// What is wrong with a connection that reads well: [`problems`] with the
    /// settings of this registry.
    pub fn problems(&self, connection: &Connection, now: Millis) -> Problems {
        problems(connection, &self.settings, now)
    }

    /// What is wrong at this connection as far as calls of this node have
    /// shown, `now` by our clock.
    pub fn troubles(&self, connection: &Connection, now: Millis) -> Vec<Trouble> {
        let clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        let redtrust = clients.get(&connection.id);
        let Some(redtrust) =
            redtrust.filter(|redtrust| redtrust.connection.version == connection.version)
        else {
            return Vec::new();
        };
        let mut troubles = Vec::new();
        if redtrust.client.is_untrusted() {
            troubles.push(Trouble::Untrusted);
        } else if redtrust.client.is_unreachable() {
            troubles.push(Trouble::Unreachable);
        }
        if let Some(there) = redtrust.client.time_there() {
            if there.since(now) >= SKEW {
                troubles.push(Trouble::ClockAhead(there.since(now)));
            } else if now.since(there) >= SKEW {
                troubles.push(Trouble::ClockBehind(now.since(there)));
            }
        }
        troubles
    }

    /// Forgets what was read, after a change made here.
    pub fn changed(&self) {
        self.recent.invalidate_all();
    }

    /// The connection with this slug.
    ///
    /// # Errors
    /// [`ConnectionError`]; that it cannot be read is one of the database.
    pub async fn by_slug(&self, slug: &Slug) -> Result<Option<Arc<Redtrust>>, ConnectionError> {
        let is_it = |broken: &Broken| broken.slug == slug.as_str();
        self.find(|connection| connection.slug == *slug, is_it)
            .await
    }

    /// The connection with this id.
    ///
    /// # Errors
    /// As [`ConnectionRegistry::by_slug`].
    pub async fn by_id(&self, id: &str) -> Result<Option<Arc<Redtrust>>, ConnectionError> {
        let is_it = |broken: &Broken| broken.id == id;
        self.find(|connection| connection.id == id, is_it).await
    }

    async fn find(
        &self,
        wanted: impl Fn(&Connection) -> bool,
        is_broken: impl Fn(&Broken) -> bool,
    ) -> Result<Option<Arc<Redtrust>>, ConnectionError> {
        let known = self.known().await?;
        if let Some(connection) = known.connections.iter().find(|one| wanted(one)) {
            return Ok(Some(self.redtrust(connection)?));
        }
        match known.broken.iter().find(|one| is_broken(one)) {
            Some(broken) => Err(broken.error().into()),
            None => Ok(None),
        }
    }

    /// A client of a connection that is not stored yet, perhaps.
    pub(super) fn client(
        &self,
        connection: &Connection,
    ) -> Result<RedtrustClient, ConnectionError> {
        RedtrustClient::new(connection, &self.settings).map_err(|cause| ConnectionError::Unusable {
            slug: connection.slug.to_string(),
            cause,
        })
    }

    /// The kept client, or a new one where the settings changed.
    fn redtrust(&self, connection: &Connection) -> Result<Arc<Redtrust>, ConnectionError> {
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(redtrust) = clients.get(&connection.id)
            && redtrust.connection.version == connection.version
        {
            return Ok(Arc::clone(redtrust));
        }
        let client = self.client(connection)?;
        let redtrust = Arc::new(Redtrust {
            connection: connection.clone(),
            client,
        });
        clients.insert(connection.id.clone(), Arc::clone(&redtrust));
        Ok(redtrust)
    }
}
