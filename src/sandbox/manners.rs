//! How this server behaves where it alone decides: how long things live, in which form
//! it writes its answers, how often it is slow or drops an answer. The documents leave
//! all of it open.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::forms::{CsrForm, ExpirationForm, IdForm, ThumbprintForm};
use rubrica_domain::string_enum::string_enum;

string_enum! {
    /// How a repeated `csr/finalize` is answered.
    #[derive(Default)]
    pub(super) enum FinalizeRepeat as "finalize_repeat" {
        /// With the same data again.
        #[default]
        Replay = "replay",
        /// With an error saying that the request is already finalized.
        AlreadyFinalized = "already_finalized",
    }
}

string_enum! {
    /// The HTTP status of an envelope that says ERROR.
    #[derive(Default)]
    pub(super) enum ErrorStatus as "error_status" {
        /// Each code has its own.
        #[default]
        Own = "own",
        Ok = "200",
        BadRequest = "400",
        ServerError = "500",
    }
}

string_enum! {
    /// What stands around and in the envelope besides the documented fields.
    #[derive(Default)]
    pub(super) enum EnvelopeForm as "envelope" {
        #[default]
        Plain = "plain",
        /// A byte order mark comes first.
        Bom = "bom",
        /// Indented, with blank lines before and after.
        Spaced = "spaced",
        /// Fields that the documents do not name.
        Extra = "extra",
    }
}

string_enum! {
    /// The language of messages for people.
    #[derive(Default)]
    pub(super) enum MessageLang as "lang" {
        Es = "es",
        #[default]
        En = "en",
    }
}

string_enum! {
    /// The characters of an opaque temporary token.
    #[derive(Default)]
    pub(super) enum TokenAlphabet as "temp_token_alphabet" {
        #[default]
        Base64Url = "base64url",
        Hex = "hex",
        Guid = "guid",
        /// With `+`, `/` and `=`, percent-encoded in the redirect.
        Base64 = "base64",
        /// Looks like a signed one, under a key that the partner does not have.
        Jws = "jws",
    }
}

string_enum! {
    /// The claim of the access token that holds the user's name.
    #[derive(Default)]
    pub(super) enum UserClaim as "user_claim" {
        /// `sub` and `unique_name`.
        #[default]
        Both = "both",
        Sub = "sub",
        UniqueName = "unique_name",
        Name = "name",
        NameId = "nameid",
        PreferredUsername = "preferred_username",
        /// As WS-Federation names it.
        Ws = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name",
    }
}

impl UserClaim {
    /// The names of the claims.
    pub(super) fn names(self) -> Vec<&'static str> {
        match self {
            Self::Both => vec![Self::Sub.as_str(), Self::UniqueName.as_str()],
            one => vec![one.as_str()],
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Manners {
    /// The seed that a contrary sandbox was drawn from.
    pub(super) seed: Option<u64>,
    pub(super) finalize_repeat: FinalizeRepeat,
    /// Lifetime of a request code in seconds, finalized or not; 0 makes it expire at
    /// once.
    pub(super) request_code_ttl: u64,
    /// Lifetime of an access token in seconds.
    pub(super) access_token_ttl: u64,
    /// Whether a refresh gives a new refresh token and ends the old one.
    pub(super) refresh_rotates: bool,
    /// Whether a login URL can be used only once.
    pub(super) refuse_replayed_login: bool,
    /// Whether a new request must name a certificate group.
    pub(super) group_mandatory: bool,
    /// Lifetime in days of what is issued from now on; 0 and below: it has ended already.
    pub(super) validity_days: i64,
    pub(super) id_certificate: IdForm,
    pub(super) thumbprint_form: ThumbprintForm,
    pub(super) csr_form: CsrForm,
    /// Whether `csr/create` repeats a request code that the client chose.
    pub(super) create_request_code: bool,
    /// Whether the answer of `csr/finalize` has the request code too.
    pub(super) finalize_request_code: bool,
    pub(super) expiration_form: ExpirationForm,
    pub(super) error_status: ErrorStatus,
    /// Other names for error codes; the ledger keeps the code that is replaced.
    pub(super) error_codes: BTreeMap<String, String>,
    pub(super) lang: MessageLang,
    pub(super) envelope: EnvelopeForm,
    pub(super) temp_token_alphabet: TokenAlphabet,
    pub(super) user_claim: UserClaim,
    /// Of a hundred successes, so many say WARNING.
    pub(super) warning_percent: u8,
    /// Of a hundred calls, so many are answered late.
    pub(super) delay_percent: u8,
    /// Of a hundred calls, so many are dropped before they are processed.
    pub(super) drop_before_percent: u8,
    /// Of a hundred calls, so many are processed and their answer is dropped.
    pub(super) drop_after_percent: u8,
    /// Of a hundred access tokens of a sign-in, so many are expired from the start,
    /// whatever `expiration` says.
    pub(super) expired_token_percent: u8,
}

impl Default for Manners {
    fn default() -> Self {
        Self {
            seed: None,
            finalize_repeat: FinalizeRepeat::Replay,
            request_code_ttl: 30 * 24 * 3600,
            access_token_ttl: 15 * 60,
            refresh_rotates: true,
            refuse_replayed_login: false,
            group_mandatory: false,
            validity_days: 730,
            id_certificate: IdForm::default(),
            thumbprint_form: ThumbprintForm::default(),
            csr_form: CsrForm::default(),
            create_request_code: true,
            finalize_request_code: false,
            expiration_form: ExpirationForm::default(),
            error_status: ErrorStatus::default(),
            error_codes: BTreeMap::new(),
            lang: MessageLang::default(),
            envelope: EnvelopeForm::default(),
            temp_token_alphabet: TokenAlphabet::default(),
            user_claim: UserClaim::default(),
            warning_percent: 0,
            delay_percent: 0,
            drop_before_percent: 0,
            drop_after_percent: 0,
            expired_token_percent: 0,
        }
    }
}

impl Manners {
    /// Without the shares of delays, dropped answers and expired tokens.
    pub(super) fn steady(self) -> Self {
        Self {
            delay_percent: 0,
            drop_before_percent: 0,
            drop_after_percent: 0,
            expired_token_percent: 0,
            ..self
        }
    }

    /// What is out of range, for people.
    pub(super) fn check(&self) -> Result<(), String> {
        const TEN_YEARS: u64 = 10 * 366 * 24 * 3600;
        const DAYS: u64 = 20 * 365;
        let percents = [
            self.warning_percent,
            self.delay_percent,
            self.drop_before_percent,
            self.drop_after_percent,
            self.expired_token_percent,
        ];
        if self.request_code_ttl > TEN_YEARS || self.access_token_ttl > TEN_YEARS {
            return Err(format!("at most {TEN_YEARS} seconds"));
        }
        if self.validity_days.unsigned_abs() > DAYS {
            return Err(format!("from -{DAYS} to {DAYS} days"));
        }
        if percents.into_iter().any(|percent| percent > 100) {
            return Err("from 0 to 100 of a hundred".to_owned());
        }
        Ok(())
    }
}
