//! Bad and good values of each setting, as the form sends and the file writes them.

use rubrica::domain::connection::{Kind, SETTINGS};

use crate::admin::ca::{certificate, issued};

/// A setting as the form sends it and as the file writes it.
pub(super) struct Row {
    pub(super) key: &'static str,
    pub(super) text: String,
    pub(super) toml: String,
}

/// The same text at both doors, written in the file as its kind is.
pub(super) fn row(key: &'static str, text: &str) -> Row {
    let setting = SETTINGS.iter().find(|setting| setting.key == key);
    let quoted = |text: &str| serde_json::to_string(text).unwrap();
    let toml = match setting.map(|setting| setting.kind) {
        Some(Kind::Number) => text.trim().to_owned(),
        Some(Kind::Flag) => (text == "yes").to_string(),
        Some(Kind::Entries(_)) => format!("{:?}", text.lines().collect::<Vec<_>>()),
        _ => quoted(text),
    };
    let text = text.to_owned();
    Row { key, text, toml }
}

/// Entries that the file writes as tables.
pub(super) fn tables(key: &'static str, text: &str, toml: &str) -> Row {
    let (text, toml) = (text.to_owned(), toml.to_owned());
    Row { key, text, toml }
}

pub(super) fn bad_rows() -> Vec<Row> {
    let (ca, ca_key) = certificate(true, 2999);
    let long = |length: usize| "x".repeat(length);
    let origins = |count: usize| {
        let lines = (0..count).map(|number| format!("https://o{number}.example"));
        lines.collect::<Vec<_>>().join("\n")
    };
    let mut rows: Vec<Row> = [
        ("name", ""),
        ("name", " "),
        ("name", "..."),
        ("name", "a\u{0}b"),
        ("name", "a\u{202E}b"),
        ("name", &long(101)),
        ("slug", ""),
        ("slug", "Acme"),
        ("slug", "-acme"),
        ("slug", "a b"),
        ("slug", &long(41)),
        ("slug", "new"),
        ("base_url", ""),
        ("base_url", "redtrust.example"),
        ("base_url", "http://redtrust.example"),
        ("base_url", "http://localhost.example"),
        ("base_url", "https://u@redtrust.example"),
        ("base_url", "https://redtrust.example/raapi"),
        ("base_url", "https://redtrust.example/?x"),
        ("base_url", "https://redtrust.example/#x"),
        ("base_url", "https://redtrust.example;script-src"),
        ("base_url", "https://169.254.169.254"),
        ("base_url", "https://[::ffff:127.0.0.1]"),
        ("base_url", "https://2852039166"),
        ("partner", ""),
        ("partner", "a\u{200B}b"),
        ("partner", &long(65)),
        ("domain", &long(256)),
        ("domain", "a\u{0}b"),
        ("shared_key", ""),
        ("shared_key", " canary of both doors"),
        ("shared_key", "canary of both doors\n"),
        ("shared_key", "canary\u{0}of-both-doors"),
        ("shared_key", &long(4097)),
        ("issuer_ca", "hello"),
        ("ca", "hello"),
        ("ca", &ca.repeat(11)),
        ("ca", &format!("{ca}{ca_key}")),
        ("ca", &issued()),
        ("ca", &certificate(true, 2001).0),
        ("validity_days", "0"),
        ("validity_days", "-1"),
        ("validity_days", "3651"),
        ("reminder_days", "30;7"),
        ("reminder_days", "0"),
        ("reminder_days", "401"),
        ("issue_timeout_secs", "0"),
        ("issue_timeout_secs", "601"),
        ("extra_sign_in_origins", "https://sso/path;script-src *"),
        ("extra_sign_in_origins", "nonsense"),
        ("revocation_text", &"a".repeat(256)),
        ("revocation_url", "http://ra.example/"),
        ("revocation_url", "javascript:alert(1)"),
        ("extra_sign_in_origins", "http://plain.example"),
        ("extra_sign_in_origins", "https://a.example/path"),
        ("extra_sign_in_origins", &origins(11)),
        ("lang", ""),
        ("lang", "español"),
        ("lang", "e"),
        ("attributes", "shoe = x"),
        ("issuer", "a\u{0}b"),
        ("issuer", &long(256)),
        ("signed_message", ""),
        ("signed_message", "{partner}"),
        ("signed_message", "{timestamp}{who}"),
        ("signed_message", "{timestamp"),
        ("signed_message", "{timestamp}{redirect_url:hex}"),
        ("url_encoding", "dotnet"),
        ("signature_encoding", "hEx"),
        ("timestamp_unit", "days"),
        ("key_encoding", "rot13"),
        ("key_encoding", "hex"),
        ("key_encoding", "base64"),
        ("temp_token", ""),
        ("temp_token_field", ""),
        ("temp_token_field", "a b\nc"),
        ("temp_token_field", &long(65)),
        ("client_request_code", "maybe"),
    ]
    .map(|(key, text)| row(key, text))
    .into();
    let entry = |key, text: &str, toml: &str| tables(key, text, toml);
    rows.extend([
        entry("groups", "-1 Sales", "[{ number = -1, name = \"Sales\" }]"),
        entry(
            "groups",
            "1 A\n1 B",
            "[{ number = 1, name = \"A\" }, { number = 1, name = \"B\" }]",
        ),
        entry("groups", "1", "[{ number = 1, name = \"\" }]"),
        entry("info_fields", "ké y", "[{ key = \"ké\", label = \"y\" }]"),
        entry(
            "info_fields",
            "a A\na B",
            "[{ key = \"a\", label = \"A\" }, { key = \"a\", label = \"B\" }]",
        ),
        entry("attributes", "shoe = x", "{ shoe = \"x\" }"),
        entry("attributes", "cn = a b", "{ cn = \"a b\" }"),
        entry("attributes", "cn =", "{ cn = \"\" }"),
    ]);
    rows.retain(|row| row.key != "attributes" || row.toml.starts_with('{'));
    rows
}

