//! Who makes a request, as far as services need to know.

/// A signed-in person, as established by their session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// Owner of the person's issuances and certificates.
    pub owner_id: String,
    pub connection_id: String,
    /// The sign-in whose tokens their calls use.
    pub sign_in_id: String,
    /// Where the request comes from, for the audit.
    pub source: Source,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Source {
    /// An IP address, or [`COMMAND_LINE`].
    pub from: String,
    pub request_id: String,
}

/// Where a request at the command line comes from.
pub const COMMAND_LINE: &str = "cli";

/// Who makes an audited change: an admin, or the command line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// The account's name; `system` for the portal itself.
    pub name: String,
    pub source: Source,
}

impl Actor {
    /// The portal itself, on a timer.
    pub(super) fn housekeeping() -> Self {
        Self {
            name: "system".to_owned(),
            source: Source {
                from: "housekeeping".to_owned(),
                request_id: String::new(),
            },
        }
    }
}
