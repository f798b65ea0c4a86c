//! Who makes a request, as far as services need to know.

use crate::domain::audit::SYSTEM;

/// A signed-in person, as established by their session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// Owner of the person's issuances and certificates.
    pub owner_id: String,
    pub connection_id: String,
    /// The sign-in whose tokens their calls use.
    pub sign_in_id: String,
    /// For whom it is counted what they do: the owner, or all whom Redtrust does not name
    /// at this connection and place. Each sign-in of those has an owner of its own.
    pub counted_as: String,
    /// Where the request comes from, for the audit.
    pub source: Source,
}

impl Caller {
    /// Whether Redtrust did not say who it is.
    pub fn is_nameless(&self) -> bool {
        self.counted_as != self.owner_id
    }
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
            name: SYSTEM.to_owned(),
            source: Source {
                from: "housekeeping".to_owned(),
                request_id: String::new(),
            },
        }
    }
}
