//! Who asks, as far as services need to know.

/// A signed-in person: what their session vouches for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// Whose issuances and certificates are theirs.
    pub owner_id: String,
    /// Where they signed in.
    pub connection_id: String,
    /// Whose tokens their calls use.
    pub sign_in_id: String,
    /// Where they ask from, for the audit.
    pub source: Source,
}

/// Where a request comes from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Source {
    /// An address; `cli` for the command line.
    pub from: String,
    /// The request it belongs to.
    pub request_id: String,
}

/// Somebody whose act goes into the audit: an admin, or the command line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// The account's name; `system` for the portal itself.
    pub name: String,
    /// Where they act from.
    pub source: Source,
}
