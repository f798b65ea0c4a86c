//! The Redtrust servers this portal works with, each with its long-lived
//! client.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

use super::connection_test::OneAtATime;
use super::limiter::Door;
use super::pace::Pace;
use crate::domain::connection::{CaProblem, Connection, Problem, Problems, RequestOptions, Slug};
use crate::domain::millis::Millis;
use crate::domain::timings::Times;
pub use crate::redtrust::Fault;
use crate::redtrust::{ClientSettings, Probe, RedtrustClient, RedtrustError, refused_literal};
use crate::storage::connections::Broken;
use crate::storage::redirect_urls::{self, Entry};
use crate::storage::seal::KeyRing;
use crate::storage::{Storage, StorageError, connections};

/// How long a change made on another node may stay unnoticed here.
const FRESH_FOR: Duration = Duration::from_millis(500);

#[derive(Debug)]
pub struct Redtrust {
    pub connection: Connection,
    /// Reused while the settings stay the same, so that its circuit breaker and
    /// its concurrency limit see all calls.
    pub client: RedtrustClient,
    /// How often failed sign-ins are noted.
    pub(super) failures: Pace,
    /// How often it is noted that somebody signed in.
    pub(super) successes: Pace,
}

impl Redtrust {
    /// The door for application users, under the name that one of them typed.
    pub fn direct_door<'a>(&'a self, name: &'a str) -> Door<'a> {
        let connection_id = &self.connection.id;
        Door::Direct {
            connection_id,
            name,
        }
    }
}

/// Skew from which admins see a warning; tokens tolerate 30 s.
const SKEW: Duration = Duration::from_secs(30);

/// A problem of a connection's server that admins should know about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// TLS verification failed the last time it was tried.
    Untrusted,
    /// The most recent calls failed.
    Failing(Fault),
    /// Its clock is ahead of ours by this much.
    ClockAhead(Duration),
    /// Its clock is behind ours by this much.
    ClockBehind(Duration),
}

/// People who sign in are warned only above this skew.
const NOTICEABLE: Duration = Duration::from_secs(60);

impl Trouble {
    /// Whether people should see a warning before they sign in.
    pub fn hinders_people(self) -> bool {
        match self {
            Self::Untrusted | Self::Failing(_) => true,
            Self::ClockAhead(skew) | Self::ClockBehind(skew) => skew > NOTICEABLE,
        }
    }
}

