//! The paths of the officers.

use crate::domain::connection::Slug;

/// The scope of the officers' pages; also the first of them: what needs attention, and
/// the history of a connection.
pub const ATTENTION: &str = "/attention";
/// Search by POST, so that the search text is never part of an address.
pub const ATTENTION_SEARCH: &str = "/attention/search";
pub const ATTENTION_CERTIFICATES: &str = "/attention/certificates";
pub const ATTENTION_CERTIFICATES_SEARCH: &str = "/attention/certificates/search";
pub const ATTENTION_ISSUANCE: &str = "/attention/{id}";

/// A page of the officers for one connection.
pub fn attention_at(path: &str, slug: &Slug, more: &[(&str, &str)]) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.append_pair("connection", slug.as_str());
    query.extend_pairs(more);
    format!("{path}?{}", query.finish())
}

/// An issuance as officers see it.
pub fn attention_issuance(id: &str) -> String {
    format!("{ATTENTION}/{id}")
}
