//! What the operator decides about calls, for all connections.

use std::sync::Arc;
use std::time::Duration;

use ipnet::IpNet;

use super::tally::Tally;

/// Addresses that may be called besides public ones. Link-local addresses, those of
/// metadata services and others at which no server is are never called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Networks {
    /// The operator names none: private ranges, since customers run their servers
    /// there, and this machine for connections of the configuration file, which the
    /// operator writes.
    Usual {
        /// This machine for all connections: in the demo.
        loopback: bool,
    },
    /// Exactly these, for all connections.
    Listed(Arc<[IpNet]>),
}

/// Settings for calls that the operator decides for all connections.
#[derive(Debug, Clone)]
pub struct ClientSettings {
    /// Total time limit for signing in, refreshing and logging out.
    pub call_timeout: Duration,
    /// Time limit for connecting: name resolution, TCP and TLS.
    pub connect_timeout: Duration,
    /// Which addresses may be called besides public ones.
    pub networks: Networks,
    /// Maximum number of concurrent calls of one connection.
    pub max_in_flight: usize,
    /// How many of them are kept for sign-ins, which have no others: neither strangers nor
    /// those who issue ever take every place.
    pub max_sign_ins: usize,
    /// Where all calls are counted.
    pub tally: Arc<Tally>,
}

impl Default for ClientSettings {
    fn default() -> Self {
        Self {
            call_timeout: Duration::from_secs(9),
            connect_timeout: Duration::from_secs(3),
            networks: Networks::Usual { loopback: false },
            max_in_flight: 32,
            max_sign_ins: 6,
            tally: Arc::default(),
        }
    }
}
