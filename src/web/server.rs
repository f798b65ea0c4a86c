//! The HTTP server on a listener that is already bound.

use std::io;
use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::Server;
use actix_web::{HttpServer, web};

use super::state::{AppState, Settings};
use super::{ALL_ROUTES, app};
use crate::config::{Config, PublicUrl};
use crate::services::Portal;

/// Time limit for a client to send the request head.
const HEAD_WITHIN: Duration = Duration::from_secs(10);

/// How long a connection may be idle between requests.
const KEEP_ALIVE: Duration = Duration::from_secs(30);

/// A server for the portal's pages on `listener`; it runs once it is polled. It does
/// not handle signals. On stop, open requests get at most `stop_within` to finish.
pub fn serve(
    listener: TcpListener,
    config: &Config,
    origin: PublicUrl,
    portal: Arc<Portal>,
    stop_within: Duration,
) -> io::Result<Server> {
    let settings = Settings {
        origin,
        hsts: config.hsts,
        branding: config.branding.clone(),
        trusted_proxies: config.trusted_proxies.clone(),
        hide_connections: config.hide_connections,
    };
    let state = web::Data::new(AppState::new(portal, settings).map_err(io::Error::other)?);
    let server = HttpServer::new(move || app(state.clone(), ALL_ROUTES))
        .client_request_timeout(HEAD_WITHIN)
        .keep_alive(KEEP_ALIVE)
        .shutdown_timeout(stop_within.as_secs())
        .disable_signals()
        .listen(listener)?
        .run();
    Ok(server)
}
