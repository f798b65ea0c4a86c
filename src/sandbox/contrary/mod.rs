//! A contrary sandbox: every point that the documents leave open is drawn from a seed,
//! so that no client grows used to one server's habits (the idea is Pebble's).

mod codes;
mod key;
mod message;
mod sign_in;

use super::dialect::SandboxDialect;
use super::forms::{CsrForm, ExpirationForm, IdForm, ThumbprintForm};
use super::manners::{
    EnvelopeForm, ErrorStatus, FinalizeRepeat, Manners, MessageLang, TokenAlphabet, UserClaim,
};
use super::secrets::SharedKey;
use super::seed::Seed;
use rubrica_domain::dialect::{
    ClientRequestCode, Dialect, KeyEncoding, SignatureEncoding, TempTokenForm, TimestampUnit,
    UrlEncoding,
};

pub use sign_in::ContrarySignIn;

/// Names of the field for the temporary token that programs use.
const TOKEN_FIELDS: [&str; 6] = [
    "tempToken",
    "temp_token",
    "token",
    "tkn",
    "temporaryToken",
    "TempToken",
];

/// What makes a sandbox contrary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Contrary {
    /// The same seed is the same server.
    pub seed: u64,
    /// No delays, dropped answers and expired tokens by chance.
    pub steady: bool,
}

/// The settings of a seed.
pub(super) fn dialect(seed: Seed) -> SandboxDialect {
    SandboxDialect {
        open: open(seed),
        own: manners(seed),
    }
}

pub(super) fn shared_key(seed: Seed) -> SharedKey {
    SharedKey::from_text(key::text(seed, open(seed).key_encoding))
}

fn open(seed: Seed) -> Dialect {
    let defaults = Dialect::default();
    let field = seed.one_of("temp_token_field", &TOKEN_FIELDS);
    Dialect {
        // Both texts are of the allowed form, so the defaults are never taken.
        signed_message: message::drawn(seed).parse().unwrap_or_default(),
        temp_token_field: field.parse().unwrap_or(defaults.temp_token_field),
        url_encoding: seed.one_of("url_encoding", UrlEncoding::ALL),
        signature_encoding: seed.one_of("signature_encoding", SignatureEncoding::ALL),
        timestamp_unit: seed.one_of("timestamp_unit", TimestampUnit::ALL),
        key_encoding: seed.one_of("key_encoding", KeyEncoding::ALL),
        temp_token: seed.one_of(
            "temp_token",
            &[TempTokenForm::Signed, TempTokenForm::Opaque],
        ),
        client_request_code: seed.one_of("client_request_code", ClientRequestCode::ALL),
    }
}

fn manners(seed: Seed) -> Manners {
    const HOUR: u64 = 3600;
    Manners {
        seed: Some(seed.0),
        finalize_repeat: seed.one_of("finalize_repeat", FinalizeRepeat::ALL),
        request_code_ttl: seed.one_of("request_code_ttl", &[HOUR, 24 * HOUR, 720 * HOUR]),
        access_token_ttl: seed.one_of("access_token_ttl", &[60, 300, 900, HOUR, 8 * HOUR]),
        refresh_rotates: seed.in_percent("refresh_rotates", 50),
        refuse_replayed_login: seed.in_percent("refuse_replayed_login", 50),
        // The customer decides this, not the documents.
        group_mandatory: false,
        validity_days: seed.one_of("validity_days", &[30, 90, 365, 730, 1095]),
        id_certificate: seed.one_of("id_certificate", IdForm::ALL),
        thumbprint_form: seed.one_of("thumbprint_form", ThumbprintForm::ALL),
        csr_form: seed.one_of("csr_form", CsrForm::ALL),
        create_request_code: seed.in_percent("create_request_code", 50),
        finalize_request_code: seed.in_percent("finalize_request_code", 50),
        expiration_form: seed.one_of("expiration_form", ExpirationForm::ALL),
        error_status: seed.one_of("error_status", ErrorStatus::ALL),
        error_codes: codes::drawn(seed),
        lang: seed.one_of("lang", MessageLang::ALL),
        envelope: seed.one_of("envelope", EnvelopeForm::ALL),
        temp_token_alphabet: seed.one_of("temp_token_alphabet", TokenAlphabet::ALL),
        user_claim: seed.one_of("user_claim", UserClaim::ALL),
        warning_percent: seed.one_of("warning_percent", &[0, 20, 50]),
        delay_percent: 5,
        drop_before_percent: 2,
        drop_after_percent: 3,
        expired_token_percent: 5,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::{HashMap, HashSet};

    #[test]
    fn every_value_of_every_setting_is_drawn_by_some_seed() {
        let mut drawn: HashMap<String, HashSet<String>> = HashMap::new();
        for seed in 0..500 {
            for (name, value) in dialect(Seed(seed)).to_json() {
                drawn.entry(name).or_default().insert(value.to_string());
            }
        }
        for (name, values) in [
            ("key_encoding", KeyEncoding::ALL.len()),
            ("url_encoding", UrlEncoding::ALL.len()),
            ("signature_encoding", SignatureEncoding::ALL.len()),
            ("temp_token_field", TOKEN_FIELDS.len()),
            ("expiration_form", ExpirationForm::ALL.len()),
            ("user_claim", UserClaim::ALL.len()),
            ("refresh_rotates", 2),
        ] {
            assert_eq!(drawn[name].len(), values, "{name}: {:?}", drawn[name]);
        }
        let messages = &drawn["signed_message"];
        assert!(messages.len() > 100, "{messages:?}");
    }

    #[test]
    fn a_drawn_message_and_field_are_of_the_allowed_form() {
        for seed in (0..500).map(Seed) {
            let text = message::drawn(seed);
            assert_eq!(open(seed).signed_message.as_str(), text);
            assert!(TOKEN_FIELDS.contains(&open(seed).temp_token_field.as_str()));
        }
    }
}
