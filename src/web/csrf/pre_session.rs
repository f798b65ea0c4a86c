//! The cookie of the sign-in pages: a random value without a row, so that anonymous
//! visitors write nothing to the database.

use actix_web::{HttpMessage, HttpRequest};

use crate::web::cookies;
use crate::web::keys;
use crate::web::request_context::SetCookies;
use crate::web::state::AppState;

const NAME: &str = "rubrica-pre";
/// Length of 16 bytes as Base64url.
const LENGTH: usize = 22;

#[derive(Debug)]
pub struct PreSession;

impl PreSession {
    /// The nonce that the browser sent.
    pub fn sent(req: &HttpRequest, state: &AppState) -> Option<String> {
        let name = state.settings.origin.cookie_name(NAME);
        let cookie = req.cookie(&name)?;
        let value = cookie.value();
        let whole = value.len() == LENGTH
            && value
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
        whole.then(|| value.to_owned())
    }

    /// The nonce that the browser sent, or a new one that the answer will set.
    pub fn sent_or_new(req: &HttpRequest, state: &AppState) -> String {
        if let Some(sent) = Self::sent(req, state) {
            return sent;
        }
        let nonce = keys::nonce();
        let origin = &state.settings.origin;
        let cookie = cookies::build(origin, origin.cookie_name(NAME), nonce.clone()).finish();
        SetCookies::add(&mut req.extensions_mut(), cookie);
        nonce
    }
}
