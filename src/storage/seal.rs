//! Secrets at rest: AES-256-GCM under keys derived from the master key, one per
//! purpose. A sealed value is bound to its place: moved to another table, row
//! or column it cannot be opened. Knows nothing of rows or cookies.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use aws_lc_rs::hkdf::{HKDF_SHA256, Prk, Salt};
use zeroize::Zeroizing;

/// The column under which a value is sealed that is good for one server only (see
/// `Connection::server`): a connection that leads elsewhere cannot open it.
pub(super) fn bound(column: &str, server: &str) -> String {
    format!("{column} for {server}")
}

/// First byte of every sealed value: the version of the format.
const FORMAT: u8 = 1;

/// Bytes of a key's id.
const ID_LEN: usize = 4;

/// The current master key, and older ones that may still be needed to open
/// values.
#[derive(Clone)]
pub struct KeyRing {
    current: Master,
    older: Vec<Master>,
}

/// One master key, ready for derivation.
#[derive(Clone)]
struct Master {
    prk: Prk,
    /// What was derived before, by its use and purpose: there are few of them, and each
    /// page needs some.
    derived: Arc<Mutex<HashMap<String, Key>>>,
}

type Key = Zeroizing<[u8; 32]>;

/// Why a value could not be opened or sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// Does not have the format of a sealed value.
    #[error("not a sealed value")]
    Malformed,
    /// Sealed with a master key that is not on the ring.
    #[error("sealed with a key that is not known")]
    UnknownKey,
    /// Changed, or moved from another place, or sealed for another purpose.
    #[error("the seal is broken")]
    Broken,
    /// The cryptographic library failed.
    #[error("could not be sealed")]
    Failed,
}

impl Master {
    fn new(master: [u8; 32]) -> Self {
        let master = Zeroizing::new(master);
        Self {
            prk: Salt::new(HKDF_SHA256, b"rubrica").extract(master.as_slice()),
            derived: Arc::default(),
        }
    }

    /// The prefix of everything that this key seals.
    fn id(&self) -> Result<[u8; ID_LEN], SealError> {
        let id = self.derive("id", "")?;
        id.first_chunk().copied().ok_or(SealError::Failed)
    }

    fn derive(&self, use_: &str, purpose: &str) -> Result<Key, SealError> {
        let info = format!("{use_}/{purpose}");
        let mut known = self.derived.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(key) = known.get(&info) {
            return Ok(key.clone());
        }
        let mut key = Zeroizing::new([0; 32]);
        let parts = [info.as_bytes()];
        let derived = self.prk.expand(&parts, HKDF_SHA256);
        derived
            .and_then(|derived| derived.fill(key.as_mut_slice()))
            .map_err(|_| SealError::Failed)?;
        known.insert(info, key.clone());
        Ok(key)
    }

    fn cipher(&self, purpose: &str) -> Result<RandomizedNonceKey, SealError> {
        RandomizedNonceKey::new(&AES_256_GCM, self.derive("seal", purpose)?.as_slice())
            .map_err(|_| SealError::Failed)
    }
}

impl KeyRing {
    /// A ring of one key.
    pub fn new(master: [u8; 32]) -> Self {
        Self {
            current: Master::new(master),
            older: Vec::new(),
        }
    }

    /// The same ring with one more key, which opens values and never seals.
    #[must_use]
    pub fn with_older(mut self, master: [u8; 32]) -> Self {
        self.older.push(Master::new(master));
        self
    }

    /// What tells the key that seals from others.
    pub fn id(&self) -> Result<String, SealError> {
        Ok(data_encoding::HEXLOWER.encode(&self.current.id()?))
    }

    /// The same of every key on the ring.
    pub(super) fn ids(&self) -> Result<Vec<String>, SealError> {
        let keys = std::iter::once(&self.current).chain(&self.older);
        keys.map(|key| Ok(data_encoding::HEXLOWER.encode(&key.id()?)))
            .collect()
    }

    /// Whether the key with this id is on the ring.
    pub(super) fn knows(&self, id: &str) -> Result<bool, SealError> {
        Ok(self.ids()?.iter().any(|known| known == id))
    }

    /// Seals `plain` for one purpose and one place.
    ///
    /// # Errors
    /// [`SealError::Failed`] if the library has no randomness.
    pub fn seal(
        &self,
        purpose: &str,
        table: &str,
        row: &str,
        column: &str,
        plain: &[u8],
    ) -> Result<Vec<u8>, SealError> {
        let cipher = self.current.cipher(purpose)?;
        let mut text = plain.to_vec();
        let nonce = cipher
            .seal_in_place_append_tag(place(table, row, column), &mut text)
            .map_err(|_| SealError::Failed)?;
        let mut sealed = Vec::with_capacity(1 + ID_LEN + NONCE_LEN + text.len());
        sealed.push(FORMAT);
        sealed.extend_from_slice(&self.current.id()?);
        sealed.extend_from_slice(nonce.as_ref());
        sealed.extend_from_slice(&text);
        Ok(sealed)
    }

