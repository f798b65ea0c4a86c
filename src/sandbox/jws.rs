//! Compact JWS with HS256, the only form the sandbox makes or accepts.

use std::fmt;

use aws_lc_rs::{digest, hmac};
use data_encoding::BASE64URL_NOPAD;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The protected header of every token.
const HEADER: &[u8] = br#"{"alg":"HS256","typ":"JWT"}"#;

pub(super) struct TokenKey(hmac::Key);

impl TokenKey {
    pub(super) fn new(bytes: &[u8]) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, bytes))
    }

    /// Derives a separate key for each purpose, so that a token of one kind is never
    /// accepted as another.
    pub(super) fn derived(secret: &str, purpose: &str) -> Self {
        let secret = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
        Self::new(hmac::sign(&secret, purpose.as_bytes()).as_ref())
    }

    pub(super) fn sign(&self, claims: &impl Serialize) -> Result<String, serde_json::Error> {
        let mut token = BASE64URL_NOPAD.encode(HEADER);
        token.push('.');
        BASE64URL_NOPAD.encode_append(&serde_json::to_vec(claims)?, &mut token);
        let signature = hmac::sign(&self.0, token.as_bytes());
        token.push('.');
        BASE64URL_NOPAD.encode_append(signature.as_ref(), &mut token);
        Ok(token)
    }

    /// The claims of a token signed with this key. The claims themselves are not
    /// checked.
    pub(super) fn verify<T: DeserializeOwned>(&self, token: &str) -> Option<T> {
        let (signed, signature) = token.rsplit_once('.')?;
        let (header, claims) = signed.split_once('.')?;
        let signature = BASE64URL_NOPAD.decode(signature.as_bytes()).ok()?;
        hmac::verify(&self.0, signed.as_bytes(), &signature).ok()?;
        if BASE64URL_NOPAD.decode(header.as_bytes()).ok()? != HEADER {
            return None;
        }
        serde_json::from_slice(&BASE64URL_NOPAD.decode(claims.as_bytes()).ok()?).ok()
    }
}

impl fmt::Debug for TokenKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenKey")
    }
}

/// The stored form of a token, so that a stolen database gives no usable tokens.
pub(super) fn hash(token: &str) -> Vec<u8> {
    digest::digest(&digest::SHA256, token.as_bytes())
        .as_ref()
        .to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    #[test]
    fn a_token_is_valid_only_under_its_own_key() {
        let key = TokenKey::derived("secret", "one");
        let token = key.sign(&json!({"sub": "demo"})).unwrap();
        assert_eq!(key.verify::<Value>(&token), Some(json!({"sub": "demo"})));
        assert_eq!(
            TokenKey::derived("secret", "two").verify::<Value>(&token),
            None
        );
    }

    #[test]
    fn a_token_with_another_header_is_refused() {
        let header = BASE64URL_NOPAD.encode(br#"{"alg":"none"}"#);
        let claims = BASE64URL_NOPAD.encode(br#"{"sub":"demo"}"#);
        let key = TokenKey::new(b"k");
        assert_eq!(key.verify::<Value>(&format!("{header}.{claims}.")), None);
        let signed = format!("{header}.{claims}");
        let mac = BASE64URL_NOPAD.encode(hmac::sign(&key.0, signed.as_bytes()).as_ref());
        assert_eq!(key.verify::<Value>(&format!("{signed}.{mac}")), None);
    }

    #[test]
    fn the_example_of_rfc_7515_verifies() {
        // Appendix A.1 uses a different header, so only the signature is compared.
        let key = BASE64URL_NOPAD
            .decode(b"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow")
            .unwrap();
        let signed = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
        let mac = hmac::sign(&TokenKey::new(&key).0, signed.as_bytes());
        assert_eq!(
            BASE64URL_NOPAD.encode(mac.as_ref()),
            "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
        );
    }
}
