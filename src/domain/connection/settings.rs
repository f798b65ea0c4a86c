//! The settings of a connection. [`SETTINGS`] is the only list of them: the
//! configuration file, the form, the checks, the stored row and the audit all
//! iterate over it. A new setting is a field here, a line in the list, a label of the
//! form, and texts.

use std::collections::BTreeMap;

use unic_langid::LanguageIdentifier;
use unicode_normalization::UnicodeNormalization as _;

use super::as_text::{
    read_attributes, read_base_url, read_ca, read_field_name, read_flag, read_groups, read_info,
    read_lang, read_message, read_name, read_optional, read_partner, write_ca, write_flag,
    write_optional,
};
use super::limits::{IssueTimeout, ValidityDays};
use super::problem::{Problem, Problems};
use super::request_options::{self, RequestOptions};
use super::revocation::{self, RevocationHelp};
use super::sign_in_origins;
use super::{BaseUrl, Partner, PrivateCa};
use crate::dialect::{
    ClientRequestCode, Dialect, FieldName, KeyEncoding, SignatureEncoding, SignedMessage,
    TempTokenForm, TimestampUnit, UrlEncoding,
};
use crate::mail::ReminderDays;
use crate::origin::Origin;

/// Settings as texts, by key: the form of submitted forms and stored rows.
pub type Texts = BTreeMap<String, String>;

/// The settings from an admin or the configuration file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConnectionSettings {
    /// Its display name.
    pub name: String,
    /// The server's address.
    pub base_url: BaseUrl,
    /// Our name at this server.
    pub partner: Partner,
    /// Redtrust's domain, for servers with several.
    pub domain: Option<String>,
    /// Whether the server takes user names and domains that differ only in the case of
    /// ASCII letters for the same.
    pub ignore_case: bool,
    /// Whether application users may sign in with a password.
    pub direct_login: bool,
    /// If set, only these CAs are trusted.
    pub private_ca: Option<PrivateCa>,
    /// The CAs that issue what is asked for here: a certificate of theirs that somebody
    /// shows proves what became of a request.
    pub issuer_ca: Option<PrivateCa>,
    /// Assumed validity of a certificate.
    pub validity: ValidityDays,
    /// When people are reminded of certificates; if empty, when the portal's own
    /// configuration says.
    pub reminder_days: ReminderDays,
    /// How long create and finalize may take.
    pub issue_timeout: IssueTimeout,
    /// Origins that the server's sign-in page redirects through.
    pub extra_sign_in_origins: Vec<Origin>,
    /// What people are told who want a certificate revoked.
    pub revocation: RevocationHelp,
    /// What requests may contain besides the holder.
    pub request_options: RequestOptions,
    /// The issuer that a signed temporary token must name; any issuer if
    /// `None`.
    pub issuer: Option<String>,
    /// The language of the server's messages.
    pub lang: LanguageIdentifier,
    /// The server's behaviour where Redtrust's documents leave it open.
    pub dialect: Dialect,
}

/// One setting: its name, its form in files and forms, and its conversion from
/// and to text.
pub struct Setting {
    /// Name in the form and in the row; also in the configuration file, except
    /// for a [`Kind::File`].
    pub key: &'static str,
    /// Its form in files and forms.
    pub kind: Kind,
    /// Whether it is under `[connection.dialect]` in the configuration file.
    pub in_dialect: bool,
    /// What a change of it on the pages puts at stake.
    pub stake: Stake,
    get: fn(&ConnectionSettings) -> String,
    set: fn(&mut ConnectionSettings, &str) -> Result<(), Problem>,
}

/// What a change of a setting puts at stake. Each setting says it, so that a new one has to
/// choose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stake {
    /// Whom the portal and its users trust: where people type passwords, which server they
    /// take it for, who is taken for whom, what proves an outcome, whom people call. An admin
    /// changes it only with the own password.
    Trust,
    /// The work at a server that is trusted: at worst requests fail, or people are reminded
    /// late.
    Work,
}

