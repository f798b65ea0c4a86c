//! What is known about every request before routing: its id and the language of its
//! answer.

use actix_web::cookie::Cookie;
use actix_web::dev::{Extensions, ServiceRequest};
use actix_web::http::Method;
use actix_web::http::header::ACCEPT_LANGUAGE;

use super::token_address::without_token;
use super::{address, language};
use crate::config::PublicUrl;
use crate::domain::millis::Millis;
use crate::domain::origin::Origin;
use crate::i18n::{Lang, negotiate};
use crate::services::ids;
use crate::web::routes;

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RequestContext {
    /// Shown on error pages, so that users can quote it when they ask for help.
    pub id: String,
    pub lang: Lang,
    /// When its head had come: before its session was read.
    pub arrived: Millis,
    /// The page that the language links lead to: this one, if it answers GET.
    pub page: String,
}

impl RequestContext {
    pub fn of(req: &ServiceRequest, origin: &PublicUrl, arrived: Millis) -> Self {
        let lang = language::chosen(req, origin).unwrap_or_else(|| {
            let header = req.headers().get(ACCEPT_LANGUAGE);
            negotiate(header.and_then(|text| text.to_str().ok()).unwrap_or(""))
        });
        Self {
            id: ids::new_request_id(),
            lang,
            arrived,
            page: page_of(req),
        }
    }
}

/// The page for the language links. A callback's address carries a token and works
/// only once, so from there the links lead to the sign-in page. A token in the
/// address of any other page is left out, and so is whatever no page accepts: a link to
/// `//evil.example` would lead to another site.
fn page_of(req: &ServiceRequest) -> String {
    let path = req.path();
    if path.starts_with(routes::CALLBACK_PREFIX) {
        return routes::SIGN_IN.to_owned();
    }
    if !address::is_normal(path) {
        return routes::HOME.to_owned();
    }
    let query = req.query_string();
    if *req.method() != Method::GET || query.is_empty() || !address::is_plain(query) {
        return without_token(path);
    }
    without_token(&format!("{path}?{query}"))
}

/// Cookies that a handler wants to set, kept in the request's extensions so that
/// every answer gets them, error pages included.
#[derive(Debug, Default)]
pub struct SetCookies(pub Vec<Cookie<'static>>);

impl SetCookies {
    pub fn add(extensions: &mut Extensions, cookie: Cookie<'static>) {
        match extensions.get_mut::<Self>() {
            Some(cookies) => cookies.0.push(cookie),
            None => {
                extensions.insert(Self(vec![cookie]));
            }
        }
    }
}

/// Origins to which the forms of one page may redirect, kept in the request's
/// extensions: Chromium applies `form-action` to the whole redirect chain.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FormTargets(pub Vec<Origin>);
