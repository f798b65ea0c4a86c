//! Keys that only the web layer needs, derived from the key ring: one for CSRF
//! tokens, one for signing the session cookie.

use std::fmt;

use actix_web::cookie::Key;
use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::hmac;

use crate::storage::seal::{KeyRing, SealError};

/// `Debug` never prints the keys.
#[derive(Clone)]
pub struct WebKeys {
    csrf: hmac::Key,
    cookie: Key,
}

impl WebKeys {
    /// Derives the keys; they are the same on every node with the same key ring.
    pub fn from_ring(ring: &KeyRing) -> Result<Self, SealError> {
        Ok(Self::new(
            &wide(ring, "web csrf")?,
            &wide(ring, "web session cookie")?,
        ))
    }

    fn new(csrf: &[u8; 64], cookie: &[u8; 64]) -> Self {
        Self {
            csrf: hmac::Key::new(hmac::HMAC_SHA256, csrf),
            cookie: Key::from(cookie),
        }
    }

    pub fn cookie(&self) -> Key {
        self.cookie.clone()
    }

    /// The CSRF token for a form, bound to `purpose` and to `nonce`, which only this
    /// browser's session or cookie has.
    pub fn csrf_token(&self, purpose: &str, nonce: &str) -> String {
        let bound = [purpose.as_bytes(), &[0], nonce.as_bytes()].concat();
        let token = hmac::sign(&self.csrf, &bound);
        data_encoding::BASE64URL_NOPAD.encode(token.as_ref())
    }

    /// Checks `token` for this purpose and nonce, in constant time.
    pub fn csrf_holds(&self, purpose: &str, nonce: &str, token: &str) -> bool {
        let right = self.csrf_token(purpose, nonce);
        verify_slices_are_equal(right.as_bytes(), token.as_bytes()).is_ok()
    }
}

impl fmt::Debug for WebKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WebKeys")
    }
}

/// Joins two keys of the ring into one of 512 bits.
fn wide(ring: &KeyRing, purpose: &str) -> Result<[u8; 64], SealError> {
    let mut key = [0; 64];
    let (left, right) = key.split_at_mut(32);
    left.copy_from_slice(ring.mac_key(&format!("{purpose} 1"))?.as_slice());
    right.copy_from_slice(ring.mac_key(&format!("{purpose} 2"))?.as_slice());
    Ok(key)
}

pub fn nonce() -> String {
    let random: [u8; 16] = rand::random();
    data_encoding::BASE64URL_NOPAD.encode(&random)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_bound_to_purpose_and_nonce() {
        let keys = WebKeys::new(&[7; 64], &[9; 64]);
        let token = keys.csrf_token("session", "abc");
        assert!(keys.csrf_holds("session", "abc", &token));
        assert!(!keys.csrf_holds("session", "abd", &token));
        assert!(!keys.csrf_holds("sign-in", "abc", &token));
        assert!(!keys.csrf_holds("session", "abc", ""));
        let other = WebKeys::new(&[8; 64], &[9; 64]);
        assert!(!other.csrf_holds("session", "abc", &token));
    }
}
