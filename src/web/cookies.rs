//! How every cookie of ours is dressed; session cookies get the same from
//! their middleware.

use actix_web::cookie::{Cookie, CookieBuilder, SameSite};

use crate::config::PublicUrl;

/// A cookie that scripts cannot read, other sites do not send along with
/// forms, and plain http never carries where the portal has https.
pub fn build(origin: &PublicUrl, name: String, value: String) -> CookieBuilder<'static> {
    Cookie::build(name, value)
        .path("/")
        .secure(origin.is_https())
        .http_only(true)
        .same_site(SameSite::Lax)
}
