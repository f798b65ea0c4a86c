//! What the checks below HTTP find: name, port, certificate, clock.

use std::net::IpAddr;

use crate::millis::Millis;

/// Where the host's name leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DnsFinding {
    /// To these addresses, all of which may be called.
    Leads {
        /// The name.
        host: String,
        /// In the resolver's order.
        addresses: Vec<IpAddr>,
    },
    /// The base URL contains an address instead of a name.
    Literal(IpAddr),
    /// To an address that the portal never calls.
    Forbidden {
        /// The name, or the address as written.
        host: String,
        /// The address.
        address: IpAddr,
    },
    /// Nowhere.
    Unknown {
        /// The name.
        host: String,
        /// The resolver's own words, in its language.
        detail: String,
    },
    /// The resolver did not answer in time.
    TimedOut {
        /// The name.
        host: String,
    },
}

impl DnsFinding {
    pub(super) const fn passed(&self) -> bool {
        matches!(self, Self::Leads { .. } | Self::Literal(_))
    }
}

/// Whether the port answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TcpFinding {
    /// It does.
    Open {
        /// The port.
        port: u16,
        /// Addresses of the host at which it does not.
        not_at: Vec<IpAddr>,
    },
    /// It does not, at any address.
    Closed {
        /// The port.
        port: u16,
        /// What happened instead.
        how: NoPort,
        /// The other usual ports, and whether they answer.
        others: Vec<(u16, bool)>,
    },
}

/// Why a TCP connection was not made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoPort {
    /// The machine is there and refuses: nothing listens.
    Refused,
    /// Nothing came back: often a firewall.
    TimedOut,
    /// The network's own words, in the language of the system.
    Failed(String),
}

impl TcpFinding {
    pub(super) const fn passed(&self) -> bool {
        matches!(self, Self::Open { .. })
    }
}

/// Whether the server's certificate is trusted, and if not, why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TlsFinding {
    /// It is.
    Trusted {
        /// What it was checked against.
        by: TrustedBy,
        /// The names it is for.
        names: Vec<String>,
        /// Its issuer.
        issuer: String,
        /// Its last moment.
        until: Millis,
        /// Whether that is near.
        ends_soon: bool,
    },
    /// It is; what it says was not seen.
    Accepted,
    /// It is for other names.
    WrongName {
        /// The name in the base URL.
        host: String,
        /// The names it is for; empty if it names no host at all.
        names: Vec<String>,
    },
    /// It has expired.
    Expired {
        /// Since when.
        since: Millis,
    },
    /// It is not valid yet.
    NotYet {
        /// From when.
        from: Millis,
    },
    /// It signed itself, and it is not the one that was given as private CA.
    SelfSigned {
        /// SHA-256 of the certificate.
        fingerprint: String,
        /// Whether the connection has a private CA.
        private_ca: bool,
    },
    /// Nobody who is trusted has issued it.
    UnknownCa {
        /// Who has.
        issuer: String,
        /// Whether the connection has a private CA.
        private_ca: bool,
    },
    /// The server speaks plain HTTP on this port.
    PlainHttp {
        /// The port.
        port: u16,
    },
    /// The base URL begins with `http://`, but the server speaks TLS.
    NotPlain {
        /// The port.
        port: u16,
    },
    /// The server offers only versions or algorithms that are no longer safe.
    TooOld,
    /// The server ended the conversation, or speaks another protocol.
    NoTls,
    /// The server did not answer in time.
    TimedOut,
    /// This machine has no list of public CAs.
    NoRoots,
    /// Another reason.
    Other {
        /// In the words of the TLS library.
        detail: String,
    },
}

/// What a server certificate was checked against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TrustedBy {
    /// The public CAs that this machine knows.
    Machine,
    /// The connection's private CA, or that very certificate if it was given there.
    PrivateCa,
}

impl TlsFinding {
    pub(super) const fn passed(&self) -> bool {
        matches!(self, Self::Trusted { .. } | Self::Accepted)
    }
}

/// How the server's clock compares with ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClockFinding {
    /// It agrees.
    Agrees {
        /// The difference in seconds, either way.
        seconds: u64,
    },
    /// It is ahead of ours.
    Ahead {
        /// The difference in seconds.
        seconds: u64,
        /// The time here.
        here: Millis,
        /// The time there.
        there: Millis,
    },
    /// It is behind ours.
    Behind {
        /// The difference in seconds.
        seconds: u64,
        /// The time here.
        here: Millis,
        /// The time there.
        there: Millis,
    },
}

/// Largest difference of two clocks that counts as agreement, in seconds.
const TOLERATED: u64 = 60;

impl ClockFinding {
    /// Compares the time `here` with the time `there`, in whole seconds since a `Date`
    /// header has no more.
    pub const fn of(here: Millis, there: Millis) -> Self {
        let seconds = here.as_secs().abs_diff(there.as_secs());
        if seconds <= TOLERATED {
            Self::Agrees { seconds }
        } else if there.0 > here.0 {
            Self::Ahead {
                seconds,
                here,
                there,
            }
        } else {
            Self::Behind {
                seconds,
                here,
                there,
            }
        }
    }

    pub(super) const fn passed(self) -> bool {
        matches!(self, Self::Agrees { .. })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minute_is_tolerated_either_way() {
        let here = Millis::from_secs(1_800_000_000);
        for (there, passed) in [
            (-61, false),
            (-60, true),
            (0, true),
            (60, true),
            (61, false),
        ] {
            let there = Millis::from_secs(here.as_secs() + there);
            assert_eq!(ClockFinding::of(here, there).passed(), passed);
        }
    }
}
