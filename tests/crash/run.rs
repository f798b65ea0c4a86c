//! Lanes: each takes kills from the shared board and runs them in its own world.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::signal::unix::{SignalKind, signal};

use super::board::Board;
use super::facts;
use super::judge::judge;
use super::kill::kill;
use super::open;
use super::options::{self, Act, Options};
use super::plan::{Engine, Job, Place};
use super::report;
use super::runs;
use super::settle::settle;
use super::state::Outcome;
use super::support::visitor::Tried;
use super::world::World;
use super::{strace, support::postgres};

/// After this many kills a lane starts with an empty database.
const KILLS_PER_WORLD: usize = 26;

pub fn main() -> ExitCode {
    let options = match options::read(std::env::args().skip(1)) {
        Ok(options) => options,
        Err(why) => {
            eprintln!("crash: {why}");
            return ExitCode::from(2);
        }
    };
    let done = match options.act {
        Act::List => Ok(true),
        Act::Report => report::print(options.size),
        Act::WriteReadme => report::write_readme(options.size),
        Act::Run => run(options),
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(why) => {
            eprintln!("crash: {why}");
            ExitCode::FAILURE
        }
    }
}

/// Runs until the plan is done or the time is over; returns whether all checks passed.
fn run(options: Options) -> Tried<bool> {
    sqlx::any::install_default_drivers();
    let mut plan = options.size.plan();
    if !strace::is_there() {
        plan.retain(|(job, _)| !matches!(job.place, Place::Fsync(_)));
    }
    if postgres::cluster().is_none() {
        plan.retain(|(job, _)| job.engine == Engine::Sqlite);
    }
    let until = options
        .minutes
        .map(|minutes| Instant::now() + Duration::from_secs(60 * minutes));
    let board = Arc::new(Board::new(options.size, plan, until)?);
    let told = Arc::clone(&board);
    std::thread::spawn(move || listen_for_signals(&told));
    let lanes = (0..options.lanes).map(|_| {
        let board = Arc::clone(&board);
        std::thread::spawn(move || keep_lane(&board))
    });
    for lane in lanes.collect::<Vec<_>>() {
        lane.join().map_err(|_| "a lane broke for good")?;
    }
    report::print(options.size)?;
    board.is_well()
}

/// The first SIGTERM or SIGINT starts no further kills, the second aborts.
fn listen_for_signals(board: &Board) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let Ok(runtime) = runtime else { return };
    runtime.block_on(async {
        let Ok(mut term) = signal(SignalKind::terminate()) else {
            return;
        };
        for again in [false, true] {
            tokio::select! {
                _ = term.recv() => {}
                _ = tokio::signal::ctrl_c() => {}
            }
            if again {
                std::process::exit(1);
            }
            eprintln!("crash: stops once the kills under way are judged");
            board.stop();
        }
    });
}

/// Restarts a lane that fails; the kill it was running is not counted.
fn keep_lane(board: &Arc<Board>) {
    for _ in 0..20 {
        let board = Arc::clone(board);
        match std::thread::spawn(move || one_lane(board)).join() {
            Ok(Ok(())) => return,
            Ok(Err(why)) => eprintln!("crash: no lane: {why}"),
            Err(_) => eprintln!("crash: a lane broke and is begun anew"),
        }
    }
}

fn one_lane(board: Arc<Board>) -> std::io::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    runtime.block_on(lane(board));
    Ok(())
}

async fn lane(board: Arc<Board>) {
    let mut world: Option<World> = None;
    loop {
        world = world.filter(|world| world.kills < KILLS_PER_WORLD);
        let engine = world.as_ref().map(|world| world.engine);
        let Some(taken) = board.take(engine) else {
            return;
        };
        let job = taken.job;
        let here = match world.take().filter(|world| world.engine == job.engine) {
            Some(world) => Ok(Some(world)),
            None => World::start(job.engine).await,
        };
        let mut here = match here {
            Ok(Some(world)) => world,
            Ok(None) => return,
            Err(why) => {
                taken.failed(format!("no world: {why}"));
                continue;
            }
        };
        match one_kill(&mut here, job, taken.turn).await {
            Ok(outcome) => {
                let is_sound = outcome.breaches.is_empty();
                taken.done(outcome);
                // Start over with a new world after a breach, or every later kill would
                // report it again.
                world = Some(here).filter(|_| is_sound);
            }
            Err(why) => {
                let kept = here.keep(&why);
                taken.failed(format!("{why} (kept in {kept})"));
            }
        }
    }
}

/// Kill, restart, finish, judge.
async fn one_kill(world: &mut World, job: Job, turn: u64) -> Tried<Outcome> {
    let victim = world.kills % job.engine.nodes();
    let killed = kill(world, victim, job.place, turn).await?;
    let settled = match settle(world, victim, killed.sorted).await {
        Ok(settled) => settled,
        // The kill is proven: what does not come back after it is no fault of the try.
        Err(breach) => {
            let kept = world.keep(&format!("{job}\n{breach:#?}"));
            eprintln!("crash: {job}: {breach:?}, kept in {kept}");
            return Ok(Outcome {
                issued: killed.issued,
                ready: Duration::ZERO,
                sorted: Duration::ZERO,
                breaches: vec![breach],
            });
        }
    };
    let mut breaches = settled.breaches;
    if job.place == Place::Run {
        breaches.extend(runs::end(world).await?);
    }
    // After every other kill, open issuances are finished during the next kill.
    world.left_open = match world.kills % 2 {
        0 => open::open(world).await?,
        _ => {
            breaches.extend(open::end_all(world).await?);
            Vec::new()
        }
    };
    let facts = facts::gather(&world.deployed).await?;
    breaches.extend(judge(&facts));
    world.kills += 1;
    if !breaches.is_empty() {
        let kept = world.keep(&format!("{job}\n{breaches:#?}\n{facts:#?}"));
        eprintln!("crash: {job}: {} breaches, kept in {kept}", breaches.len());
    }
    Ok(Outcome {
        issued: killed.issued,
        ready: settled.ready,
        sorted: settled.sorted,
        breaches,
    })
}
