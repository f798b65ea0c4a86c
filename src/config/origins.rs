//! Which settings stand in the configuration file, so that what is wrong with them is said
//! with the names that they have there.

use std::collections::BTreeMap;
use std::path::PathBuf;

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
    /// The same words, with the settings of the file called as they are there. They begin
    /// with the variable of the setting that they are about.
    pub fn named(&self, text: &str) -> String {
        let lines = text.lines().map(|line| self.named_line(line));
        lines.collect::<Vec<_>>().join("\n")
    }

    fn named_line(&self, line: &str) -> String {
        let is_part = |c: char| c.is_ascii_uppercase() || c == '_';
        let (mut said, mut rest) = (String::new(), line);
        while !rest.is_empty() {
            let end = rest.find(|c: char| !is_part(c)).unwrap_or(rest.len());
            let (word, after) = rest.split_at(end);
            match self.in_file(word) {
                Some((name, number)) if said.is_empty() => {
                    let file = self.file.as_deref().unwrap_or_else(|| "".as_ref());
                    said = format!("{}: {name} (line {number})", file.display());
                }
                Some((name, _)) => said += name,
                None => said += word,
            }
            let next = after.find(is_part).unwrap_or(after.len());
            let (between, after) = after.split_at(next);
            said += between;
            rest = after;
        }
        said
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
        for (text, named) in [
            (
                "RUBRICA_POOL_SIZE: \"1\" is not a number",
                "rubrica.toml: pool_size (line 3): \"1\" is not a number",
            ),
            (
                "RUBRICA_MAIL_FROM: needs RUBRICA_SMTP_URL",
                "RUBRICA_MAIL_FROM: needs smtp_url_file",
            ),
            ("RUBRICA_LOG: x", "RUBRICA_LOG: x"),
            (
                "A\nRUBRICA_SMTP_URL: y",
                "A\nrubrica.toml: smtp_url_file (line 5): y",
            ),
        ] {
            assert_eq!(origins.named(text), named);
        }
    }
}
