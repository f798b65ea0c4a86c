//! Reads settings of a single value.

use std::str::FromStr;

use super::ConfigError;
use crate::domain::string_enum::UnknownValue;

/// One of the values of an enum, or its default.
pub(super) fn choice<T>(setting: &str, text: Option<&str>) -> Result<T, ConfigError>
where
    T: Default + FromStr<Err = UnknownValue>,
{
    let read = |text: &str| text.parse();
    let value = text.map_or_else(|| Ok(T::default()), read);
    value.map_err(|error| ConfigError::invalid(setting, error))
}

/// A footer link: a web page or a `mailto:` address.
pub(super) fn link(setting: &str, text: Option<String>) -> Result<Option<String>, ConfigError> {
    let text = text.filter(|text| !text.is_empty());
    match &text {
        Some(link)
            if !["https://", "http://", "mailto:"]
                .iter()
                .any(|s| link.starts_with(s)) =>
        {
            Err(ConfigError::invalid(
                setting,
                "must begin with https://, http:// or mailto:",
            ))
        }
        _ => Ok(text),
    }
}

pub(super) fn is_hidden(connection_list: Option<&str>) -> Result<bool, ConfigError> {
    match connection_list {
        None | Some("" | "shown") => Ok(false),
        Some("hidden") => Ok(true),
        Some(other) => {
            let cause = format!("{other:?} is neither shown nor hidden");
            Err(ConfigError::invalid("RUBRICA_CONNECTION_LIST", cause))
        }
    }
}
