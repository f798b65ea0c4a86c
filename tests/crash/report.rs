//! The table of kills and results, on stdout and in the README.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::Path;
use std::time::Duration;

use super::plan::{Engine, Size};
use super::state::{State, Tally};

const BEGIN: &str = "<!-- crash table: begin -->";
const END: &str = "<!-- crash table: end -->";

#[derive(Default)]
struct Line {
    planned: u64,
    kills: u64,
    failed: usize,
    ready_ms: u64,
    sorted_ms: u64,
    breaches: BTreeMap<String, usize>,
}

impl Line {
    fn add(&mut self, times: u64, tally: &Tally) {
        self.planned += times;
        self.kills += tally.kills;
        self.failed += tally.failed.len();
        self.ready_ms = self.ready_ms.max(tally.ready_ms);
        self.sorted_ms = self.sorted_ms.max(tally.sorted_ms);
        for (invariant, found) in &tally.breaches {
            *self.breaches.entry(invariant.clone()).or_default() += found.len();
        }
    }

    fn cells(&self) -> String {
        let of = |invariant: &str| self.breaches.get(invariant).copied().unwrap_or_default();
        format!(
            "{} of {} | {} | {} | {} | {} | {} | {} | {} | {}",
            self.kills,
            self.planned,
            of("I1"),
            of("I2"),
            of("I3"),
            of("I4"),
            of("ready") + of("sorted"),
            of("resumed") + of("run"),
            seconds(self.ready_ms),
            seconds(self.sorted_ms),
        )
    }
}

fn seconds(millis: u64) -> String {
    format!("{:.1} s", Duration::from_millis(millis).as_secs_f64())
}

/// The table, and whether no invariant was broken.
fn table(size: Size) -> Result<(String, bool), String> {
    let state = State::load(size)?;
    let mut lines: Vec<((Engine, &str), Line)> = Vec::new();
    let mut all = Line::default();
    for (job, times) in size.plan() {
        let (name, tally) = ((job.engine, job.place.kind()), state.of(job));
        match lines.iter_mut().find(|(known, _)| *known == name) {
            Some((_, line)) => line.add(times, &tally),
            None => {
                let mut line = Line::default();
                line.add(times, &tally);
                lines.push((name, line));
            }
        }
        all.add(times, &tally);
    }
    let mut text = String::from(
        "| database | killed | kills | I1 | I2 | I3 | I4 | late | not resumed | \
         longest until ready | longest until sorted |\n|---|---|---|---|---|---|---|---|---|---|---|\n",
    );
    for ((engine, kind), line) in &lines {
        text.push_str(&format!("| {engine} | {kind} | {} |\n", line.cells()));
    }
    text.push_str(&format!("| all | | {} |\n", all.cells()));
    let minutes = state.wall_ms as f64 / 60_000.0;
    text.push_str(&format!(
        "\nSorted: counted from ready on SQLite, from the kill on PostgreSQL, where the other \
         node goes on. {} certificates were issued meanwhile, in {minutes:.0} minutes of wall time; \
         {} tries were no proven kill and do not count.\n",
        state.issued, all.failed,
    ));
    Ok((text, all.breaches.is_empty()))
}

/// Prints the table and all broken invariants; returns whether there were none.
pub fn print(size: Size) -> Result<bool, String> {
    let (mut text, sound) = table(size)?;
    for (job, tally) in &State::load(size)?.jobs {
        for (invariant, found) in &tally.breaches {
            for how in found {
                text.push_str(&format!("{job}: {invariant}: {how}\n"));
            }
        }
    }
    std::io::stdout()
        .write_all(text.as_bytes())
        .map_err(|error| error.to_string())?;
    Ok(sound)
}

/// Writes the table between the two markers in the README.
pub fn write_readme(size: Size) -> Result<bool, String> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = std::fs::read_to_string(&file).map_err(|error| error.to_string())?;
    let parts = readme.split_once(BEGIN).and_then(|(before, rest)| {
        let (_, after) = rest.split_once(END)?;
        Some((before, after))
    });
    let (before, after) = parts.ok_or("the README has no place for the table")?;
    let (text, sound) = table(size)?;
    let written = format!("{before}{BEGIN}\n{text}{END}{after}");
    std::fs::write(&file, written).map_err(|error| error.to_string())?;
    Ok(sound)
}
