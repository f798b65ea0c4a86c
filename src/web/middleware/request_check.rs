//! Rejects requests before routing: two conflicting body lengths, or a `Host` that
//! is not ours.

use std::sync::Once;

use actix_web::HttpResponse;
use actix_web::cookie::time::Duration;
use actix_web::dev::ServiceRequest;
use actix_web::http::header::{CONTENT_LENGTH, HOST, LOCATION, TRANSFER_ENCODING};
use actix_web::http::{Method, StatusCode};

use crate::config::PublicUrl;
use crate::web::{cookies, routes};

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
    if is_ours(host) && named.is_none_or(is_ours) {
        return None;
    }
    let is_back = req.cookie(&origin.cookie_name(REDIRECTED)).is_some();
    if is_back {
        // A browser that was sent to the public URL comes back under the other host.
        WARNED.call_once(|| {
            tracing::warn!(
                event = "host_not_passed_on",
                host,
                advice = "have the proxy in front pass the Host header on; \
                    nginx: proxy_set_header Host $http_host;",
            );
        });
    }
    match *req.method() {
        Method::GET | Method::HEAD if !is_back => Some(to_public_url(req, origin)),
        _ => Some(misdirected(origin)),
    }
}

/// Marks a browser for a few seconds. The public URL is another host than the one asked
/// for, and does not get the mark; unless a proxy asks here under a host of its own.
const REDIRECTED: &str = "rubrica-redirected";

/// The same is true of every request then.
static WARNED: Once = Once::new();

const MARKED_FOR: Duration = Duration::seconds(5);

fn to_public_url(req: &ServiceRequest, origin: &PublicUrl) -> HttpResponse {
    let asked = req
        .uri()
        .path_and_query()
        .map_or("/", |asked| asked.as_str());
    let asked = if asked.starts_with('/') { asked } else { "/" };
    let to = format!("{}{asked}", origin.as_str());
    let mark = cookies::build(origin, origin.cookie_name(REDIRECTED), "1".to_owned());
    HttpResponse::SeeOther()
        .insert_header((LOCATION, to))
        .cookie(mark.max_age(MARKED_FOR).finish())
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
    use actix_web::http::header::COOKIE;
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
        let back = other().insert_header((COOKIE, "__Host-rubrica-redirected=1"));
        assert_eq!(status(back), Some(421));
        let twice = ours().append_header((HOST, "portal.example"));
        assert_eq!(status(twice), Some(400));
    }
}
