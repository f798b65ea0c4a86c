//! Commands beside a running server: results on stdout, words on stderr, and
//! an exit status that can be relied on.

use std::path::Path;
use std::process::Output;

use sqlx::{Connection as _, SqliteConnection};
use tempfile::tempdir;

use crate::support::admin;
use crate::support::app::sign_in_from;
use crate::support::browser::Browser;
use crate::support::process::{Process, command};

const PASSWORD: &str = "correct horse battery staple";

fn demo(dir: &Path) -> Process {
    let ports = ["--listen", "127.0.0.1:0", "--sandbox-listen", "127.0.0.1:0"];
    let arguments = [&["demo"], ports.as_slice()].concat();
    Process::start(dir, &arguments, &[], 2)
}

fn run(dir: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    let Output {
        status,
        stdout,
        stderr,
    } = command(dir, arguments, &[]).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (status.code(), text(stdout), text(stderr))
}

fn create(dir: &Path, password: &str) -> (Option<i32>, String, String) {
    std::fs::write(dir.join("password"), password).unwrap();
    run(dir, &admin::create("maria"))
}

#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_made_beside_the_running_demo_signs_in() {
    let dir = tempdir().unwrap();
    let demo = demo(dir.path());
    let (status, _, words) = create(dir.path(), "short");
    assert_eq!(status, Some(1), "{words}");
    assert!(words.contains("at least 12"), "{words}");
    assert_eq!(create(dir.path(), &format!("{PASSWORD}\n")).0, Some(0));
    let (status, _, words) = create(dir.path(), PASSWORD);
    assert_eq!(status, Some(1), "{words}");

    let browser = Browser::new();
    let page = browser
        .visit(&format!("{}/admin", demo.url("portal")))
        .await;
    let form = page
        .form("main form#step")
        .set("username", "maria")
        .set("password", PASSWORD);
    let desk = browser.submit_and_follow(&form).await.expect_status(200);
    assert_eq!(desk.url.path(), "/admin");

    let (status, says, _) = run(dir.path(), &["audit", "verify"]);
    assert_eq!(status, Some(0));
    assert!(says.contains("intact"), "{says}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signed_login_url_from_the_shell_is_accepted_by_redtrust() {
    let dir = tempdir().unwrap();
    let _demo = demo(dir.path());
    let (status, says, words) = run(dir.path(), &["sign-url", "demo", "--json"]);
    assert_eq!(status, Some(0), "{words}");
    let object: serde_json::Value = serde_json::from_str(&says).unwrap();
    let url = object["url"].as_str().unwrap();
    let message = object["message"].as_str().unwrap();
    assert!(url.contains(message), "{object}");
    let page = Browser::new().get(url).await.expect_status(200);
    assert!(page.has("[name=password]"), "{page:?}");
    for command in ["sign-url", "doctor"] {
        let (status, _, words) = run(dir.path(), &[command, "nobody"]);
        assert_eq!(status, Some(2), "{command}: {words}");
        assert!(words.contains("there is no connection nobody"), "{words}");
    }
}

#[test]
fn a_login_url_with_the_redirect_url_of_an_old_public_url_is_not_signed() {
    let dir = tempdir().unwrap();
    let _demo = demo(dir.path());
    let moved = [("RUBRICA_PUBLIC_URL", "https://new.example")];
    let mut command = command(dir.path(), &["sign-url", "demo"], &moved);
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(output.stdout, b"");
    let words = String::from_utf8(output.stderr).unwrap();
    assert!(
        words.contains("register https://new.example/callback/demo"),
        "{words}"
    );
}

