//! What is wrong with a setting, or odd about it, as a value: what the setting is called
//! where it stands is known only to whoever says it.

use std::fmt;
use std::path::Path;

/// One sentence. If it is about a setting, it begins with that one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Complaint(Vec<Part>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    /// A setting, by its variable.
    Setting(String),
    Words(String),
}

impl Complaint {
    /// `SETTING: CAUSE`.
    pub fn of(setting: impl Into<String>, cause: impl fmt::Display) -> Self {
        Self(vec![Part::Setting(setting.into())]).words(format!(": {cause}"))
    }

    /// `SETTING is not set: HINT`.
    pub fn not_set(setting: impl Into<String>, hint: impl fmt::Display) -> Self {
        Self(vec![Part::Setting(setting.into())]).words(format!(" is not set: {hint}"))
    }

    /// That one of two settings makes no sense without the other.
    pub(super) fn of_both(setting: &str, other: &str) -> Self {
        Self::of(setting, "and ")
            .setting(other)
            .words(" need each other")
    }

    /// About no setting that has a variable.
    pub fn plain(words: impl Into<String>) -> Self {
        Self(vec![Part::Words(words.into())])
    }

    /// Goes on with the name of another setting.
    #[must_use]
    pub fn setting(mut self, variable: &str) -> Self {
        self.0.push(Part::Setting(variable.to_owned()));
        self
    }

    /// Goes on with these words.
    #[must_use]
    pub fn words(mut self, words: impl Into<String>) -> Self {
        self.0.push(Part::Words(words.into()));
        self
    }

    /// The same of a setting that names this file.
    #[must_use]
    pub(super) fn in_file(mut self, path: &Path) -> Self {
        let words = format!(" ({})", path.display());
        self.0.insert(1, Part::Words(words));
        self
    }

    /// In words. `called` makes the name of a setting of its variable, and of whether the
    /// sentence begins with it.
    pub(super) fn said(&self, called: impl Fn(&str, bool) -> String) -> String {
        let part = |(place, part): (usize, &Part)| match part {
            Part::Setting(variable) => called(variable, place == 0),
            Part::Words(words) => words.clone(),
        };
        self.0.iter().enumerate().map(part).collect()
    }
}

/// With the variables as names.
impl fmt::Display for Complaint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.said(|variable, _| variable.to_owned()))
    }
}

impl std::error::Error for Complaint {}
