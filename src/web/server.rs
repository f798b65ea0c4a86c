//! The HTTP server on a listener that is already bound. `HttpServer` of the framework is
//! the same but for the connections, which here have time limits.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::os::unix::net::UnixListener;
use std::sync::Arc;
use std::time::Duration;

use actix_http::HttpService;
use actix_http::error::DispatchError;
use actix_service::{
    IntoServiceFactory, ServiceFactory, ServiceFactoryExt, fn_service, map_config,
};
use actix_web::dev::{AppConfig, Server};
use actix_web::rt::net::{TcpStream, UnixStream};
use actix_web::{App, web};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use super::state::{AppState, Settings};
use super::timed_connection::{Limits, TimedConnection};
use super::tls::Certificate;
use super::{ALL_ROUTES, app, metrics_page, routes};
use crate::config::{Config, PublicUrl};
use crate::services::Portal;

/// Time limit for a client to send the request head.
const HEAD_WITHIN: Duration = Duration::from_secs(10);

/// How long a connection may be idle between requests.
const KEEP_ALIVE: Duration = Duration::from_secs(30);

/// After an answer that did not wait for the whole request, the rest of it is read and
/// dropped for so long, so that the client sees the answer.
const LINGER: Duration = Duration::from_secs(1);

/// Where the portal listens.
#[derive(Debug)]
pub struct Listeners {
    pub pages: Vec<Pages>,
    pub metrics: Option<TcpListener>,
}

/// Where browsers, or the proxy before them, ask.
#[derive(Debug)]
pub enum Pages {
    Tcp(TcpListener),
    Tls(TcpListener, Arc<Certificate>),
    Unix(UnixListener),
}

/// A server for the portal's pages, and for its metrics; it runs once it is polled. It does
/// not handle signals. On stop, open requests get at most `stop_within` to finish.
pub fn serve(
    listeners: Listeners,
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
    listen(listeners, &state, stop_within)
}

/// Listens at all of them.
fn listen(
    listeners: Listeners,
    state: &web::Data<AppState>,
    stop_within: Duration,
) -> io::Result<Server> {
    let mut server = Server::build()
        .shutdown_timeout(stop_within.as_secs())
        .disable_signals();
    let stopping = server.graceful_shutdown_signal();
    let stopped = move || {
        let stopping = stopping.clone();
        async move { stopping.notified().await }
    };
    if let Some(listener) = listeners.metrics {
        let state = state.clone();
        server = server.listen("metrics", listener, move || metrics(state.clone()))?;
    }
    for place in listeners.pages {
        let (state, stopped) = (state.clone(), stopped.clone());
        server = match place {
            Pages::Tcp(listener) => server.listen("portal", listener, move || {
                fn_service(async |io: TcpStream| {
                    let peer = io.peer_addr().ok();
                    Ok::<_, DispatchError>((TimedConnection::new(io, Limits::USUAL), peer))
                })
                .and_then(pages(state.clone(), stopped.clone()))
            }),
            Pages::Tls(listener, certificate) => {
                let acceptor = certificate.acceptor().map_err(io::Error::other)?;
                server.listen("portal", listener, move || {
                    let acceptor = acceptor.clone();
                    fn_service(move |io: TcpStream| handshake(acceptor.clone(), io))
                        .and_then(pages(state.clone(), stopped.clone()))
                })
            }
            Pages::Unix(listener) => server.listen_uds("portal", listener, move || {
                fn_service(async |io: UnixStream| {
                    Ok::<_, DispatchError>((TimedConnection::new(io, Limits::USUAL), None))
                })
                .and_then(pages(state.clone(), stopped.clone()))
            }),
        }?;
    }
    Ok(server.run())
}

/// The time limits are below TLS, so that they hold for the handshake too.
async fn handshake(
    acceptor: TlsAcceptor,
    io: TcpStream,
) -> Result<(TlsStream<TimedConnection<TcpStream>>, Option<SocketAddr>), DispatchError> {
    let peer = io.peer_addr().ok();
    let accepting = acceptor.accept(TimedConnection::new(io, Limits::USUAL));
    let accepted = timeout(HEAD_WITHIN, accepting).await;
    let accepted = accepted.map_err(|_| DispatchError::SlowRequestTimeout)?;
    Ok((accepted.map_err(DispatchError::Io)?, peer))
}

/// The pages, to connections of any kind.
fn pages<T, F, S>(
    state: web::Data<AppState>,
    stopped: F,
) -> impl ServiceFactory<
    (T, Option<SocketAddr>),
    Config = (),
    Response = (),
    Error = DispatchError,
    InitError = (),
>
where
    T: AsyncRead + AsyncWrite + Unpin + 'static,
    F: Fn() -> S + 'static,
    S: Future<Output = ()> + 'static,
{
    let app = app(state, ALL_ROUTES)
        .into_factory()
        .map_err(|error| error.error_response());
    HttpService::build()
        .graceful_shutdown_signal(stopped)
        .client_request_timeout(HEAD_WITHIN)
        .client_disconnect_timeout(LINGER)
        .keep_alive(KEEP_ALIVE)
        .h1(map_config(app, |()| AppConfig::default()))
}

fn metrics(
    state: web::Data<AppState>,
) -> impl ServiceFactory<TcpStream, Config = (), Response = (), Error = DispatchError, InitError = ()>
{
    let app = App::new()
        .app_data(state)
        .route(routes::METRICS, web::get().to(metrics_page::show))
        .into_factory()
        .map_err(|error| error.error_response());
    HttpService::build()
        .client_request_timeout(HEAD_WITHIN)
        .keep_alive(KEEP_ALIVE)
        .h1(map_config(app, |()| AppConfig::default()))
        .tcp()
}
