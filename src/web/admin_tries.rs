//! Rate limit for password attempts: per address, per account, and per both.
//!
//! Wrong passwords must never lock the owner out of an account. So when an account
//! has had too many attempts, each address still gets a few of its own; only an
//! address that uses those up has to wait.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};

const PER_ADDRESS: Allowance = Allowance {
    tries: 10,
    one_more_after: Duration::from_secs(60),
};
/// Attempts at one account from all addresses together, before each address is
/// limited on its own.
const PER_ACCOUNT: Allowance = Allowance {
    tries: 20,
    one_more_after: Duration::from_secs(60),
};
/// Attempts from one address at an account that is over its own limit.
const PER_BOTH: Allowance = Allowance {
    tries: 3,
    one_more_after: Duration::from_secs(5 * 60),
};

/// Keys kept in memory; the least recently used are dropped first.
const KEPT: u64 = 100_000;

#[derive(Debug, Clone, Copy)]
struct Allowance {
    tries: u32,
    one_more_after: Duration,
}

impl Allowance {
    /// With no attempt for this long, the full allowance is available again.
    const fn whole_again_after(self) -> Duration {
        self.one_more_after.saturating_mul(self.tries)
    }

    fn fresh(self) -> Arc<DefaultDirectRateLimiter> {
        let tries = NonZeroU32::new(self.tries).unwrap_or(NonZeroU32::MIN);
        let quota = Quota::with_period(self.one_more_after)
            .unwrap_or_else(|| Quota::per_minute(NonZeroU32::MIN));
        Arc::new(RateLimiter::direct(quota.allow_burst(tries)))
    }
}

/// The limiters of one kind of key.
#[derive(Debug)]
struct Tries {
    allowance: Allowance,
    by_key: moka::sync::Cache<String, Arc<DefaultDirectRateLimiter>>,
}

impl Tries {
    fn new(allowance: Allowance) -> Self {
        Self {
            allowance,
            by_key: moka::sync::Cache::builder()
                .max_capacity(KEPT)
                .time_to_idle(allowance.whole_again_after())
                .build(),
        }
    }

    /// Uses one attempt, or says how long to wait for the next.
    fn take(&self, key: &str) -> Result<(), Duration> {
        let limiter = self.by_key.get_with_by_ref(key, || self.allowance.fresh());
        limiter
            .check()
            .map_err(|not_yet| not_yet.wait_time_from(DefaultClock::default().now()))
    }

    fn give_back(&self, key: &str) {
        self.by_key.invalidate(key);
    }
}

/// Too many attempts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooMany {
    pub wait: Duration,
}

impl TooMany {
    pub fn seconds(self) -> u64 {
        self.wait.as_secs().saturating_add(1)
    }
}

/// Counts password attempts in this process.
#[derive(Debug)]
pub struct AdminTries {
    addresses: Tries,
    accounts: Tries,
    both: Tries,
}

impl AdminTries {
    pub fn new() -> Self {
        Self {
            addresses: Tries::new(PER_ADDRESS),
            accounts: Tries::new(PER_ACCOUNT),
            both: Tries::new(PER_BOTH),
        }
    }

    /// Uses one attempt at `account` from `address`. Call this before checking the
    /// password, so that parallel attempts count too. On [`TooMany`], do not check
    /// the password.
    pub fn take(&self, address: Option<IpAddr>, account: &str) -> Result<(), TooMany> {
        let (address, account) = (of_address(address), of_account(account));
        let taken = self.addresses.take(&address).and_then(|()| {
            self.accounts
                .take(&account)
                .or_else(|_| self.both.take(&pair(&address, &account)))
        });
        taken.map_err(|wait| TooMany { wait })
    }

    /// Returns the attempt after a correct password.
    pub fn give_back(&self, address: Option<IpAddr>, account: &str) {
        let (address, account) = (of_address(address), of_account(account));
        self.addresses.give_back(&address);
        self.both.give_back(&pair(&address, &account));
    }
}

impl Default for AdminTries {
    fn default() -> Self {
        Self::new()
    }
}

/// One IPv6 customer usually has a whole /64, so the /64 counts as one address.
fn of_address(address: Option<IpAddr>) -> String {
    match address {
        None => String::new(),
        Some(IpAddr::V4(address)) => address.to_string(),
        Some(IpAddr::V6(address)) => format!("{:x}", address.to_bits() >> 64),
    }
}

/// Hashed, so that long names do not use more memory.
fn of_account(account: &str) -> String {
    account.trim().to_lowercase().chars().take(64).collect()
}

fn pair(address: &str, account: &str) -> String {
    format!("{address} {account}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(last: u8) -> Option<IpAddr> {
        Some(IpAddr::from([10, 0, 0, last]))
    }

    /// How many of `tries` are allowed.
    fn let_through(limit: &AdminTries, last: u8, account: &str, tries: u32) -> usize {
        (0..tries)
            .filter(|_| limit.take(address(last), account).is_ok())
            .count()
    }

    #[test]
    fn one_address_has_ten_tries_for_all_accounts_together() {
        let limit = AdminTries::new();
        let names = (0..1000).map(|at| format!("admin{at}"));
        let through = names.filter(|name| limit.take(address(1), name).is_ok());
        assert_eq!(through.count(), 10);
        let wait = limit.take(address(1), "ana").unwrap_err().seconds();
        assert!((1..=60).contains(&wait), "{wait}");
    }

    #[test]
    fn many_addresses_get_few_tries_at_one_account_and_its_owner_still_gets_in() {
        let limit = AdminTries::new();
        let through: usize = (1..=100)
            .map(|last| let_through(&limit, last, "ana", 10))
            .sum();
        assert_eq!(through, 20 + 98 * 3);
        assert_eq!(limit.take(address(200), "Ana "), Ok(()));
        assert_eq!(limit.take(address(200), "berta"), Ok(()));
    }

    #[test]
    fn correct_passwords_never_use_up_tries() {
        let limit = AdminTries::new();
        for _ in 0..100 {
            assert_eq!(limit.take(address(1), "ana"), Ok(()));
            limit.give_back(address(1), "ana");
        }
    }

    #[test]
    fn addresses_in_one_ipv6_network_count_as_one() {
        let limit = AdminTries::new();
        let through = (0..100_u16).filter(|at| {
            let address = IpAddr::from([0x2001, 0xdb9, 0, 1, 0, 0, 0, *at]);
            limit.take(Some(address), "ana").is_ok()
        });
        assert_eq!(through.count(), 10);
    }
}