/// How a setting is written in a configuration file and shown in a form.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// A text of one line.
    Text,
    /// A whole number.
    Number,
    /// Yes or no; as text `yes` or empty.
    Flag,
    /// One of these texts.
    Choice(fn() -> Vec<&'static str>),
    /// A text of several lines. The configuration file names a file, under the
    /// key with the suffix `_file`.
    File,
    /// A list of entries, one per line. In the configuration file each entry is
    /// a table with these keys, or a text if there are no keys.
    Entries(&'static [&'static str]),
    /// `name = value` on each line; a table in the configuration file.
    Pairs,
}

/// A line of [`SETTINGS`]: key, stake, kind, field, and the functions that read the
/// field from text and write it. A choice needs only its enum.
macro_rules! setting {
    ($key:literal, $stake:ident, dialect.$field:ident: $enum:ident) => {
        setting!(
            $key,
            $stake,
            Kind::Choice(|| $enum::ALL.iter().map(|value| value.as_str()).collect()),
            dialect.$field,
            |text: &str| text.parse().map_err(|_| Problem::Choice),
            $enum::to_string
        )
    };
    ($key:literal, $stake:ident, $kind:expr, dialect.$field:ident, $read:expr, $write:expr) => {
        Setting {
            in_dialect: true,
            ..setting!(@ $key, $stake, $kind, dialect.$field, $read, $write)
        }
    };
    ($key:literal, $stake:ident, $kind:expr, $($field:ident).+, $read:expr, $write:expr) => {
        setting!(@ $key, $stake, $kind, $($field).+, $read, $write)
    };
    (@ $key:literal, $stake:ident, $kind:expr, $($field:ident).+, $read:expr, $write:expr) => {
        Setting {
            key: $key,
            kind: $kind,
            in_dialect: false,
            stake: Stake::$stake,
            get: |settings| $write(&settings.$($field).+),
            set: |settings, text| {
                settings.$($field).+ = $read(text)?;
                Ok(())
            },
        }
    };
}

/// Every setting, in the order of the form.
pub const SETTINGS: &[Setting] = &[
    setting!("name", Trust, Kind::Text, name, read_name, String::clone),
    setting!(
        "base_url",
        Trust,
        Kind::Text,
        base_url,
        read_base_url,
        BaseUrl::to_string
    ),
    setting!(
        "partner",
        Work,
        Kind::Text,
        partner,
        read_partner,
        Partner::to_string
    ),
    setting!(
        "domain",
        Trust,
        Kind::Text,
        domain,
        read_optional,
        write_optional
    ),
    setting!(
        "ignore_case",
        Trust,
        Kind::Flag,
        ignore_case,
        read_flag,
        write_flag
    ),
    setting!(
        "direct_login",
        Trust,
        Kind::Flag,
        direct_login,
        read_flag,
        write_flag
    ),
    setting!("ca", Trust, Kind::File, private_ca, read_ca, write_ca),
    setting!("issuer_ca", Trust, Kind::File, issuer_ca, read_ca, write_ca),
    setting!(
        "validity_days",
        Work,
        Kind::Number,
        validity,
        |text: &str| text.parse().map_err(|_| Problem::Days),
        ValidityDays::to_string
    ),
    setting!(
        "reminder_days",
        Work,
        Kind::Text,
        reminder_days,
        |text: &str| text.parse().map_err(|_| Problem::ReminderDays),
        ReminderDays::to_string
    ),
    setting!(
        "issue_timeout_secs",
        Work,
        Kind::Number,
        issue_timeout,
        |text: &str| text.parse().map_err(|_| Problem::Seconds),
        IssueTimeout::to_string
    ),
    setting!(
        "extra_sign_in_origins",
        Trust,
        Kind::Entries(&[]),
        extra_sign_in_origins,
        sign_in_origins::read,
        sign_in_origins::write
    ),
    setting!(
        "revocation_text",
        Trust,
        Kind::Text,
        revocation.text,
        read_optional,
        write_optional
    ),
    setting!(
        "revocation_url",
        Trust,
        Kind::Text,
        revocation.url,
        revocation::read_url,
        write_optional
    ),
    setting!(
        "groups",
        Work,
        Kind::Entries(&["number", "name"]),
        request_options.groups,
        read_groups,
        request_options::write_groups
    ),
    setting!(
        "info_fields",
        Work,
        Kind::Entries(&["key", "label"]),
        request_options.info,
        read_info,
        request_options::write_info
    ),
    setting!(
        "attributes",
        Work,
        Kind::Pairs,
        request_options.attributes,
        read_attributes,
        request_options::write_attributes
    ),
    setting!(
        "lang",
        Work,
        Kind::Text,
        lang,
        read_lang,
        LanguageIdentifier::to_string
    ),
    setting!(
        "signed_message",
        Work,
        Kind::Text,
        dialect.signed_message,
        read_message,
        SignedMessage::to_string
    ),
    setting!("url_encoding", Work, dialect.url_encoding: UrlEncoding),
    setting!("signature_encoding", Work, dialect.signature_encoding: SignatureEncoding),
    setting!("timestamp_unit", Work, dialect.timestamp_unit: TimestampUnit),
    setting!("key_encoding", Work, dialect.key_encoding: KeyEncoding),
    setting!("temp_token", Trust, dialect.temp_token: TempTokenForm),
    setting!(
        "issuer",
        Trust,
        Kind::Text,
        issuer,
        read_optional,
        write_optional
    ),
    setting!(
        "temp_token_field",
        Work,
        Kind::Text,
        dialect.temp_token_field,
        read_field_name,
        FieldName::to_string
    ),
    setting!("client_request_code", Work, dialect.client_request_code: ClientRequestCode),
];

