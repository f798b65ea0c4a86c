//! Three ways to kill a node with SIGKILL under load. Each proves that the kill
//! happened as planned; a kill without proof is not counted.

use std::os::unix::process::ExitStatusExt as _;
use std::time::{Duration, Instant};

use super::load::Load;
use super::plan::{Engine, Place};
use super::runs;
use super::settle::until_sorted;
use super::strace::Strace;
use super::support::visitor::Tried;
use super::world::World;

/// A prepared kill must happen within this time.
const DEAD_WITHIN: Duration = Duration::from_secs(40);
/// How long the load continues after one of two nodes is dead.
const SURVIVE: Duration = Duration::from_millis(800);

/// A proven kill.
pub struct Killed {
    /// How long the surviving node took to settle the dead node's issuances, if it did.
    pub sorted: Option<Tried<Duration>>,
    /// Certificates issued before the kill and, with two nodes, after it.
    pub issued: u64,
}

/// Kills the node `victim` at `place`; `turn` counts the kills of this kind.
pub async fn kill(world: &mut World, victim: usize, place: Place, turn: u64) -> Tried<Killed> {
    if let Place::Point(name) = place {
        world.stop_node(victim).await?;
        // Vary the pass: some kills happen at once, some when much work is running. A node
        // of two does half of the work, and both together do it more slowly.
        let passes = match world.engine {
            Engine::Sqlite => 12,
            Engine::Postgres => 4,
        };
        let at = format!("{name}:{}", 1 + (turn * 5 + 3) % passes);
        world
            .start_node(victim, &[("RUBRICA_CRASH_AT", &at)])
            .await?;
    }
    let strace = match place {
        Place::Fsync(nth) => {
            let dir = world.deployed.dir.path().to_owned();
            Some(Strace::attach(world.node(victim).pid(), nth, &dir)?)
        }
        Place::Point(_) | Place::Random | Place::Run => None,
    };
    if place == Place::Run {
        runs::begin(world).await?;
    }
    let load = Load::start(world);
    let killed = until_dead(world, victim, place, strace).await;
    let url = &world.deployed.database_url;
    let (sorted, issued) = match world.engine {
        Engine::Sqlite => (None, load.stop().await?),
        Engine::Postgres => {
            let go_on = async {
                tokio::time::sleep(SURVIVE).await;
                load.stop().await
            };
            let (sorted, issued) = tokio::join!(until_sorted(url), go_on);
            (Some(sorted), issued?)
        }
    };
    killed.map(|()| Killed { sorted, issued })
}

async fn until_dead(
    world: &mut World,
    victim: usize,
    place: Place,
    strace: Option<Strace>,
) -> Tried<()> {
    let node = world.node(victim);
    if matches!(place, Place::Random | Place::Run) {
        let after = rand::random_range(50..2_000);
        tokio::time::sleep(Duration::from_millis(after)).await;
        if let Some(status) = node.status() {
            return Err(format!("it had ended before: {status}"));
        }
        node.signal("KILL");
    }
    let until = Instant::now() + DEAD_WITHIN;
    let status = loop {
        match node.status() {
            Some(status) => break status,
            None if Instant::now() > until => return Err("it does not die".to_owned()),
            None => tokio::time::sleep(Duration::from_millis(5)).await,
        }
    };
    if status.signal() != Some(9) {
        return Err(format!("it ended with {status}"));
    }
    if let Place::Point(name) = place {
        let words = node.last_words();
        let proof = format!("crash point {name} passed");
        if !words.iter().any(|line| line.starts_with(&proof)) {
            return Err(format!("killed, but not at {name}: {words:?}"));
        }
    }
    match strace {
        Some(mut strace) => strace.proof(),
        None => Ok(()),
    }
}
