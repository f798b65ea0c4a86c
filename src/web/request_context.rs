//! What is known of a request before anything is decided: its id and the
//! language of its answer.

use actix_web::cookie::Cookie;
use actix_web::dev::{Extensions, ServiceRequest};
use actix_web::http::Method;
use actix_web::http::header::ACCEPT_LANGUAGE;

use super::language;
use crate::domain::origin::Origin;
use crate::i18n::{Lang, negotiate};
use crate::services::ids;
use crate::web::routes;

/// What every page and every log line of a request shares.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RequestContext {
    /// What people quote when they ask for help.
    pub id: String,
    /// The language of the answer.
    pub lang: Lang,
    /// A page that the language links may lead to: this one, if it can be got.
    pub page: String,
}

impl RequestContext {
    /// Looks at a request.
    pub fn of(req: &ServiceRequest) -> Self {
        let sent = req.cookie(language::COOKIE);
        let lang = sent
            .and_then(|cookie| Lang::from_code(cookie.value()))
            .unwrap_or_else(|| {
                let header = req.headers().get(ACCEPT_LANGUAGE);
                negotiate(header.and_then(|text| text.to_str().ok()).unwrap_or(""))
            });
        Self {
            id: ids::new_request_id(),
            lang,
            page: page_of(req),
        }
    }
}

/// The page for the language links. A callback's address carries a token and
/// works once: from there they lead to the sign-in page. A token that strayed
/// to another page is repeated nowhere.
fn page_of(req: &ServiceRequest) -> String {
    let path = req.path();
    if path.starts_with(routes::CALLBACK_PREFIX) {
        return routes::SIGN_IN.to_owned();
    }
    if *req.method() != Method::GET {
        return path.to_owned();
    }
    let is_token = |part: &&str| part.split('=').next() == Some(routes::TOKEN);
    let parts = req.query_string().split('&');
    let parts: Vec<&str> = parts.filter(|part| !is_token(part)).collect();
    match parts.join("&") {
        query if query.is_empty() => path.to_owned(),
        query => format!("{path}?{query}"),
    }
}

/// Cookies that a page wants set, put into the request's extensions: the
/// answer gets them from there, whatever it turns out to be.
#[derive(Debug, Default)]
pub struct SetCookies(pub Vec<Cookie<'static>>);

impl SetCookies {
    /// One more.
    pub fn add(extensions: &mut Extensions, cookie: Cookie<'static>) {
        match extensions.get_mut::<Self>() {
            Some(cookies) => cookies.0.push(cookie),
            None => {
                extensions.insert(Self(vec![cookie]));
            }
        }
    }
}

/// Origins that the forms of one page may lead to by redirects, put into the
/// request's extensions: Chromium applies `form-action` to the whole chain.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FormTargets(pub Vec<Origin>);