/// Problems of a readable connection: a private CA outside its validity, or an
/// address that must not be called.
pub fn problems(connection: &Connection, client: &ClientSettings, now: Millis) -> Problems {
    let settings = &connection.settings;
    let mut problems = Problems::new();
    if let Some(address) = refused_literal(connection, client) {
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
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// Its settings make no client, for example because the private CA cannot
    /// be read.
    #[error("connection {slug}: {cause}")]
    Unusable { slug: String, cause: RedtrustError },
}

/// What the database holds.
#[derive(Debug, Clone)]
struct Known {
    connections: Arc<Vec<Connection>>,
    broken: Arc<Vec<Broken>>,
    redirect_urls: Arc<Vec<Entry>>,
}

/// All connections and their redirect URLs, read from the database and cached for half a
/// second.
#[derive(Debug)]
pub struct ConnectionRegistry {
    storage: Storage,
    keys: Arc<KeyRing>,
    settings: ClientSettings,
    recent: moka::sync::Cache<(), Known>,
    /// What was read last, for questions that cannot wait.
    last: RwLock<Arc<Vec<Connection>>>,
    clients: Mutex<HashMap<String, Arc<Redtrust>>>,
    tests: OneAtATime,
}

impl ConnectionRegistry {
    pub fn new(storage: Storage, keys: Arc<KeyRing>, settings: ClientSettings) -> Self {
        Self {
            storage,
            keys,
            settings,
            recent: moka::sync::Cache::builder()
                .max_capacity(1)
                .time_to_live(FRESH_FOR)
                .build(),
            last: RwLock::default(),
            clients: Mutex::default(),
            tests: OneAtATime::default(),
        }
    }

    /// Every readable connection, by name.
    pub async fn all(&self) -> Result<Arc<Vec<Connection>>, StorageError> {
        Ok(self.known().await?.connections)
    }

    /// What a connection lets a request contain; the default if it was removed.
    pub async fn options(&self, id: &str) -> Result<RequestOptions, StorageError> {
        let all = self.all().await?;
        let found = all.iter().find(|one| one.id == id);
        Ok(found.map_or_else(RequestOptions::default, |one| {
            one.settings.request_options.clone()
        }))
    }

    /// Every redirect URL, newest first.
    pub(super) async fn redirect_urls(&self) -> Result<Arc<Vec<Entry>>, StorageError> {
        Ok(self.known().await?.redirect_urls)
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
            redirect_urls: Arc::new(redirect_urls::all(&self.storage).await?),
        };
        *self.last.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&known.connections);
        self.recent.insert((), known.clone());
        Ok(known)
    }

    /// The calls of all connections, by operation and outcome.
    pub fn tally(&self) -> Vec<((&'static str, &'static str), Times)> {
        self.settings.tally.all()
    }

    /// The clients that this node has used.
    pub fn clients(&self) -> Vec<Arc<Redtrust>> {
        let clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        clients.values().cloned().collect()
    }

    /// Whether this connection leads to a sandbox, as far as this node has read.
    pub fn is_sandbox(&self, id: &str) -> bool {
        let last = self.last.read().unwrap_or_else(PoisonError::into_inner);
        last.iter().any(|one| one.id == id && one.sandbox)
    }

    /// Those that lead to a sandbox.
    pub fn sandboxes(&self) -> BTreeSet<String> {
        let last = self.last.read().unwrap_or_else(PoisonError::into_inner);
        let sandboxes = last.iter().filter(|one| one.sandbox);
        sandboxes.map(|one| one.id.clone()).collect()
    }

    /// Whether there are connections, and all that are enabled lead to a sandbox.
    pub fn are_sandboxes(&self) -> bool {
        let last = self.last.read().unwrap_or_else(PoisonError::into_inner);
        let mut enabled = last.iter().filter(|one| one.enabled).peekable();
        enabled.peek().is_some() && enabled.all(|one| one.sandbox)
    }

    /// [`problems`] of a readable connection, with the settings of this
    /// registry.
    pub fn problems(&self, connection: &Connection, now: Millis) -> Problems {
        problems(connection, &self.settings, now)
    }

    /// Problems of this connection's server, as far as calls from this node
    /// have shown. `now` is our clock.
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
        } else if let Some(fault) = redtrust.client.fault() {
            troubles.push(Trouble::Failing(fault));
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

    /// Drops the cache. Call it after every change of a connection or of a redirect URL
    /// made here.
    pub fn changed(&self) {
        self.recent.invalidate_all();
    }

    /// The connection with this slug.
    ///
    /// # Errors
    /// [`ConnectionError`]; an unreadable connection is a database error.
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

    /// A client for a connection that may not be stored yet.
    pub(super) fn client(
        &self,
        connection: &Connection,
    ) -> Result<RedtrustClient, ConnectionError> {
        RedtrustClient::new(connection, &self.settings).map_err(|cause| ConnectionError::Unusable {
            slug: connection.slug.to_string(),
            cause,
        })
    }

    /// A look at a connection's server, past the client that people's calls share.
    pub(super) fn probe(&self, connection: &Connection) -> Probe {
        Probe::new(connection, &self.settings)
    }

    /// Which connections are being tested.
    pub(super) const fn tests(&self) -> &OneAtATime {
        &self.tests
    }

    /// The cached client, or a new one if the settings changed.
    ///
    /// # Errors
    /// [`ConnectionError::Unusable`].
    pub fn redtrust(&self, connection: &Connection) -> Result<Arc<Redtrust>, ConnectionError> {
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
            failures: Pace::default(),
            successes: Pace::default(),
        });
        clients.insert(connection.id.clone(), Arc::clone(&redtrust));
        Ok(redtrust)
    }
}
