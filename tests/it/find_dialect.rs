//! The dialect finder by its doors: the shell, the administrators' page, and the
//! sandbox's own page for login URLs.

use std::path::Path;

use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use reqwest::Method;
use serde_json::{Value, json};
use tempfile::tempdir;

use crate::support::admin;
use crate::support::app::App;
use crate::support::browser::Browser;
use crate::support::page::Page;
use crate::support::process::command;
use crate::support::sandbox::{
    Answer, REDIRECT_URL, TestSandbox, login_path, mac, percent_encode, read,
};

/// A login URL that openssl signed, by the name of its case.
fn vector(name: &str) -> Value {
    let all: Vec<Value> = serde_json::from_str(include_str!("../vectors/login_urls.json")).unwrap();
    let found = all.into_iter().find(|case| case["name"] == name);
    found.unwrap_or_else(|| panic!("no case {name}"))
}

fn find(dir: &Path, url: &str, key: &str, more: &[&str]) -> (Option<i32>, String, String) {
    std::fs::write(dir.join("shared.key"), key).unwrap();
    let arguments = ["find-dialect", "--example", url, "--key-file", "shared.key"];
    let output = command(dir, &[&arguments, more].concat(), &[])
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (
        output.status.code(),
        text(output.stdout),
        text(output.stderr),
    )
}

#[test]
fn the_shell_finds_what_openssl_signed_and_keeps_the_key_to_itself() {
    let dir = tempdir().unwrap();
    let case = vector("key hex, signature base64, milliseconds");
    let (url, key) = (
        case["url"].as_str().unwrap(),
        case["shared_key"].as_str().unwrap(),
    );
    let (status, says, words) = find(dir.path(), url, &format!(" {key}\n\n"), &["--json"]);
    assert_eq!(status, Some(0), "{words}");
    let object: Value = serde_json::from_str(&says).unwrap();
    let expected = json!([{
        "signed_message": "query",
        "url_encoding": "rfc3986",
        "signature_encoding": "base64",
        "timestamp_unit": "milliseconds",
        "key_encoding": "hex",
    }]);
    assert_eq!(object["found"], expected);
    assert!(object["tried"].as_u64().unwrap() > 100_000, "{object}");
    assert_eq!(object["key_cleaned"], true);
    let odd = object["odd"].as_array().unwrap();
    assert!(
        odd.iter().any(|one| one["code"] == "milliseconds"),
        "{object}"
    );

    let (status, says, more) = find(dir.path(), url, key, &[]);
    assert_eq!(status, Some(0));
    assert!(
        says.contains("[connection.dialect]\nsigned_message = \"query\""),
        "{says}"
    );
    for text in [says, words, more, object.to_string()] {
        assert!(!text.contains(key), "{text}");
    }
}

