//! Attributes that all cookies share, and the seal of those that nobody may read or
//! change. The session middleware sets the same attributes for session cookies.

use actix_web::cookie::{Cookie, CookieBuilder, SameSite};
use zeroize::Zeroizing;

use super::state::AppState;
use crate::config::PublicUrl;

/// The longest value that is opened; the portal never sets longer ones.
const LONGEST: usize = 3800;

/// The sealed value of the cookie `name`. `None` if sealing failed.
pub fn seal(state: &AppState, purpose: &str, name: &str, plain: &[u8]) -> Option<String> {
    let keys = &state.portal.keys;
    let sealed = keys.seal(purpose, "cookie", name, "value", plain).ok()?;
    Some(data_encoding::BASE64URL_NOPAD.encode(&sealed))
}

/// What was sealed for the cookie `name`.
pub fn open(
    state: &AppState,
    purpose: &str,
    name: &str,
    value: &str,
) -> Option<Zeroizing<Vec<u8>>> {
    if value.len() > LONGEST {
        return None;
    }
    let value = value.as_bytes();
    let sealed = data_encoding::BASE64URL_NOPAD.decode(value).ok()?;
    let keys = &state.portal.keys;
    keys.open(purpose, "cookie", name, "value", &sealed).ok()
}

/// A cookie that is hidden from scripts, not sent with forms of other sites, and
/// sent only over https where the portal uses https.
pub fn build(origin: &PublicUrl, name: String, value: String) -> CookieBuilder<'static> {
    Cookie::build(name, value)
        .path("/")
        .secure(origin.is_https())
        .http_only(true)
        .same_site(SameSite::Lax)
}
