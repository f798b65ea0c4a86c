//! Settings from the environment, and the variables of it that belong to no setting.

use std::collections::{BTreeMap, BTreeSet};

use super::Settings;
use crate::config::origins::{PREFIX, variable_of};
use crate::config::unknown_variable::{OF_TESTS, UnknownVariable};

impl Settings {
    /// The variables of all settings.
    pub fn variables() -> BTreeSet<String> {
        let all = Self::default();
        let all = all.given().into_iter();
        all.map(|(name, _)| variable_of(name)).collect()
    }

    /// The variables of `set` that begin as ours do but belong to no setting, each with the
    /// setting that was probably meant.
    pub fn unknown_variables(set: impl IntoIterator<Item = String>) -> Vec<UnknownVariable> {
        let known = Self::variables();
        set.into_iter()
            .filter(|name| name.starts_with(PREFIX) && !known.contains(name))
            .filter(|name| !OF_TESTS.iter().any(|other| name.starts_with(other)))
            .map(|name| UnknownVariable::of(name, &known))
            .collect()
    }

    /// Applies the environment. A secret given as text or as a file replaces both forms of
    /// the configuration file.
    pub(super) fn overlay(&mut self, variable: impl Fn(&str) -> Option<String>) {
        let mut set: BTreeMap<&'static str, String> = BTreeMap::new();
        for (name, _) in self.given() {
            set.extend(variable(&variable_of(name)).map(|text| (name, text)));
        }
        let is_replaced = |name: &str| {
            let file = name.strip_suffix("_file");
            let other = file.map_or_else(|| format!("{name}_file"), ToOwned::to_owned);
            set.contains_key(name) || set.contains_key(other.as_str())
        };
        self.origins.lines.retain(|name, _| !is_replaced(name));
        for (name, slot) in self.slots() {
            match set.get(name) {
                Some(text) => slot.set(text.clone()),
                None if is_replaced(name) => slot.clear(),
                None => {}
            }
        }
    }
}
