//! What the pages say about the partner who runs the portal.

use std::path::Path;

use jiff::tz::TimeZone;

use super::ConfigError;
use super::named_file::read_file;

/// A logo is part of every first visit.
const LARGEST_LOGO: usize = 100 * 1024;
/// The longest of a partner's texts, in characters.
const LONGEST: usize = 300;

/// Name and links of every page, and the zone of its times.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Branding {
    /// In the header of every page and in titles.
    pub partner_name: String,
    /// On receipts.
    pub partner_nif: Option<String>,
    /// On receipts.
    pub partner_address: Option<String>,
    /// In the header of every page, before the name.
    pub logo: Option<Logo>,
    /// Whom to ask, as the help page says: a telephone number, hours.
    pub support_contact: Option<String>,
    /// Links of the footer; those not set are not shown.
    pub legal_url: Option<String>,
    pub privacy_url: Option<String>,
    pub accessibility_url: Option<String>,
    /// A page or `mailto:`.
    pub support_url: Option<String>,
    pub time_zone: TimeZone,
}

/// An image file as it is served.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Logo {
    pub content_type: &'static str,
    pub content: Vec<u8>,
}

impl Logo {
    /// Reads the file that the setting names, if it does.
    pub(super) fn of(file: Option<&Path>) -> Result<Option<Self>, ConfigError> {
        let setting = "RUBRICA_PARTNER_LOGO_FILE";
        let Some(path) = file.filter(|path| !path.as_os_str().is_empty()) else {
            return Ok(None);
        };
        let content =
            read_file(path).map_err(|error| ConfigError::unreadable(setting, path, &error))?;
        if content.len() > LARGEST_LOGO {
            let cause = "the file has more than 100 KiB";
            return Err(ConfigError::invalid(setting, cause));
        }
        let content_type = type_of(&content)
            .ok_or_else(|| ConfigError::invalid(setting, "must be a PNG, JPEG or SVG file"))?;
        Ok(Some(Self {
            content_type,
            content,
        }))
    }
}

/// The type of an image, by what it is and not by its name.
fn type_of(content: &[u8]) -> Option<&'static str> {
    let text = || std::str::from_utf8(content).ok();
    match content {
        [0x89, b'P', b'N', b'G', ..] => Some("image/png"),
        [0xFF, 0xD8, 0xFF, ..] => Some("image/jpeg"),
        _ => text()?.contains("<svg").then_some("image/svg+xml"),
    }
}

/// A text for people, on one line.
pub(super) fn words(setting: &str, text: Option<String>) -> Result<Option<String>, ConfigError> {
    let text = text.map(|text| text.trim().to_owned());
    let text = text.filter(|text| !text.is_empty());
    match &text {
        Some(text) if text.chars().any(char::is_control) || text.chars().count() > LONGEST => {
            let cause = format!("must be one line of at most {LONGEST} characters");
            Err(ConfigError::invalid(setting, cause))
        }
        _ => Ok(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_logo_is_known_by_its_content() {
        for (content, expected) in [
            (&b"\x89PNG\r\n\x1a\n"[..], Some("image/png")),
            (b"\xFF\xD8\xFF\xE0", Some("image/jpeg")),
            (b"<?xml version='1.0'?><svg/>", Some("image/svg+xml")),
            (b"<html>", None),
            (b"", None),
        ] {
            assert_eq!(type_of(content), expected);
        }
    }

    #[test]
    fn a_text_for_people_is_one_line() {
        let read = |text: &str| words("RUBRICA_PARTNER_NIF", Some(text.to_owned()));
        assert_eq!(read("  "), Ok(None));
        assert_eq!(read(" B64717838 "), Ok(Some("B64717838".to_owned())));
        assert!(read("one\ntwo").is_err());
        assert!(read(&"x".repeat(LONGEST + 1)).is_err());
    }
}
