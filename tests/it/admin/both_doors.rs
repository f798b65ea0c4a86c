//! The configuration file and the form: what one refuses the other refuses in
//! the same words, and what both take they store alike.

use rubrica::config::{ConfigError, Settings};
use rubrica::domain::connection::{Connection, Kind, SETTINGS};
use rubrica::domain::millis::Millis;
use rubrica::startup::check_connection;
use tempfile::TempDir;

use super::ca::certificate;
use crate::support::admin;
use crate::support::app::App;
use crate::support::browser::Browser;
use crate::support::page::Form;

const BASE: [(&str, &str); 5] = [
    ("name", "Acme"),
    ("slug", "acme"),
    ("base_url", "https://redtrust.acme.example:8082"),
    ("partner", "acme-portal"),
    ("shared_key", "canary of both doors"),
];

/// A setting as the form sends it and as the file writes it.
struct Row {
    key: &'static str,
    text: String,
    toml: String,
}

/// The same text at both doors, written in the file as its kind is.
fn row(key: &'static str, text: &str) -> Row {
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
fn tables(key: &'static str, text: &str, toml: &str) -> Row {
    let (text, toml) = (text.to_owned(), toml.to_owned());
    Row { key, text, toml }
}

/// The file with this row instead of what it says by itself.
fn file(dir: &TempDir, row: &Row) -> String {
    let (mut top, mut dialect) = (String::from("[[connection]]\n"), String::new());
    for (key, text) in BASE.iter().filter(|(key, _)| *key != row.key) {
        top += &format!("{key} = {text:?}\n");
    }
    let setting = SETTINGS.iter().find(|setting| setting.key == row.key);
    match setting {
        Some(setting) if setting.in_dialect => dialect = format!("{} = {}\n", row.key, row.toml),
        Some(setting) if matches!(setting.kind, Kind::File) => {
            std::fs::write(dir.path().join("row.pem"), &row.text).unwrap();
            top += &format!("{}_file = \"row.pem\"\n", row.key);
        }
        _ => top += &format!("{} = {}\n", row.key, row.toml),
    }
    format!("{top}[connection.dialect]\n{dialect}")
}

/// What `check-config` makes of a file: its connections, or its words.
fn checked(dir: &TempDir, toml: &str, now: Millis) -> Result<Vec<Connection>, String> {
    let path = dir.path().join("rubrica.toml");
    std::fs::write(&path, toml).unwrap();
    rubrica::config::MasterKey::from_file_or_new(&dir.path().join("master.key")).unwrap();
    let public_url =
        |name: &str| (name == "RUBRICA_PUBLIC_URL").then(|| "https://portal.example".to_owned());
    let config = Settings::load(Some(&path), public_url)
        .map(|settings| settings.or_default(Settings::for_data_dir(dir.path())))
        .and_then(Settings::config);
    let config = config.map_err(|error: ConfigError| error.to_string())?;
    let data = config.data;
    for entry in &data.connections {
        let checked = check_connection(entry, config.public_url.as_ref(), now);
        checked.map_err(|error| error.to_string())?;
    }
    let entries = data.connections.into_iter();
    Ok(entries.map(|entry| entry.connection).collect())
}

async fn empty_form(app: &App, ana: &Browser) -> Form {
    let page = ana.visit(&app.at("/admin/connections/new")).await;
    page.expect_status(200).form("main form#step")
}

fn filled(form: &Form, row: &Row) -> Form {
    let form = BASE
        .iter()
        .fold(form.clone(), |form, (key, text)| form.set(key, text));
    form.forge(row.key, &row.text)
}

fn bad_rows() -> Vec<Row> {
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
        ("ca", "hello"),
        ("ca", &ca.repeat(11)),
        ("ca", &format!("{ca}{ca_key}")),
        ("ca", &certificate(false, 2999).0),
        ("ca", &certificate(true, 2001).0),
        ("validity_days", "0"),
        ("validity_days", "-1"),
        ("validity_days", "3651"),
        ("issue_timeout_secs", "0"),
        ("issue_timeout_secs", "601"),
        ("extra_sign_in_origins", "https://sso/path;script-src *"),
        ("extra_sign_in_origins", "nonsense"),
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

#[tokio::test(flavor = "multi_thread")]
async fn what_the_file_refuses_the_form_refuses_in_the_same_words() {
    let app = admin::app().await;
    let ana = admin::signed_in(&app).await;
    let dir = tempfile::tempdir().unwrap();
    let form = empty_form(&app, &ana).await;
    let rows = bad_rows();
    assert!(rows.len() >= 40);
    for setting in SETTINGS
        .iter()
        .filter(|one| !matches!(one.kind, Kind::Flag))
    {
        assert!(
            rows.iter().any(|row| row.key == setting.key),
            "{}",
            setting.key
        );
    }
    for row in rows {
        let (key, text) = (row.key, &row.text);
        let toml = file(&dir, &row);
        let words = checked(&dir, &toml, app.clock.now()).expect_err(&toml);
        let slug = if key == "slug" { text } else { "acme" };
        // The key is not of that form: the key's field says so.
        let key = match (key, text.as_str()) {
            ("key_encoding", "hex" | "base64") => "shared_key",
            _ => key,
        };
        let name = if key == "ca" { "ca_file" } else { key };
        let names = format!("connection {slug:?}, {name}: ");
        let told = words.strip_prefix(&names);
        let told = told.unwrap_or_else(|| panic!("{words} does not begin with {names}"));
        let page = ana.submit(&filled(&form, &row)).await.expect_status(422);
        let shown = page.text(&format!("#{key}-error"));
        assert!(shown.ends_with(told), "{key} {text:?}: {shown} / {told}");
        let summary = page.text("#error-summary li");
        assert_eq!(summary, told, "{key} {text:?}");
        for place in [&words, &page.body] {
            assert!(!place.contains("canary"), "{place}");
        }
    }
    let all = app.portal.connections.all().await.unwrap();
    assert_eq!(all.len(), 1, "nothing bad was stored");
}

fn good_rows() -> Vec<Row> {
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
        ("direct_login", "yes"),
        ("direct_login", ""),
        ("shared_key", "\u{FEFF}canary ñ of both doors"),
        ("ca", ""),
        ("ca", &format!("\n{ca}{ca}\n\n")),
        ("validity_days", "3650"),
        ("issue_timeout_secs", "+1"),
        ("extra_sign_in_origins", ""),
        (
            "extra_sign_in_origins",
            "https://sso_1.example/\n HTTPS://B.example:443",
        ),
        ("issuer", " https://issuer.example "),
        ("lang", " PT-pt "),
        ("signed_message", " {partner}|{timestamp} "),
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

#[tokio::test(flavor = "multi_thread")]
async fn what_both_take_they_store_alike() {
    let app = admin::app().await;
    let ana = admin::signed_in(&app).await;
    let dir = tempfile::tempdir().unwrap();
    let form = empty_form(&app, &ana).await;
    for (number, row) in good_rows().into_iter().enumerate() {
        let toml = file(&dir, &row);
        let read = checked(&dir, &toml, app.clock.now()).unwrap_or_else(|error| panic!("{error}"));
        let form = filled(&form, &row);
        let slug = match row.key {
            "slug" => row.text.clone(),
            _ => format!("acme-{number}"),
        };
        ana.submit(&form.set("slug", &slug))
            .await
            .expect_status(303);
        let all = app.portal.connections.all().await.unwrap();
        let stored = all.iter().find(|one| one.slug.as_str() == slug).unwrap();
        assert_eq!(
            read[0].settings, stored.settings,
            "{} {:?}",
            row.key, row.text
        );
        assert_eq!(read[0].shared_key, stored.shared_key);
    }
}

#[test]
fn the_file_is_told_of_what_no_form_can_send() {
    let dir = tempfile::tempdir().unwrap();
    let connection = |lines: &str| {
        let base = BASE
            .iter()
            .filter(|(key, _)| !lines.contains(&format!("{key} =")));
        let base: String = base
            .map(|(key, text)| format!("{key} = {text:?}\n"))
            .collect();
        format!("[[connection]]\n{base}{lines}\n")
    };
    std::fs::write(dir.path().join("blank.key"), "canary \n").unwrap();
    std::fs::write(dir.path().join("two.key"), "canary\n\n").unwrap();
    for (lines, words) in [
        ("slug = 5", "slug: must be a text in quotes"),
        (
            "name = 5",
            "connection \"acme\", name: must be a text in quotes",
        ),
        (
            "validity_days = \"730\"",
            "connection \"acme\", validity_days: must be a whole number",
        ),
        (
            "validity_days = 1.5",
            "validity_days: must be a whole number",
        ),
        (
            "direct_login = \"yes\"",
            "direct_login: must be true or false",
        ),
        ("groups = [\"3 Sales\"]", "groups: must be a list of tables"),
        (
            "groups = [{ number = 3 }]",
            "groups: must be a list of tables",
        ),
        (
            "attributes = [\"cn\"]",
            "attributes: must be a table of texts",
        ),
        (
            "extra_sign_in_origins = \"https://a.example\"",
            "must be a list of texts",
        ),
        ("dialect = 5", "dialect: must be a table"),
        (
            "colour = \"red\"",
            "connection \"acme\", colour: there is no such setting",
        ),
        (
            "dialect.colour = \"red\"",
            "connection \"acme\", colour: there is no such setting",
        ),
        (
            "ca_file = \"missing.pem\"",
            "connection \"acme\", ca_file: cannot read",
        ),
        (
            "shared_key_file = \"blank.key\"\n#shared_key =",
            "connection \"acme\", shared_key: The shared key is too long",
        ),
        (
            "shared_key_file = \"two.key\"\n#shared_key =",
            "connection \"acme\", shared_key: The shared key is too long",
        ),
        (
            "dialect.key_encoding = \"hex\"",
            "connection \"acme\", shared_key: The shared key is not written",
        ),
        (
            "shared_key = 4711",
            "must be a text in quotes (line 6, shared_key)",
        ),
        ("name = \"A\"\nname = \"B\"", "duplicate key"),
    ] {
        let told = checked(&dir, &connection(lines), Millis(0)).unwrap_err();
        assert!(told.contains(words), "{lines}: {told}");
        assert!(!told.contains("canary") && !told.contains("4711"), "{told}");
    }
    let twice = connection("") + &connection("");
    let told = checked(&dir, &twice, Millis(0)).unwrap_err();
    assert!(
        told.contains("connection \"acme\", slug: That short name is taken"),
        "{told}"
    );
    std::fs::write(dir.path().join("marked.key"), "\u{FEFF}canary\r\n").unwrap();
    let marked = connection("shared_key_file = \"marked.key\"\n#shared_key =");
    let read = checked(&dir, &marked, Millis(0)).unwrap();
    assert_eq!(read[0].shared_key.expose(), "canary");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redirect_url_is_the_one_the_portal_answers_at() {
    let app = admin::app().await;
    let ana = admin::signed_in(&app).await;
    let dir = tempfile::tempdir().unwrap();
    let registry = ana
        .visit(&app.at("/admin/redirect-urls?connection=demo"))
        .await;
    let form = registry.form("main form#step");
    let portal = app.at("");
    for (url, is_ours) in [
        ("https://portal.example/callback/acme", true),
        ("https://other.example/callback/acme", false),
        ("https://portal.example/callback/acme/", false),
        ("https://portal.example/callback/other", false),
        ("https://portal.example/Callback/acme", false),
        ("https://portal.example:8443/callback/acme", false),
        ("http://portal.example/callback/acme", false),
        ("https://portal.example/callback/acme?x", false),
        ("https://Portal.example/callback/acme", false),
        ("", false),
    ] {
        let toml = file(&dir, &row("redirect_url", url));
        let told = checked(&dir, &toml, app.clock.now());
        assert_eq!(told.is_ok(), is_ours, "{url}: {told:?}");
        let Err(told) = told else { continue };
        assert!(
            told.starts_with("connection \"acme\", redirect_url"),
            "{told}"
        );
        let page = ana
            .submit(&form.clone().set("url", url))
            .await
            .expect_status(422);
        let shown = page.text("#error-summary li");
        let here = format!("{portal}/callback/demo");
        let shown = shown.replace(&here, "https://portal.example/callback/acme");
        assert!(told.ends_with(&shown), "{told} / {shown}");
        if told.contains("answers at") {
            assert!(told.contains(url), "{told} names both values");
        }
    }
}
