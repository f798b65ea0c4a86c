//! Converts between the HTML forms of a connection and its service. The shared key is
//! only read, never shown.

use data_encoding::HEXLOWER;

use crate::domain::connection::{
    ConnectionSettings, Kind, Problems, SETTINGS, Setting, Texts, Written,
};
use crate::domain::digest::sha256;
use crate::domain::secret::Secret;
use crate::i18n::{Key, Lang, connection_problem, key};
use crate::web::page::form::{Choice, FieldErrors, Fields};
use crate::web::page::{Frame, Tone};

/// No page shows it.
pub(super) const SHARED_KEY: &str = "shared_key";
/// Certificates of CAs; people may paste a private key here by mistake.
const CAS: [&str; 2] = ["ca", "issuer_ca"];
pub(super) const VERSION: &str = "version";
/// A mark of each setting as it was when the form was shown. It is only compared: whoever
/// forges it joins the own form otherwise.
pub(super) const SHOWN: &str = "shown";
pub(super) const KEY_ENCODING: &str = "key_encoding";

pub(super) fn of(settings: &ConnectionSettings, version: i64) -> Fields {
    let mut fields = Fields::default();
    for (key, text) in settings.texts() {
        fields.set(&key, text);
    }
    fields.set(VERSION, version.to_string());
    fields.set(SHOWN, marks(settings));
    fields
}

/// The marks of these settings: a field holds them all, and no certificate in full.
fn marks(settings: &ConnectionSettings) -> String {
    let mut marks = Fields::default();
    for (key, text) in settings.texts() {
        marks.push(key, mark(&text));
    }
    marks.to_body()
}

pub(super) fn mark(text: &str) -> String {
    let mut mark = HEXLOWER.encode(&sha256(comparable(text)));
    mark.truncate(12);
    mark
}

/// Browsers change line ends, and the end of a text.
pub(super) fn comparable(text: &str) -> String {
    text.trim_end().lines().collect::<Vec<_>>().join("\n")
}

/// Reads the settings and no key. A box that is not ticked sends nothing; any other setting
/// that was not sent keeps its value.
pub(super) fn sent(fields: &Fields) -> Written {
    let text = |setting: &Setting| {
        let sent = match setting.kind {
            Kind::Flag => Some(fields.get(setting.key)),
            _ => fields.all(setting.key).last(),
        };
        sent.map(|text| (setting.key.to_owned(), text.to_owned()))
    };
    Written {
        slug: fields.get("slug").to_owned(),
        shared_key: Secret::new(""),
        settings: SETTINGS.iter().filter_map(text).collect(),
    }
}

/// The settings of the dialect that a form sent; the others are not to be changed.
pub(super) fn of_signing(fields: &Fields) -> Texts {
    let sent = |setting: &Setting| {
        let text = fields.all(setting.key).last()?;
        Some((setting.key.to_owned(), text.to_owned()))
    };
    let dialect = SETTINGS.iter().filter(|setting| setting.in_dialect);
    dialect.filter_map(sent).collect()
}

/// The version that the form was made from; 0 never matches.
pub(super) fn version_of(fields: &Fields) -> i64 {
    fields.get(VERSION).parse().unwrap_or(0)
}

pub(super) fn errors(problems: &Problems) -> FieldErrors {
    let mut errors = FieldErrors::new();
    for (field, problem) in problems {
        errors.add(field, connection_problem::message(problem));
    }
    errors
}

/// What a setting is called on its form.
pub(in crate::web::handlers::admin) fn label(name: &str) -> Key {
    match name {
        "name" => key("admin-connection-name"),
        "base_url" => key("admin-connection-address"),
        "partner" => key("admin-connection-partner"),
        "domain" => key("admin-connection-domain"),
        "ignore_case" => key("admin-connection-ignore-case"),
        "direct_login" => key("admin-connection-direct-login"),
        "ca" => key("admin-connection-ca"),
        "issuer_ca" => key("admin-connection-issuer-ca"),
        "validity_days" => key("admin-connection-validity"),
        "reminder_days" => key("admin-connection-reminder-days"),
        "issue_timeout_secs" => key("admin-connection-timeout"),
        "extra_sign_in_origins" => key("admin-connection-origins"),
        "revocation_text" => key("admin-connection-revocation-text"),
        "revocation_url" => key("admin-connection-revocation-url"),
        "groups" => key("admin-offer-groups"),
        "info_fields" => key("admin-offer-info"),
        "attributes" => key("admin-offer-attributes"),
        "lang" => key("admin-connection-lang"),
        "signed_message" => key("admin-dialect-message"),
        "url_encoding" => key("admin-dialect-url"),
        "signature_encoding" => key("admin-dialect-signature"),
        "timestamp_unit" => key("admin-dialect-timestamp"),
        KEY_ENCODING => key("admin-dialect-key"),
        "temp_token" => key("admin-dialect-token"),
        "issuer" => key("admin-connection-issuer"),
        "temp_token_field" => key("admin-dialect-token-field"),
        "client_request_code" => key("admin-dialect-code"),
        _ => key("admin-connection-settings-title"),
    }
}

