//! The settings of this process: file and environment. An empty variable counts as not
//! set; one that no setting has is named, because it is likely a slip of the pen.

use std::path::Path;

use super::note;
use crate::config::{ConfigError, Settings};

/// An empty list of networks is stricter than none.
const MAY_BE_EMPTY: &str = "RUBRICA_ALLOWED_NETWORKS";

/// Reads both.
pub(super) fn settings(file: Option<&Path>) -> Result<Settings, ConfigError> {
    let set = std::env::vars_os().filter_map(|(name, _)| name.into_string().ok());
    for unknown in Settings::unknown_variables(set) {
        note(&format!("rubrica: warning: {unknown}"));
    }
    Settings::load(file, |name| {
        let text = std::env::var(name).ok();
        text.filter(|text| !text.is_empty() || name == MAY_BE_EMPTY)
    })
}
