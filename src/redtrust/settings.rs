//! What the operator decides about calls, for all connections.

use std::time::Duration;

/// Settings for calls that the operator decides for all connections.
#[derive(Debug, Clone)]
pub struct ClientSettings {
    /// Total time limit for signing in, refreshing and logging out.
    pub call_timeout: Duration,
    /// Time limit for connecting: name resolution, TCP and TLS.
    pub connect_timeout: Duration,
    /// Whether servers in private ranges may be called; customers run theirs there.
    pub allow_private: bool,
    /// Whether names may resolve to this machine. A base URL that itself says
    /// `localhost` or 127.0.0.1 is always allowed.
    pub allow_loopback: bool,
    /// Maximum number of concurrent calls of one connection.
    pub max_in_flight: usize,
    /// How many of them may be sign-ins, so that strangers never take every place.
    pub max_sign_ins: usize,
}

impl Default for ClientSettings {
    fn default() -> Self {
        Self {
            call_timeout: Duration::from_secs(9),
            connect_timeout: Duration::from_secs(3),
            allow_private: true,
            allow_loopback: false,
            max_in_flight: 32,
            max_sign_ins: 8,
        }
    }
}
