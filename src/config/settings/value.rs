//! A setting, whatever its kind: to be set, or as it is given.

use std::path::{Path, PathBuf};

use serde::Deserialize as _;
use toml::Spanned;
use toml::de::{DeValue, ValueDeserializer};

use crate::config::read::Number;
use crate::domain::secret::Secret;

/// The place of a setting, by its kind.
pub(super) enum Slot<'a> {
    String(&'a mut Option<String>),
    PathBuf(&'a mut Option<PathBuf>),
    Secret(&'a mut Option<Secret>),
    Number(&'a mut Option<Number>),
}

/// What is given for a setting, by its kind.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Given<'a> {
    String(Option<&'a String>),
    PathBuf(Option<&'a PathBuf>),
    Secret(Option<&'a Secret>),
    Number(Option<&'a Number>),
}

/// Blanks around a value do not count, but in a secret.
impl Slot<'_> {
    /// Takes the text of a variable.
    pub(super) fn set(self, text: String) {
        match self {
            Self::String(slot) => *slot = Some(text.trim().to_owned()),
            Self::PathBuf(slot) => *slot = Some(PathBuf::from(text.trim())),
            Self::Secret(slot) => *slot = Some(Secret::new(text)),
            Self::Number(slot) => *slot = Some(Number::Text(text)),
        }
    }

    pub(super) fn clear(self) {
        match self {
            Self::String(slot) => *slot = None,
            Self::PathBuf(slot) => *slot = None,
            Self::Secret(slot) => *slot = None,
            Self::Number(slot) => *slot = None,
        }
    }

    /// Takes a value of the file in `dir`. An error never quotes it: it may be a secret.
    pub(super) fn read(self, value: Spanned<DeValue<'_>>, dir: &Path) -> Result<(), &'static str> {
        let value = ValueDeserializer::from(value);
        let no_text = "must be a text in quotes";
        match self {
            Self::String(slot) => {
                let text = String::deserialize(value).map_err(|_| no_text)?;
                *slot = Some(text.trim().to_owned());
            }
            Self::PathBuf(slot) => {
                let text = String::deserialize(value).map_err(|_| no_text)?;
                *slot = Some(dir.join(text.trim()));
            }
            Self::Secret(slot) => {
                *slot = Some(Secret::deserialize(value).map_err(|_| no_text)?);
            }
            Self::Number(slot) => {
                *slot = Some(Number::deserialize(value).map_err(|_| "must be a number")?);
            }
        }
        Ok(())
    }
}
