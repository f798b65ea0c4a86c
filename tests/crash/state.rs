//! What has been done so far, in a file: a run can be stopped at any time and
//! goes on where it stopped.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::judge::Breach;
use super::plan::{Job, Size};

/// Everything so far.
#[derive(Debug, Default, Clone, Serialize, Deserialize)]
pub struct State {
    /// Time spent, over all runs.
    pub wall_ms: u64,
    /// Certificates issued under load.
    pub issued: u64,
    /// By sort of kill.
    pub jobs: BTreeMap<String, Tally>,
}

/// One sort of kill.
#[derive(Debug, Default, Clone, Serialize, Deserialize)]
pub struct Tally {
    /// Kills that were proven and judged.
    pub kills: u64,
    /// Tries that were no kill, or that the harness could not judge.
    pub failed: Vec<String>,
    /// Longest time until ready again.
    pub ready_ms: u64,
    /// Longest time until nothing was in flight.
    pub sorted_ms: u64,
    /// What did not hold, by invariant.
    pub breaches: BTreeMap<String, Vec<String>>,
}

/// One kill, judged.
pub struct Outcome {
    /// Certificates issued meanwhile.
    pub issued: u64,
    /// Until ready.
    pub ready: Duration,
    /// Until sorted.
    pub sorted: Duration,
    /// What did not hold.
    pub breaches: Vec<Breach>,
}

/// Where the files are. `CRASH_DIR` may name another place.
pub fn folder() -> PathBuf {
    let usual = || Path::new(env!("CARGO_MANIFEST_DIR")).join("target/crash");
    std::env::var_os("CRASH_DIR").map_or_else(usual, PathBuf::from)
}

fn file(size: Size) -> PathBuf {
    folder().join(format!("{}.json", size.name()))
}

impl State {
    /// What was done before, nothing where there is no file.
    pub fn load(size: Size) -> Result<Self, String> {
        match std::fs::read_to_string(file(size)) {
            Ok(text) => serde_json::from_str(&text)
                .map_err(|error| format!("{}: {error}", file(size).display())),
            Err(_) => Ok(Self::default()),
        }
    }

    /// Writes it down, whole or not at all.
    pub fn save(&self, size: Size) -> Result<(), String> {
        let text = serde_json::to_string_pretty(self).map_err(|error| error.to_string())?;
        let (file, new) = (file(size), file(size).with_extension("new"));
        std::fs::create_dir_all(folder())
            .and_then(|()| std::fs::write(&new, text))
            .and_then(|()| std::fs::rename(&new, &file))
            .map_err(|error| format!("{}: {error}", file.display()))
    }

    /// What is known of one sort of kill.
    pub fn of(&self, job: Job) -> Tally {
        self.jobs.get(&job.to_string()).cloned().unwrap_or_default()
    }

    /// Adds one kill.
    pub fn add(&mut self, job: Job, outcome: Outcome) {
        let millis = |time: Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        self.issued += outcome.issued;
        let tally = self.jobs.entry(job.to_string()).or_default();
        tally.kills += 1;
        tally.ready_ms = tally.ready_ms.max(millis(outcome.ready));
        tally.sorted_ms = tally.sorted_ms.max(millis(outcome.sorted));
        for breach in outcome.breaches {
            let kept = tally.breaches.entry(breach.invariant.to_owned());
            kept.or_default().push(breach.how);
        }
    }

    /// Adds a try that counts for nothing.
    pub fn add_failed(&mut self, job: Job, why: String) {
        self.jobs
            .entry(job.to_string())
            .or_default()
            .failed
            .push(why);
    }
}