impl ConnectionSettings {
    /// The form of a new connection: defaults, and empty where there is no
    /// default. Not valid for a real connection: [`Self::with`] refuses the
    /// empty ones.
    pub fn blank() -> Self {
        Self {
            name: String::new(),
            base_url: BaseUrl::blank(),
            partner: Partner::blank(),
            domain: None,
            ignore_case: false,
            direct_login: false,
            private_ca: None,
            issuer_ca: None,
            validity: ValidityDays::default(),
            reminder_days: ReminderDays::default(),
            issue_timeout: IssueTimeout::default(),
            extra_sign_in_origins: Vec::new(),
            revocation: RevocationHelp::default(),
            request_options: RequestOptions::default(),
            issuer: None,
            lang: LanguageIdentifier::from_bytes(b"es").unwrap_or_default(),
            dialect: Dialect::default(),
        }
    }

    /// These settings, changed by `texts`. Unknown keys are ignored.
    ///
    /// # Errors
    /// The problems, in the order of [`SETTINGS`].
    pub fn with(&self, texts: &Texts) -> Result<Self, Problems> {
        let mut changed = self.clone();
        let mut problems = Problems::new();
        for setting in SETTINGS {
            let given = texts.get(setting.key).cloned();
            let text = given.unwrap_or_else(|| (setting.get)(self));
            if let Err(problem) = (setting.set)(&mut changed, &text) {
                problems.push((setting.key, problem));
            }
        }
        if problems.is_empty() {
            Ok(changed)
        } else {
            Err(problems)
        }
    }

    /// Whether these and the `other` ones differ in whom they trust.
    pub fn trust_otherwise_than(&self, other: &Self) -> bool {
        let mut of_trust = SETTINGS.iter().filter(|one| one.stake == Stake::Trust);
        of_trust.any(|one| (one.get)(self) != (one.get)(other))
    }

    /// Whether people would take both names for the same.
    pub fn is_called_like(&self, other: &Self) -> bool {
        let folded = |name: &str| name.nfkc().collect::<String>().to_lowercase();
        folded(&self.name) == folded(&other.name)
    }

    /// All settings as texts, which [`Self::with`] can read.
    pub fn texts(&self) -> Texts {
        let text = |setting: &Setting| (setting.key.to_owned(), (setting.get)(self));
        SETTINGS.iter().map(text).collect()
    }
}
