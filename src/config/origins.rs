//! Which settings stand in the configuration file, so that what is wrong with them is said
//! with the names that they have there.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::complaint::Complaint;

/// All variables that set something begin like this.
pub(super) const PREFIX: &str = "RUBRICA_";

/// The variable of a setting. Those of traces have the names that every program takes.
pub(super) fn variable_of(name: &str) -> String {
    let upper = name.to_ascii_uppercase();
    match name.starts_with("otel_") {
        true => upper,
        false => format!("{PREFIX}{upper}"),
    }
}

#[derive(Debug, Clone, Default)]
pub struct Origins {
    /// The configuration file.
    pub(super) file: Option<PathBuf>,
    /// The settings that count as they stand in the file, with their lines.
    pub(super) lines: BTreeMap<&'static str, usize>,
}

impl Origins {
    /// What is to be said, a line each, with the settings of the file called as they are
    /// there, and that with which a line begins with its place.
    pub fn say(&self, complaints: &[Complaint]) -> String {
        let lines = complaints.iter().map(|one| self.say_one(one));
        lines.collect::<Vec<_>>().join("\n")
    }

    pub fn say_one(&self, complaint: &Complaint) -> String {
        complaint.said(|variable, is_first| match self.in_file(variable) {
            Some((name, line)) if is_first => {
                let file = self.file.as_deref().unwrap_or_else(|| Path::new(""));
                format!("{}: {name} (line {line})", file.display())
            }
            Some((name, _)) => name.to_owned(),
            None => variable.to_owned(),
        })
    }

    /// The setting of this variable, or the one that names the file with its value.
    fn in_file(&self, variable: &str) -> Option<(&'static str, usize)> {
        let is_it = |name: &&str| {
            let whole = variable_of(name);
            whole == variable || whole.strip_suffix("_FILE") == Some(variable)
        };
        let name = self.lines.keys().copied().find(is_it)?;
        self.lines.get(name).map(|number| (name, *number))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_setting_of_the_file_is_called_as_it_is_there_and_others_by_their_variables() {
        let origins = Origins {
            file: Some("rubrica.toml".into()),
            lines: [("pool_size", 3), ("smtp_url_file", 5)].into(),
        };
        let of = Complaint::of;
        for (complaint, said) in [
            (
                of("RUBRICA_POOL_SIZE", "\"1\" is not a number"),
                "rubrica.toml: pool_size (line 3): \"1\" is not a number",
            ),
            (
                of("RUBRICA_MAIL_FROM", "needs ").setting("RUBRICA_SMTP_URL"),
                "RUBRICA_MAIL_FROM: needs smtp_url_file",
            ),
            (
                of("RUBRICA_LOG", "RUBRICA_POOL_SIZE"),
                "RUBRICA_LOG: RUBRICA_POOL_SIZE",
            ),
            (
                of("RUBRICA_SMTP_URL", "y").in_file("s".as_ref()),
                "rubrica.toml: smtp_url_file (line 5) (s): y",
            ),
        ] {
            assert_eq!(origins.say_one(&complaint), said);
        }
    }
}
