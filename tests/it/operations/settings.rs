//! Every setting stands in the README, and the README names none that is not.

use std::collections::BTreeSet;
use std::path::Path;

use rubrica::config::Settings;

fn named_in(text: &str) -> BTreeSet<String> {
    let names = text.split('`').skip(1).step_by(2);
    names
        .flat_map(|code| code.split(|c: char| !c.is_ascii_uppercase() && c != '_'))
        .filter(|name| name.starts_with("RUBRICA_") && *name != "RUBRICA_")
        .map(ToOwned::to_owned)
        .collect()
}

#[test]
fn the_readme_names_every_setting_and_no_other() {
    let readme = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = std::fs::read_to_string(readme).unwrap();
    let rows: String = readme
        .lines()
        .filter(|line| line.starts_with("| `RUBRICA_"))
        .collect();
    let (in_table, anywhere) = (named_in(&rows), named_in(&readme));
    let known = Settings::variables();
    assert!(known.len() > 25, "{known:?}");
    for name in &known {
        // The README says it once for all secrets.
        let secret = name.strip_suffix("_FILE");
        let is_there =
            in_table.contains(name) || secret.is_some_and(|name| in_table.contains(name));
        assert!(is_there, "{name} is not in the README's table");
    }
    let others = ["RUBRICA_TEST_", "RUBRICA_FUZZ_"];
    for name in anywhere {
        let is_known = known.contains(&name) || others.iter().any(|one| name.starts_with(one));
        assert!(is_known, "{name} in the README is no setting");
    }
}
