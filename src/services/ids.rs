//! Generates ids and references.

use uuid::Uuid;

/// Crockford's base32: has no letter that looks like a digit.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// A new UUIDv7 as text, the form of all stored ids.
pub fn new_id() -> String {
    Uuid::now_v7().to_string()
}

/// A new reference of an issuance, for people to quote: ten characters.
pub fn new_reference() -> String {
    letters(rand::random::<[u8; 10]>())
}

/// A new request id, for people to quote: twelve characters.
pub fn new_request_id() -> String {
    letters(rand::random::<[u8; 12]>())
}

fn letters<const LENGTH: usize>(random: [u8; LENGTH]) -> String {
    random
        .iter()
        .filter_map(|byte| ALPHABET.get(usize::from(byte & 31)))
        .map(|letter| char::from(*letter))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_quote_has_no_character_that_can_be_mistaken() {
        let (reference, request) = (new_reference(), new_request_id());
        assert_eq!((reference.len(), request.len()), (10, 12));
        assert!(!(reference + &request).contains(['I', 'L', 'O', 'U']));
    }
}
