//! `docs/log.md` has every event that the code can log, with its level, and the integration
//! tests bring each of them about. A target of its own: `cargo test` runs it after `it`.

// Only inside of `cfg(test)` may helpers unwrap, as the tests themselves.
#[cfg(test)]
mod table {
    use std::collections::{BTreeMap, BTreeSet};
    use std::path::Path;

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

    /// The tests of `it` leave the names of the events that they have seen.
    #[test]
    fn the_integration_tests_have_seen_every_event_of_the_table() {
        if std::env::var("RUBRICA_TEST_REQUIRE").as_deref() != Ok("all") {
            eprintln!("skipped: without RUBRICA_TEST_REQUIRE=all some tests see nothing");
            return;
        }
        let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("events-seen");
        let seen =
            std::fs::read_to_string(file).expect("`cargo test` has run the target `it` before");
        let seen: BTreeSet<&str> = seen.lines().collect();
        let told = told();
        let told: BTreeSet<&str> = told.keys().map(String::as_str).collect();
        let never: Vec<_> = told.difference(&seen).collect();
        assert!(never.is_empty(), "seen by no test: {never:?}");
        let unknown: Vec<_> = seen.difference(&told).collect();
        assert!(unknown.is_empty(), "not in docs/log.md: {unknown:?}");
    }
}
