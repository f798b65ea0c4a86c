//! `docs/log.md` has every event that the code can log, with its level.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::support::events;

type Levels = BTreeMap<String, BTreeSet<String>>;

/// The events of the sources with the macros that log them.
fn logged(folder: &Path, found: &mut Levels) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            logged(&path, found);
        } else if path.extension().is_some_and(|end| end == "rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            for statement in text.split("tracing::").skip(1) {
                let (level, rest) = statement.split_once('!').unwrap_or_default();
                let name = rest.split_once("event = \"").map(|(_, rest)| rest);
                let Some((name, _)) = name.and_then(|name| name.split_once('"')) else {
                    continue;
                };
                found
                    .entry(name.to_owned())
                    .or_default()
                    .insert(level.to_owned());
            }
        }
    }
}

/// The rows of the table.
fn told() -> Levels {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(root.join("docs/log.md")).unwrap();
    let cells = |line: &str| {
        let mut cells = line.split('|').skip(1).map(str::trim);
        let name = cells.next()?.trim_matches(['*', '`']).to_owned();
        let levels = cells.next()?.split(", ").map(ToOwned::to_owned).collect();
        let tells = cells.next()?;
        let is_row = !matches!(name.as_str(), "event" | "---") && !tells.is_empty();
        is_row.then_some((name, levels))
    };
    text.lines().filter_map(cells).collect()
}

#[test]
fn every_event_that_the_code_logs_is_in_the_table_with_its_level_and_no_other() {
    let mut found = Levels::new();
    logged(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("src"),
        &mut found,
    );
    assert!(found.len() > 90, "the search finds only {}", found.len());
    assert_eq!(told(), found);
}

/// After a run of all tests: `cargo test --test it events_of_the_log -- --ignored --nocapture`.
#[test]
#[ignore = "tells of the run before it"]
fn which_events_of_the_log_the_last_run_has_seen() {
    let (told, seen) = (told(), events::seen());
    let never: Vec<_> = told.keys().filter(|name| !seen.contains(*name)).collect();
    let count = told.len() - never.len();
    eprintln!("{count} of {} events seen; not: {never:?}", told.len());
    let unknown: Vec<_> = seen
        .iter()
        .filter(|name| !told.contains_key(*name))
        .collect();
    assert!(unknown.is_empty(), "{unknown:?}");
}
