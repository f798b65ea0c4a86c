//! Keys that only the web needs, derived from the key ring: one for CSRF
//! tokens, one for the session cookie's signature.

use std::fmt;

use actix_web::cookie::Key;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;

use crate::storage::seal::KeyRing;

/// The web's own keys. `Debug` prints nothing of them.
#[derive(Clone)]
pub struct WebKeys {
    csrf: Hmac<Sha256>,
    cookie: Key,
}

impl WebKeys {
    /// Derived from the ring, the same on every node.
    pub fn from_ring(ring: &KeyRing) -> Self {
        Self::new(&wide(ring, "web csrf"), &wide(ring, "web session cookie"))
    }

    fn new(csrf: &[u8; 64], cookie: &[u8; 64]) -> Self {
        Self {
            csrf: Hmac::new(csrf.into()),
            cookie: Key::from(cookie),
        }
    }

    /// Signs the session cookie.
    pub fn cookie(&self) -> Key {
        self.cookie.clone()
    }

    /// The token that a form must carry: bound to `purpose` and to `nonce`,
    /// which only this browser's session or cookie has.
    pub fn csrf_token(&self, purpose: &str, nonce: &str) -> String {
        let mut mac = self.csrf.clone();
        mac.update(purpose.as_bytes());
        mac.update(&[0]);
        mac.update(nonce.as_bytes());
        data_encoding::BASE64URL_NOPAD.encode(&mac.finalize().into_bytes())
    }

    /// Whether `token` is the one for purpose and nonce, in constant time.
    pub fn csrf_holds(&self, purpose: &str, nonce: &str, token: &str) -> bool {
        let right = self.csrf_token(purpose, nonce);
        right.as_bytes().ct_eq(token.as_bytes()).into()
    }
}

impl fmt::Debug for WebKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WebKeys")
    }
}

/// Two keys of the ring make one of 512 bits.
fn wide(ring: &KeyRing, purpose: &str) -> [u8; 64] {
    let mut key = [0; 64];
    let (left, right) = key.split_at_mut(32);
    left.copy_from_slice(ring.mac_key(&format!("{purpose} 1")).as_slice());
    right.copy_from_slice(ring.mac_key(&format!("{purpose} 2")).as_slice());
    key
}

/// 128 random bits as text.
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
