//! Rejects requests before routing: two conflicting body lengths, or a `Host` that
//! is not ours.

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
    if is_ours(host) && named.is_none_or(is_ours) {
        return None;
    }
    if !matches!(*req.method(), Method::GET | Method::HEAD) {
        return Some(HttpResponse::build(StatusCode::MISDIRECTED_REQUEST).finish());
    }
    let asked = req
        .uri()
        .path_and_query()
        .map_or("/", |asked| asked.as_str());
    let asked = if asked.starts_with('/') { asked } else { "/" };
    let to = format!("{}{asked}", origin.as_str());
    Some(
        HttpResponse::SeeOther()
            .insert_header((LOCATION, to))
            .finish(),
    )
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
        let twice = ours().append_header((HOST, "portal.example"));
        assert_eq!(status(twice), Some(400));
    }
}
