//! The sandbox's settings: the dialect options of a connection, and some of its own.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::manners::Manners;
use rubrica_domain::dialect::{Dialect, TempTokenForm};

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SandboxDialect {
    /// The options that a connection has too.
    pub(super) open: Dialect,
    /// What only the server decides.
    pub(super) own: Manners,
}

impl Default for SandboxDialect {
    fn default() -> Self {
        Self {
            open: Dialect {
                temp_token: TempTokenForm::Signed,
                ..Dialect::default()
            },
            own: Manners::default(),
        }
    }
}

impl SandboxDialect {
    /// All settings as one flat JSON object.
    pub(super) fn to_json(&self) -> Map<String, Value> {
        let mut all = object(&self.open);
        all.extend(object(&self.own));
        all
    }

    /// These settings with the given changes.
    ///
    /// # Errors
    /// A message for people: an unknown key, or a value that the key cannot have.
    pub(super) fn changed(&self, changes: Map<String, Value>) -> Result<Self, String> {
        let mut changed = self.clone();
        for (name, value) in changes {
            let result = changed.change(&name, value);
            result.map_err(|error| format!("{name}: {error}"))?;
        }
        Ok(changed)
    }

    fn change(&mut self, name: &str, value: Value) -> Result<(), String> {
        let (mut open, mut own) = (object(&self.open), object(&self.own));
        if let Some(slot) = open.get_mut(name) {
            *slot = value;
            self.open = read(open)?;
        } else if let Some(slot) = own.get_mut(name) {
            *slot = value;
            self.own = read(own)?;
            self.own.check()?;
        } else {
            return Err("no such setting".to_owned());
        }
        Ok(())
    }
}

fn object(settings: &impl Serialize) -> Map<String, Value> {
    match serde_json::to_value(settings) {
        Ok(Value::Object(map)) => map,
        _ => Map::new(),
    }
}

fn read<T: DeserializeOwned>(settings: Map<String, Value>) -> Result<T, String> {
    serde_json::from_value(Value::Object(settings)).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

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
        assert_eq!(changed.own.request_code_ttl, 5);
        assert_eq!(changed.own.access_token_ttl, 900);
    }

    #[test]
    fn unknown_keys_and_values_are_refused() {
        for bad in [
            json!({"colour": "red"}),
            json!({"finalize_repeat": "maybe"}),
            json!({"request_code_ttl": -1}),
            json!({"key_encoding": "octal"}),
            json!({"signed_message": "{partner}"}),
            json!({"drop_after_percent": 101}),
            json!({"validity_days": 1_000_000}),
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
        let changed = SandboxDialect::default().changed(dialect.to_json());
        assert_eq!(changed, Ok(dialect));
    }
}
