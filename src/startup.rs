//! Builds the portal: database, services, background tasks, listener.
//!
//! Port 0 is allowed, and the real address is available before the portal serves.

mod background;
mod check;
mod error;
mod listening;
mod loose_modes;

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::{Server, ServerHandle};
use tokio::task::JoinHandle;

use crate::clock::Clock;
use crate::config::{Config, ConnectionEntry, DataConfig, PublicUrl, SecondFactor};
use crate::domain::connection::{CaProblem, Problem};
use crate::domain::millis::Millis;
use crate::domain::timings::Timings;
use crate::redtrust::{ClientSettings, Networks};
use crate::services::accounts::Hashers;
use crate::services::connections::ConnectionRegistry;
use crate::services::engine::InFlight;
use crate::services::jobs::Jobs;
use crate::services::limiter::Limiter;
use crate::services::may_issue::Refusals;
use crate::services::{Portal, configured, ids, usable_url};
use crate::storage::lock::ServerLock;
use crate::storage::seal::KeyRing;
use crate::storage::sealed_rows::changed_rows;
use crate::storage::{Storage, key_age};
use crate::web::{self, Certificate};

use background::{Background, Couriers};
pub use check::{check_database, mistakes, odd, to_serve, unusable, warn_of_odd};
pub use error::StartupError;
use listening::cannot_listen;
pub use loose_modes::LooseFile;

/// How long running work may take after the portal is asked to stop.
const STOP_WITHIN: Duration = Duration::from_secs(30);

/// Checks a connection from the configuration file against the clock, the allowed
/// networks and the public URL.
///
/// # Errors
/// [`StartupError::Connection`].
pub fn check_connection(
    data: &DataConfig,
    entry: &ConnectionEntry,
    public_url: Option<&str>,
    now: Millis,
) -> Result<(), StartupError> {
    let problems = configured::problems(
        &entry.connection,
        entry.redirect_url.as_ref(),
        public_url,
        &client_settings(data),
        now,
    );
    if problems.is_empty() {
        return Ok(());
    }
    let slug = entry.connection.slug.clone();
    Err(StartupError::Connection { slug, problems })
}

/// Checks all of them, but lets pass what is no reason not to start.
fn check_connections(data: &DataConfig, public_url: &str, now: Millis) -> Result<(), StartupError> {
    for entry in &data.connections {
        match check_connection(data, entry, Some(public_url), now) {
            Err(error) if may_start(&error) => {
                tracing::warn!(event = "connection_unusable", %error);
            }
            checked => checked?,
        }
    }
    Ok(())
}

/// What the operator decided about calls.
fn client_settings(data: &DataConfig) -> ClientSettings {
    let networks = match &data.allowed_networks {
        Some(listed) => Networks::Listed(listed.as_slice().into()),
        None => Networks::Usual {
            loopback: data.allow_loopback,
        },
    };
    ClientSettings {
        networks,
        ..ClientSettings::default()
    }
}

/// Whether the portal starts despite this error: an expired private CA affects only its
/// own connection, so the others must not wait for it.
fn may_start(error: &StartupError) -> bool {
    let StartupError::Connection { problems, .. } = error else {
        return false;
    };
    let expired = Problem::Ca(CaProblem::NotInForce);
    problems.iter().all(|(_, problem)| *problem == expired)
}

/// The master key, and the one before it until a rotation is finished.
pub fn key_ring(data: &DataConfig) -> KeyRing {
    let keys = KeyRing::new(data.master_key.bytes());
    match &data.old_master_key {
        Some(old) => keys.with_older(old.bytes()),
        None => keys,
    }
}

/// The portal's services on its data, without serving; admin commands use them next to
/// a running server.
///
/// # Errors
/// [`StartupError`] if the database does not open.
pub async fn open_portal(
    data: &DataConfig,
    public_url: &str,
    clock: Clock,
) -> Result<Portal, StartupError> {
    let keys = Arc::new(key_ring(data));
    let storage = Storage::open_with(&data.database_url, &keys, data.pool_size).await?;
    key_age::note(&storage, &keys, clock.now()).await?;
    let settings = client_settings(data);
    Ok(Portal {
        connections: ConnectionRegistry::new(storage.clone(), Arc::clone(&keys), settings),
        in_flight: Arc::new(InFlight::new(ids::new_id())),
        limiter: Limiter::default(),
        refusals: Refusals::default(),
        jobs: Jobs::default(),
        hashers: Hashers::default(),
        public_url: public_url.to_owned(),
        retention: data.retention,
        mail: data.mail.as_ref().map(|mail| mail.policy.clone()),
        webhook: data.webhook.as_ref().map(|_| Timings::default()),
        partner_name: data.partner_name.clone(),
        zone: data.time_zone.clone(),
        needs_second_factor: false,
        storage,
        keys,
        clock,
    })
}

/// Stores the connections of the configuration file, and disables those that are no
/// longer in it.
async fn take_over_file(
    portal: &Arc<Portal>,
    entries: &[ConnectionEntry],
) -> Result<(), StartupError> {
    for entry in entries {
        let (url, same_users_as) = (entry.redirect_url.as_ref(), entry.same_users_as.as_ref());
        configured::take_over(portal, &entry.connection, url, same_users_as).await?;
    }
    let slugs: Vec<_> = entries.iter().map(|entry| &entry.connection.slug).collect();
    configured::disable_left_out(portal, &slugs).await?;
    Ok(configured::tie_old_owners(portal).await?)
}