#[test]
fn the_shell_says_when_nothing_is_found_and_when_there_is_nothing_to_look_at() {
    let dir = tempdir().unwrap();
    let case = vector("profile query, domain 'corp'");
    let url = case["url"].as_str().unwrap();
    let (status, says, words) = find(dir.path(), url, "another", &["--json"]);
    assert_eq!(status, Some(1));
    let object: Value = serde_json::from_str(&says).unwrap();
    assert_eq!(object["found"], json!([]));
    assert!(
        words.contains("Nothing reproduces the signature"),
        "{words}"
    );
    let (status, _, words) = find(dir.path(), url, "another", &[]);
    assert_eq!(status, Some(1));
    assert!(words.contains("261 orders"), "{words}");
    for bad in ["", "hello", "https://h/?timestamp=1", "https://h/?hmac=00"] {
        let (status, says, words) = find(dir.path(), bad, "key", &[]);
        assert_eq!(status, Some(2), "{bad}: {words}");
        assert!(says.is_empty() && !words.is_empty(), "{bad}");
    }
    let none = ["find-dialect", "--example", url, "--key-file", "missing"];
    let output = command(dir.path(), &none, &[]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
}

/// A dialect far from the default one.
fn strange() -> Value {
    json!({
        "signed_message": "{path}|{redirect_url_encoded}|{timestamp}|{partner}",
        "url_encoding": "dotnet-lower",
        "signature_encoding": "base64url",
        "timestamp_unit": "milliseconds",
        "key_encoding": "hex",
    })
}

/// A login URL of another program, under the strange dialect.
fn example(app: &App, key: &str) -> String {
    let escaped = "https%3a%2f%2fvendor.example%2fback";
    let time = app.clock.now().0;
    let path = "/authclient/auth/loginrequest";
    let message = format!("{path}|{escaped}|{time}|RUBRICA-DEMO");
    let key = HEXLOWER.decode(key.as_bytes()).unwrap();
    let signature = BASE64URL_NOPAD.encode(&mac(&key, &message));
    let query =
        format!("Consumer=RA_API&RedirectUrl={escaped}&timestamp={time}&partner=RUBRICA-DEMO");
    format!("{}{path}?{query}&hmac={signature}", app.sandbox.url)
}

/// Fills the search form of a connection.
async fn search(app: &App, ana: &Browser, slug: &str, url: &str, key: &str) -> Page {
    let path = format!("/admin/connections/{slug}/dialect");
    let form = ana.visit(&app.at(&path)).await.form("main form#step");
    let form = form.set("example_url", url).set("shared_key", key);
    ana.submit(&form).await
}

#[tokio::test(flavor = "multi_thread")]
async fn one_example_leads_from_a_refused_sign_in_to_a_good_one() {
    let app = admin::app().await;
    app.sandbox.put("dialect", strange()).await;
    let refused = app.go_to_redtrust_anyhow(&Browser::new()).await;
    assert!(refused.status.is_client_error());
    let ana = admin::signed_in(&app).await;
    let key = stored_key(&app, "demo").await;
    let found = search(&app, &ana, "demo", &example(&app, &key), "").await;
    let found = found.expect_status(200);
    let signed = found.text(".signed-message");
    assert!(
        signed.starts_with("/authclient/auth/loginrequest|https%3a"),
        "{signed}"
    );
    let differing = found.texts("tr[data-differs='yes'] th");
    assert_eq!(differing.len(), 5, "{differing:?}");
    let marked = found.texts("tr[data-differs='yes'] .tag");
    assert_eq!(marked, ["differs"; 5], "not by its looks alone");
    ana.submit(&found.form("form.adopt"))
        .await
        .expect_redirect_to("/admin/connections/demo");
    let again = search(&app, &ana, "demo", &example(&app, &key), "").await;
    assert!(
        !again.has("form.adopt") && !again.has("[data-differs='yes']"),
        "{again:?}"
    );
    app.sign_in(&Browser::new(), "demo").await;
    let audit = admin::audited(&app, &ana).await;
    let is_it = |line: &String| line.contains("Connection changedConnection demo");
    assert!(audit.iter().any(is_it), "{audit:?}");
    for page in [found, again] {
        assert!(!page.body.contains(&key), "{page:?}");
    }
}

async fn stored_key(app: &App, slug: &str) -> String {
    app.portal.connections.changed();
    let all = app.portal.connections.all().await.unwrap();
    let connection = all.iter().find(|one| one.slug.as_str() == slug).unwrap();
    connection.shared_key.expose().to_owned()
}

/// Adds a connection with this key.
async fn connection(app: &App, ana: &Browser, slug: &str, key: &str) {
    let page = ana.visit(&app.at("/admin/connections/new")).await;
    let form = page
        .form("main form#step")
        .set("name", slug)
        .set("slug", slug)
        .set("base_url", &app.sandbox.url)
        .set("partner", "RUBRICA-DEMO")
        .set("shared_key", key);
    admin::saved(ana, &form).await.expect_status(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_was_stored_wrongly_is_named_and_replaced() {
    let app = admin::app().await;
    let ana = admin::signed_in(&app).await;
    let key = stored_key(&app, "demo").await;
    let blank = format!("{} {}", &key[..32], &key[32..]);
    for (slug, stored, words) in [
        ("cut", &key[..60], "cut short"),
        ("blank", blank.as_str(), "only in blanks"),
        ("other", "quite another key", "another one"),
    ] {
        connection(&app, &ana, slug, stored).await;
        let found = search(&app, &ana, slug, &example(&app, &key), &format!(" {key}")).await;
        let found = found.expect_status(200);
        let told = found.text(".banner");
        assert!(told.contains(words), "{slug}: {told}");
        let asked = ana.submit(&found.form("form.adopt")).await;
        assert_eq!(stored_key(&app, slug).await, stored, "without the password");
        admin::confirmed(&ana, asked).await.expect_status(200);
        assert_eq!(stored_key(&app, slug).await, key, "{slug}");
        assert!(!found.body.contains(&key));
    }
    // Without another key typed, the blank alone is found out.
    connection(&app, &ana, "blank-2", &blank).await;
    let found = search(&app, &ana, "blank-2", &example(&app, &key), "").await;
    let asked = ana.submit(&found.form("form.adopt")).await;
    admin::confirmed(&ana, asked).await.expect_status(200);
    assert_eq!(stored_key(&app, "blank-2").await, key);
}

#[tokio::test(flavor = "multi_thread")]
async fn when_nothing_is_found_the_page_says_what_was_tried_and_what_is_odd() {
    let app = admin::app().await;
    let ana = admin::signed_in(&app).await;
    let key = stored_key(&app, "demo").await;
    let url = example(&app, &key);
    let wrong = search(&app, &ana, "demo", &url, "another key").await;
    assert!(wrong.text(".banner").contains("stored here"), "{wrong:?}");
    let changed = url.replace("vendor.example", "changed.example");
    let none = search(&app, &ana, "demo", &changed, "")
        .await
        .expect_status(200);
    assert!(none.text("#finder-none").contains("261 orders"), "{none:?}");
    assert_eq!(none.texts("#finder-causes li").len(), 3);
    let case = search(
        &app,
        &ana,
        "demo",
        &url.replace("RUBRICA-DEMO&", "rubrica-demo&"),
        "",
    )
    .await;
    assert!(
        case.text("#finder-mistakes").contains("RUBRICA-DEMO"),
        "{case:?}"
    );
    assert!(
        case.text("#finder-odd").contains("small letters"),
        "{case:?}"
    );
    for bad in ["", "hello", "https://h:8082/x?hmac=00"] {
        let page = search(&app, &ana, "demo", bad, "").await.expect_status(422);
        assert!(page.has("#example_url-error"), "{page:?}");
        assert_eq!(page.form("main form#step").value("example_url"), Some(bad));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_elses_change_is_not_overwritten_by_an_adoption() {
    let app = admin::app().await;
    let ana = admin::signed_in(&app).await;
    let key = stored_key(&app, "demo").await;
    let found = search(&app, &ana, "demo", &example(&app, &key), "").await;
    let form = found.form("form.adopt");
    ana.submit(&form).await.expect_status(303);
    ana.submit(&form).await.expect_status(409);
    let forged = form
        .clone()
        .forge("key_encoding", "rot13")
        .forge("version", "2");
    assert!(ana.submit(&forged).await.status.is_client_error());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_of_the_file_shows_the_lines_to_write() {
    let app = App::spawn_acme("").await;
    let ana = admin::signed_in(&app).await;
    let key = stored_key(&app, "acme").await;
    let found = search(&app, &ana, "acme", &example(&app, &key), "").await;
    assert!(!found.has("form.adopt"), "{found:?}");
    let lines = found.text("code.toml");
    assert!(lines.starts_with("[connection.dialect]"), "{lines}");
    for (key, value) in strange().as_object().unwrap() {
        assert!(lines.contains(&format!("{key} = {value}")), "{lines}");
    }
}

/// Sends the form of the sandbox's start page.
async fn check(sandbox: &TestSandbox, url: &str) -> Answer {
    let body = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("url", url)
        .finish();
    let request = sandbox.request(Method::POST, "/sandbox/check");
    let request = request.header("content-type", "application/x-www-form-urlencoded");
    read(request.header("accept-language", "en").body(body)).await
}

#[tokio::test]
async fn the_sandbox_says_which_part_of_a_login_url_is_wrong() {
    let sandbox = TestSandbox::start().await;
    assert!(sandbox.get("/sandbox").await.text.contains("id=\"check\""));
    let query = sandbox.login_query();
    let url = |path: &str| format!("{}{path}", sandbox.url);
    let good = check(&sandbox, &url(&sandbox.login_path())).await;
    assert!(good.element("#signature-right").contains("right"));
    assert!(!good.text.contains("data-wrong"));
    let now = sandbox.clock.now();
    let signed = |query: &str| url(&sandbox.signed(query));
    let slash = format!("{}%2F", percent_encode(REDIRECT_URL));
    let unit = query.replace(&now.as_secs().to_string(), &now.0.to_string());
    let late = query.replace(
        &now.as_secs().to_string(),
        &(now.as_secs() - 400).to_string(),
    );
    for (query, part, words) in [
        (
            query.replace("RUBRICA-DEMO", "rubrica-demo"),
            "partner",
            "capital letters",
        ),
        (
            query.replace("RUBRICA-DEMO", "NOBODY"),
            "partner",
            "no partner",
        ),
        (unit, "timestamp", "unit"),
        (late, "timestamp", "300 seconds"),
        (
            query.replace(&percent_encode(REDIRECT_URL), &slash),
            "RedirectUrl",
            "slash",
        ),
        (
            query.replace("Consumer=RA_API", "Consumer=SIGN"),
            "Consumer",
            "documented",
        ),
    ] {
        let page = check(&sandbox, &signed(&query)).await;
        let told = page.element(&format!("tr[data-part='{part}'][data-wrong] td:last-child"));
        assert!(told.contains(words), "{part}: {told}");
    }
    let key = HEXLOWER.decode(sandbox.key.as_bytes()).unwrap();
    let signature = HEXLOWER.encode(&mac(&key, &query));
    let page = check(&sandbox, &url(&login_path(&query, &signature))).await;
    assert!(
        page.element("#mistakes").contains("key_encoding"),
        "{page:#?}"
    );
    assert_eq!(page.element("#expected-message"), query);
    let page = check(&sandbox, "nonsense").await;
    assert!(!page.element("#unreadable").is_empty());
    assert!(sandbox.ledger().await.is_empty(), "nothing was called");
}
