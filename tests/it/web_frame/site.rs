//! A portal of dummy routes: what the frame does, without any real page.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use actix_web::{HttpServer, web};
use rubrica::clock::Clock;
use rubrica::config::{Branding, Hsts, SecondFactor};
use rubrica::domain::millis::Millis;
use rubrica::redtrust::ClientSettings;
use rubrica::services::Portal;
use rubrica::services::accounts::Hashers;
use rubrica::services::connections::ConnectionRegistry;
use rubrica::services::engine::InFlight;
use rubrica::services::jobs::Jobs;
use rubrica::services::limiter::Limiter;
use rubrica::services::may_issue::Refusals;
use rubrica::storage::Storage;
use rubrica::storage::seal::KeyRing;
use rubrica::web::FILES_AND_PROBES;
use rubrica::web::state::{AppState, Settings};

use super::pages::ROUTES;

/// The dummy portal while it runs.
pub struct Site {
    pub address: SocketAddr,
    pub url: String,
    pub state: web::Data<AppState>,
    handle: actix_web::dev::ServerHandle,
    _folder: tempfile::TempDir,
}

impl Drop for Site {
    fn drop(&mut self) {
        drop(self.handle.stop(false));
    }
}

/// Starts it on a free port.
pub async fn start() -> Site {
    start_as(|port| format!("http://localhost:{port}")).await
}

/// Starts it with another public URL than where it listens.
pub async fn start_as(public_url: impl Fn(u16) -> String) -> Site {
    let folder = tempfile::tempdir().unwrap();
    let ring = Arc::new(KeyRing::new([7; 32]));
    let database = format!("sqlite://{}/portal.db", folder.path().display());
    let storage = Storage::open(&database, &ring).await.unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let url = public_url(address.port());
    let settings = settings(&url);
    let portal = Portal {
        connections: ConnectionRegistry::new(
            storage.clone(),
            Arc::clone(&ring),
            ClientSettings::default(),
        ),
        in_flight: Arc::new(InFlight::new("site".to_owned())),
        limiter: Limiter::default(),
        refusals: Refusals::default(),
        jobs: Jobs::default(),
        hashers: Hashers::default(),
        public_url: url.clone(),
        retention: None,
        mail: None,
        webhook: None,
        partner_name: "rubrica".to_owned(),
        zone: settings.branding.time_zone.clone(),
        needs_second_factor: false,
        storage,
        keys: ring,
        clock: Clock::manual(Millis(1_782_858_600_000)),
    };
    let state = web::Data::new(AppState::new(Arc::new(portal), settings).unwrap());
    let shared = state.clone();
    let server =
        HttpServer::new(move || rubrica::web::app(shared.clone(), &[FILES_AND_PROBES, ROUTES]))
            .workers(1)
            .disable_signals()
            .listen(listener)
            .unwrap()
            .run();
    let handle = server.handle();
    actix_web::rt::spawn(server);
    Site {
        address,
        url,
        state,
        handle,
        _folder: folder,
    }
}

/// Settings of a portal at this public URL.
pub fn settings(url: &str) -> Settings {
    Settings {
        origin: url.parse().unwrap(),
        hsts: Hsts::default(),
        second_factor: SecondFactor::default(),
        branding: Branding {
            partner_name: "rubrica".to_owned(),
            partner_nif: None,
            partner_address: None,
            logo: None,
            support_contact: None,
            legal_url: None,
            privacy_url: None,
            accessibility_url: None,
            support_url: None,
            time_zone: jiff::tz::TimeZone::get("Europe/Madrid").unwrap(),
        },
        trusted_proxies: Vec::new(),
        hide_connections: false,
    }
}

impl Site {
    /// A URL of this site.
    pub fn at(&self, path: &str) -> String {
        format!("{}{path}", self.url)
    }

    /// Sends bytes as they are and reads until the connection ends.
    pub async fn raw(&self, request: &str) -> String {
        let (address, request) = (self.address, request.to_owned());
        web::block(move || {
            let mut stream = TcpStream::connect(address).unwrap();
            stream
                .set_read_timeout(Some(Duration::from_secs(10)))
                .unwrap();
            stream.write_all(request.as_bytes()).unwrap();
            let mut answer = Vec::new();
            // A reset after the answer is as good as an end.
            let _ = stream.read_to_end(&mut answer);
            String::from_utf8_lossy(&answer).into_owned()
        })
        .await
        .unwrap()
    }

    /// A GET of exactly this path.
    pub async fn raw_get(&self, path: &str) -> String {
        let host = self.url.split("://").nth(1).unwrap();
        self.raw(&format!(
            "GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
        ))
        .await
    }
}
