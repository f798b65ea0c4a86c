//! After a kill: the database is served again, and issuances in flight are settled.

use std::time::{Duration, Instant};

use super::facts::in_flight;
use super::judge::{Breach, breach};
use super::support::visitor::Tried;
use super::world::World;

/// Time limit until the node is ready again.
const READY_WITHIN: Duration = Duration::from_secs(2);
/// Time limit until no issuance is in flight without a worker.
const SORTED_WITHIN: Duration = Duration::from_secs(10);

/// If it takes longer than this, the crash test itself is broken.
const GIVE_UP: Duration = Duration::from_secs(60);

/// The result of settling.
pub struct Settled {
    /// The time until the node was ready again.
    pub ready: Duration,
    pub sorted: Duration,
    /// The limits that were exceeded.
    pub breaches: Vec<Breach>,
}

/// Settles the world after the kill of `victim`. If another node survived, it has
/// already settled the issuances and `sorted` is its time. What never comes is a breach.
pub async fn settle(
    world: &mut World,
    victim: usize,
    sorted: Option<Tried<Duration>>,
) -> Result<Settled, Breach> {
    let ready = world.start_node(victim, &[]).await;
    let ready = ready.map_err(|how| breach("ready", how))?;
    let sorted = match sorted {
        Some(sorted) => sorted,
        None => until_sorted(&world.deployed.database_url).await,
    };
    let sorted = sorted.map_err(|how| breach("sorted", how))?;
    let mut breaches = Vec::new();
    let starved = world.node(victim).starved();
    for (what, time, within) in [
        ("ready", ready, READY_WITHIN),
        ("sorted", sorted, SORTED_WITHIN),
    ] {
        if time > within + starved {
            breaches.push(breach(what, format!("{what} after {time:?}")));
        }
    }
    Ok(Settled {
        ready,
        sorted,
        breaches,
    })
}

/// Waits until every issuance that is in flight now has made at least one step, or has a
/// worker that lives: whoever was killed extends no lease.
pub async fn until_sorted(database_url: &str) -> Tried<Duration> {
    let began = Instant::now();
    let left = in_flight(database_url).await?;
    while !in_flight(database_url).await?.is_disjoint(&left) {
        if began.elapsed() > GIVE_UP {
            return Err(format!("never sorted: {left:?}"));
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    Ok(began.elapsed())
}
