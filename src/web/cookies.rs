//! Attributes that all cookies share. The session middleware sets the same for
//! session cookies.

use actix_web::cookie::{Cookie, CookieBuilder, SameSite};

use crate::config::PublicUrl;

/// A cookie that is hidden from scripts, not sent with forms of other sites, and
/// sent only over https where the portal uses https.
pub fn build(origin: &PublicUrl, name: String, value: String) -> CookieBuilder<'static> {
    Cookie::build(name, value)
        .path("/")
        .secure(origin.is_https())
        .http_only(true)
        .same_site(SameSite::Lax)
}
