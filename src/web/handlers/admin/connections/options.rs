//! What the form offers to choose from, in the language of the page.

use crate::domain::dialect::{
    ClientRequestCode, KeyEncoding, SignatureEncoding, TempTokenForm, TimestampUnit,
};
use crate::i18n::{Key, Lang, key};
use crate::web::page::form::Choice;

/// The choices of each setting that Redtrust's documents leave open.
#[derive(Debug)]
pub(super) struct Options {
    pub(super) signature_encoding: Vec<Choice>,
    pub(super) timestamp_unit: Vec<Choice>,
    pub(super) key_encoding: Vec<Choice>,
    pub(super) temp_token: Vec<Choice>,
    pub(super) client_request_code: Vec<Choice>,
}

impl Options {
    pub(super) fn of(lang: Lang) -> Self {
        let choice =
            |value: &'static str, label: Key| Choice::new(value, lang.of(label).into_owned());
        Self {
            signature_encoding: SignatureEncoding::ALL
                .iter()
                .map(|form| choice(form.as_str(), signature(*form)))
                .collect(),
            timestamp_unit: TimestampUnit::ALL
                .iter()
                .map(|unit| choice(unit.as_str(), timestamp(*unit)))
                .collect(),
            key_encoding: KeyEncoding::ALL
                .iter()
                .map(|form| choice(form.as_str(), shared_key(*form)))
                .collect(),
            temp_token: TempTokenForm::ALL
                .iter()
                .map(|form| choice(form.as_str(), temp_token(*form)))
                .collect(),
            client_request_code: ClientRequestCode::ALL
                .iter()
                .map(|who| choice(who.as_str(), request_code(*who)))
                .collect(),
        }
    }
}

const fn signature(form: SignatureEncoding) -> Key {
    match form {
        SignatureEncoding::HexLower => key("admin-dialect-hex-lower"),
        SignatureEncoding::HexUpper => key("admin-dialect-hex-upper"),
        SignatureEncoding::Base64 => key("admin-dialect-base64"),
        SignatureEncoding::Base64Url => key("admin-dialect-base64url"),
    }
}

const fn timestamp(unit: TimestampUnit) -> Key {
    match unit {
        TimestampUnit::Seconds => key("admin-dialect-seconds"),
        TimestampUnit::Milliseconds => key("admin-dialect-milliseconds"),
    }
}

const fn shared_key(form: KeyEncoding) -> Key {
    match form {
        KeyEncoding::Utf8 => key("admin-dialect-key-utf8"),
        KeyEncoding::Hex => key("admin-dialect-key-hex"),
        KeyEncoding::Base64 => key("admin-dialect-key-base64"),
    }
}

const fn temp_token(form: TempTokenForm) -> Key {
    match form {
        TempTokenForm::Signed => key("admin-dialect-token-signed"),
        TempTokenForm::Opaque => key("admin-dialect-token-opaque"),
        TempTokenForm::Auto => key("admin-dialect-token-auto"),
    }
}

const fn request_code(who: ClientRequestCode) -> Key {
    match who {
        ClientRequestCode::Off => key("admin-dialect-code-off"),
        ClientRequestCode::Send => key("admin-dialect-code-send"),
    }
}
