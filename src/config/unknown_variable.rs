//! Variables that begin as ours do and that nothing reads: `RUBRICA_TRUSTED_PROXY`.

use std::collections::BTreeSet;
use std::fmt;

/// All variables that set something begin like this.
pub(super) const PREFIX: &str = "RUBRICA_";

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
        // Of the names that share the longest beginning, if that is more than a word.
        let shared = |one: &String| {
            let same = one.bytes().zip(name.bytes()).take_while(|(a, b)| a == b);
            same.count()
        };
        let nearest = known.iter().max_by_key(|one| shared(one));
        let meant = nearest
            .filter(|one| shared(one) >= PREFIX.len() + 4)
            .cloned();
        Self { name, meant }
    }
}

impl fmt::Display for UnknownVariable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: there is no such setting", self.name)?;
        match &self.meant {
            Some(meant) => write!(f, "; is {meant} meant?"),
            None => Ok(()),
        }
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
