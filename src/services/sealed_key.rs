//! A shared key that was typed on one page and is used on the next: in between it travels
//! sealed in the page.

use data_encoding::BASE64URL_NOPAD;

use super::Portal;
use crate::domain::secret::Secret;

/// What the key is sealed for.
const PURPOSE: &str = "typed key";

/// The key, sealed for a form about this connection.
pub fn seal(portal: &Portal, connection_id: &str, key: &Secret) -> Option<String> {
    let plain = key.expose().as_bytes();
    let sealed = portal
        .keys
        .seal(PURPOSE, "form", connection_id, "key", plain);
    Some(BASE64URL_NOPAD.encode(&sealed.ok()?))
}

/// Opens what [`seal`] sealed for this connection.
pub fn open(portal: &Portal, connection_id: &str, sealed: &str) -> Option<Secret> {
    let sealed = BASE64URL_NOPAD.decode(sealed.as_bytes()).ok()?;
    let plain = portal
        .keys
        .open(PURPOSE, "form", connection_id, "key", &sealed)
        .ok()?;
    Some(Secret::new(std::str::from_utf8(&plain).ok()?))
}
