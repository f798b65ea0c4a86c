//! What follows a kill: the same database is served again, and what was in
//! flight is sorted.

use std::time::{Duration, Instant};

use super::facts::in_flight;
use super::judge::{Breach, breach};
use super::support::visitor::Tried;
use super::world::World;

/// Ready again.
const READY_WITHIN: Duration = Duration::from_secs(2);
/// Nothing in flight without somebody at work on it.
const SORTED_WITHIN: Duration = Duration::from_secs(10);

/// By then something is wrong with the harness itself.
const GIVE_UP: Duration = Duration::from_secs(60);

/// How it went.
pub struct Settled {
    /// Until it was ready again.
    pub ready: Duration,
    /// Until what the dead node was at was sorted: from then on where it was
    /// the only node, from the kill on where another one lived.
    pub sorted: Duration,
    /// What took too long.
    pub breaches: Vec<Breach>,
}

/// Brings the world to rest after the kill of `victim`. Where another node
/// lived, it has `sorted` by now.
pub async fn settle(world: &mut World, victim: usize, sorted: Option<Duration>) -> Tried<Settled> {
    let ready = world.start_node(victim, &[]).await?;
    let sorted = match sorted {
        Some(sorted) => sorted,
        None => until_sorted(&world.deployed.database_url).await?,
    };
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

/// Waits until everything that is in flight now has come a step further.
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
