//! The HTTP server on a listener that is already bound. `HttpServer` of the framework is
//! the same but for the connections, which here have time limits.

use std::io;
use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use actix_http::HttpService;
use actix_http::error::DispatchError;
use actix_service::{IntoServiceFactory, ServiceFactoryExt, fn_service, map_config};
use actix_web::dev::{AppConfig, Server};
use actix_web::rt::net::TcpStream;
use actix_web::web;

use super::state::{AppState, Settings};
use super::timed_connection::{Limits, TimedConnection};
use super::{ALL_ROUTES, app};
use crate::config::{Config, PublicUrl};
use crate::services::Portal;

/// Time limit for a client to send the request head.
const HEAD_WITHIN: Duration = Duration::from_secs(10);

/// How long a connection may be idle between requests.
const KEEP_ALIVE: Duration = Duration::from_secs(30);

/// After an answer that did not wait for the whole request, the rest of it is read and
/// dropped for so long, so that the client sees the answer.
const LINGER: Duration = Duration::from_secs(1);

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
        second_factor: config.second_factor,
        branding: config.branding.clone(),
        trusted_proxies: config.trusted_proxies.clone(),
        hide_connections: config.hide_connections,
    };
    let state = web::Data::new(AppState::new(portal, settings).map_err(io::Error::other)?);
    let server = Server::build()
        .shutdown_timeout(stop_within.as_secs())
        .disable_signals();
    let stopping = server.graceful_shutdown_signal();
    let server = server.listen("portal", listener, move || {
        let stopping = stopping.clone();
        let app = app(state.clone(), ALL_ROUTES)
            .into_factory()
            .map_err(|error| error.error_response());
        let http = HttpService::build()
            .graceful_shutdown_signal(move || {
                let stopping = stopping.clone();
                async move { stopping.notified().await }
            })
            .client_request_timeout(HEAD_WITHIN)
            .client_disconnect_timeout(LINGER)
            .keep_alive(KEEP_ALIVE)
            .h1(map_config(app, |()| AppConfig::default()));
        fn_service(async |io: TcpStream| {
            let peer = io.peer_addr().ok();
            Ok::<_, DispatchError>((TimedConnection::new(io, Limits::USUAL), peer))
        })
        .and_then(http)
    })?;
    Ok(server.run())
}
