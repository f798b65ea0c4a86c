//! Other error codes of the same class. The codes are those of a sister product
//! (`redtrust-ra-api.md`), and the documents do not say which one means what.

use std::collections::BTreeMap;

use super::super::seed::Seed;

/// A code of this sandbox and what may stand in its place.
const OTHERS: [(&str, &[&str]); 10] = [
    (
        "UNAUTHORIZED",
        &["ERR_INVALID_AUTH", "ERR_CLOSING_SESSIONS"],
    ),
    (
        "ERR_INVALID_AUTH",
        &["UNAUTHORIZED", "ERR_CLOSING_SESSIONS"],
    ),
    (
        "ERR_INVALID_PASSWORD",
        &["ERR_INVALID_AUTH", "UNAUTHORIZED"],
    ),
    ("INVALID_PARAM", &["ERR_INVALID_PARAM"]),
    ("MISSING_PARAM", &["INVALID_PARAM", "ERR_INVALID_PARAM"]),
    ("ERR_NOT_FOUND", &["ERR_INVALID_STATE"]),
    ("ERR_NOT_FOUND_CERT", &["ERR_INVALID_CERT", "ERR_NOT_FOUND"]),
    ("ERR_ALREADY_EXIST", &["ERR_INVALID_STATE", "UNKNOWN_ERROR"]),
    ("ERR_INVALID_STATE", &["UNKNOWN_ERROR"]),
    (
        "UNKNOWN_ERROR",
        &["ERR_SERVICE_UNAVAILABLE", "ERR_UPDATE_DATA"],
    ),
];

/// Half of the codes get another name.
pub(super) fn drawn(seed: Seed) -> BTreeMap<String, String> {
    OTHERS
        .into_iter()
        .filter(|(code, _)| seed.in_percent(&format!("renames {code}"), 50))
        .map(|(code, others)| {
            let other = seed.one_of(&format!("name of {code}"), others);
            (code.to_owned(), other.to_owned())
        })
        .collect()
}
