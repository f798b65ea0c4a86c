//! The limiter of everything that strangers may try: passwords, and returns from
//! Redtrust's page; and of what those who are signed in may do. Its counters are in the
//! database, so that all nodes share them.
//!
//! Wrong passwords must never keep the right person out. The browsers that have signed in
//! with a name before have an allowance of their own for it, wherever they are and whoever
//! attacks; it is one for all of them, since whoever can sign in gets any number of them. A name under attack becomes slower for everybody else, address by address,
//! and is never closed.

mod deed;
mod door;
mod mark;

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use self::door::{Budget, Way};
use super::shares::Shares;
use super::{Portal, Source};
use crate::domain::millis::Millis;
use crate::storage::StorageError;
use crate::storage::tries::{self, TryId};

pub use deed::press;
pub(super) use deed::{Deed, count, nameless, together};
pub use door::{Door, network_of};
pub use mark::log_id;

/// Refusals remembered by this process, each an address.
const REMEMBERED: u64 = 20_000;

/// Requests of one sign-in that wait for its end: people click a few times.
const WAITING_EACH: usize = 4;
/// The same of all sign-ins.
const WAITING_IN_ALL: usize = 64;

/// Somebody who tries, as far as they are known before.
#[derive(Debug, Clone, Default)]
pub struct Stranger {
    pub address: Option<IpAddr>,
    /// Stands for whoever has passed this door with this browser before, if they have.
    pub known: Option<String>,
    pub source: Source,
}

impl Stranger {
    /// Where they come from, for what must not happen too often from one place.
    pub fn place(&self) -> String {
        door::single(self.address)
    }

    /// Whose turn it is where passwords are hashed one after the other. Who was here before
    /// does not wait behind strangers at the same address.
    pub fn lane(&self) -> String {
        self.known.clone().unwrap_or_else(|| self.place())
    }
}

/// Result of asking for a try.
#[derive(Debug)]
pub enum Taken {
    Allowed(Spent),
    TooMany {
        /// How long to wait.
        wait: Duration,
    },
}

/// What a try has cost, to be given back if it was right.
#[derive(Debug)]
pub struct Spent(Way);

/// What this process remembers of it: addresses that have to wait, so that a flood from
/// one of them does not even reach the database.
#[derive(Debug)]
pub struct Limiter {
    waiting: moka::sync::Cache<TryId, Millis>,
    /// Requests that wait for a return from Redtrust which another one brought before.
    pub(super) waiting_returns: Shares,
    /// Refused sign-ins of admins that this process has not put into the audit.
    pub(super) refusals_left_out: AtomicU64,
}

impl Default for Limiter {
    fn default() -> Self {
        Self {
            waiting: moka::sync::Cache::builder()
                .max_capacity(REMEMBERED)
                .time_to_live(Duration::from_secs(60))
                .build(),
            waiting_returns: Shares::new(WAITING_EACH, WAITING_IN_ALL),
            refusals_left_out: AtomicU64::new(0),
        }
    }
}

/// Uses one try at `door`. Call this before anything is checked or sent, so that
/// parallel tries count too; on [`Taken::TooMany`] do neither.
pub async fn take(portal: &Portal, door: Door<'_>, who: &Stranger) -> Result<Taken, StorageError> {
    let ways = door.ways(&portal.keys, who)?;
    let now = portal.clock.now();
    if let Some(wait) = portal.limiter.must_wait(&ways, now) {
        return Ok(Taken::TooMany { wait });
    }
    let mut ids: Vec<TryId> = ways.iter().flatten().map(|budget| budget.id).collect();
    ids.sort_unstable();
    ids.dedup();
    let whole_at = tries::whole_at(&portal.storage, &ids).await?;
    let wait = shortest(&ways, &whole_at, now);
    let spent = match wait {
        Duration::ZERO => spend(portal, ways.clone(), now).await?,
        _ => None,
    };
    if let Some(way) = spent {
        return Ok(Taken::Allowed(Spent(way)));
    }
    portal.limiter.remember(&ways, &whole_at, now);
    let name = door.has_name().then(|| door.mark(&portal.keys));
    let name = name.transpose()?.map(|mark| mark::log_name(&mark));
    tracing::warn!(event = "limit_reached", door = door.name(), name);
    let wait = wait.max(Duration::from_secs(1));
    Ok(Taken::TooMany { wait })
}

