//! One link of the chain: what exactly is hashed.

use serde_json::json;

use super::NewEntry;
use crate::domain::digest::sha256;
use crate::domain::millis::Millis;

/// The hash before the first entry.
pub(super) const START: [u8; 32] = [0; 32];

/// SHA-256 over the previous hash and the entry as a JSON array. An array has a
/// fixed order, so the same entry always gives the same text.
pub(super) fn link(previous: &[u8; 32], seq: i64, at: Millis, entry: &NewEntry) -> [u8; 32] {
    let text = json!([
        seq,
        at.0,
        entry.actor,
        entry.from,
        entry.action,
        entry.object,
        entry.before,
        entry.after,
        entry.outcome,
        entry.request_id,
    ]);
    sha256([previous, text.to_string().as_bytes()].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_moved_from_one_field_to_the_next_is_another_link() {
        let entry = |actor: &str, from: &str| NewEntry {
            actor: actor.into(),
            from: from.into(),
            ..NewEntry::default()
        };
        let link = |entry| link(&START, 1, Millis(0), &entry);
        assert_ne!(link(entry("ab", "c")), link(entry("a", "bc")));
        assert_eq!(link(entry("a", "b")), link(entry("a", "b")));
    }
}
