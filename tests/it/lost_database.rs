//! A database file that is gone was there once: a server that began anew, with
//! nothing in it, would hide the loss.

use std::path::Path;
use std::process::{Output, Stdio};
use std::time::{Duration, Instant};

use tempfile::tempdir;

use crate::support::process::{Process, command};

const KEY: &str = "abababababababababababababababababababababababababababababababab";

/// The settings of a portal in the current folder.
fn settings(listen: &str) -> [(&'static str, &str); 4] {
    [
        ("RUBRICA_PUBLIC_URL", "http://localhost:8080"),
        ("RUBRICA_LISTEN", listen),
        ("RUBRICA_DATABASE_URL", "sqlite://portal.db"),
        ("RUBRICA_MASTER_KEY", KEY),
    ]
}

fn serve(dir: &Path) -> Result<Process, String> {
    Process::try_start(command(dir, &["serve"], &settings("127.0.0.1:0")), 1)
}

/// Starts and stops once, as an install does.
fn installed() -> tempfile::TempDir {
    let dir = tempdir().unwrap();
    let mut first = serve(dir.path()).unwrap();
    assert_eq!(first.terminate(), Some(0));
    dir
}

/// Runs what has to end by itself.
fn run(dir: &Path, arguments: &[&str]) -> Output {
    let mut running = command(dir, arguments, &settings("127.0.0.1:0"))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let until = Instant::now() + Duration::from_secs(20);
    while running.try_wait().unwrap().is_none() && Instant::now() < until {
        std::thread::sleep(Duration::from_millis(20));
    }
    // One that goes on has begun anew, and that is what must not be.
    let _ended = running.kill();
    running.wait_with_output().unwrap()
}

/// Refused in one line that says what to do.
fn says_that_it_is_lost(output: &Output) {
    let text = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{text}");
    assert_eq!(text.trim().lines().count(), 1, "{text}");
    for word in [
        "RUBRICA_DATABASE_URL",
        "portal.db",
        "put it back",
        "portal.db.lock",
    ] {
        assert!(text.contains(word), "{word}: {text}");
    }
}

#[test]
fn g03_a_missing_file_is_made_once_and_never_again() {
    let dir = installed();
    let file = dir.path().join("portal.db");
    let kept = std::fs::read(&file).unwrap();
    std::fs::remove_file(&file).unwrap();
    for arguments in [&["serve"][..], &["audit", "verify"]] {
        says_that_it_is_lost(&run(dir.path(), arguments));
        assert!(!file.exists(), "{arguments:?} made a new one");
    }
    std::fs::write(&file, kept).unwrap();
    assert!(serve(dir.path()).is_ok());
}

#[test]
fn an_empty_file_is_lost_as_well() {
    let dir = installed();
    std::fs::write(dir.path().join("portal.db"), "").unwrap();
    says_that_it_is_lost(&run(dir.path(), &["serve"]));
}

#[test]
fn whoever_removes_both_files_begins_anew() {
    let dir = installed();
    for name in ["portal.db", "portal.db.lock"] {
        std::fs::remove_file(dir.path().join(name)).unwrap();
    }
    assert!(serve(dir.path()).is_ok());
}

#[test]
fn a_first_start_that_fails_before_there_is_a_database_is_no_loss() {
    let dir = tempdir().unwrap();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let output = command(dir.path(), &["serve"], &settings(&address))
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(!dir.path().join("portal.db").exists());
    assert!(serve(dir.path()).is_ok());
}
