//! What strangers may try, and how often: the allowances of each door.

use std::net::{IpAddr, Ipv6Addr};
use std::time::Duration;

use unicode_normalization::UnicodeNormalization as _;

use super::Stranger;
use super::mark::mark;
use crate::domain::allowance::Allowance;
use crate::storage::seal::{KeyRing, SealError};
use crate::storage::tries::TryId;

/// Tries of one address at passwords.
const ADDRESS: Allowance = Allowance::new(10, Duration::from_secs(60));
/// Tries of a whole IPv6 /48.
const NETWORK: Allowance = Allowance::new(50, Duration::from_secs(12));
/// Tries at one name, by all strangers together, that need no allowance of their own.
const NAME: Allowance = Allowance::new(20, Duration::from_secs(60));
/// Tries of one address at a name for which that is spent.
const PAIR: Allowance = Allowance::new(3, Duration::from_secs(5 * 60));
/// Tries of all addresses together at such a name. It slows down who never signed in
/// with this name, and never stops them.
const STRANGERS: Allowance = Allowance::new(3_000, Duration::from_secs(5));
/// Codes of a second factor at one name, by everybody together: whoever gets that far
/// knows the password. 288 wrong ones a day at most, where three of a million are right.
const CODES: Allowance = Allowance::new(10, Duration::from_secs(5 * 60));
/// Tries of the browsers that have signed in with this name before, or of one person at a
/// door without names, wherever they are.
const KNOWN: Allowance = Allowance::new(10, Duration::from_secs(60));
/// Returns of one address from Redtrust's page that led to nothing.
const RETURNS: Allowance = Allowance::new(20, Duration::from_secs(10));
/// The same for a whole IPv6 /48.
const RETURNS_OF_NETWORK: Allowance = Allowance::new(100, Duration::from_secs(2));

/// What is tried.
#[derive(Debug, Clone, Copy)]
pub enum Door<'a> {
    /// An admin's password: to sign in, or asked for again.
    Admin { name: &'a str },
    /// A code of an admin's second factor, once the password was right.
    Code { name: &'a str },
    /// An application user's password.
    Direct {
        connection_id: &'a str,
        /// With its domain, if it has one.
        name: &'a str,
    },
    /// A return from Redtrust's page: who it is only shows afterwards.
    Return { connection_id: &'a str },
}

/// An allowance of somebody in particular.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Budget {
    pub(super) id: TryId,
    pub(super) allowance: Allowance,
}

/// Budgets that are spent together.
pub(super) type Way = Vec<Budget>;

impl Door<'_> {
    /// Its name in the log.
    pub(super) const fn name(&self) -> &'static str {
        match self {
            Self::Admin { .. } => "admin",
            Self::Code { .. } => "code",
            Self::Direct { .. } => "direct",
            Self::Return { .. } => "return",
        }
    }

    /// Whether a name is known before.
    pub(super) const fn has_name(&self) -> bool {
        !matches!(self, Self::Return { .. })
    }

    /// Stands for this door under this name.
    pub(super) fn mark(&self, keys: &KeyRing) -> Result<TryId, SealError> {
        match self {
            Self::Admin { name } => mark(keys, &["admin", &normalised(name)]),
            Self::Code { name } => mark(keys, &["code", &normalised(name)]),
            Self::Direct {
                connection_id,
                name,
            } => mark(keys, &["direct", connection_id, &normalised(name)]),
            Self::Return { connection_id } => mark(keys, &["return", connection_id]),
        }
    }

    /// The ways through this door, in the order in which they are tried: each is a set
    /// of budgets that must all have a try left.
    pub(super) fn ways(&self, keys: &KeyRing, who: &Stranger) -> Result<Vec<Way>, SealError> {
        let door = data_encoding::HEXLOWER.encode(&self.mark(keys)?);
        let budget =
            |parts: &[&str], allowance| mark(keys, parts).map(|id| Budget { id, allowance });
        let mut ways = Vec::new();
        if let Some(known) = &who.known {
            let allowance = match self {
                Self::Code { .. } => CODES,
                _ => KNOWN,
            };
            ways.push(vec![budget(&["known", known, &door], allowance)?]);
        }
        let (kind, one, network) = match self {
            Self::Return { .. } => ("returns", RETURNS, RETURNS_OF_NETWORK),
            Self::Admin { .. } | Self::Code { .. } | Self::Direct { .. } => {
                ("passwords", ADDRESS, NETWORK)
            }
        };
        let address = single(who.address);
        let mut common = vec![budget(&[kind, "address", &address], one)?];
        if let Some(IpAddr::V6(address)) = who.address {
            common.push(budget(&[kind, "network", &network_of(address)], network)?);
        }
        if !self.has_name() {
            ways.push(common);
            return Ok(ways);
        }
        if matches!(self, Self::Code { .. }) {
            common.push(budget(&["codes", &door], CODES)?);
            ways.push(common);
            return Ok(ways);
        }
        let calm = [budget(&["name", &door], NAME)?];
        let attacked = [
            budget(&["pair", &door, &address], PAIR)?,
            budget(&["strangers", &door], STRANGERS)?,
        ];
        ways.push([common.as_slice(), &calm].concat());
        ways.push([common.as_slice(), &attacked].concat());
        Ok(ways)
    }
}

/// One IPv6 customer usually has a whole /64, so the /64 counts as one address.
pub(super) fn single(address: Option<IpAddr>) -> String {
    match address {
        None => String::new(),
        Some(IpAddr::V4(address)) => address.to_string(),
        Some(IpAddr::V6(address)) => format!("{:x}/64", address.to_bits() >> 64),
    }
}

/// The /48 around an address, which one customer may own.
pub fn network_of(address: Ipv6Addr) -> String {
    format!("{:x}", address.to_bits() >> 80)
}

/// However a name is written: the server behind it may take all these for one.
fn normalised(name: &str) -> String {
    name.trim().nfkc().collect::<String>().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_the_same_however_it_is_written() {
        let keys = KeyRing::new([7; 32]);
        let of = |name| Door::Admin { name }.mark(&keys).unwrap();
        for same in ["ANA ", "\u{ff41}na", "An\u{61}"] {
            assert_eq!(of("ana"), of(same), "{same}");
        }
        assert_ne!(of("ana"), of("anna"));
        let at = |connection_id| {
            let door = Door::Direct {
                connection_id,
                name: "ana",
            };
            door.mark(&keys).unwrap()
        };
        assert_ne!(at("a"), at("b"));
        assert_ne!(at("a"), of("ana"));
    }

    #[test]
    fn only_ipv6_has_a_network_around_the_address() {
        let keys = KeyRing::new([7; 32]);
        let ways = |address: &str| {
            let who = Stranger {
                address: address.parse().ok(),
                ..Stranger::default()
            };
            let door = Door::Return { connection_id: "a" };
            door.ways(&keys, &who).unwrap().concat()
        };
        assert_eq!(ways("10.0.0.1").len(), 1);
        assert_ne!(ways("10.0.0.1"), ways("10.0.0.2"));
        let (one, other) = (ways("2001:db8:0:1::1"), ways("2001:db8:0:2::1"));
        assert_ne!(one[0], other[0]);
        assert_eq!(one[1], other[1]);
        assert_eq!(one, ways("2001:db8:0:1::2"));
    }
}
