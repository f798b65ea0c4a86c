//! No crate without a reason: `Cargo.toml` says beside each what it is for. Licences,
//! bans and sources are checked by `cargo deny` in `.ci/run`.

use std::fs;
use std::path::Path;

#[test]
fn every_dependency_has_a_reason() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (mut known, mut bare) = (0, Vec::new());
    for folder in [".", "src/clock", "src/domain", "src/sandbox"] {
        let text = fs::read_to_string(root.join(folder).join("Cargo.toml")).unwrap();
        let (mut in_list, mut above) = (false, "");
        for line in text.lines() {
            if line.starts_with('[') {
                in_list = line.ends_with("dependencies]");
            } else if let Some((name, rest)) = line.split_once(['=', '.'])
                && in_list
                && !line.starts_with('#')
            {
                known += 1;
                // The reason of what the workspace shares is in its own list.
                let is_shared = rest.contains("workspace = true");
                let has_reason = above.starts_with("# ") || line.contains("  # ");
                if !is_shared && !has_reason {
                    bare.push(format!("{folder}: {}", name.trim()));
                }
            }
            above = line;
        }
    }
    assert!(known > 60, "the search finds only {known}");
    assert!(bare.is_empty(), "{bare:#?}");
}
