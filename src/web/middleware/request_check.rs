//! Rejects requests before routing: two conflicting body lengths, or a `Host` that
//! is not ours.

use std::sync::Once;

use actix_web::HttpResponse;
use actix_web::dev::ServiceRequest;
use actix_web::http::header::{CONTENT_LENGTH, HOST, LOCATION, TRANSFER_ENCODING};
use actix_web::http::{Method, StatusCode};

use crate::config::PublicUrl;
use crate::web::routes;

/// The rejection of a request; `None` if it may go on.
pub fn turn_away(req: &ServiceRequest, origin: &PublicUrl) -> Option<HttpResponse> {
    let headers = req.headers();
    if headers.contains_key(CONTENT_LENGTH) && headers.contains_key(TRANSFER_ENCODING) {
        // A proxy in front may have used the other length, so nothing after this
        // request on the connection can be trusted. Newer decoders reject it
        // themselves.
        return Some(HttpResponse::BadRequest().force_close().finish());
    }
    other_host(req, origin)
}

fn other_host(req: &ServiceRequest, origin: &PublicUrl) -> Option<HttpResponse> {
    if routes::is_probe(req.path()) {
        return None;
    }
    let mut hosts = req.headers().get_all(HOST);
    let (host, second) = (hosts.next(), hosts.next());
    let host = host.and_then(|host| host.to_str().ok());
    let named = req.uri().authority().map(|authority| authority.as_str());
    let (Some(host), None) = (host, second) else {
        return Some(HttpResponse::BadRequest().finish());
    };
    let is_ours = |host| origin.is_host(host);
    let asked = req.uri().path_and_query();
    let asked = asked.map_or("/", |asked| asked.as_str());
    let sent_here = asked.strip_suffix(MARK).and_then(without_sign);
    let may_follow = matches!(*req.method(), Method::GET | Method::HEAD);
    if is_ours(host) && named.is_none_or(is_ours) {
        // The mark has done its work: nobody needs to see it.
        let asked = sent_here.filter(|_| may_follow)?;
        return Some(to_public_url(asked, origin));
    }
    if sent_here.is_some() {
        // Who was sent to the public URL comes back under the other host.
        WARNED.call_once(|| {
            tracing::warn!(
                event = "host_not_passed_on",
                host,
                advice = "have the proxy in front pass the Host header on; \
                    nginx: proxy_set_header Host $http_host;",
            );
        });
    }
    if !may_follow || sent_here.is_some() {
        return Some(misdirected(origin));
    }
    let sign = if asked.contains('?') { '&' } else { '?' };
    Some(to_public_url(&format!("{asked}{sign}{MARK}"), origin))
}

/// Ends the address to which somebody is sent who asked under another host. It comes back
/// under that host only if a proxy asks here under a host of its own.
const MARK: &str = "sent-to-public-url";

fn without_sign(asked: &str) -> Option<&str> {
    asked.strip_suffix(['?', '&'])
}

/// The same is true of every request then.
static WARNED: Once = Once::new();

fn to_public_url(asked: &str, origin: &PublicUrl) -> HttpResponse {
    // Of an absolute address that is none, only the origin counts.
    let path = if asked.starts_with('/') { asked } else { "/" };
    HttpResponse::SeeOther()
        .insert_header((LOCATION, format!("{}{path}", origin.as_str())))
        .finish()
}

fn misdirected(origin: &PublicUrl) -> HttpResponse {
    HttpResponse::build(StatusCode::MISDIRECTED_REQUEST)
        .content_type("text/plain; charset=utf-8")
        .body(format!(
            "This portal answers at {} only. A proxy in front of it must pass the Host header on.\n",
            origin.as_str()
        ))
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn status(request: TestRequest) -> Option<u16> {
        let origin = "https://portal.example".parse().unwrap();
        let request = request.to_srv_request();
        turn_away(&request, &origin).map(|answer| answer.status().as_u16())
    }

    #[test]
    fn two_lengths_and_missing_hosts_are_rejected() {
        let ours = || TestRequest::get().insert_header((HOST, "portal.example"));
        assert_eq!(status(ours()), None);
        let both = ours()
            .insert_header((CONTENT_LENGTH, "5"))
            .insert_header((TRANSFER_ENCODING, "chunked"));
        assert_eq!(status(both), Some(400));
        assert_eq!(status(TestRequest::get()), Some(400));
        assert_eq!(status(TestRequest::get().uri("/healthz")), None);
        let other = || TestRequest::get().insert_header((HOST, "10.0.0.7:8080"));
        assert_eq!(status(other()), Some(303));
        let back = |asked: &str| other().uri(&format!("{asked}{MARK}"));
        assert_eq!(status(back("/issue?")), Some(421));
        assert_eq!(status(back("/issue?x=1&")), Some(421));
        assert_eq!(status(ours().uri(&format!("/issue?{MARK}"))), Some(303));
        let twice = ours().append_header((HOST, "portal.example"));
        assert_eq!(status(twice), Some(400));
    }
}
