//! The map in `src/lib.rs`, held to: dependencies go downwards only.

mod changes;
mod dependencies;
mod hostile_cases;
mod names;
mod templates;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// What each part may name of the crate's other parts.
const MAY_NAME: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("telemetry", &[]),
    ("failpoints", &[]),
    ("fuzzing", &["web", "redtrust", "domain"]),
    ("clock", &["domain"]),
    ("i18n", &["domain"]),
    ("config", &["domain", "telemetry", "i18n"]),
    ("redtrust", &["domain"]),
    ("storage", &["domain"]),
    (
        "services",
        &["redtrust", "storage", "domain", "clock", "failpoints"],
    ),
    (
        "web",
        &[
            "services",
            "redtrust",
            "storage",
            "domain",
            "clock",
            "config",
            "i18n",
            "telemetry",
        ],
    ),
    (
        "mail",
        &["web", "services", "storage", "domain", "config", "i18n"],
    ),
    ("webhook", &["services", "storage", "domain", "config"]),
    ("sandbox", &["domain", "clock"]),
    (
        "startup",
        &[
            "webhook", "mail", "web", "services", "redtrust", "storage", "domain", "clock",
            "config", "i18n",
        ],
    ),
    (
        "cli",
        &[
            "startup",
            "web",
            "services",
            "redtrust",
            "sandbox",
            "storage",
            "domain",
            "clock",
            "config",
            "i18n",
            "telemetry",
            "failpoints",
        ],
    ),
];

fn sources() -> BTreeMap<PathBuf, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = BTreeMap::new();
    collect(&root, &root, &mut found);
    assert!(found.len() > 100, "the search finds only {}", found.len());
    found
}

fn collect(root: &Path, folder: &Path, found: &mut BTreeMap<PathBuf, String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(root, &path, found);
        } else if path.extension().is_some_and(|end| end == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            let path = path.strip_prefix(root).unwrap().to_owned();
            let text = as_one_crate(&part_of(&path), &text);
            found.insert(path, text);
        }
    }
}

/// The parts that are crates of their own.
const CRATES: &[&str] = &["clock", "domain", "sandbox"];

/// The text with the paths that it would have if all parts were one crate.
fn as_one_crate(part: &str, text: &str) -> String {
    let mut text = text.to_owned();
    if CRATES.contains(&part) {
        text = text.replace("crate::", &format!("crate::{part}::"));
    }
    for name in CRATES {
        text = text.replace(&format!("rubrica_{name}::"), &format!("crate::{name}::"));
    }
    text
}

/// The first part of a path: the module of the crate that it belongs to.
fn part_of(path: &Path) -> String {
    let first = path.iter().next().unwrap().to_str().unwrap();
    first.trim_end_matches(".rs").to_owned()
}

/// Every `crate::NAME` of a source.
fn named(text: &str) -> impl Iterator<Item = &str> {
    text.split("crate::").skip(1).map(|rest| {
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        &rest[..end.unwrap_or(rest.len())]
    })
}

#[test]
fn dependencies_go_downwards_only() {
    for (path, text) in sources() {
        let part = part_of(&path);
        if matches!(part.as_str(), "main" | "lib") {
            continue;
        }
        let (_, allowed) = MAY_NAME
            .iter()
            .find(|(name, _)| *name == part)
            .unwrap_or_else(|| panic!("{part} has no place in the map"));
        for name in named(&text).filter(|name| *name != part) {
            assert!(allowed.contains(&name), "{} names {name}", path.display());
        }
    }
}

/// A reader of one file must not need the other to understand either.
#[test]
fn no_two_files_name_each_other() {
    let sources = sources();
    let modules = names::Modules::of(sources.keys());
    let named: BTreeMap<_, _> = sources
        .iter()
        .map(|(path, text)| (path, modules.named(path, text)))
        .collect();
    let arrows: usize = named.values().map(|names| names.len()).sum();
    assert!(arrows > 500, "the search finds only {arrows} names");
    let mut circles = Vec::new();
    for (one, names) in &named {
        for other in names.iter().filter(|other| *one < *other) {
            let back = named.get(other).is_some_and(|names| names.contains(*one));
            if back && !names::is_parent_and_child(one, other) {
                circles.push(format!("{} <-> {}", one.display(), other.display()));
            }
        }
    }
    assert!(circles.is_empty(), "{circles:#?}");
}

/// Handlers extract, call one service and answer.
#[test]
fn handlers_are_short_and_leave_the_database_to_services() {
    let mut found = Vec::new();
    for (path, text) in sources() {
        if !path.starts_with("web/handlers") {
            continue;
        }
        if text.contains("storage::") || text.contains("storage}") {
            found.push(format!("{} names storage", path.display()));
        }
        for (name, lines) in functions(&text).filter(|(_, lines)| *lines > 40) {
            found.push(format!("{}: {name} has {lines} lines", path.display()));
        }
    }
    assert!(found.is_empty(), "{found:#?}");
}

/// The functions of a source as rustfmt writes it, with their lines.
fn functions(text: &str) -> impl Iterator<Item = (String, usize)> {
    let mut open: Option<(String, String, usize)> = None;
    text.lines().filter_map(move |line| {
        if let Some((end, name, lines)) = &mut open {
            *lines += 1;
            let (name, lines) = (name.clone(), *lines);
            return (line == end).then(|| {
                open = None;
                (name, lines)
            });
        }
        let code = line.trim_start();
        let (head, rest) = code.split_once("fn ")?;
        let is_function = head.split(' ').all(|word| {
            matches!(word, "" | "async" | "const" | "unsafe") || word.starts_with("pub")
        });
        if is_function && !line.ends_with('}') {
            let indent = &line[..line.len() - code.len()];
            let name = rest.split(['(', '<']).next().unwrap_or(rest);
            open = Some((format!("{indent}}}"), name.to_owned(), 1));
        }
        None
    })
}

#[test]
fn the_sandbox_knows_the_plain_enums_only() {
    for (path, text) in sources() {
        if part_of(&path) != "sandbox" {
            continue;
        }
        for rest in text.split("crate::domain::").skip(1) {
            let known = ["dialect", "millis", "string_enum"];
            assert!(
                known.iter().any(|name| rest.starts_with(name)),
                "{} names domain::{}",
                path.display(),
                rest.lines().next().unwrap()
            );
        }
    }
}

/// A step that is no line of the audit could not be compared with anything.
#[test]
fn every_step_of_an_issuance_goes_through_the_one_function_that_audits_it() {
    for (path, text) in sources() {
        let is_it = path.ends_with("engine/step.rs") || part_of(&path) == "storage";
        assert!(
            is_it || !text.contains("transition("),
            "{} moves an issuance past engine/step.rs",
            path.display()
        );
    }
}

#[test]
fn no_source_is_longer_than_400_lines() {
    for folder in ["src", "tests", "benches"] {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
        let mut found = BTreeMap::new();
        collect(&root, &root, &mut found);
        assert!(found.len() > 10, "the search finds only {}", found.len());
        for (path, text) in found {
            let lines = text.lines().count();
            assert!(
                lines <= 400,
                "{folder}/{} has {lines} lines",
                path.display()
            );
        }
    }
}