#[test]
fn wrong_usage_ends_with_status_2() {
    let dir = tempdir().unwrap();
    for arguments in [
        ["no-such-command"].as_slice(),
        &["demo", "--listen", "nowhere"],
        &["demo", "--listen", "0.0.0.0:0"],
        &["sandbox", "--listen", "0.0.0.0:0"],
        &["serve", "--config", "missing.toml"],
        &["check-config"],
    ] {
        let (status, says, words) = run(dir.path(), arguments);
        assert_eq!(status, Some(2), "{arguments:?}: {says} {words}");
        assert!(!words.is_empty(), "{arguments:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_demo_starts_again_where_it_was() {
    let dir = tempdir().unwrap();
    let mut first = demo(dir.path());
    let (portal, sandbox) = (first.url("portal"), first.url("sandbox"));
    first.kill();
    let at = |url: &str| url.rsplit_once(':').unwrap().1.to_owned();
    let (portal_at, sandbox_at) = (
        format!("127.0.0.1:{}", at(&portal)),
        format!("127.0.0.1:{}", at(&sandbox)),
    );
    let arguments = [
        "demo",
        "--listen",
        &portal_at,
        "--sandbox-listen",
        &sandbox_at,
    ];
    let second = Process::start(dir.path(), &arguments, &[], 2);
    assert_eq!(second.url("portal"), portal);
    let browser = Browser::new();
    let page = browser.visit(&portal).await;
    let home = sign_in_from(&browser, &page).await;
    assert!(home.has("#signed-in-as"), "{home:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_support_bundle_says_what_helps_and_holds_no_secret() {
    let dir = tempdir().unwrap();
    let demo = demo(dir.path());
    let url = demo.url("portal");
    let ana = Browser::new();
    let form = ana.visit(&format!("{url}/sign-in")).await;
    let form = form.form("form[action='/sign-in/redtrust']");
    ana.submit(&form).await.expect_status(303);
    let back = format!("{url}/callback/demo?tkn=canary-token");
    ana.get(&back).await.expect_status(400);
    let show = ["sandbox", "--show-key", "--data-dir", "var/sandbox"];
    let (_, key, _) = run(dir.path(), &show);
    let master = std::fs::read_to_string(dir.path().join("var/master.key")).unwrap();

    let (status, _, words) = run(dir.path(), &["support-bundle", "bundle.zip"]);
    assert_eq!(status, Some(0), "{words}");
    let file = std::fs::File::open(dir.path().join("bundle.zip")).unwrap();
    let mut zip = zip::ZipArchive::new(file).unwrap();
    let mut all = String::new();
    for name in [
        "about.txt",
        "versions.json",
        "configuration.json",
        "connections.json",
        "failures.json",
    ] {
        let mut text = String::new();
        std::io::Read::read_to_string(&mut zip.by_name(name).unwrap(), &mut text).unwrap();
        all.push_str(&text);
    }
    assert_eq!(zip.len(), 5);
    for told in [
        "\"schema\": ",
        "RUBRICA-DEMO",
        "token_form",
        "sqlite",
        "/callback/demo",
    ] {
        assert!(all.contains(told), "{told} is not in {all}");
    }
    for secret in [key.trim(), master.trim(), "canary-token", "hmac="] {
        assert!(secret.len() > 3, "{secret:?}");
        assert!(!all.contains(secret), "a secret is in {all}");
    }
    let (status, _, words) = run(dir.path(), &["support-bundle", "no/such/folder.zip"]);
    assert_eq!(status, Some(1), "{words}");
}

#[tokio::test(flavor = "multi_thread")]
async fn i11_a_reset_replaces_an_administrator_that_was_changed_past_the_portal() {
    let dir = tempdir().unwrap();
    let demo = demo(dir.path());
    assert_eq!(create(dir.path(), PASSWORD).0, Some(0));
    let file = dir.path().join("var/rubrica.db");
    let mut database = SqliteConnection::connect(&format!("sqlite://{}", file.display()))
        .await
        .unwrap();
    sqlx::query("UPDATE admins SET password_hash = 'x' WHERE username = 'maria'")
        .execute(&mut database)
        .await
        .unwrap();
    database.close().await.unwrap();
    let (status, _, words) = run(dir.path(), &["audit", "verify"]);
    assert_eq!(status, Some(1));
    assert!(words.contains("admin maria was changed"), "{words}");
    let arguments = admin::create("maria").map(|word| match word {
        "create" => "reset",
        word => word,
    });
    let (status, says, words) = run(dir.path(), &arguments);
    assert_eq!(status, Some(0), "{words}");
    assert!(says.contains("past the portal"), "{says}");
    let browser = Browser::new();
    let at = format!("{}/admin/sign-in", demo.url("portal"));
    let form = browser.visit(&at).await.form("main form#step");
    let form = form.set("username", "maria").set("password", PASSWORD);
    let desk = browser.submit_and_follow(&form).await.expect_status(200);
    assert_eq!(desk.url.path(), "/admin");
    let (status, ..) = run(dir.path(), &["audit", "verify"]);
    assert_eq!(status, Some(0));
}