/// The text of a setting's value: a choice and a box have words, others are as they are.
pub(in crate::web::handlers::admin) fn said(lang: Lang, name: &str, value: &str) -> String {
    let setting = SETTINGS.iter().find(|setting| setting.key == name);
    if setting.is_some_and(|setting| matches!(setting.kind, Kind::Flag)) {
        let word = match value {
            "" => key("no"),
            _ => key("yes"),
        };
        return lang.of(word).into_owned();
    }
    let mut choices = choices(&lang, name).into_iter();
    let choice = choices.find(|choice| choice.value == value);
    choice.map_or_else(|| value.to_owned(), |choice| choice.label)
}

/// The options of a setting, in the language of the page.
pub(super) fn choices(lang: &Lang, key: &str) -> Vec<Choice> {
    let setting = SETTINGS.iter().find(|setting| setting.key == key);
    let Some(Kind::Choice(texts)) = setting.map(|setting| setting.kind) else {
        return Vec::new();
    };
    let label = |text: &str| lang.text(&format!("admin-dialect-{key}-{text}"));
    let choice = |text: &str| Choice::new(text, label(text));
    texts().into_iter().map(choice).collect()
}

/// Says above a page whose form comes again that a typed shared key has to be typed again.
pub(super) fn with_key_again(frame: Frame, sent: &Fields) -> Frame {
    match sent.get(SHARED_KEY) {
        "" => frame,
        _ => frame.banner(Tone::Warning, key("admin-key-again")),
    }
}

/// What the form of a new connection says about a shared key that was typed and is not
/// shown again.
pub(super) fn ask_for_key_again(written: &Written, errors: &mut FieldErrors) {
    if !written.shared_key.expose().is_empty() {
        errors.add(SHARED_KEY, key("admin-key-again"));
    }
}

/// The fields that may be shown again: without shared key or private key.
pub(super) fn to_show_again(fields: Fields, errors: &FieldErrors) -> Fields {
    let mut fields = fields.without(SHARED_KEY);
    for name in CAS {
        if errors.get(name).is_some() && fields.get(name).contains("PRIVATE KEY") {
            fields = fields.without(name);
        }
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_setting_has_a_label_of_its_own() {
        let labels = SETTINGS.iter().map(|setting| label(setting.key).id());
        let labels: std::collections::BTreeSet<_> = labels.collect();
        assert_eq!(labels.len(), SETTINGS.len());
        assert!(!labels.contains(label("no such setting").id()));
    }

    #[test]
    fn what_was_not_sent_stays_and_a_box_that_was_not_ticked_is_off() {
        let fields = Fields::of([("partner", "p"), ("enabled", "yes"), ("role", "admin")]);
        let settings = sent(&fields).settings;
        let keys: Vec<_> = settings
            .iter()
            .map(|(key, text)| (key.as_str(), text.as_str()))
            .collect();
        assert_eq!(
            keys,
            [("direct_login", ""), ("ignore_case", ""), ("partner", "p")]
        );
    }

    #[test]
    fn keys_are_not_shown_again() {
        let mut errors = FieldErrors::new();
        errors.add("ca", crate::i18n::key("error-word"));
        let fields = Fields::of([
            (SHARED_KEY, "canary"),
            ("ca", "-----BEGIN PRIVATE KEY-----"),
            ("name", "Acme"),
        ]);
        let again = to_show_again(fields, &errors);
        assert_eq!((again.get(SHARED_KEY), again.get("ca")), ("", ""));
        assert_eq!(again.get("name"), "Acme");
    }
}
