//! The reference of the settings is what is read, and what the README says.

use std::collections::BTreeSet;
use std::path::Path;

use rubrica::config::{REFERENCE, Settings};
use rubrica::redtrust::ClientSettings;

fn named_in(text: &str) -> BTreeSet<String> {
    let names = text.split('`').skip(1).step_by(2);
    names
        .flat_map(|code| code.split(|c: char| !c.is_ascii_uppercase() && c != '_'))
        .filter(|name| name.starts_with("RUBRICA_") && *name != "RUBRICA_")
        .map(ToOwned::to_owned)
        .collect()
}

#[test]
fn every_setting_is_explained_once_and_no_other() {
    let known = Settings::variables();
    assert!(known.len() > 25, "{known:?}");
    let explained: Vec<&str> = REFERENCE
        .iter()
        .flat_map(|row| row.variables.iter().copied())
        .collect();
    let names: BTreeSet<&str> = explained.iter().copied().collect();
    assert_eq!(names.len(), explained.len(), "{explained:?}");
    for name in &names {
        assert!(known.contains(*name), "{name} is no setting");
    }
    for name in &known {
        // Said once for all secrets.
        let secret = name.strip_suffix("_FILE");
        let is_there = names.contains(name.as_str())
            || secret.is_some_and(|name| names.contains(name) && known.contains(name));
        assert!(is_there, "{name} is not explained");
    }
}

#[test]
fn the_table_in_the_readme_is_the_reference() {
    let readme = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = std::fs::read_to_string(readme).unwrap();
    let rows: Vec<&str> = readme
        .lines()
        .filter(|line| line.starts_with("| `RUBRICA_") || line.starts_with("| `OTEL_"))
        .collect();
    // `rubrica settings` prints what belongs there.
    let expected: Vec<String> = REFERENCE.iter().map(ToString::to_string).collect();
    assert_eq!(rows, expected);
    let (known, others) = (Settings::variables(), ["RUBRICA_TEST_", "RUBRICA_FUZZ_"]);
    for name in named_in(&readme) {
        let is_known = known.contains(&name) || others.iter().any(|one| name.starts_with(one));
        assert!(is_known, "{name} in the README is no setting");
    }
}

#[test]
fn the_papers_say_how_many_calls_a_connection_has() {
    let ClientSettings {
        max_in_flight: all,
        max_sign_ins: sign_ins,
        ..
    } = ClientSettings::default();
    for (paper, words) in [
        (
            "README.md",
            format!("{all} calls at a time {sign_ins} are for sign-ins only"),
        ),
        (
            "SECURITY.md",
            format!("sign-ins have {sign_ins} of a connection's {all} places"),
        ),
        (
            "docs/sizing.md",
            format!("{all} calls at a time from each node and connection, {sign_ins} of them"),
        ),
    ] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(paper);
        let text = std::fs::read_to_string(path).unwrap();
        assert!(text.contains(&words), "{paper} does not say: {words}");
    }
}

#[test]
fn a_relative_database_starts_at_the_folder_of_the_file_that_names_it() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("rubrica.toml");
    let key = "ab".repeat(32);
    let database = |url: &str, variable: Option<&str>| {
        let text = format!("database_url = {url:?}\nmaster_key = {key:?}\n");
        std::fs::write(&file, text).unwrap();
        let variable = |name: &str| match name {
            "RUBRICA_DATABASE_URL" => variable.map(ToOwned::to_owned),
            _ => None,
        };
        let settings = Settings::load(Some(&file), variable).unwrap();
        settings.data().unwrap().database_url
    };
    let here = dir.path().display();
    for (url, variable, expected) in [
        ("sqlite://a.db", None, format!("sqlite://{here}/a.db")),
        (
            "sqlite:data/a%3Fb.db?mode=rwc",
            None,
            format!("sqlite://{here}/data/a%3Fb.db?mode=rwc"),
        ),
        ("sqlite:///srv/a.db", None, "sqlite:///srv/a.db".to_owned()),
        (
            "sqlite://a.db",
            Some("sqlite://b.db"),
            "sqlite://b.db".to_owned(),
        ),
    ] {
        assert_eq!(database(url, variable), expected);
    }
}
