//! The forms in which this server writes single values of its answers.

use jiff::Timestamp;
use serde_json::{Value, json};

use rubrica_domain::millis::Millis;
use rubrica_domain::string_enum::string_enum;

string_enum! {
    /// `idCertificate`.
    #[derive(Default)]
    pub(super) enum IdForm as "id_certificate" {
        #[default]
        Number = "number",
        Text = "string",
    }
}

impl IdForm {
    pub(super) fn of(self, id: i64) -> Value {
        match self {
            Self::Number => json!(id),
            Self::Text => json!(id.to_string()),
        }
    }
}

string_enum! {
    /// `thumbprint`.
    #[derive(Default)]
    pub(super) enum ThumbprintForm as "thumbprint_form" {
        #[default]
        Upper = "upper",
        Lower = "lower",
        Colons = "colons",
        Blanks = "blanks",
    }
}

impl ThumbprintForm {
    /// `digits` are upper-case hexadecimal without separators.
    pub(super) fn of(self, digits: &str) -> String {
        match self {
            Self::Upper => digits.to_owned(),
            Self::Lower => digits.to_ascii_lowercase(),
            Self::Colons => in_pairs(digits, ':'),
            Self::Blanks => in_pairs(digits, ' '),
        }
    }
}

fn in_pairs(digits: &str, separator: char) -> String {
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && at % 2 == 0 {
            text.push(separator);
        }
        text.push(digit);
    }
    text
}

/// The first 32 of the digits as a GUID.
pub(super) fn guid(digits: &str) -> String {
    let mut text = String::new();
    for (at, digit) in digits.chars().take(32).enumerate() {
        if matches!(at, 8 | 12 | 16 | 20) {
            text.push('-');
        }
        text.push(digit);
    }
    text
}

string_enum! {
    /// `csr`.
    #[derive(Default)]
    pub(super) enum CsrForm as "csr_form" {
        #[default]
        Pem = "pem",
        /// Bare Base64 of the DER form.
        Base64 = "base64",
    }
}

impl CsrForm {
    pub(super) fn of(self, pem: &str) -> String {
        match self {
            Self::Pem => pem.to_owned(),
            Self::Base64 => pem.lines().filter(|line| !line.starts_with('-')).collect(),
        }
    }
}

string_enum! {
    /// `expiration`.
    #[derive(Default)]
    pub(super) enum ExpirationForm as "expiration_form" {
        #[default]
        Rfc3339 = "rfc3339",
        /// RFC 3339 with seven digits of a second, as .NET writes it.
        SevenDigits = "rfc3339-7",
        /// `YYYY-MM-DD HH:MM:SS` in UTC.
        DateTime = "datetime",
        Seconds = "seconds",
        Milliseconds = "milliseconds",
        /// `/Date(...)/` of old .NET, which no client has to know.
        Unreadable = "unreadable",
    }
}

impl ExpirationForm {
    pub(super) fn of(self, at: Millis) -> String {
        let time = Timestamp::from_millisecond(at.0).unwrap_or(Timestamp::UNIX_EPOCH);
        match self {
            Self::Rfc3339 => time.to_string(),
            Self::SevenDigits => time.strftime("%Y-%m-%dT%H:%M:%S.0000000Z").to_string(),
            Self::DateTime => time.strftime("%Y-%m-%d %H:%M:%S").to_string(),
            Self::Seconds => at.as_secs().to_string(),
            Self::Milliseconds => at.0.to_string(),
            Self::Unreadable => format!("/Date({})/", at.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thumbprint_is_written_in_each_form() {
        for (form, text) in [
            (ThumbprintForm::Upper, "0A1BFF"),
            (ThumbprintForm::Lower, "0a1bff"),
            (ThumbprintForm::Colons, "0A:1B:FF"),
            (ThumbprintForm::Blanks, "0A 1B FF"),
        ] {
            assert_eq!(form.of("0A1BFF"), text);
        }
    }

    #[test]
    fn an_expiration_is_written_in_each_form() {
        for (form, text) in [
            (ExpirationForm::Rfc3339, "2023-11-14T22:13:20Z"),
            (ExpirationForm::SevenDigits, "2023-11-14T22:13:20.0000000Z"),
            (ExpirationForm::DateTime, "2023-11-14 22:13:20"),
            (ExpirationForm::Seconds, "1700000000"),
            (ExpirationForm::Milliseconds, "1700000000000"),
            (ExpirationForm::Unreadable, "/Date(1700000000000)/"),
        ] {
            assert_eq!(form.of(Millis(1_700_000_000_000)), text);
        }
    }

    #[test]
    fn a_bare_request_has_no_lines() {
        let pem =
            "-----BEGIN CERTIFICATE REQUEST-----\nAAAA\nBB==\n-----END CERTIFICATE REQUEST-----\n";
        assert_eq!(CsrForm::Pem.of(pem), pem);
        assert_eq!(CsrForm::Base64.of(pem), "AAAABB==");
    }
}