/// Takes over the connections of the configuration file while the portal runs, as a start
/// does.
///
/// # Errors
/// [`StartupError`]; for an invalid connection nothing was changed.
pub async fn reload(portal: &Arc<Portal>, data: &DataConfig) -> Result<(), StartupError> {
    check_connections(data, &portal.public_url, portal.clock.now())?;
    take_over_file(portal, &data.connections).await
}

/// A portal that is listening but not serving yet.
pub struct Application {
    server: Server,
    portal: Arc<Portal>,
    url: String,
    metrics_url: Option<String>,
    certificate: Option<Arc<Certificate>>,
    drain: Duration,
    couriers: Couriers,
    _lock: ServerLock,
}

impl Application {
    /// Opens the database, stores the connections from the configuration file, and
    /// listens.
    ///
    /// # Errors
    /// [`StartupError`]; nothing is running then.
    pub async fn build(config: Config, clock: Clock) -> Result<Self, StartupError> {
        warn_of_odd(&config, clock.now());
        let lock = ServerLock::take(&config.data.database_url)?;
        let bound = listening::bind(&config)?;
        let public_url = match config.public_url.clone() {
            Some(url) => url,
            None => PublicUrl::of_this_machine(bound.port.unwrap_or_default()),
        };
        check_connections(&config.data, public_url.as_str(), clock.now())?;
        let couriers = Couriers::of(&config, public_url.as_str())?;
        let mut portal = open_portal(&config.data, public_url.as_str(), clock).await?;
        portal.needs_second_factor = config.second_factor == SecondFactor::Required;
        portal.storage.begin_to_serve(&portal.keys).await?;
        for row in changed_rows(&portal.storage, &portal.keys).await? {
            tracing::error!(event = "row_changed_outside", %row);
        }
        let portal = Arc::new(portal);
        take_over_file(&portal, &config.data.connections).await?;
        // Pages ask which connections are sandboxes without waiting for the database.
        portal.connections.all().await?;
        // The demo registers its own URL again at every start.
        if config.public_url.is_some() {
            usable_url::warn_of_moved(&portal).await?;
        }
        let url = public_url.as_str().to_owned();
        let server = web::serve(
            bound.listeners,
            &config,
            public_url,
            Arc::clone(&portal),
            STOP_WITHIN,
        )
        .map_err(cannot_listen("RUBRICA_LISTEN", &config.listen))?;
        Ok(Self {
            server,
            portal,
            url,
            metrics_url: bound.metrics_url,
            certificate: bound.certificate,
            drain: config.drain,
            couriers,
            _lock: lock,
        })
    }

    /// The origin that browsers use.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Where its metrics are read.
    pub fn metrics_url(&self) -> Option<&str> {
        self.metrics_url.as_deref()
    }

    /// The certificate that it shows, if it does TLS.
    pub const fn certificate(&self) -> Option<&Arc<Certificate>> {
        self.certificate.as_ref()
    }

    /// The portal's services.
    pub const fn portal(&self) -> &Arc<Portal> {
        &self.portal
    }

    /// Starts to serve.
    pub fn start(self) -> Serving {
        Serving {
            background: Background::start(&self.portal, self.couriers),
            handle: self.server.handle(),
            server: tokio::spawn(self.server),
            portal: self.portal,
            drain: self.drain,
            _lock: self._lock,
        }
    }
}

/// A running portal.
pub struct Serving {
    background: Background,
    handle: ServerHandle,
    server: JoinHandle<std::io::Result<()>>,
    portal: Arc<Portal>,
    drain: Duration,
    _lock: ServerLock,
}

impl Serving {
    /// Serves until `stop` is ready, and a while longer where a balancer has to notice; then
    /// finishes running work within 30 seconds.
    ///
    /// # Errors
    /// [`std::io::Error`] if the server fails.
    pub async fn until(self, stop: impl Future) -> std::io::Result<()> {
        self.until_or_after(stop, STOP_WITHIN).await
    }

    /// The same, with so much time for running work.
    ///
    /// # Errors
    /// [`std::io::Error`] if the server fails.
    pub async fn until_or_after(
        mut self,
        stop: impl Future,
        within: Duration,
    ) -> std::io::Result<()> {
        tokio::select! {
            ended = &mut self.server => return ended.map_err(std::io::Error::other)?,
            _ = stop => {}
        }
        self.portal.in_flight.stop_soon();
        tokio::time::sleep(self.drain).await;
        finish(&self.handle, &self.portal, within).await;
        self.background.stop();
        self.portal.storage.close().await;
        self.portal.storage.end_to_serve().await;
        self.server.await.map_err(std::io::Error::other)?
    }
}

/// Refuses new connections, then waits for running work, then for requests that arrived
/// on open connections and the work they started.
async fn finish(handle: &ServerHandle, portal: &Portal, within: Duration) {
    let all = async {
        handle.pause().await;
        portal.in_flight.idle().await;
        handle.stop(true).await;
        portal.in_flight.idle().await;
    };
    if tokio::time::timeout(within, all).await.is_err() {
        tracing::warn!(event = "stopped_with_work_under_way");
        handle.stop(false).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::MOST_DRAIN;

    /// What systemd's unit says of this.
    fn of_unit(name: &str) -> &'static str {
        let unit = include_str!("../packaging/rubrica.service");
        let mut values = unit.lines().filter_map(|line| line.strip_prefix(name));
        values.next().unwrap()
    }

    #[test]
    fn systemd_cuts_no_start_and_no_stop_in_order() {
        assert_eq!(of_unit("TimeoutStartSec="), "infinity");
        let within: u64 = of_unit("TimeoutStopSec=").parse().unwrap();
        assert!(Duration::from_secs(within) > MOST_DRAIN + STOP_WITHIN);
    }
}
