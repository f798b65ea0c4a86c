//! The checkers for pages: axe-core in the browser and the Nu Html Checker on the text,
//! both from `tests/checkers` (`npm ci` there installs them).

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use super::page::Page;
use super::require;

fn module(path: &str) -> Option<PathBuf> {
    let modules = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/checkers/node_modules");
    let file = modules.join(path);
    if !file.exists() {
        require::missing("npm --prefix tests/checkers ci");
        return None;
    }
    Some(file)
}

/// The script that checks a page for accessibility.
pub fn axe() -> Option<String> {
    let file = module("axe-core/axe.min.js")?;
    Some(std::fs::read_to_string(file).unwrap())
}

/// A page with a name that says which page it is and in which state.
pub struct Shot {
    /// Letters and hyphens only; it is also used as a file name.
    pub name: String,
    pub page: Page,
}

impl Shot {
    pub fn of(name: &str, page: Page) -> Self {
        assert!(
            page.header("content-type").starts_with("text/html"),
            "{name} is no page: {page:?}"
        );
        Self {
            name: name.to_owned(),
            page,
        }
    }
}

/// The findings of the Nu Html Checker about pages, one per line; `None` if it is not
/// installed.
pub fn nu_findings(shots: &[Shot]) -> Option<Vec<String>> {
    let jar = module("vnu-jar/build/dist/vnu.jar")?;
    if Command::new("java").arg("-version").output().is_err() {
        require::missing("java");
        return None;
    }
    let folder = tempfile::tempdir().unwrap();
    for shot in shots {
        let file = folder.path().join(format!("{}.html", shot.name));
        std::fs::write(file, &shot.page.body).unwrap();
    }
    let done = Command::new("java")
        .args(["-Xss2m", "-jar"])
        .arg(jar)
        .args(["--format", "json", "--skip-non-html"])
        .arg(folder.path())
        .output()
        .unwrap();
    let report: Value =
        serde_json::from_slice(&done.stderr).unwrap_or_else(|error| panic!("{error}: {done:?}"));
    let messages = report["messages"].as_array().unwrap();
    let line = |message: &Value| {
        let url = message["url"].as_str().unwrap_or_default();
        let file = url.rsplit('/').next().unwrap_or_default();
        format!(
            "{file}: {} ({} …{}…)",
            message["message"], message["type"], message["extract"]
        )
    };
    Some(messages.iter().map(line).collect())
}
