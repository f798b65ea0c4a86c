//! What surrounds the process: whoever reads its output, signals, variables, limits.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use serde_json::json;
use tempfile::tempdir;

use super::{GOOD, run, words};
use crate::support::app::state_of;
use crate::support::browser::Browser;
use crate::support::deployed::Deployed;
use crate::support::events::note_all;
use crate::support::process::{Process, command};
use crate::support::visitor::Visitor;

pub(super) const PORTS: [&str; 5] = [
    "demo",
    "--listen",
    "127.0.0.1:0",
    "--sandbox-listen",
    "127.0.0.1:0",
];

/// The read end of a pipe that nobody reads, and its write end for a process.
pub(super) fn pipe() -> (File, Stdio) {
    let (read, write) = std::io::pipe().unwrap();
    (File::from(std::os::fd::OwnedFd::from(read)), write.into())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_that_nobody_reads_holds_nobody_up_and_what_is_dropped_is_counted() {
    let dir = tempdir().unwrap();
    let (log, write) = pipe();
    let mut started = command(dir.path(), &PORTS, &[("RUBRICA_LOG", "info")]);
    started.stderr(write);
    let demo = Process::try_start(started, 2).unwrap();
    let probe = format!("{}/healthz", demo.url("portal"));
    let browser = Browser::new();
    let ask = async || {
        for _ in 0..400 {
            browser.get(&probe).await.expect_status(200);
        }
    };
    // A pipe takes some hundred lines, and 2048 more wait.
    let begun = Instant::now();
    join_all((0..8).map(|_| ask())).await;
    assert!(begun.elapsed() < Duration::from_secs(60));
    // Once it is read again, it says how many are missing.
    let told = BufReader::new(log)
        .lines()
        .map_while(Result::ok)
        .find(|line| line.contains("log_lines_dropped"))
        .unwrap();
    let told = &note_all(&told)[0];
    assert_eq!(told["level"], "warn");
    assert!(told["lines"].parse::<u64>().unwrap() > 0, "{told:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_portal_without_anybody_at_stderr_or_stdout_serves_on() {
    let dir = tempdir().unwrap();
    let (log, write) = pipe();
    drop(log);
    let mut started = command(dir.path(), &PORTS, &[("RUBRICA_LOG", "info")]);
    started.stderr(write);
    let mut demo = Process::try_start(started, 2).unwrap();
    let page = format!("{}/sign-in", demo.url("portal"));
    for _ in 0..3 {
        Browser::new().visit(&page).await.expect_status(200);
    }
    assert_eq!(demo.terminate(), Some(0));
}

#[test]
fn a_command_whose_reader_has_gone_ends_with_a_status_of_ours() {
    let dir = tempdir().unwrap();
    for arguments in [
        &["check-config"][..],
        &["audit", "export"],
        &["--help"],
        &["no-such"],
    ] {
        let (out, write_out) = pipe();
        let (err, write_err) = pipe();
        drop((out, err));
        let mut ended = command(dir.path(), arguments, &GOOD);
        ended.stdout(write_out).stderr(write_err);
        let status = ended.status().unwrap();
        assert!(
            matches!(status.code(), Some(0..=2)),
            "{arguments:?}: {status}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn only_signals_that_ask_to_stop_stop_it_and_in_order() {
    let dir = tempdir().unwrap();
    let mut demo = Process::start(dir.path(), &PORTS, &[], 2);
    let page = format!("{}/sign-in", demo.url("portal"));
    let idle = [
        "USR1", "USR2", "PIPE", "ALRM", "VTALRM", "PROF", "POLL", "STKFLT", "XCPU", "XFSZ",
        "RTMIN", "RTMIN+3",
    ];
    for signal in idle {
        demo.signal(signal);
        Browser::new().visit(&page).await.expect_status(200);
        assert_eq!(demo.status(), None, "{signal}");
    }
    demo.signal("HUP");
    assert_eq!(demo.ended(), Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn signals_in_the_midst_of_a_call_cost_nobody_a_certificate() {
    for (call, state) in [("csr_create", "creating"), ("csr_finalize", "finalizing")] {
        signals_in_the_midst_of(call, state).await;
    }
}

async fn signals_in_the_midst_of(call: &str, state: &str) {
    let deployed = Deployed::start(None, 1).await;
    let mut portal = deployed.serve(0);
    let ana = Visitor::new(&deployed.origin(), "demo");
    ana.sign_in_at_redtrust().await.unwrap();
    let answers = [("kind", "name"), ("common_name", "ANA")];
    let last = ana.to_last_step("/issue", &answers).await.unwrap();
    let controls = &deployed.controls;
    controls
        .fault(call, "before", "delay", json!(3_000), 1)
        .await;
    let page = ana.submit(&last).await.unwrap();
    let path = page.url.path();
    while state_of(&ana.visit(path).await.unwrap()) != state {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    for signal in ["USR1", "USR2", "PIPE", "ALRM", "HUP"] {
        portal.signal(signal);
    }
    let page = ana.settled(path, Duration::from_secs(30)).await.unwrap();
    assert_eq!(state_of(&page), "issued", "{page:?}");
    assert_eq!(portal.status(), None);
}

#[test]
fn an_empty_variable_is_not_set_and_check_config_names_what_is_odd() {
    let dir = tempdir().unwrap();
    let others = [
        ("RUBRICA_LOG", ""),
        ("RUBRICA_LISTEN", ""),
        ("RUBRICA_POOL_SIZE", ""),
        ("RUBRICA_HSTS", ""),
        ("RUBRICA_TIME_ZONE", "  "),
        ("RUBRICA_RETENTION_DAYS", " \t"),
        ("RUBRICA_TRUSTED_PROXY", "10.0.0.0/8"),
        ("RUBRICA_PUBLIC_URL", "https://portal.example"),
    ];
    let output = run(dir.path(), &["check-config"], &others);
    let words = words(&output);
    assert!(output.status.success(), "{words}");
    let expected =
        "RUBRICA_TRUSTED_PROXY: there is no such setting; is RUBRICA_TRUSTED_PROXIES meant?";
    assert!(words.contains(expected), "{words}");
    // It would be the address of everybody.
    let expected = "RUBRICA_TRUSTED_PROXIES is not set";
    assert!(words.contains(expected), "{words}");
}

#[test]
fn a_variable_that_is_no_text_is_refused_by_its_name() {
    let dir = tempdir().unwrap();
    for line in [&["check-config"][..], &["audit", "verify"]] {
        let output = command(dir.path(), line, &GOOD)
            .env("RUBRICA_PARTNER_NAME", OsStr::from_bytes(b"Caf\xE9"))
            .output()
            .unwrap();
        let words = words(&output);
        assert_eq!(output.status.code(), Some(2), "{words}");
        let expected = "rubrica: RUBRICA_PARTNER_NAME: has a letter that is not in UTF-8";
        assert!(words.contains(expected), "{words}");
    }
}

/// The same command under a limit of the shell.
pub(super) fn limited(dir: &Path, limit: &str, inner: &Command) -> Command {
    let mut limited = Command::new("sh");
    limited
        .arg("-c")
        .arg(format!("ulimit {limit} && exec \"$@\""))
        .arg("sh")
        .arg(inner.get_program())
        .args(inner.get_args())
        .current_dir(dir);
    for (name, value) in inner.get_envs() {
        match value {
            Some(value) => limited.env(name, value),
            None => limited.env_remove(name),
        };
    }
    limited
}

#[test]
fn the_soft_limit_of_open_files_is_raised_to_the_hard_one() {
    let dir = tempdir().unwrap();
    let inner = command(dir.path(), &PORTS, &[]);
    let limited = limited(dir.path(), "-Sn 256", &inner);
    let demo = Process::try_start(limited, 2).unwrap();
    let limits = std::fs::read_to_string(format!("/proc/{}/limits", demo.pid())).unwrap();
    let line = limits
        .lines()
        .find(|line| line.starts_with("Max open files"))
        .unwrap();
    let numbers: Vec<&str> = line.split_whitespace().skip(3).take(2).collect();
    assert_eq!(numbers[0], numbers[1], "{line}");
}
