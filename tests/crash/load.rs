//! The load: people who issue and renew without a pause, even while nodes die.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Duration;

use tokio::task::JoinHandle;

use super::facts::Stored;
use super::open::{be_signed_in, end, stands};
use super::support::page::Page;
use super::support::visitor::{Tried, Visitor};
use super::world::World;

/// The time limit for an issuance while nothing is killed.
const PATIENCE: Duration = Duration::from_secs(20);

pub struct Load {
    stop: Arc<AtomicBool>,
    tasks: Vec<JoinHandle<u64>>,
}

impl Load {
    /// Starts all people; each first finishes what the last kill left open.
    pub fn start(world: &World) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let tasks = world.people.iter().map(|person| {
            let (person, names) = (Arc::clone(person), Arc::clone(&world.names));
            let mut left = world.left_open.clone();
            left.retain(|one| one.login == person.name);
            tokio::spawn(work(person, left, names, Arc::clone(&stop)))
        });
        let tasks = tasks.collect();
        Self { stop, tasks }
    }

    /// Lets all people finish; returns how many certificates were issued.
    pub async fn stop(self) -> Tried<u64> {
        self.stop.store(true, Ordering::SeqCst);
        let mut issued = 0;
        for mut task in self.tasks {
            match tokio::time::timeout(PATIENCE * 2, &mut task).await {
                Ok(done) => issued += done.map_err(|error| error.to_string())?,
                Err(_) => {
                    task.abort();
                    return Err("the load does not end".to_owned());
                }
            }
        }
        Ok(issued)
    }
}

/// Issues until asked to stop; abandons whatever a kill interrupts.
async fn work(
    person: Arc<Visitor>,
    left: Vec<Stored>,
    names: Arc<AtomicU32>,
    stop: Arc<AtomicBool>,
) -> u64 {
    let mut issued = 0;
    for one in left {
        // The next kill may interrupt this too; the owner then tries it once more
        // later.
        issued += u64::from(end(&person, &one).await.is_ok());
    }
    while !stop.load(Ordering::SeqCst) {
        let number = names.fetch_add(1, Ordering::SeqCst);
        match journey(&person, number, &stop).await {
            Ok(certificates) => issued += certificates,
            Err(_) if stop.load(Ordering::SeqCst) => {}
            Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }
    issued
}

/// Issues one certificate; every third with a double click, every fourth is then
/// renewed.
async fn journey(person: &Visitor, number: u32, stop: &AtomicBool) -> Tried<u64> {
    be_signed_in(person).await?;
    let name = format!("PERSON {number}");
    let answers = [("kind", "name"), ("common_name", name.as_str())];
    let page = order(person, "/issue", &answers, number.is_multiple_of(3), stop).await?;
    if !stands(&page, "issued") {
        return Ok(0);
    }
    let thumbprint = page
        .find("#thumbprint")
        .unwrap_or_default()
        .replace(' ', "");
    if !number.is_multiple_of(4) || stop.load(Ordering::SeqCst) {
        return Ok(1);
    }
    let path = format!("/renew/{thumbprint}");
    let page = order(person, &path, &[("data_changed", "no")], false, stop).await?;
    Ok(1 + u64::from(stands(&page, "issued")))
}

/// Completes all steps, submits the last one and waits for the result.
async fn order(
    person: &Visitor,
    from: &str,
    answers: &[(&str, &str)],
    twice: bool,
    stop: &AtomicBool,
) -> Tried<Page> {
    let last = person.to_last_step(from, answers).await?;
    if stop.load(Ordering::SeqCst) {
        return Err("told to stop".to_owned());
    }
    let page = match twice {
        true => {
            let (one, other) = tokio::join!(person.submit(&last), person.submit(&last));
            one.or(other)?
        }
        false => person.submit(&last).await?,
    };
    person.settled(page.url.path(), PATIENCE).await
}
