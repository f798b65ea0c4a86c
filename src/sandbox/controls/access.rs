//! Access to the controls: only from this machine, and not from pages of other sites.

use actix_web::Error;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::http::header::{FORWARDED, HOST, X_FORWARDED_FOR};
use actix_web::middleware::Next;
use url::{Host, Url};

use super::super::incoming::{header, is_from_another_site};
use super::problem;

/// Refuses all other callers. The controls show the shared key, so they also refuse
/// host names that merely resolve to this machine (DNS rebinding) and requests
/// forwarded by a proxy.
pub(super) async fn local_only(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let is_local = request
        .peer_addr()
        .is_some_and(|peer| peer.ip().to_canonical().is_loopback());
    let headers = request.headers();
    let is_forwarded = headers.contains_key(FORWARDED) || headers.contains_key(X_FORWARDED_FOR);
    let host = header(request.request(), &HOST).unwrap_or_default();
    let refused = if !is_local || is_forwarded {
        "for callers on this machine only"
    } else if !is_own_host(host) {
        "ask by this server's own name or by an address"
    } else if is_from_another_site(request.request()) {
        "not for pages of another site"
    } else {
        return next
            .call(request)
            .await
            .map(ServiceResponse::map_into_boxed_body);
    };
    Ok(request.error_response(problem(StatusCode::FORBIDDEN, refused)))
}

/// Whether the requested host can only mean this server: an IP address or `localhost`.
fn is_own_host(host: &str) -> bool {
    let Ok(asked) = Url::parse(&format!("http://{host}/")) else {
        return false;
    };
    match asked.host() {
        Some(Host::Ipv4(_) | Host::Ipv6(_)) => true,
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_foreign_name_for_this_machine_is_refused() {
        for own in ["127.0.0.1:8082", "[::1]:8082", "localhost"] {
            assert!(is_own_host(own), "{own}");
        }
        for strange in ["evil.example", "127.0.0.1.evil.example", "", "a b"] {
            assert!(!is_own_host(strange), "{strange}");
        }
    }
}
