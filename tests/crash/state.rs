//! The results so far, in a file, so that a run can be interrupted and continued.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::judge::Breach;
use super::plan::{Job, Size};

#[derive(Debug, Default, Clone, Serialize, Deserialize)]
pub struct State {
    /// Total time of all runs.
    pub wall_ms: u64,
    /// Certificates issued under load.
    pub issued: u64,
    /// Results by kind of kill.
    pub jobs: BTreeMap<String, Tally>,
}

/// The results of one kind of kill.
#[derive(Debug, Default, Clone, Serialize, Deserialize)]
pub struct Tally {
    /// Kills that were proven and judged.
    pub kills: u64,
    /// Attempts without a proven kill, or that could not be judged.
    pub failed: Vec<String>,
    /// Longest time until ready again.
    pub ready_ms: u64,
    /// Longest time until nothing was in flight.
    pub sorted_ms: u64,
    /// Broken invariants.
    pub breaches: BTreeMap<String, Vec<String>>,
}

/// The result of one kill.
pub struct Outcome {
    /// Certificates issued during the kill.
    pub issued: u64,
    pub ready: Duration,
    pub sorted: Duration,
    /// Broken invariants.
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

    /// Saves the file atomically.
    pub fn save(&self, size: Size) -> Result<(), String> {
        let text = serde_json::to_string_pretty(self).map_err(|error| error.to_string())?;
        let (file, new) = (file(size), file(size).with_extension("new"));
        std::fs::create_dir_all(folder())
            .and_then(|()| std::fs::write(&new, text))
            .and_then(|()| std::fs::rename(&new, &file))
            .map_err(|error| format!("{}: {error}", file.display()))
    }

    /// The results of one kind of kill.
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

    /// Adds an attempt that does not count.
    pub fn add_failed(&mut self, job: Job, why: String) {
        self.jobs
            .entry(job.to_string())
            .or_default()
            .failed
            .push(why);
    }
}
