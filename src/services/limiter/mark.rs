//! Keyed hashes that stand for names, addresses and people where these must not be
//! stored or logged.

use aws_lc_rs::hmac;

use crate::storage::seal::{KeyRing, SealError};
use crate::storage::tries::TryId;

/// Stands for `parts`; the same on every node with the same master key.
pub(super) fn mark(keys: &KeyRing, parts: &[&str]) -> Result<TryId, SealError> {
    let key = keys.mac_key("limiter")?;
    let mut mac = hmac::Context::with_key(&hmac::Key::new(hmac::HMAC_SHA256, key.as_slice()));
    for part in parts {
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part.as_bytes());
    }
    let tag = mac.sign();
    tag.as_ref().first_chunk().copied().ok_or(SealError::Failed)
}

/// A mark short enough for a line of the log.
fn short(mark: &TryId) -> String {
    data_encoding::HEXLOWER.encode(mark.get(..6).unwrap_or_default())
}

/// Stands for a person in the log; the same for all their requests.
pub fn log_id(keys: &KeyRing, owner_id: &str) -> String {
    mark(keys, &["owner", owner_id]).map_or_else(|_| String::new(), |mark| short(&mark))
}

/// Stands for a typed name in the log.
pub(super) fn log_name(mark: &TryId) -> String {
    short(mark)
}
