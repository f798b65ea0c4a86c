//! Commands beside a running server: results on stdout, words on stderr, and
//! an exit status that can be relied on.

use std::path::Path;
use std::process::Output;

use tempfile::tempdir;

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
    let arguments = [
        "admin",
        "create",
        "--username",
        "maria",
        "--password-file",
        "password",
    ];
    run(dir, &arguments)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_made_beside_the_running_demo_signs_in() {
    let dir = tempdir().unwrap();
    let demo = demo(dir.path());
    let (status, _, words) = create(dir.path(), "short");
    assert_eq!(status, Some(1), "{words}");
    assert!(words.contains("12 to 128"), "{words}");
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
    assert_eq!(run(dir.path(), &["sign-url", "nobody"]).0, Some(1));
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
    let form = page.form("form[action='/sign-in/redtrust']");
    let page = browser.submit_and_follow(&form).await.expect_status(200);
    let form = page
        .form("form")
        .set("username", "demo")
        .set("password", "demo");
    assert!(browser.submit_and_follow(&form).await.has("#signed-in-as"));
}
