//! What follows a kill: the same database is served again, and what was in
//! flight is sorted.

use std::time::{Duration, Instant};

use super::facts::in_flight;
use super::judge::{Breach, breach};
use super::plan::Engine;
use super::support::visitor::Tried;
use super::world::World;

/// Ready again.
const READY_WITHIN: Duration = Duration::from_secs(2);
/// Nothing in flight without somebody at work on it.
const SORTED_WITHIN: Duration = Duration::from_secs(10);

/// How it went.
pub struct Settled {
    /// Until it was ready again.
    pub ready: Duration,
    /// Until nothing was in flight: from then on where it was the only node,
    /// from the kill on where another one lived.
    pub sorted: Duration,
    /// What took too long.
    pub breaches: Vec<Breach>,
}

/// Brings the world to rest after the kill of `victim`.
pub async fn settle(world: &mut World, victim: usize, killed: Instant) -> Tried<Settled> {
    let ready = world.start_node(victim, &[]).await?;
    let mut breaches = Vec::new();
    if ready > READY_WITHIN + world.node(victim).starved() {
        breaches.push(breach("ready", format!("ready after {ready:?}")));
    }
    let began = Instant::now();
    while let Some(open) = in_flight(&world.deployed.database_url).await? {
        if began.elapsed() > SORTED_WITHIN + world.node(victim).starved() {
            let how = format!("after {:?} still {open}", began.elapsed());
            breaches.push(breach("sorted", how));
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let sorted = match world.engine {
        Engine::Sqlite => began.elapsed(),
        Engine::Postgres => killed.elapsed(),
    };
    Ok(Settled {
        ready,
        sorted,
        breaches,
    })
}
