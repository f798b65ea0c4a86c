//! Who may ask what. The sandbox shows its shared key to whoever uses its controls, so
//! nothing that a proxy forwards or a page of another site sends may reach them.

use std::net::SocketAddr;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::http::header::{AUTHORIZATION, HOST, HeaderMap, HeaderName};
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{Error, HttpRequest, HttpResponse};
use aws_lc_rs::constant_time::verify_slices_are_equal;
use serde_json::json;
use url::{Host, Url};

use super::incoming::{bearer_of, header, is_from_another_site};

/// The rules of one sandbox.
pub(super) struct Door {
    port: u16,
    /// What callers of the controls must carry, where other machines may ask.
    token: Option<String>,
}

/// Headers by which proxies tell of themselves, besides `X-Forwarded-...`.
const OF_PROXIES: [&str; 17] = [
    "forwarded",
    "via",
    "x-real-ip",
    "x-client-ip",
    "x-cluster-client-ip",
    "x-host",
    "x-original-host",
    "x-original-url",
    "x-original-forwarded-for",
    "x-remote-addr",
    "x-remote-ip",
    "x-rewrite-url",
    "true-client-ip",
    "cf-connecting-ip",
    "fastly-client-ip",
    "x-envoy-external-address",
    "forwarded-for",
];

impl Door {
    pub(super) fn of(address: SocketAddr, token: Option<String>) -> Self {
        let port = address.port();
        Self { port, token }
    }

    /// Why the controls are not for this caller; `None` if they are.
    fn refuses(&self, request: &ServiceRequest) -> Option<(StatusCode, &'static str)> {
        let forbidden = |why| Some((StatusCode::FORBIDDEN, why));
        let headers = request.headers();
        if is_from_another_site(request.request()) || !is_same_site(headers) {
            return forbidden("not for pages of another site");
        }
        if let Some(token) = &self.token {
            let sent = header(request.request(), &AUTHORIZATION).and_then(bearer_of);
            let is_it = |sent: &str| verify_slices_are_equal(sent.as_bytes(), token.as_bytes());
            return match sent.map(is_it) {
                Some(Ok(())) => None,
                _ => Some((
                    StatusCode::UNAUTHORIZED,
                    "send the token that was printed at the start: Authorization: Bearer ...",
                )),
            };
        }
        let peer = request.peer_addr();
        let is_local = peer.is_some_and(|peer| peer.ip().to_canonical().is_loopback());
        if !is_local || is_forwarded(headers) {
            return forbidden("for callers on this machine only");
        }
        if asked_port(request.request()) != Some(self.port) {
            return forbidden("ask by localhost or 127.0.0.1 and this server's port");
        }
        None
    }
}

/// Refuses requests that name another host: a name that somebody else owns may lead to
/// this machine (DNS rebinding). Where other machines may ask, it has names that it
/// does not know.
pub(super) async fn own_name(
    door: Data<Door>,
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    // The controls say more exactly what is wrong.
    let judges = request.path().starts_with("/sandbox");
    let knows_names = door.token.is_none();
    if knows_names && !judges && asked_port(request.request()).is_none() {
        let why = "ask by localhost or 127.0.0.1";
        return Ok(request.into_response(refused(StatusCode::MISDIRECTED_REQUEST, why)));
    }
    let answer = next.call(request).await?;
    Ok(answer.map_into_boxed_body())
}

/// Guards the controls.
pub(super) async fn controls(
    door: Data<Door>,
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    if let Some((status, why)) = door.refuses(&request) {
        return Ok(request.into_response(refused(status, why)));
    }
    let answer = next.call(request).await?;
    Ok(answer.map_into_boxed_body())
}

fn refused(status: StatusCode, why: &str) -> HttpResponse {
    HttpResponse::build(status).json(json!({"error": why}))
}

fn is_forwarded(headers: &HeaderMap) -> bool {
    let tells = |name: &str| name.starts_with("x-forwarded") || OF_PROXIES.contains(&name);
    headers.keys().any(|name| tells(name.as_str()))
}

/// Whether the browser, if it is one, says that no other site had to do with it.
fn is_same_site(headers: &HeaderMap) -> bool {
    headers
        .get_all(HeaderName::from_static("sec-fetch-site"))
        .all(|site| matches!(site.as_bytes(), b"same-origin" | b"none"))
}

/// The port of the loopback name that was asked for; `None` for any other name, for two
/// names, and for none.
fn asked_port(request: &HttpRequest) -> Option<u16> {
    if request.headers().get_all(HOST).count() != 1 {
        return None;
    }
    let port = loopback_port(header(request, &HOST)?)?;
    match request.uri().authority() {
        Some(named) => loopback_port(named.as_str()).filter(|named| *named == port),
        None => Some(port),
    }
}

fn loopback_port(host: &str) -> Option<u16> {
    if host.contains(['/', '\\', '@', '?', '#']) {
        return None;
    }
    let asked = Url::parse(&format!("http://{host}/")).ok()?;
    let is_loopback = match asked.host()? {
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.to_canonical().is_loopback(),
        Host::Domain(name) => name == "localhost",
    };
    is_loopback.then(|| asked.port_or_known_default()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn i16_only_loopback_names_are_this_machine() {
        for own in [
            "127.0.0.1:8082",
            "[::1]:8082",
            "localhost:8082",
            "127.9.9.9:8082",
        ] {
            assert_eq!(loopback_port(own), Some(8082), "{own}");
        }
        assert_eq!(loopback_port("localhost"), Some(80));
        for strange in [
            "evil.example",
            "127.0.0.1.evil.example",
            "localhost.evil.example:8082",
            "localhost@evil.example",
            "evil.example#localhost",
            "192.168.1.1:8082",
            "0.0.0.0:8082",
            "[::]:8082",
            "",
            "a b",
        ] {
            assert_eq!(loopback_port(strange), None, "{strange}");
        }
    }
}