pub(super) fn good_rows() -> Vec<Row> {
    let (ca, _) = certificate(true, 2999);
    let mut rows: Vec<Row> = [
        ("name", "  Acme   & Söhne  "),
        ("slug", "0-acme"),
        ("base_url", " HTTPS://Red_Trust.acme.example/ "),
        ("base_url", "https://redtrust.acme.example:443"),
        ("base_url", "https://[fd12::1]"),
        ("base_url", "http://redtrust.localhost:8082"),
        ("base_url", "https://año.example"),
        ("partner", " Año & Cía "),
        ("domain", " corp "),
        ("domain", ""),
        ("ignore_case", "yes"),
        ("direct_login", "yes"),
        ("direct_login", ""),
        ("shared_key", "\u{FEFF}canary ñ of both doors"),
        ("ca", ""),
        ("ca", &format!("\n{ca}{ca}\n\n")),
        ("validity_days", "3650"),
        ("reminder_days", " 7, 60,30,7 "),
        ("issue_timeout_secs", "+1"),
        ("extra_sign_in_origins", ""),
        (
            "extra_sign_in_origins",
            "https://sso_1.example/\n HTTPS://B.example:443",
        ),
        ("revocation_text", " Llame al 900 000 000 "),
        ("revocation_url", " https://ra.example/revocar?a=1 "),
        ("revocation_url", ""),
        ("issuer", " https://issuer.example "),
        ("lang", " PT-pt "),
        ("signed_message", " {partner}|{timestamp} "),
        ("signed_message", "{path}?{query}{lf}{domain:rfc3986}"),
        ("key_encoding", "utf16le"),
        ("temp_token_field", " token "),
        ("url_encoding", "dotnet-lower"),
        ("signature_encoding", "HEX"),
    ]
    .map(|(key, text)| row(key, text))
    .into();
    rows.extend([
        tables(
            "groups",
            "\n7  Legal dept. \n",
            "[{ name = \" Legal dept.\", number = 7 }]",
        ),
        tables(
            "info_fields",
            "a-1 Label",
            "[{ label = \"Label\", key = \"a-1\" }]",
        ),
        tables(
            "attributes",
            "cn=2.5.4.3\nemail = E",
            "{ email = \"E\", cn = \"2.5.4.3\" }",
        ),
    ]);
    rows
}
