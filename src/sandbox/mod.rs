//! The sandbox: a server that plays Redtrust.
//!
//! It is a stranger to the portal: written from the public documents alone,
//! with its own port, database, signing and encoding. Of the rest of this crate
//! it knows the plain values of [`crate::domain::dialect`], the time, and
//! nothing else. When both sides agree, that means something.
//!
//! What the documents leave open follows the dialect that
//! `/sandbox/v1/dialect` shows. Decided here: the error codes (`refusal.rs`);
//! a client's `requestCode` is ignored unless the dialect says `send`;
//! logging out ends that session's access token too; a renewed certificate
//! cannot be renewed a second time; faults are forgotten at a restart; a call
//! that a fault kept from being worked on stands in the ledger as `FAULT_INJECTED`.

mod answer;
mod controls;
mod csr;
mod database;
mod dialect;
mod faults;
mod headers;
mod incoming;
mod jws;
mod language;
mod ledger;
mod pages;
mod partners;
mod pki;
mod redirect_urls;
mod refusal;
mod routes;
mod secrets;
mod serve;
mod sign_in;
mod state;
mod tokens;
mod users;

use std::fmt;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::RwLock;

use actix_web::dev::{Server, ServerHandle};
use actix_web::middleware::from_fn;
use actix_web::web::Data;
use actix_web::{App, HttpServer};
use tokio::task::spawn_blocking;

pub use secrets::SharedKey;

use crate::clock::Clock;
use database::Database;
use jws::TokenKey;
use pki::ca::Ca;
use pki::keys::KeyMaker;
use state::State;

/// Enough for a server that tests talk to.
const WORKERS: usize = 2;

/// Where and how a sandbox runs.
#[derive(Debug, Clone)]
pub struct SandboxSettings {
    /// Where it listens; port 0 picks a free one.
    pub listen: SocketAddr,
    /// Where it keeps everything; made where it is missing.
    pub data_dir: PathBuf,
    /// Whether it may listen beyond this machine.
    pub allow_remote: bool,
    /// The time.
    pub clock: Clock,
}

/// Why a sandbox does not start.
#[derive(Debug, thiserror::Error)]
pub enum SandboxError {
    /// It would listen beyond this machine without having been told to.
    #[error("the sandbox listens on this machine only; --allow-remote lets it listen on {0}")]
    NotLoopback(SocketAddr),
    /// Another sandbox runs on the same data directory.
    #[error("another sandbox uses the data directory {}", .0.display())]
    InUse(PathBuf),
    /// There is no shared key in the data directory yet.
    #[error("there is no shared key in {}; start the sandbox once", .0.display())]
    NoSharedKey(PathBuf),
    /// The address cannot be listened on.
    #[error("cannot listen on {address}: {cause}")]
    Listen {
        /// Which address.
        address: SocketAddr,
        /// Why not.
        cause: io::Error,
    },
    /// A file cannot be read or written.
    #[error("the sandbox's files: {0}")]
    Files(#[from] io::Error),
    /// The database fails.
    #[error("the sandbox's database: {0}")]
    Database(#[from] sqlx::Error),
    /// The tables cannot be brought up to date.
    #[error("the sandbox's tables: {0}")]
    Migrations(#[from] sqlx::migrate::MigrateError),
    /// A demo user cannot be made.
    #[error("the sandbox's users: {0}")]
    Users(String),
}

/// A sandbox that is bound and not running yet. Whoever connects before
/// [`Sandbox::run`] waits.
pub struct Sandbox {
    server: Server,
    address: SocketAddr,
    url: String,
    shared_key: SharedKey,
}

impl fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sandbox")
            .field("url", &self.url)
            .finish_non_exhaustive()
    }
}

impl Sandbox {
    /// Makes what a first run needs, opens the rest, and binds.
    ///
    /// # Errors
    /// [`SandboxError`]: an address beyond this machine, a data directory in
    /// use, files or a database that fail, an address that is taken.
    pub async fn build(settings: SandboxSettings) -> Result<Self, SandboxError> {
        let listen = settings.listen;
        if !settings.allow_remote && !listen.ip().is_loopback() {
            return Err(SandboxError::NotLoopback(listen));
        }
        let refused = |cause| SandboxError::Listen {
            address: listen,
            cause,
        };
        // First, for tokens name the URL, and the URL the port. The standard library sets
        // SO_REUSEADDR: a killed sandbox's address can be taken at once.
        let listener = TcpListener::bind(listen).map_err(refused)?;
        let address = listener.local_addr()?;
        let state = Data::new(open(settings, address).await?);
        let (url, shared_key) = (state.url.clone(), state.shared_key.clone());
        let server = HttpServer::new(move || {
            App::new()
                .app_data(state.clone())
                .wrap(from_fn(headers::secure))
                .configure(routes::configure)
        })
        .workers(WORKERS)
        // Who starts the sandbox decides when it stops.
        .disable_signals()
        .shutdown_timeout(10)
        .listen(listener)
        .map_err(refused)?
        .run();
        Ok(Self {
            server,
            address,
            url,
            shared_key,
        })
    }

    /// The URL to use.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The address it is bound to.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The key it shares with its partner.
    pub fn shared_key(&self) -> &SharedKey {
        &self.shared_key
    }

    /// The name of its partner.
    pub fn partner(&self) -> &'static str {
        state::PARTNER
    }

    /// For stopping it: `handle().stop(true)` lets calls under way finish.
    pub fn handle(&self) -> ServerHandle {
        self.server.handle()
    }

    /// Serves until it is stopped.
    ///
    /// # Errors
    /// As the server's own.
    pub async fn run(self) -> io::Result<()> {
        self.server.await
    }
}

/// The shared key of a data directory, whether or not a sandbox runs on it.
///
/// # Errors
/// [`SandboxError::NoSharedKey`] before the first start;
/// [`SandboxError::Files`] where it cannot be read.
pub fn read_shared_key(data_dir: &Path) -> Result<SharedKey, SandboxError> {
    SharedKey::load(data_dir).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => SandboxError::NoSharedKey(data_dir.to_owned()),
        _ => error.into(),
    })
}

/// Opens everything in the data directory, and makes what is missing.
async fn open(settings: SandboxSettings, address: SocketAddr) -> Result<State, SandboxError> {
    let SandboxSettings {
        data_dir, clock, ..
    } = settings;
    let (db, now) = (Database::open(&data_dir).await?, clock.now());
    let mut write = db.write().await?;
    users::add_demo_users(write.conn(), now)
        .await
        .map_err(|error| SandboxError::Users(error.to_string()))?;
    write.commit().await?;
    let secret = secrets::load_or_make(&data_dir.join("tokens.key"), secrets::random_text)?;
    Ok(State {
        dialect: RwLock::new(state::stored_dialect(db.pool()).await?),
        db,
        clock,
        shared_key: SharedKey::load_or_make(&data_dir)?,
        access_key: TokenKey::derived(&secret, "access token"),
        form_key: TokenKey::derived(&secret, "sign-in form"),
        ca: spawn_blocking(move || Ca::load_or_make(&data_dir, now))
            .await
            .map_err(io::Error::other)??,
        keys: KeyMaker::start()?,
        faults: faults::Faults::default(),
        url: url_of(address),
    })
}

/// The URL of an address; of "every address" that of this machine.
fn url_of(address: SocketAddr) -> String {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    format!("http://{}", SocketAddr::new(ip, address.port()))
}
