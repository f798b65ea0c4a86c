//! Certificates issued and renewed from the shell, beside a running server.

use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::{TempDir, tempdir};

use crate::support::controls::Controls;
use crate::support::database::MASTER_KEY;
use crate::support::deployed::Deployed;
use crate::support::process::{Process, command};
use crate::support::visitor::Visitor;

struct Demo {
    dir: TempDir,
    process: Process,
    controls: Controls,
}

impl Demo {
    fn start() -> Self {
        let dir = tempdir().unwrap();
        let ports = ["--listen", "127.0.0.1:0", "--sandbox-listen", "127.0.0.1:0"];
        let arguments = [&["demo"], ports.as_slice()].concat();
        let process = Process::start(dir.path(), &arguments, &[], 2);
        std::fs::write(dir.path().join("password"), "ra-app\n").unwrap();
        Self {
            controls: Controls::new(&process.url("sandbox")),
            dir,
            process,
        }
    }

    /// `rubrica WHAT`, signed in as the application user.
    fn command(&self, what: &str, arguments: &[&str]) -> Command {
        let who = ["--connection", "demo", "--username", "ra-app"];
        let password = ["--password-file", "password", "--json"];
        let all = [&[what], who.as_slice(), &password, arguments].concat();
        command(self.dir.path(), &all, &[])
    }

    /// Whatever it came to, it printed one JSON object.
    fn run(&self, what: &str, arguments: &[&str]) -> Ended {
        let ended = Ended::of(self.command(what, arguments).output().unwrap());
        let object = serde_json::from_str::<Value>(&ended.says);
        assert!(object.is_ok_and(|object| object.is_object()), "{ended:?}");
        ended
    }

    /// The thumbprint of a certificate that must have come.
    fn thumbprint(&self, what: &str, arguments: &[&str]) -> String {
        let ended = self.run(what, arguments);
        assert_eq!(ended.status, Some(0), "{ended:?}");
        let object: Value = serde_json::from_str(&ended.says).unwrap();
        assert_eq!(object["state"], "issued", "{object}");
        object["thumbprint"].as_str().unwrap().to_owned()
    }

    async fn visitor(&self) -> Visitor {
        let ana = Visitor::new(&self.process.url("portal"), "ra-app");
        ana.sign_in().await.unwrap();
        ana
    }

