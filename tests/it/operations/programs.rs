//! How a program behaves towards what starts it and stands around it: whoever asks for its
//! health, terminals, closed streams, exit statuses, two of it at once.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;

use tempfile::tempdir;

use super::databases::psql;
use super::{GOOD, run, words};
use crate::support::app::free_port;
use crate::support::browser::Browser;
use crate::support::postgres;
use crate::support::process::{Process, command};

/// Answers whoever asks with these bytes.
fn answering(answer: String) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut asked = [0; 2048];
            let length = stream.read(&mut asked).unwrap();
            let line = String::from_utf8_lossy(&asked[..length]);
            let path = line.split(' ').nth(1).unwrap_or_default().to_owned();
            stream
                .write_all(answer.replace("PATH", &path).as_bytes())
                .unwrap();
        }
    });
    origin
}

#[test]
fn health_follows_nobody_elsewhere_and_asks_an_origin_for_readyz() {
    let dir = tempdir().unwrap();
    let ok = answering("HTTP/1.1 200 OK\r\nconnection: close\r\n\r\nPATH\nmore".to_owned());
    let output = command(dir.path(), &["health", &ok], &[]).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stdout), "/readyz\n");
    let elsewhere = answering(format!(
        "HTTP/1.1 302 Found\r\nlocation: {ok}/fine\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
    ));
    let output = command(dir.path(), &["health", &elsewhere], &[])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", words(&output));
    let output = command(dir.path(), &["health", "foo"], &[]).output();
    let output = output.unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(
        words(&output).contains("is no address"),
        "{}",
        words(&output)
    );
}

#[test]
fn the_demo_names_the_setting_that_keeps_it_from_starting() {
    let dir = tempdir().unwrap();
    for (name, value, says) in [
        (
            "RUBRICA_PUBLIC_URL",
            "https://portal.example",
            "RUBRICA_PUBLIC_URL is https://portal.example",
        ),
        (
            "RUBRICA_LISTEN",
            "unix:/run/portal.sock",
            "RUBRICA_LISTEN is unix:/run/portal.sock",
        ),
        (
            "RUBRICA_ADMIN_USERNAME",
            "root",
            "RUBRICA_ADMIN_USERNAME: and RUBRICA_ADMIN_PASSWORD_FILE need each other",
        ),
        (
            "RUBRICA_ADMIN_PASSWORD_FILE",
            "password",
            "RUBRICA_ADMIN_USERNAME: and RUBRICA_ADMIN_PASSWORD_FILE need each other",
        ),
    ] {
        let output = command(dir.path(), &["demo"], &[(name, value)]).output();
        let output = output.unwrap();
        let told = words(&output);
        assert_eq!(output.status.code(), Some(2), "{told}");
        assert!(told.contains(says), "{told}");
    }
}

#[test]
fn health_names_the_socket_at_which_nobody_answers() {
    let dir = tempdir().unwrap();
    let socket = format!("unix:{}", dir.path().join("none.sock").display());
    let output = run(dir.path(), &["health"], &[("RUBRICA_LISTEN", &socket)]);
    let told = words(&output);
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(told.contains(&format!("rubrica: {socket}: ")), "{told}");
}

#[test]
fn whoever_has_no_terminal_is_told_of_the_file_with_the_password() {
    let dir = tempdir().unwrap();
    let mut apart = std::process::Command::new("setsid");
    let inner = command(
        dir.path(),
        &["admin", "create", "--username", "maria"],
        &GOOD,
    );
    apart
        .arg("-w")
        .arg(inner.get_program())
        .args(inner.get_args());
    apart
        .current_dir(dir.path())
        .envs(GOOD)
        .stdin(std::process::Stdio::null());
    let output = apart.output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(
        words(&output).contains("--password-file"),
        "{}",
        words(&output)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_portal_whose_stderr_is_closed_serves_and_writes_its_log_into_no_file() {
    let dir = tempdir().unwrap();
    let port = free_port();
    let listen = format!("127.0.0.1:{port}");
    let inner = command(dir.path(), &["serve"], &GOOD);
    let mut shell = std::process::Command::new("sh");
    shell
        .args(["-c", "exec \"$0\" \"$@\" 2>&-"])
        .arg(inner.get_program());
    shell.args(inner.get_args()).current_dir(dir.path());
    shell.envs(GOOD).env("RUBRICA_LISTEN", listen);
    let mut served = Process::try_start(shell, 1).unwrap();
    let ready = format!("http://127.0.0.1:{port}/readyz");
    Browser::new().get(&ready).await.expect_status(200);
    assert_eq!(served.terminate(), Some(0));
    let database = fs::read(dir.path().join("portal.db")).unwrap();
    let event = b"\"timestamp\":";
    assert!(!database.windows(event.len()).any(|some| some == event));
    let output = run(dir.path(), &["audit", "verify"], &[]);
    assert!(output.status.success(), "{}", words(&output));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_away_is_a_failure_and_an_unfit_one_a_matter_of_configuration() {
    let dir = tempdir().unwrap();
    let away = [("RUBRICA_DATABASE_URL", "postgres://u:canary@127.0.0.1:1/x")];
    for arguments in [&["serve"][..], &["audit", "verify"]] {
        let output = run(dir.path(), arguments, &away);
        let told = words(&output);
        assert_eq!(output.status.code(), Some(1), "{told}");
        assert!(told.contains(" 127.0.0.1:1: "), "{told}");
        assert!(!told.contains("canary"), "{told}");
    }
    let Some(cluster) = postgres::cluster() else {
        return;
    };
    let sql = "CREATE DATABASE latin_served ENCODING 'LATIN1' TEMPLATE template0 LOCALE 'C'";
    psql(&cluster.url("postgres"), sql).await;
    let url = cluster.url("latin_served");
    let output = run(dir.path(), &["serve"], &[("RUBRICA_DATABASE_URL", &url)]);
    assert_eq!(output.status.code(), Some(2));
    let told = words(&output);
    assert!(
        told.contains("RUBRICA_DATABASE_URL") && told.contains("LATIN1"),
        "{told}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn two_programs_that_start_at_once_on_an_empty_database_both_serve() {
    let Some(cluster) = postgres::cluster() else {
        return;
    };
    let url = cluster.create("two_programs", "template1").await;
    let dir = tempdir().unwrap();
    let start = || {
        let mut started = command(dir.path(), &["serve"], &GOOD);
        started.env("RUBRICA_DATABASE_URL", &url);
        started.env("RUBRICA_POOL_SIZE", "3");
        started.env("RUBRICA_DRAIN_SECONDS", "0");
        started
    };
    let both = [start(), start()].map(|one| std::thread::spawn(move || Process::try_start(one, 1)));
    for served in both {
        let mut served = served.join().unwrap().unwrap_or_else(|why| panic!("{why}"));
        assert_eq!(served.terminate(), Some(0));
    }
}