    /// Opens what was sealed for this purpose and this place.
    ///
    /// # Errors
    /// [`SealError`] says why it could not be opened.
    pub fn open(
        &self,
        purpose: &str,
        table: &str,
        row: &str,
        column: &str,
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, SealError> {
        let (id, rest) = split(sealed).ok_or(SealError::Malformed)?;
        let (nonce, text) = rest
            .split_first_chunk::<NONCE_LEN>()
            .ok_or(SealError::Malformed)?;
        let mut masters = std::iter::once(&self.current).chain(&self.older);
        let cipher = masters
            .find(|master| master.id() == Ok(*id))
            .ok_or(SealError::UnknownKey)?
            .cipher(purpose)?;
        let mut text = Zeroizing::new(text.to_vec());
        let plain = cipher
            .open_in_place(Nonce::from(nonce), place(table, row, column), &mut text)
            .map_err(|_| SealError::Broken)?
            .len();
        text.truncate(plain);
        Ok(text)
    }

    /// Whether the current key has sealed it.
    pub fn is_current(&self, sealed: &[u8]) -> bool {
        let id = split(sealed).map(|(id, _)| *id);
        id.is_some_and(|id| self.current.id() == Ok(id))
    }

    /// A separate key for one purpose outside the database: cookies, CSRF
    /// tokens.
    ///
    /// # Errors
    /// [`SealError::Failed`] if the library refuses.
    pub fn mac_key(&self, purpose: &str) -> Result<Zeroizing<[u8; 32]>, SealError> {
        self.current.derive("mac", purpose)
    }
}

impl KeyRing {
    /// The same of every key of the ring, the current one first: for what an older key
    /// has made and a rotation has not yet replaced.
    ///
    /// # Errors
    /// [`SealError::Failed`] if the library refuses.
    pub(super) fn mac_keys(&self, purpose: &str) -> Result<Vec<Zeroizing<[u8; 32]>>, SealError> {
        let ring = std::iter::once(&self.current).chain(&self.older);
        ring.map(|master| master.derive("mac", purpose)).collect()
    }
}

impl fmt::Debug for KeyRing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeyRing")
    }
}

fn split(sealed: &[u8]) -> Option<(&[u8; ID_LEN], &[u8])> {
    let (format, rest) = sealed.split_first()?;
    if *format != FORMAT {
        return None;
    }
    rest.split_first_chunk()
}

/// The place as associated data, each part prefixed with its length, so that no
/// two places give the same bytes.
fn place(table: &str, row: &str, column: &str) -> Aad<Vec<u8>> {
    let mut data = Vec::with_capacity(24 + table.len() + row.len() + column.len());
    for part in [table, row, column] {
        data.extend_from_slice(&(part.len() as u64).to_be_bytes());
        data.extend_from_slice(part.as_bytes());
    }
    Aad::from(data)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ring() -> KeyRing {
        KeyRing::new([7; 32])
    }

    fn sealed() -> Vec<u8> {
        ring()
            .seal("p", "table", "row", "column", b"canary")
            .unwrap()
    }

    #[test]
    fn what_is_sealed_opens_in_its_place_only() {
        let sealed = sealed();
        let open = |purpose, table, row, column| {
            ring()
                .open(purpose, table, row, column, &sealed)
                .map(|plain| plain.to_vec())
        };
        assert_eq!(open("p", "table", "row", "column"), Ok(b"canary".to_vec()));
        assert_eq!(open("q", "table", "row", "column"), Err(SealError::Broken));
        assert_eq!(open("p", "tabler", "ow", "column"), Err(SealError::Broken));
        assert_eq!(open("p", "table", "row2", "column"), Err(SealError::Broken));
        assert_eq!(open("p", "table", "row", "other"), Err(SealError::Broken));
    }

    #[test]
    fn any_flipped_bit_is_seen() {
        for at in 0..sealed().len() {
            let mut sealed = sealed();
            sealed[at] ^= 1;
            assert!(ring().open("p", "table", "row", "column", &sealed).is_err());
        }
        assert_eq!(
            ring().open("p", "table", "row", "column", &sealed()[..9]),
            Err(SealError::Malformed)
        );
    }

    #[test]
    fn the_same_text_is_never_sealed_twice_alike() {
        assert_ne!(sealed(), sealed());
    }

    #[test]
    fn an_older_key_opens_and_never_seals() {
        let next = KeyRing::new([8; 32]);
        let opened = next.open("p", "table", "row", "column", &sealed());
        assert_eq!(opened, Err(SealError::UnknownKey));
        let both = next.with_older([7; 32]);
        assert!(both.open("p", "table", "row", "column", &sealed()).is_ok());
        let fresh = both.seal("p", "table", "row", "column", b"x").unwrap();
        let opened = ring().open("p", "table", "row", "column", &fresh);
        assert_eq!(opened, Err(SealError::UnknownKey));
    }

    #[test]
    fn every_purpose_has_a_key_of_its_own() {
        assert_eq!(ring().mac_key("a"), ring().mac_key("a"));
        assert_ne!(ring().mac_key("a"), ring().mac_key("b"));
        assert_ne!(ring().mac_key("a"), KeyRing::new([8; 32]).mac_key("a"));
    }

    /// As derived by the first version: databases created by it must open.
    #[test]
    fn keys_are_derived_as_ever() {
        let master = Master::new([7; 32]);
        for (use_, purpose, key) in [
            (
                "id",
                "",
                "65be1125442f319eb3ceda798548df78d7e54db045c75b4c13a9d0db662017fb",
            ),
            (
                "mac",
                "web csrf 1",
                "6f77fc2210d1c3331bb2b4bfcd98f14192b70749a9f7dcea02028985e7e274c9",
            ),
            (
                "seal",
                "p",
                "ea65b29bb99aa533db1a8a1b9c183e2860ac7651bc6cb21b2b72b967968d590d",
            ),
        ] {
            let derived = master.derive(use_, purpose).unwrap();
            assert_eq!(data_encoding::HEXLOWER.encode(derived.as_slice()), key);
        }
        assert_eq!(master.id(), Ok([0x65, 0xbe, 0x11, 0x25]));
    }

    #[test]
    fn debug_prints_no_key() {
        assert_eq!(format!("{:?}", ring()), "KeyRing");
    }
}