    /// Who signed in has signed out.
    async fn expect_all_signed_out(&self) {
        let until = Instant::now() + Duration::from_secs(20);
        loop {
            let logins = self.controls.count("call", "login").await;
            let logouts = self.controls.count("call", "logout").await;
            if logins == logouts {
                return;
            }
            assert!(Instant::now() < until, "{logins} in, {logouts} out");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

#[derive(Debug)]
struct Ended {
    status: Option<i32>,
    says: String,
    words: String,
}

impl Ended {
    fn of(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Self {
            status: output.status.code(),
            says: text(output.stdout),
            words: text(output.stderr),
        }
    }

    /// It ended with this status and said these words.
    #[track_caller]
    fn expect(&self, status: i32, words: &str) {
        assert_eq!(self.status, Some(status), "{self:?}");
        assert!(self.words.contains(words), "no {words:?} in {self:?}");
        assert!(!self.words.contains("panicked"), "{self:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_is_issued_and_renewed_from_the_shell_and_stands_in_the_pages() {
    let demo = Demo::start();
    let first = demo.thumbprint("issue", &["--cn", "ÁNGELA DE LA PEÑA"]);
    let second = demo.thumbprint("renew", &["--thumbprint", &first]);
    assert_ne!(first, second);
    demo.expect_all_signed_out().await;

    let again = demo.run("renew", &["--thumbprint", &first]);
    again.expect(1, "renewed");
    let object: Value = serde_json::from_str(&again.says).unwrap();
    assert!(
        object["error"].as_str().unwrap().contains("renewed"),
        "{object}"
    );
    demo.expect_all_signed_out().await;
    assert_eq!(demo.controls.count("certificate", "csr_finalize").await, 2);

    let ana = demo.visitor().await;
    for path in [
        "/issuances".to_owned(),
        format!("/certificates/{first}"),
        format!("/certificates/{second}"),
    ] {
        let page = ana.visit(&path).await.unwrap().expect_status(200);
        assert!(page.body.contains("ÁNGELA DE LA PEÑA"), "{path}: {page:?}");
    }
    let sessions = ana.visit("/account").await.unwrap();
    let open = sessions.texts("main table.sessions tbody tr").len();
    assert_eq!(open, 1, "a command left its session: {sessions:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_is_not_issued_twice_unless_that_is_wanted() {
    let demo = Demo::start();
    demo.thumbprint("issue", &["--cn", "ANA"]);
    demo.run("issue", &["--cn", "ana"])
        .expect(1, "this holder has a valid certificate");
    assert_eq!(demo.controls.count("key_pair", "csr_create").await, 1);
    demo.thumbprint("issue", &["--cn", "ana", "--another"]);
    demo.expect_all_signed_out().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_is_ordered_as_it_was_given_or_not_at_all() {
    let demo = Demo::start();
    let person = [
        "--dn",
        "cn=ANA NÚÑEZ - 12345678Z",
        "--dn",
        "givenName=Ana",
        "--dn",
        "SN=Núñez",
        "--dn",
        "serialNumber=IDCES-12345678Z",
        "--dn",
        "2.5.4.6=ES",
    ];
    demo.thumbprint("issue", &person);
    let ordered = demo.controls.ledger().await;
    let create = ordered.iter().find(|one| one["operation"] == "csr_create");
    let create = create.unwrap().to_string();
    for value in ["ANA NÚÑEZ - 12345678Z", "IDCES-12345678Z", "Núñez"] {
        assert!(create.contains(value), "no {value} in {create}");
    }
    // As a Mac types it, and with blanks that nobody meant.
    demo.thumbprint("issue", &["--cn", "Jose\u{301}  Mari\u{301}a "]);
    for (arguments, status, words) in [
        (
            &["--dn", "serialNumber=IDCES-12345678A", "--cn", "Ana"][..],
            2,
            "document_number",
        ),
        (
            &["--dn", "l=Lugo", "--cn", "Ana"],
            2,
            "cannot be ordered like this",
        ),
        (&["--dn", "shoeSize=38", "--cn", "Ana"], 2, "shoeSize"),
        (&["--dn", "Ana"], 2, "ATTRIBUTE=VALUE"),
        (&["--cn", ""], 2, "common_name"),
        (&["--cn", "a\u{202e}b"], 2, "common_name"),
        (&[], 2, "--cn"),
    ] {
        demo.run("issue", arguments).expect(status, words);
    }
    demo.run("renew", &["--thumbprint", "abc"])
        .expect(2, "thumbprint");
    let unknown = "00112233445566778899AABBCCDDEEFF00112233";
    demo.run("renew", &["--thumbprint", unknown])
        .expect(1, "take it over first");
    assert_eq!(demo.controls.count("key_pair", "csr_create").await, 2);
    demo.expect_all_signed_out().await;
    let drafts = demo
        .visitor()
        .await
        .visit("/issuances/drafts")
        .await
        .unwrap();
    assert!(!drafts.body.contains("Ana"), "a draft is left: {drafts:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_sign_in_is_told_so() {
    let demo = Demo::start();
    let wrong = |name: &str, text: &str| std::fs::write(demo.dir.path().join(name), text).unwrap();
    let who = |connection, user| ["issue", "--connection", connection, "--username", user];
    let run = |connection, user, file| {
        let rest = ["--password-file", file, "--cn", "Ana"];
        let all = [who(connection, user).as_slice(), &rest].concat();
        Ended::of(command(demo.dir.path(), &all, &[]).output().unwrap())
    };
    wrong("wrong", "canary-password");
    for user in ["ra-app", "nobody"] {
        let ended = run("demo", user, "wrong");
        ended.expect(1, "The user name or password was not accepted");
        assert!(!format!("{ended:?}").contains("canary"), "{ended:?}");
    }
    run("none", "ra-app", "password").expect(2, "there is no connection none");
    run("demo", "ra-app", "no-such-file").expect(2, "no-such-file");
    assert_eq!(demo.controls.count("key_pair", "csr_create").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_is_told_as_on_the_page_and_ends_with_1() {
    let demo = Demo::start();
    demo.controls
        .refuse("csr_create", "RA_CREATE_CSR", "canary words")
        .await;
    let ended = demo.run("issue", &["--cn", "Ana"]);
    ended.expect(1, "canary words");
    let object: Value = serde_json::from_str(&ended.says).unwrap();
    assert_eq!(object["thumbprint"], Value::Null, "{object}");
    assert_eq!(object["said"]["text"], "canary words", "{object}");
    demo.expect_all_signed_out().await;
}

/// Starts an order whose second call takes long, and waits until that is under way. Returns
/// the page of the request.
async fn held(demo: &Demo, ana: &Visitor) -> (Child, String) {
    demo.controls
        .fault("csr_finalize", "before", "delay", json!(4_000), 1)
        .await;
    let mut command = demo.command("issue", &["--cn", "Ana"]);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let child = child.spawn().unwrap();
    let until = Instant::now() + Duration::from_secs(30);
    let path = loop {
        assert!(Instant::now() < until, "nothing is finalized");
        tokio::time::sleep(Duration::from_millis(20)).await;
        let list = ana.visit("/issuances").await.unwrap();
        let Some(path) = list.attribute("main a[href^='/issuances/0']", "href") else {
            continue;
        };
        let page = ana.visit(&path).await.unwrap();
        let state = page.attribute("#state", "data-state");
        if state.as_deref() == Some("finalizing") {
            demo.controls.struck().await;
            break path;
        }
    };
    (child, path)
}

fn signal(child: &Child, name: &str) {
    let pid = child.id().to_string();
    let sent = Command::new("kill").args(["-s", name, &pid]).status();
    assert!(sent.unwrap().success());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signal_in_the_midst_of_a_call_lets_it_end() {
    for name in ["INT", "HUP"] {
        a_signal_lets_a_call_end(name).await;
    }
}

async fn a_signal_lets_a_call_end(name: &str) {
    let demo = Demo::start();
    let ana = demo.visitor().await;
    let (child, _) = held(&demo, &ana).await;
    signal(&child, name);
    let ended = Ended::of(child.wait_with_output().unwrap());
    ended.expect(0, "");
    assert!(ended.says.contains("\"issued\""), "{ended:?}");
    ana.submit(
        &ana.visit("/")
            .await
            .unwrap()
            .form("form[action='/sign-out']"),
    )
    .await
    .unwrap();
    demo.expect_all_signed_out().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_killed_command_began_is_settled_by_the_server_and_resumed_on_its_page() {
    let demo = Demo::start();
    let ana = demo.visitor().await;
    let (mut child, path) = held(&demo, &ana).await;
    child.kill().unwrap();
    child.wait().unwrap();
    let page = ana.settled(&path, Duration::from_secs(20)).await.unwrap();
    let state = page.attribute("#state", "data-state");
    assert_eq!(state.as_deref(), Some("unknown"), "{page:?}");
    let resume = page.form(&format!("form[action='{path}/resume']"));
    ana.submit(&resume).await.unwrap();
    let page = ana.settled(&path, Duration::from_secs(20)).await.unwrap();
    let state = page.attribute("#state", "data-state");
    assert!(
        matches!(state.as_deref(), Some("issued" | "unknown")),
        "{page:?}"
    );
    assert_eq!(demo.controls.count("key_pair", "csr_create").await, 1);
    assert_eq!(demo.controls.count("certificate", "csr_finalize").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn while_something_is_ordered_keys_are_not_rotated_and_nothing_is_restored() {
    let deployed = Deployed::start(None, 1).await;
    drop(deployed.serve(0));
    let dir = deployed.dir.path();
    std::fs::write(dir.join("password"), "ra-app").unwrap();
    let run = |arguments: &[&str], variables: &[(&str, &str)]| {
        Ended::of(deployed.command(0, arguments, variables).output().unwrap())
    };
    run(&["backup", "before.rub"], &[]).expect(0, "");
    deployed
        .controls
        .fault("csr_finalize", "before", "delay", json!(4_000), 1)
        .await;
    let who = ["issue", "--connection", "acme", "--username", "ra-app"];
    let rest = ["--password-file", "password", "--cn", "Ana", "--json"];
    let order = [who.as_slice(), &rest].concat();
    let mut order = deployed.command(0, &order, &[]);
    let order = order.stdout(Stdio::piped()).stderr(Stdio::piped());
    let order = order.spawn().unwrap();
    while deployed.controls.count("key_pair", "csr_create").await == 0 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let old = data_encoding::HEXLOWER.encode(&MASTER_KEY);
    let keys = [
        ("RUBRICA_OLD_MASTER_KEY", &*old),
        ("RUBRICA_MASTER_KEY", &"7".repeat(64)),
    ];
    run(&["keys", "rotate"], &keys).expect(1, "a command is ordering a certificate");
    run(&["restore", "before.rub", "--replace"], &[])
        .expect(1, "a command is ordering a certificate");
    let ended = Ended::of(order.wait_with_output().unwrap());
    ended.expect(0, "");
    run(&["keys", "rotate"], &keys).expect(0, "");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_that_was_begun_on_the_pages_outlives_a_command_that_is_refused() {
    let demo = Demo::start();
    let first = demo.thumbprint("issue", &["--cn", "Ana"]);
    demo.thumbprint("issue", &["--cn", "Ana", "--another"]);
    let ana = demo.visitor().await;
    let renewal = format!("/renew/{first}");
    let last = ana.to_last_step(&renewal, &[("data_changed", "no")]);
    let last = last.await.unwrap();
    demo.run("renew", &["--thumbprint", &first])
        .expect(1, "this holder has a valid certificate");
    let page = ana.visit(last.path()).await.unwrap();
    assert!(page.has("main form#step"), "the draft is gone: {page:?}");
    demo.thumbprint("renew", &["--thumbprint", &first, "--another"]);
}
