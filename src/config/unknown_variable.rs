//! Variables that begin as ours do and that nothing reads: `RUBRICA_TRUSTED_PROXY`.

use std::collections::BTreeSet;
use std::fmt;

use super::meant::{meant, no_such};

/// Variables of the tests begin like this.
pub(super) const OF_TESTS: [&str; 3] = ["RUBRICA_TEST_", "RUBRICA_FUZZ_", "RUBRICA_CRASH_"];

/// A variable that no setting has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownVariable {
    name: String,
    meant: Option<String>,
}

impl UnknownVariable {
    pub(super) fn of(name: String, known: &BTreeSet<String>) -> Self {
        let meant = meant(&name, known.iter().map(String::as_str));
        let meant = meant.map(ToOwned::to_owned);
        Self { name, meant }
    }
}

impl fmt::Display for UnknownVariable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.name, no_such(self.meant.as_deref()))
    }
}

#[cfg(test)]
mod tests {
    use crate::config::Settings;

    #[test]
    fn a_mistyped_variable_is_named_with_the_one_that_was_meant() {
        let set = [
            "RUBRICA_TRUSTED_PROXY",
            "RUBRICA_PORT",
            "RUBRICA_LISTEN",
            "RUBRICA_MASTER_KEY_FILE",
            "RUBRICA_TEST_REQUIRE",
            "PATH",
        ];
        let named = Settings::unknown_variables(set.map(ToOwned::to_owned));
        let named: Vec<String> = named.iter().map(ToString::to_string).collect();
        assert_eq!(
            named,
            [
                "RUBRICA_TRUSTED_PROXY: there is no such setting; is RUBRICA_TRUSTED_PROXIES meant?",
                "RUBRICA_PORT: there is no such setting",
            ]
        );
    }
}
