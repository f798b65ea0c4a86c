//! The form of a connection between HTML and its service. The shared key goes
//! one way only.

use crate::domain::secret::Secret;
use crate::services::connection_admin::ConnectionForm;
use crate::web::page::form::{FieldErrors, Fields};

/// Stands in no page.
pub(super) const SHARED_KEY: &str = "shared_key";
/// A private CA, and whatever else somebody pastes there.
pub(super) const CA: &str = "ca";
const SLUG: &str = "slug";
const DIRECT_LOGIN: &str = "direct_login";
const VERSION: &str = "version";

/// Each text of the form with the name of its field.
fn texts(form: &mut ConnectionForm) -> [(&'static str, &mut String); 20] {
    [
        ("name", &mut form.name),
        (SLUG, &mut form.slug),
        ("base_url", &mut form.base_url),
        ("domain", &mut form.domain),
        ("partner", &mut form.partner),
        (CA, &mut form.ca_pem),
        ("issuer", &mut form.issuer),
        ("validity_days", &mut form.validity_days),
        ("issue_timeout_secs", &mut form.issue_timeout_secs),
        ("extra_sign_in_origins", &mut form.extra_sign_in_origins),
        ("groups", &mut form.groups),
        ("info_fields", &mut form.info_fields),
        ("attributes", &mut form.attributes),
        ("signed_message", &mut form.signed_message),
        ("signature_encoding", &mut form.signature_encoding),
        ("timestamp_unit", &mut form.timestamp_unit),
        ("key_encoding", &mut form.key_encoding),
        ("temp_token", &mut form.temp_token),
        ("temp_token_field", &mut form.temp_token_field),
        ("client_request_code", &mut form.client_request_code),
    ]
}

/// The fields that show this form.
pub(super) fn of(mut form: ConnectionForm, version: i64) -> Fields {
    let mut fields = Fields::default();
    if form.direct_login {
        fields.set(DIRECT_LOGIN, "yes");
    }
    for (name, value) in texts(&mut form) {
        fields.set(name, std::mem::take(value));
    }
    fields.set(VERSION, version.to_string());
    fields
}

/// What was sent, over `base` for fields that were not. Whether the connection
/// is enabled stands in no field.
pub(super) fn sent(fields: &Fields, mut base: ConnectionForm) -> ConnectionForm {
    for (name, value) in texts(&mut base) {
        if let Some(sent) = fields.all(name).last() {
            sent.clone_into(value);
        }
    }
    base.direct_login = fields.get(DIRECT_LOGIN) == "yes";
    base.shared_key = Secret::new(fields.get(SHARED_KEY));
    base
}

/// The version that the form was made of; none was ever 0.
pub(super) fn version_of(fields: &Fields) -> i64 {
    fields.get(VERSION).parse().unwrap_or(0)
}

/// The fields as they may stand in a page again: no key of either kind.
pub(super) fn to_show_again(fields: Fields, errors: &FieldErrors) -> Fields {
    let fields = fields.without(SHARED_KEY);
    match errors.get(CA) {
        Some(_) if fields.get(CA).contains("PRIVATE KEY") => fields.without(CA),
        _ => fields,
    }
}

/// The fields in which `typed` is not what is `stored`. Line ends count for
/// nothing: browsers send their own.
pub(super) fn differing(typed: &Fields, stored: &Fields) -> Vec<&'static str> {
    let mut names = texts(&mut ConnectionForm::default())
        .map(|(name, _)| name)
        .to_vec();
    names.push(DIRECT_LOGIN);
    names.retain(|name| {
        *name != SLUG
            && !typed
                .get(name)
                .lines()
                .eq(stored.get(name).trim_end().lines())
    });
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_sent_stays_and_no_field_switches_a_connection() {
        let base = ConnectionForm {
            name: "Acme".into(),
            enabled: false,
            ..ConnectionForm::default()
        };
        let fields = Fields::of([("partner", "p"), ("enabled", "yes"), ("role", "admin")]);
        let form = sent(&fields, base);
        assert_eq!((form.name.as_str(), form.partner.as_str()), ("Acme", "p"));
        assert!(!form.enabled);
    }

    #[test]
    fn keys_are_not_shown_again() {
        let mut errors = FieldErrors::new();
        errors.add(CA, crate::i18n::key("error-word"));
        let fields = Fields::of([
            (SHARED_KEY, "canary"),
            (CA, "-----BEGIN PRIVATE KEY-----"),
            ("name", "Acme"),
        ]);
        let again = to_show_again(fields, &errors);
        assert_eq!((again.get(SHARED_KEY), again.get(CA)), ("", ""));
        assert_eq!(again.get("name"), "Acme");
    }

    #[test]
    fn only_fields_that_differ_are_named() {
        let stored = of(ConnectionForm::default(), 1);
        let mut typed = stored.clone();
        typed.set(
            "extra_sign_in_origins",
            "https://a.example\r\nhttps://b.example",
        );
        let mut other = stored;
        other.set(
            "extra_sign_in_origins",
            "https://a.example\nhttps://b.example",
        );
        assert!(differing(&typed, &other).is_empty());
        typed.set("name", "Other");
        assert_eq!(differing(&typed, &other), ["name"]);
    }
}
