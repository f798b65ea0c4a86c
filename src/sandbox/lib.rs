//! The sandbox: a server that imitates Redtrust.
//!
//! It is written from the public documents alone and independently of the portal, with
//! its own port, database, signing and encoding. Of the portal's code it uses only plain
//! values such as [`rubrica_domain::dialect`] and the clock. So if both sides agree,
//! they agree on the documents and do not share an error.
//!
//! Where the documents leave something open, the sandbox follows the settings shown by
//! `/sandbox/v1/dialect`. These points are decided in the code: the error codes
//! (`refusal.rs`); a client's `requestCode` is ignored unless the dialect says `send`;
//! logging out also ends the session's access token; a renewed certificate cannot be
//! renewed again; faults are cleared by a restart; a call stopped by a fault is
//! recorded in the ledger as `FAULT_INJECTED`.

// Tests may be long tables; what people maintain may not.
#![deny(clippy::too_many_lines)]
#![cfg_attr(not(test), deny(unused_crate_dependencies))]

mod answer;
mod contrary;
mod controls;
mod csr;
mod database;
mod dialect;
mod door;
mod error;
mod faults;
mod files;
mod forms;
mod headers;
mod incoming;
mod jws;
mod language;
mod ledger;
mod manners;
mod pages;
mod partners;
mod pki;
mod redirect_urls;
mod refusal;
mod routes;
mod secrets;
mod seed;
mod serve;
mod sign_in;
mod state;
mod tokens;
mod trouble;
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

pub use contrary::{Contrary, ContrarySignIn};
pub use error::SandboxError;
pub use files::make_directory;
pub use secrets::SharedKey;
pub use sign_in::example::Example;

use database::Database;
use door::Door;
use jws::TokenKey;
use pki::ca::Ca;
use pki::keys::KeyMaker;
use rubrica_clock::Clock;
use rubrica_domain::millis::Millis;
use seed::Seed;
use sign_in::example::Program;
use state::State;

/// Enough for a server used by tests and demos.
const WORKERS: usize = 2;

/// How a sandbox runs.
#[derive(Debug, Clone)]
pub struct SandboxSettings {
    /// The address to listen on; port 0 picks a free port.
    pub listen: SocketAddr,
    /// The directory for all files; created if missing.
    pub data_dir: PathBuf,
    /// Whether the address may be other than loopback. The controls then need a token.
    pub allow_remote: bool,
    pub clock: Clock,
    /// Draws whatever the documents leave open. Without it the data directory decides;
    /// a new one gets the defaults.
    pub contrary: Option<Contrary>,
}

/// A sandbox that is bound but not running yet. Connections made before
/// [`Sandbox::run`] wait.
pub struct Sandbox {
    server: Server,
    address: SocketAddr,
    url: String,
    shared_key: SharedKey,
    seed: Option<u64>,
    controls_token: Option<String>,
}

impl fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sandbox")
            .field("url", &self.url)
            .finish_non_exhaustive()
    }
}

impl Sandbox {
    /// Creates what a first run needs, opens the rest, and binds.
    ///
    /// # Errors
    /// [`SandboxError`]: the address is not loopback or is taken, the data directory is
    /// in use, or files or the database fail.
    pub async fn build(settings: SandboxSettings) -> Result<Self, SandboxError> {
        let listen = settings.listen;
        if !settings.allow_remote && !listen.ip().is_loopback() {
            return Err(SandboxError::NotLoopback(listen));
        }
        let refused = |cause| SandboxError::Listen {
            address: listen,
            cause,
        };
        // Bind first, because tokens contain the URL, and the URL contains the port.
        // The standard library sets SO_REUSEADDR, so the address of a killed sandbox
        // can be reused at once.
        let listener = TcpListener::bind(listen).map_err(refused)?;
        let address = listener.local_addr()?;
        let token = settings.allow_remote.then(secrets::random_text);
        let controls_token = token.transpose()?;
        let door = Data::new(Door::of(address, controls_token.clone()));
        let state = Data::new(open(settings, address).await?);
        let (url, shared_key) = (state.url.clone(), state.shared_key.clone());
        let seed = state.dialect().own.seed;
        let server = HttpServer::new(move || {
            App::new()
                .app_data(state.clone())
                .app_data(door.clone())
                .wrap(from_fn(door::own_name))
                .wrap(from_fn(headers::secure))
                .configure(routes::configure)
        })
        .workers(WORKERS)
        // The caller decides when the sandbox stops.
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
            seed,
            controls_token,
        })
    }

    /// The URL of this sandbox.
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

    /// The seed it was drawn from; `None` for the plain sandbox.
    pub fn seed(&self) -> Option<u64> {
        self.seed
    }

    /// What callers of the controls must carry, new at each start; `None` where they must
    /// be on this machine.
    pub fn controls_token(&self) -> Option<&str> {
        self.controls_token.as_deref()
    }

    /// A handle to stop it: `handle().stop(true)` lets running calls finish.
    pub fn handle(&self) -> ServerHandle {
        self.server.handle()
    }

    /// Serves until it is stopped.
    ///
    /// # Errors
    /// The server's own I/O errors.
    pub async fn run(self) -> io::Result<()> {
        self.server.await
    }
}

/// The shared key in a data directory, whether or not a sandbox is running on it.
///
/// # Errors
/// [`SandboxError::NoSharedKey`] before the first start; [`SandboxError::Files`] if the
/// file cannot be read.
pub fn read_shared_key(data_dir: &Path) -> Result<SharedKey, SandboxError> {
    SharedKey::load(data_dir).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => SandboxError::NoSharedKey(data_dir.to_owned()),
        _ => error.into(),
    })
}

/// Opens everything in the data directory and creates what is missing.
async fn open(settings: SandboxSettings, address: SocketAddr) -> Result<State, SandboxError> {
    let SandboxSettings {
        data_dir,
        clock,
        contrary,
        ..
    } = settings;
    let (db, now) = (Database::open(&data_dir).await?, clock.now());
    let mut write = db.write().await?;
    users::add_demo_users(write.conn(), now)
        .await
        .map_err(|error| SandboxError::Users(error.to_string()))?;
    write.commit().await?;
    let secret = secrets::load_or_make(&data_dir.join("tokens.key"), secrets::random_text)?;
    if let Some(contrary) = contrary {
        become_contrary(&db, &data_dir, contrary, now).await?;
    }
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
        troubles: trouble::Troubles::default(),
        url: url_of(address),
    })
}

/// Draws settings and shared key, unless this data directory already has those of the
/// seed: what was changed since then stays.
async fn become_contrary(
    db: &Database,
    data_dir: &Path,
    Contrary { seed, steady }: Contrary,
    now: Millis,
) -> Result<(), SandboxError> {
    let mut dialect = state::stored_dialect(db.pool()).await?;
    let mut write = db.write().await?;
    if dialect.own.seed != Some(seed) {
        let seed = Seed(seed);
        dialect = contrary::dialect(seed);
        contrary::shared_key(seed).store(data_dir)?;
        let redirect_url = Program::of(Some(seed)).redirect_url;
        redirect_urls::register(write.conn(), state::PARTNER, redirect_url, now).await?;
    }
    if steady {
        dialect.own = dialect.own.steady();
    }
    state::store_dialect(&mut *write.conn(), &dialect).await?;
    write.commit().await?;
    Ok(())
}

/// The URL of an address; for the unspecified address, the loopback URL.
fn url_of(address: SocketAddr) -> String {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    format!("http://{}", SocketAddr::new(ip, address.port()))
}
