//! The configuration file and the form: what one refuses the other refuses in
//! the same words, and what both take they store alike.

mod rows;

use rubrica::config::{ConfigError, PublicUrl, Settings};
use rubrica::domain::connection::{Connection, Kind, SETTINGS};
use rubrica::domain::millis::Millis;
use rubrica::startup::check_connection;
use tempfile::TempDir;

use rows::{Row, bad_rows, good_rows, row};

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
    let public_url = config.public_url.as_ref().map(PublicUrl::as_str);
    for entry in &data.connections {
        let checked = check_connection(&data, entry, public_url, now);
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
        let name = match key {
            "ca" => "ca_file",
            "issuer_ca" => "issuer_ca_file",
            key => key,
        };
        let who = match slug.is_empty() {
            true => "number 1".to_owned(),
            false => format!("{slug:?}"),
        };
        let names = format!("connection {who}, {name}: ");
        let told = words.strip_prefix(&names);
        let told = told.unwrap_or_else(|| panic!("{words} does not begin with {names}"));
        // The file's reader does not see the value beside the message.
        let (told, _) = told.split_once(" (\"").unwrap_or((told, ""));
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
        // Two must not be called the same.
        let name = match row.key {
            "name" => row.text.clone(),
            _ => format!("Acme {number}"),
        };
        let form = form.set("slug", &slug).set("name", &name);
        admin::saved(&ana, &form).await.expect_status(200);
        let all = app.portal.connections.all().await.unwrap();
        let stored = all.iter().find(|one| one.slug.as_str() == slug).unwrap();
        let mut settings = read[0].settings.clone();
        if row.key != "name" {
            settings.name = name;
        }
        assert_eq!(settings, stored.settings, "{} {:?}", row.key, row.text);
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
    std::fs::write(dir.path().join("empty.key"), "\n").unwrap();
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
            "blank.key\": The shared key begins or ends with a blank",
        ),
        (
            "shared_key_file = \"two.key\"\n#shared_key =",
            "two.key\": The shared key contains a line break",
        ),
        (
            "shared_key_file = \"empty.key\"\n#shared_key =",
            "empty.key\": Enter the shared key",
        ),
        (
            "next_shared_key_file = \"two.key\"",
            "two.key\": The shared key contains a line break",
        ),
        (
            "next_shared_key_file = \"empty.key\"",
            "empty.key\": Enter the shared key",
        ),
        (
            "next_shared_key = \"canary\"\nshared_key = \"canary\"",
            "connection \"acme\", next_shared_key: That is the shared key in use",
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
        (
            "dialect.key_encoding = \"utf-8\"",
            " (\"utf-8\" is not one of: utf8 utf16le hex base64)",
        ),
        (
            "attributes = { surnme = \"x\" }",
            " (\"surnme = x\"; the attributes are: cn givenName surname ",
        ),
        ("validity_days = 0", " (\"0\")"),
    ] {
        let told = checked(&dir, &connection(lines), Millis(0)).unwrap_err();
        assert!(told.contains(words), "{lines}: {told}");
        let is_key_file = lines.contains(".key\"");
        assert!(
            !is_key_file || told.contains("shared_key_file \"/"),
            "{told} names the file"
        );
        assert!(!told.contains("canary") && !told.contains("4711"), "{told}");
    }
    let missing = connection("shared_key_file = \"missing.key\"\n#shared_key =");
    let unnamed = missing.clone() + "[[connection]]\nname = \"B\"\n";
    let told = checked(&dir, &unnamed, Millis(0)).unwrap_err();
    for says in [
        "connection \"acme\", shared_key_file: cannot read",
        "connection number 2, slug: ",
    ] {
        assert!(told.contains(says), "{told}");
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
    let next = connection("next_shared_key_file = \"marked.key\"");
    let read = checked(&dir, &next, Millis(0)).unwrap();
    assert_eq!(read[0].next_key().unwrap().expose(), "canary");
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
        if !url.is_empty() {
            assert!(told.contains(url), "{told} names the value");
        }
        if !url.contains(['?', 'P']) && url.starts_with("https") {
            let expected = "https://portal.example/callback/acme";
            assert!(told.contains(expected), "{told} names both values");
        }
    }
}
