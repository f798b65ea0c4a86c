//! The audit outside the database: the log names each end of the chain, and the command
//! compares.

use std::fs::File;
use std::path::Path;

use serde_json::Value;
use tempfile::tempdir;

use crate::support::admin;
use crate::support::app::free_port;
use crate::support::browser::Browser;
use crate::support::process::{Process, command};

const PASSWORD: &str = "correct horse battery staple";

struct Portal {
    variables: Vec<(&'static str, String)>,
    url: String,
}

impl Portal {
    fn new() -> Self {
        let port = free_port();
        let url = format!("http://localhost:{port}");
        let variables = vec![
            ("RUBRICA_PUBLIC_URL", url.clone()),
            ("RUBRICA_LISTEN", format!("127.0.0.1:{port}")),
            ("RUBRICA_DATABASE_URL", "sqlite://portal.db".to_owned()),
            ("RUBRICA_MASTER_KEY", "ab".repeat(32)),
            ("RUBRICA_LOG", "info".to_owned()),
        ];
        Self { variables, url }
    }

    fn run(&self, dir: &Path, arguments: &[&str]) -> (Option<i32>, String) {
        let output = self.command(dir, arguments).output().unwrap();
        let said = [output.stdout, output.stderr].concat();
        (output.status.code(), String::from_utf8(said).unwrap())
    }

    fn command(&self, dir: &Path, arguments: &[&str]) -> std::process::Command {
        let variables = self.variables.iter();
        let variables: Vec<_> = variables
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        command(dir, arguments, &variables)
    }
}

/// Number and hash of every end that the log names.
fn heads(log: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(log).unwrap();
    let lines = text
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let field = |line: &Value, name: &str| {
        let value = line.get(name).or_else(|| line["fields"].get(name)).cloned();
        value.unwrap_or_default()
    };
    lines
        .filter(|line| field(line, "event") == "audit_head")
        .map(|line| {
            format!(
                "{}:{}",
                field(&line, "seq"),
                field(&line, "hash").as_str().unwrap()
            )
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn i08_an_audit_that_is_shorter_than_the_log_says_is_named_by_the_command() {
    let (dir, portal) = (tempdir().unwrap(), Portal::new());
    let log = dir.path().join("log");
    let mut serve = portal.command(dir.path(), &["serve"]);
    serve.stderr(File::create(&log).unwrap());
    let mut served = Process::try_start(serve, 1).unwrap();
    std::fs::write(dir.path().join("password"), PASSWORD).unwrap();
    let (status, said) = portal.run(dir.path(), &admin::create("maria"));
    assert_eq!(status, Some(0), "{said}");
    let browser = Browser::new();
    let page = browser.visit(&format!("{}/admin", portal.url)).await;
    let form = page.form("main form#step");
    let form = form.set("username", "maria").set("password", PASSWORD);
    browser.submit_and_follow(&form).await.expect_status(200);
    assert_eq!(served.terminate(), Some(0));
    let heads = heads(&log);
    let last = heads.last().unwrap();
    assert!(last.starts_with("2:"), "{heads:?}");
    let expecting = |head: &str| portal.run(dir.path(), &["audit", "verify", "--expect", head]);
    let (status, said) = expecting(last);
    assert_eq!(status, Some(0), "{said}");
    assert!(said.contains("audit chain intact, 2 entries"), "{said}");
    for other in [format!("3{}", &last[1..]), format!("2:{}", "0".repeat(64))] {
        let (status, said) = expecting(&other);
        assert_eq!(status, Some(1), "{said}");
        let number = &other[..1];
        assert!(
            said.contains(&format!("entry {number} is missing or another")),
            "{said}"
        );
    }
    for text in ["", "2", "2:ab", "x:00"] {
        assert_eq!(expecting(text).0, Some(2), "{text}");
    }
}
