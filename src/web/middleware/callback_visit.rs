//! A return from Redtrust counts only when a person's browser opens it: programs ask
//! for addresses on their own (link checkers by HEAD, browsers that prefetch, pages
//! that name it as an image), and a token can be used only once.

use actix_web::HttpResponse;
use actix_web::dev::ServiceRequest;
use actix_web::http::header::HeaderMap;
use actix_web::http::{Method, StatusCode};

use crate::i18n::key;
use crate::web::page::Frame;
use crate::web::problem::{self, Problem, texts};
use crate::web::request_context::RequestContext;
use crate::web::routes;
use crate::web::state::AppState;

/// Headers of requests that a browser makes before anybody chose the address.
const AHEAD: [&str; 4] = ["sec-purpose", "purpose", "x-purpose", "x-moz"];

/// What a browser says of a request that fills a window.
const NAVIGATION: [(&str, &str); 2] = [
    ("sec-fetch-dest", "document"),
    ("sec-fetch-mode", "navigate"),
];

/// The answer to a request for a callback that is no visit; `None` for any other.
pub fn refuse(
    req: &ServiceRequest,
    state: &AppState,
    context: &RequestContext,
) -> Option<HttpResponse> {
    let is_read = matches!(*req.method(), Method::GET | Method::HEAD);
    if !is_read || !req.path().starts_with(routes::CALLBACK_PREFIX) {
        return None;
    }
    if *req.method() == Method::GET && is_visit(req.headers()) {
        return None;
    }
    tracing::info!(event = "callback_not_visited", method = %req.method());
    let not_opened = Problem::new(
        StatusCode::BAD_REQUEST,
        "not_opened",
        texts!("callback-not-opened"),
    );
    let problem = not_opened.leading_to(routes::SIGN_IN, key("callback-start-again"));
    Some(problem::answer(Frame::bare(state, context), problem))
}

/// Older browsers send none of these headers, so only what is said counts.
fn is_visit(headers: &HeaderMap) -> bool {
    let is_ahead = AHEAD.iter().any(|name| headers.contains_key(*name));
    let mut said = NAVIGATION.iter();
    !is_ahead && said.all(|(name, right)| headers.get_all(*name).all(|value| value == *right))
}
