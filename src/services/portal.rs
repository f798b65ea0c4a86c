//! What every service works with, made once at the start.

use std::sync::Arc;

use uuid::Uuid;

use super::connections::ConnectionRegistry;
use super::engine::Working;
use crate::clock::Clock;
use crate::domain::connection::Slug;
use crate::storage::Storage;
use crate::storage::seal::KeyRing;

/// The portal's tools: database, keys, clock, connections, work under way.
#[derive(Debug)]
pub struct Portal {
    /// The database.
    pub storage: Storage,
    /// Keys for what is sealed at rest.
    pub keys: Arc<KeyRing>,
    /// The time.
    pub clock: Clock,
    /// The Redtrust servers.
    pub connections: ConnectionRegistry,
    /// What this process works on.
    pub working: Arc<Working>,
    /// The portal's own origin, `https://portal.example`.
    pub public_url: String,
}

impl Portal {
    /// Where a connection's sign-ins come back to.
    pub fn callback_url(&self, slug: &Slug) -> String {
        format!("{}/callback/{slug}", self.public_url)
    }

    /// A new UUIDv7 as text: the one form of an id.
    pub fn new_id() -> String {
        Uuid::now_v7().to_string()
    }

    /// A new reference for people to quote: ten Crockford base32 characters.
    pub fn new_reference() -> String {
        const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
        let random: [u8; 10] = rand::random();
        random
            .iter()
            .filter_map(|byte| ALPHABET.get(usize::from(byte & 31)))
            .map(|letter| char::from(*letter))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_is_ten_characters_that_cannot_be_mistaken() {
        let reference = Portal::new_reference();
        assert_eq!(reference.len(), 10);
        assert!(!reference.contains(['I', 'L', 'O', 'U']));
    }
}
