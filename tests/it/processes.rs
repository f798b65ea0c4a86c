//! The binary from the outside: what it prints, how it ends, what a kill leaves.

use std::path::Path;
use std::time::Duration;

use serde_json::json;
use tempfile::tempdir;

use crate::support::browser::Browser;
use crate::support::deployed::Deployed;
use crate::support::page::Page;
use crate::support::process::{Process, command};
use crate::support::visitor::Visitor;

/// Both servers of the demo on free ports.
fn demo(dir: &Path) -> Process {
    let ports = [
        "demo",
        "--listen",
        "127.0.0.1:0",
        "--sandbox-listen",
        "127.0.0.1:0",
    ];
    Process::start(dir, &ports, &[], 2)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_demo_says_where_it_is_ready_and_sigterm_ends_it_well() {
    let dir = tempdir().unwrap();
    let mut demo = demo(dir.path());
    let (portal, sandbox) = (demo.url("portal"), demo.url("sandbox"));
    assert!(portal.starts_with("http://localhost:"), "{portal}");
    assert!(sandbox.starts_with("http://127.0.0.1:"), "{sandbox}");
    let page = Browser::new().visit(&portal).await.expect_status(200);
    assert_eq!(page.url.path(), "/sign-in");
    assert_eq!(demo.terminate(), Some(0));
}

#[test]
fn bad_configuration_ends_in_one_sentence_and_status_2() {
    let dir = tempdir().unwrap();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().to_string();
    let key = "ab".repeat(32);
    let good = [
        ("RUBRICA_PUBLIC_URL", "http://localhost:8080"),
        ("RUBRICA_LISTEN", "127.0.0.1:0"),
        ("RUBRICA_DATABASE_URL", "sqlite://portal.db"),
        ("RUBRICA_MASTER_KEY", key.as_str()),
    ];
    for (name, value, says) in [
        ("RUBRICA_MASTER_KEY", "ab", "RUBRICA_MASTER_KEY"),
        ("RUBRICA_MASTER_KEY", "", "RUBRICA_MASTER_KEY"),
        ("RUBRICA_DATABASE_URL", "mysql://x", "RUBRICA_DATABASE_URL"),
        (
            "RUBRICA_DATABASE_URL",
            "sqlite:///no/such/folder/x.db",
            "RUBRICA_DATABASE_URL",
        ),
        ("RUBRICA_LISTEN", &port, "RUBRICA_LISTEN"),
        ("RUBRICA_LISTEN", "nowhere", "RUBRICA_LISTEN"),
        (
            "RUBRICA_PUBLIC_URL",
            "http://portal.example",
            "RUBRICA_PUBLIC_URL",
        ),
        ("RUBRICA_LOG", "loud", "RUBRICA_LOG"),
        (
            "RUBRICA_TRUSTED_PROXIES",
            "everybody",
            "RUBRICA_TRUSTED_PROXIES",
        ),
        (
            "RUBRICA_CONNECTION_LIST",
            "perhaps",
            "RUBRICA_CONNECTION_LIST",
        ),
    ] {
        let mut variables = good.to_vec();
        variables.retain(|(set, _)| *set != name);
        variables.push((name, value));
        let output = command(dir.path(), &["serve"], &variables)
            .output()
            .unwrap();
        let text = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{name}={value}: {text}");
        assert!(text.contains(says), "{name}={value}: {text}");
        assert_eq!(text.trim().lines().count(), 1, "{name}={value}: {text}");
        assert!(!text.contains("canary"), "{text}");
    }
    let file = command(dir.path(), &["serve", "--config", "missing.toml"], &[])
        .output()
        .unwrap();
    assert_eq!(file.status.code(), Some(2));
}

#[tokio::test(flavor = "multi_thread")]
async fn c05_a_wrong_master_key_is_refused_and_nothing_is_written() {
    let dir = tempdir().unwrap();
    assert_eq!(demo(dir.path()).terminate(), Some(0));
    let before = std::fs::read(dir.path().join("var/rubrica.db")).unwrap();
    std::fs::write(dir.path().join("var/master.key"), "cd".repeat(32)).unwrap();
    let ports = [
        "demo",
        "--listen",
        "127.0.0.1:0",
        "--sandbox-listen",
        "127.0.0.1:0",
    ];
    let output = command(dir.path(), &ports, &[]).output().unwrap();
    let text = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{text}");
    assert!(text.contains("RUBRICA_MASTER_KEY"), "{text}");
    assert_eq!(
        before,
        std::fs::read(dir.path().join("var/rubrica.db")).unwrap()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn f05_a_second_server_on_the_same_sqlite_file_refuses_to_start() {
    let dir = tempdir().unwrap();
    let _first = demo(dir.path());
    let key = std::fs::read_to_string(dir.path().join("var/master.key")).unwrap();
    let variables = [
        ("RUBRICA_PUBLIC_URL", "http://localhost:8080"),
        ("RUBRICA_LISTEN", "127.0.0.1:0"),
        ("RUBRICA_DATABASE_URL", "sqlite://var/rubrica.db"),
        ("RUBRICA_MASTER_KEY", key.trim()),
    ];
    let output = command(dir.path(), &["serve"], &variables)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
}

/// Portal and sandbox as processes of their own, and somebody signed in.
struct Apart {
    deployed: Deployed,
    portal: Process,
    ana: Visitor,
}

impl Apart {
    async fn start() -> Self {
        let deployed = Deployed::start(None, 1).await;
        let portal = deployed.serve(0);
        let ana = Visitor::new(&deployed.origin(), "ra-app");
        ana.sign_in().await.unwrap();
        Self {
            deployed,
            portal,
            ana,
        }
    }

    /// Walks to the last step and submits it.
    async fn submit(&self, name: &str) -> Page {
        let answers = [("kind", "name"), ("common_name", name)];
        let last = self.ana.to_last_step("/issue", &answers).await.unwrap();
        self.ana.submit(&last).await.unwrap()
    }

    /// The page of a request whose second call takes so many milliseconds, once it is under
    /// way.
    async fn finalizing(&self, millis: u64) -> Page {
        let controls = &self.deployed.controls;
        controls
            .fault("csr_finalize", "before", "delay", json!(millis), 1)
            .await;
        let page = self.submit("ORDENADA").await;
        self.until(page.url.as_str(), "finalizing").await
    }

    async fn until(&self, url: &str, wanted: &str) -> Page {
        for _ in 0..400 {
            let page = self.ana.browser.get(url).await;
            if page.attribute("#state", "data-state").as_deref() == Some(wanted) {
                return page;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("never {wanted}: {:?}", self.ana.browser.get(url).await);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn f08_killed_between_create_and_finalize_the_owner_finishes_with_the_same_code() {
    let mut apart = Apart::start().await;
    let page = apart.finalizing(60_000).await;
    let (url, code) = (page.url.clone(), page.text("#request-code"));
    apart.portal.kill();
    let controls = apart.deployed.controls.clone();
    controls.mend().await;

    apart.portal = apart.deployed.serve(0);
    let page = apart.until(url.as_str(), "unknown").await;
    assert_eq!(page.text("#request-code"), code);
    let form = page.form("form[action$='/resume']");
    let page = apart.ana.submit(&form).await.unwrap();
    let issued = apart.until(page.url.as_str(), "issued").await;
    assert_eq!(issued.text("#request-code"), code);
    assert_eq!(controls.count("key_pair", "csr_create").await, 1);
    assert_eq!(controls.count("certificate", "csr_finalize").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn f09_sigterm_lets_a_finalize_under_way_finish() {
    let mut apart = Apart::start().await;
    let page = apart.finalizing(2_000).await;
    assert_eq!(apart.portal.terminate(), Some(0));
    assert_eq!(apart.portal.last_words(), [""; 0], "results only on stdout");
    apart.portal = apart.deployed.serve(0);
    apart.until(page.url.as_str(), "issued").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_signals_at_once_are_one_order() {
    let mut apart = Apart::start().await;
    let page = apart.finalizing(2_000).await;
    apart.portal.signal("TERM");
    assert_eq!(apart.portal.terminate(), Some(0));
    apart.portal = apart.deployed.serve(0);
    apart.until(page.url.as_str(), "issued").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_sigterm_cuts_what_is_under_way_and_the_owner_goes_on_later() {
    let mut apart = Apart::start().await;
    let page = apart.finalizing(60_000).await;
    assert_eq!(apart.portal.insist(), Some(1));
    apart.deployed.controls.mend().await;
    apart.portal = apart.deployed.serve(0);
    let page = apart.until(page.url.as_str(), "unknown").await;
    let form = page.form("form[action$='/resume']");
    let page = apart.ana.submit(&form).await.unwrap();
    apart.until(page.url.as_str(), "issued").await;
}
