//! Settings from the configuration file. A mistake in one of them hides none in another.

use std::path::Path;

use serde::Deserialize as _;
use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue, ValueDeserializer};

use super::Settings;
use crate::config::ConfigError;
use crate::config::connection::WrittenConnection;
use crate::config::meant::{meant, no_such};
use crate::config::named_file::read_file;
use crate::config::toml_place::{line_of, place_of};

/// The name of the tables of connections.
const CONNECTION: &str = "connection";

impl Settings {
    /// Fails if it cannot be read as TOML; what else is wrong with it is kept.
    pub(super) fn from_file(path: &Path) -> Result<Self, ConfigError> {
        let failed = |cause| ConfigError::Toml {
            path: path.display().to_string(),
            cause,
        };
        let bytes =
            read_file(path).map_err(|error| ConfigError::unreadable("--config", path, &error))?;
        let text = String::from_utf8(bytes).map_err(|error| {
            let good = error.utf8_error().valid_up_to();
            let good = error.as_bytes().get(..good).unwrap_or_default();
            let line = line_of(&String::from_utf8_lossy(good), good.len());
            failed(format!(
                "line {line} has a letter that is not in UTF-8: save the file as UTF-8"
            ))
        })?;
        let table = DeTable::parse(&text)
            .map_err(|error| failed(error.message().to_owned() + &place_of(&text, error.span())))?;
        let mut settings = Self {
            dir: path.parent().map(Path::to_path_buf).unwrap_or_default(),
            ..Self::default()
        };
        settings.origins.file = Some(path.to_path_buf());
        for (key, value) in table.into_inner() {
            let name: &str = key.get_ref();
            if name == CONNECTION {
                settings.read_connections(&text, value);
            } else {
                settings.read_one(&text, &key, value);
            }
        }
        Ok(settings)
    }

    fn read_one(&mut self, text: &str, key: &Spanned<DeString<'_>>, value: Spanned<DeValue<'_>>) {
        let given: &str = key.get_ref();
        let line = line_of(text, key.span().start);
        let dir = self.dir.clone();
        let mut slots = self.slots();
        let known = slots.iter().position(|(name, _)| *name == given);
        let Some(at) = known else {
            let names = slots.iter().map(|(name, _)| *name);
            let cause = no_such(meant(given, names.chain([CONNECTION])));
            drop(slots);
            self.note(format!("{given:?} (line {line}): {cause}"));
            return;
        };
        let (name, slot) = slots.swap_remove(at);
        let read = slot.read(value, &dir);
        drop(slots);
        self.origins.lines.insert(name, line);
        if let Err(cause) = read {
            self.unread.push(name);
            self.note(format!("{name} (line {line}): {cause}"));
        }
    }

    fn read_connections(&mut self, text: &str, value: Spanned<DeValue<'_>>) {
        let line = line_of(text, value.span().start);
        let DeValue::Array(all) = value.into_inner() else {
            self.note(format!(
                "{CONNECTION} (line {line}): must be a list of tables, [[{CONNECTION}]]"
            ));
            return;
        };
        for one in all {
            match WrittenConnection::deserialize(ValueDeserializer::from(one)) {
                Ok(written) => self.connections.push(written),
                Err(error) => {
                    let place = place_of(text, error.span());
                    self.note(error.message().to_owned() + &place);
                }
            }
        }
    }

    fn note(&mut self, cause: String) {
        let file = self.origins.file.as_deref().unwrap_or(&self.dir);
        self.mistakes.push(ConfigError::Toml {
            path: file.display().to_string(),
            cause,
        });
    }
}