/// How long until one of the ways is open; zero if one is.
fn shortest(ways: &[Way], whole_at: &HashMap<TryId, Millis>, now: Millis) -> Duration {
    let longest = |way: &Way| way.iter().map(|budget| wait(budget, whole_at, now)).max();
    ways.iter().filter_map(longest).min().unwrap_or_default()
}

fn wait(budget: &Budget, whole_at: &HashMap<TryId, Millis>, now: Millis) -> Duration {
    let whole_at = whole_at.get(&budget.id).copied().unwrap_or(now);
    budget.allowance.wait(whole_at, now)
}

/// Spends the first way that is open; `None` if others were quicker on all of them.
async fn spend(portal: &Portal, ways: Vec<Way>, now: Millis) -> Result<Option<Way>, StorageError> {
    portal
        .storage
        .write(move |conn| {
            Box::pin(async move {
                for way in ways {
                    let mut spent = Vec::new();
                    for budget in &way {
                        if tries::spend(conn, &budget.id, budget.allowance, now).await? {
                            spent.push(*budget);
                        } else {
                            break;
                        }
                    }
                    if spent.len() == way.len() {
                        return Ok(Some(way));
                    }
                    for budget in spent {
                        tries::give_back(conn, &budget.id, budget.allowance).await?;
                    }
                }
                Ok(None)
            })
        })
        .await
}

/// Gives a try back that was right. Only that one: who knows one password must not get
/// more tries at others by it.
pub async fn give_back(portal: &Portal, spent: Spent) {
    let done = portal.storage.write(move |conn| {
        Box::pin(async move {
            for budget in spent.0 {
                tries::give_back(conn, &budget.id, budget.allowance).await?;
            }
            Ok(())
        })
    });
    if let Err(error) = done.await {
        tracing::warn!(event = "try_not_given_back", %error);
    }
}

/// The id of the allowance of audit entries about refused admins.
pub(super) fn refused_admins(portal: &Portal) -> Result<TryId, StorageError> {
    Ok(mark::mark(&portal.keys, &["refused admins"])?)
}

/// Stands for a door under a name in the cookie of a browser that has passed it.
pub fn passed(portal: &Portal, door: Door<'_>) -> Result<String, StorageError> {
    let mark = door.mark(&portal.keys)?;
    Ok(data_encoding::BASE64URL_NOPAD.encode(&mark))
}

impl Limiter {
    /// How long this stranger has to wait, as far as this process knows.
    fn must_wait(&self, ways: &[Way], now: Millis) -> Option<Duration> {
        let until = self.waiting.get(&common(ways)?)?;
        let wait = until.since(now);
        (!wait.is_zero()).then_some(wait)
    }

    /// Remembers that an address has to wait, whatever it tries.
    fn remember(&self, ways: &[Way], whole_at: &HashMap<TryId, Millis>, now: Millis) {
        let Some(id) = common(ways) else {
            return;
        };
        let its = ways.iter().flatten().find(|budget| budget.id == id);
        let wait = its.map_or(Duration::ZERO, |budget| wait(budget, whole_at, now));
        if !wait.is_zero() {
            self.waiting.insert(id, now + wait);
        }
    }
}

/// The budget that every way needs first: that of the address, unless the person is known.
fn common(ways: &[Way]) -> Option<TryId> {
    let first = ways.first()?.first()?.id;
    let has_it = |way: &Way| way.first().is_some_and(|budget| budget.id == first);
    ways.iter().all(has_it).then_some(first)
}
