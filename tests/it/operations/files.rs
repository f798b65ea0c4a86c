//! Files that do not grow, do not answer or have no end.

use std::fs::{self, File};
use std::io::{BufRead as _, BufReader, Read as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Resource, Rlimit, prlimit};
use tempfile::tempdir;

use super::process::limited;
use super::{GOOD, run, words};
use crate::support::app::state_of;
use crate::support::browser::Browser;
use crate::support::deployed::Deployed;
use crate::support::process::{Process, command, port_to_come_back_to};
use crate::support::visitor::Visitor;

/// Lets no file of the process grow past so many bytes.
fn limit_files(process: &Process, bytes: Option<u64>) {
    let pid = Pid::from_raw(i32::try_from(process.pid()).unwrap());
    let limit = Rlimit {
        current: bytes,
        maximum: None,
    };
    prlimit(pid, Resource::Fsize, limit).unwrap();
}

fn make_pipe(file: &Path) {
    let made = Command::new("mkfifo").arg(file).status().unwrap();
    assert!(made.success());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_may_not_grow_is_a_write_that_fails_and_works_again_later() {
    let deployed = Deployed::start(None, 1).await;
    let mut portal = deployed.serve(0);
    let ana = Visitor::new(&deployed.origin(), "demo");
    ana.sign_in_at_redtrust().await.unwrap();
    let answers = [("kind", "name"), ("common_name", "ANA")];
    let last = ana.to_last_step("/issue", &answers).await.unwrap();
    limit_files(&portal, Some(0));
    let page = ana.browser.submit(&last).await;
    assert_eq!(page.status.as_u16(), 503, "{page:?}");
    limit_files(&portal, None);
    let page = ana.submit(&last).await.unwrap();
    let path = page.url.path();
    let page = ana.settled(path, Duration::from_secs(30)).await.unwrap();
    assert_eq!(state_of(&page), "issued", "{page:?}");
    assert_eq!(portal.terminate(), Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_that_may_not_grow_says_so_and_leaves_nothing() {
    let deployed = Deployed::start(None, 1).await;
    let _portal = deployed.serve(0);
    let dir = deployed.dir.path();
    let backup = deployed.command(0, &["backup", "saved.rubrica"], &[]);
    let ended = limited(dir, "-f 0", &backup).output().unwrap();
    let told = words(&ended);
    assert_eq!(ended.status.code(), Some(1), "{told}");
    assert!(told.contains("File too large"), "{told}");
    let left = fs::read_dir(dir).unwrap().flatten();
    let mut left = left.map(|file| file.file_name().into_string().unwrap());
    assert!(!left.any(|name| name.starts_with("saved")));
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_that_do_not_answer_are_not_read_anew_and_hold_up_no_stop() {
    let deployed = Deployed::start(None, 1).await;
    let mut node = deployed.serve(0);
    let file = deployed.dir.path().join("node-0.toml");
    fs::remove_file(&file).unwrap();
    make_pipe(&file);
    node.signal("HUP");
    let until = Instant::now() + Duration::from_secs(20);
    let log = deployed.log_of(0);
    while !fs::read_to_string(&log)
        .unwrap()
        .contains("does not answer")
    {
        assert!(Instant::now() < until, "nothing is told");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let page = format!("{}/sign-in", deployed.origin());
    Browser::new().visit(&page).await.expect_status(200);
    assert_eq!(node.terminate(), Some(0));
}

#[test]
fn a_start_names_the_file_that_it_waits_for_and_reads_none_without_an_end() {
    let dir = tempdir().unwrap();
    make_pipe(&dir.path().join("c.toml"));
    let mut waits = command(dir.path(), &["serve", "--config", "c.toml"], &GOOD);
    let mut waits = waits.stderr(Stdio::piped()).spawn().unwrap();
    let mut told = String::new();
    let mut lines = BufReader::new(waits.stderr.take().unwrap());
    lines.read_line(&mut told).unwrap();
    waits.kill().unwrap();
    waits.wait().unwrap();
    assert_eq!(told, "rubrica: waiting for c.toml\n");
    let endless = [
        ("RUBRICA_MASTER_KEY", ""),
        ("RUBRICA_MASTER_KEY_FILE", "/dev/zero"),
    ];
    let ended = run(dir.path(), &["serve"], &endless);
    assert_eq!(ended.status.code(), Some(2));
    let told = words(&ended);
    assert!(told.contains("it has more than 1 MiB"), "{told}");
}

#[test]
fn a_hangup_while_it_starts_ends_nothing() {
    let dir = tempdir().unwrap();
    let file = dir.path().join("c.toml");
    make_pipe(&file);
    let mut starts = command(dir.path(), &["serve", "--config", "c.toml"], &GOOD);
    let mut starts = starts.stdout(Stdio::piped()).spawn().unwrap();
    // It is opened once the other end is.
    let settings = File::options().write(true).open(&file).unwrap();
    let pid = starts.id().to_string();
    let hung_up = Command::new("kill").args(["-s", "HUP", &pid]).status();
    drop(settings);
    let mut told = String::new();
    let mut lines = BufReader::new(starts.stdout.take().unwrap());
    lines.read_line(&mut told).unwrap();
    starts.kill().unwrap();
    starts.wait().unwrap();
    assert!(hung_up.unwrap().success());
    assert!(told.starts_with("portal ready at"), "{told:?}");
}

#[test]
fn a_ready_line_that_cannot_be_written_stops_no_server() {
    let dir = tempdir().unwrap();
    let full = || File::options().write(true).open("/dev/full").unwrap();
    let at = format!("127.0.0.1:{}", port_to_come_back_to());
    let mut variables = GOOD.to_vec();
    variables.retain(|(name, _)| *name != "RUBRICA_LISTEN");
    variables.push(("RUBRICA_LISTEN", &at));
    let mut serve = command(dir.path(), &["serve"], &variables);
    serve.stdout(full()).stderr(Stdio::piped());
    let mut serve = serve.spawn().unwrap();
    let mut lines = BufReader::new(serve.stderr.take().unwrap()).lines();
    let told = lines.find(|line| line.as_ref().unwrap().contains("standard output"));
    assert!(told.is_some(), "it ended without a word of it");
    assert!(TcpStream::connect(&at).is_ok());
    assert!(serve.try_wait().unwrap().is_none());
    serve.kill().unwrap();
    serve.wait().unwrap();

    let mut checked = command(dir.path(), &["check-config"], &GOOD);
    checked.stdout(full()).stderr(Stdio::piped());
    let mut checked = checked.spawn().unwrap();
    let mut told = String::new();
    let mut words = checked.stderr.take().unwrap();
    words.read_to_string(&mut told).unwrap();
    assert_eq!(checked.wait().unwrap().code(), Some(1), "{told}");
    assert!(told.contains("rubrica: standard output: "), "{told}");
}
