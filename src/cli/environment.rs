//! The settings of this process: file and environment. A variable without anything but blanks
//! counts as not set; one that no setting has is named, because it is likely a slip of the
//! pen.

use std::env::{VarError, var, vars_os};
use std::path::Path;

use super::note;
use crate::config::{Complaint, ConfigError, Settings};

/// An empty list of networks is stricter than none.
const MAY_BE_EMPTY: &str = "RUBRICA_ALLOWED_NETWORKS";

/// Reads both.
pub(super) fn settings(file: Option<&Path>) -> Result<Settings, ConfigError> {
    let set = vars_os().filter_map(|(name, _)| name.into_string().ok());
    for unknown in Settings::unknown_variables(set) {
        note(&format!("rubrica: warning: {unknown}"));
    }
    refuse_unreadable()?;
    Settings::load(file, |name| {
        let text = var(name).ok();
        text.filter(|text| !text.trim().is_empty() || name == MAY_BE_EMPTY)
    })
}

/// Refuses variables that are no text: they are set, and must not count as if they were not.
fn refuse_unreadable() -> Result<(), ConfigError> {
    let is_no_text = |name: &String| matches!(var(name), Err(VarError::NotUnicode(_)));
    let all = Settings::variables().into_iter().filter(is_no_text);
    let cause = "has a letter that is not in UTF-8: set it anew in UTF-8";
    let all: Vec<String> = all
        .map(|name| Complaint::of(name, cause).to_string())
        .collect();
    match all.is_empty() {
        true => Ok(()),
        false => Err(ConfigError::All(all)),
    }
}
