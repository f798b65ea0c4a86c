//! The sandbox's settings: the dialect options of a connection, and some of its own.

use serde_json::{Map, Value, json};

use crate::domain::dialect::{Dialect, TempTokenForm};
use crate::domain::string_enum::{UnknownValue, string_enum};

string_enum! {
    /// How a repeated `csr/finalize` is answered.
    pub(super) enum FinalizeRepeat as "finalize_repeat" {
        /// With the same data again.
        Replay = "replay",
        /// With an error saying that the request is already finalized.
        AlreadyFinalized = "already_finalized",
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SandboxDialect {
    /// The options that a connection has too.
    pub(super) open: Dialect,
    pub(super) finalize_repeat: FinalizeRepeat,
    /// Lifetime of a request code in seconds, finalized or not; 0 makes it expire at
    /// once.
    pub(super) request_code_ttl: u64,
    /// Lifetime of an access token in seconds.
    pub(super) access_token_ttl: u64,
    /// Whether a login URL can be used only once.
    pub(super) refuse_replayed_login: bool,
    /// Whether a new request must name a certificate group.
    pub(super) group_mandatory: bool,
}

impl Default for SandboxDialect {
    fn default() -> Self {
        Self {
            open: Dialect {
                temp_token: TempTokenForm::Signed,
                ..Dialect::default()
            },
            finalize_repeat: FinalizeRepeat::Replay,
            request_code_ttl: 30 * 24 * 3600,
            access_token_ttl: 15 * 60,
            refuse_replayed_login: false,
            group_mandatory: false,
        }
    }
}

impl SandboxDialect {
    /// All settings as one flat JSON object.
    pub(super) fn to_json(&self) -> Map<String, Value> {
        let mut all = match serde_json::to_value(&self.open) {
            Ok(Value::Object(map)) => map,
            _ => Map::new(),
        };
        all.extend([
            ("finalize_repeat".to_owned(), json!(self.finalize_repeat)),
            ("request_code_ttl".to_owned(), json!(self.request_code_ttl)),
            ("access_token_ttl".to_owned(), json!(self.access_token_ttl)),
            (
                "refuse_replayed_login".to_owned(),
                json!(self.refuse_replayed_login),
            ),
            ("group_mandatory".to_owned(), json!(self.group_mandatory)),
        ]);
        all
    }

    /// These settings with the given changes.
    ///
    /// # Errors
    /// A message for people: an unknown key, or a value that the key cannot have.
    pub(super) fn changed(&self, changes: Map<String, Value>) -> Result<Self, String> {
        let mut all = self.to_json();
        for (name, value) in changes {
            match all.get_mut(&name) {
                Some(slot) => *slot = value,
                None => return Err(format!("{name}: no such setting")),
            }
        }
        let mut take = |name: &str| all.remove(name).unwrap_or(Value::Null);
        let changed = Self {
            finalize_repeat: take("finalize_repeat")
                .as_str()
                .unwrap_or_default()
                .parse()
                .map_err(|unknown: UnknownValue| unknown.to_string())?,
            request_code_ttl: seconds("request_code_ttl", &take("request_code_ttl"))?,
            access_token_ttl: seconds("access_token_ttl", &take("access_token_ttl"))?,
            refuse_replayed_login: take("refuse_replayed_login")
                .as_bool()
                .ok_or("refuse_replayed_login: true or false")?,
            group_mandatory: take("group_mandatory")
                .as_bool()
                .ok_or("group_mandatory: true or false")?,
            open: serde_json::from_value(Value::Object(all)).map_err(|error| error.to_string())?,
        };
        Ok(changed)
    }
}

fn seconds(name: &str, value: &Value) -> Result<u64, String> {
    const TEN_YEARS: u64 = 10 * 366 * 24 * 3600;
    value
        .as_u64()
        .filter(|seconds| *seconds <= TEN_YEARS)
        .ok_or_else(|| format!("{name}: a whole number of seconds, at most {TEN_YEARS}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object(value: Value) -> Map<String, Value> {
        value.as_object().unwrap().clone()
    }

    #[test]
    fn a_change_of_one_key_leaves_the_others() {
        let changed = SandboxDialect::default()
            .changed(object(
                json!({"temp_token": "opaque", "request_code_ttl": 5}),
            ))
            .unwrap();
        assert_eq!(changed.open.temp_token, TempTokenForm::Opaque);
        assert_eq!(changed.request_code_ttl, 5);
        assert_eq!(changed.access_token_ttl, 900);
    }

    #[test]
    fn unknown_keys_and_values_are_refused() {
        for bad in [
            json!({"colour": "red"}),
            json!({"finalize_repeat": "maybe"}),
            json!({"request_code_ttl": -1}),
            json!({"key_encoding": "octal"}),
            json!({"signed_message": "{partner}"}),
        ] {
            assert!(
                SandboxDialect::default()
                    .changed(object(bad.clone()))
                    .is_err(),
                "{bad}"
            );
        }
    }

    #[test]
    fn the_json_form_reads_back() {
        let dialect = SandboxDialect::default();
        assert_eq!(dialect.changed(dialect.to_json()), Ok(dialect.clone()));
    }
}
