//! A database file that somebody replaces, overwrites or takes the `-wal` of under a running
//! server, and a master key that is changed under one.

use std::fs::{self, File};
use std::path::Path;
use std::time::Duration;

use super::after_a_crash::Served;
use super::{done, refused, run, sqlite};
use crate::support::app::free_port;
use crate::support::browser::Browser;
use crate::support::database::MASTER_KEY;
use crate::support::events::note_all;
use crate::support::page::Page;
use crate::support::process::{Process, command};

/// A running server, where it says whether it is ready, and what it logs.
pub(super) struct Running {
    pub(super) process: Process,
    ready: String,
    log: std::path::PathBuf,
}

impl Running {
    pub(super) fn start(mut command: std::process::Command, dir: &Path) -> Self {
        let (port, log) = (free_port(), dir.join("log"));
        command.env("RUBRICA_LISTEN", format!("127.0.0.1:{port}"));
        command.stderr(File::create(&log).unwrap());
        Self {
            process: Process::try_start(command, 1).unwrap(),
            ready: format!("http://127.0.0.1:{port}/readyz"),
            log,
        }
    }

    pub(super) async fn readiness(&self) -> Page {
        Browser::new().get(&self.ready).await
    }

    /// The answer, once it is not ready.
    async fn refusal(&self) -> String {
        for _ in 0..60 {
            let answer = self.readiness().await;
            if answer.status == 503 {
                return answer.body;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("it says for ever that it is ready");
    }

    pub(super) fn logged(&self, event: &str) -> bool {
        let log = fs::read_to_string(&self.log).unwrap();
        let told = note_all(&log);
        told.iter()
            .any(|one| one.get("event").is_some_and(|name| name == event))
    }
}

async fn refused_once(served: &Served, replace: impl FnOnce(&Path)) {
    let mut running = Running::start(served.command(), served.dir.path());
    served.admin("maria");
    running.readiness().await.expect_status(200);
    replace(&served.file());
    let says = running.refusal().await;
    assert_eq!(says, "database: its file was replaced\n");
    assert_eq!(running.process.terminate(), Some(0));
    assert!(served.running(), "the next start has to look");
    assert!(running.logged("database_replaced"));
}

/// A server of a file, and a copy of it from before.
fn with_copy() -> (Served, std::path::PathBuf) {
    let served = Served::new();
    assert_eq!(served.start().terminate(), Some(0));
    let copy = served.dir.path().join("copy.db");
    fs::copy(served.file(), &copy).unwrap();
    (served, copy)
}

fn the_next_start_takes_the_copy_alone(served: &Served, copy: &[u8]) {
    assert!(
        fs::read(served.file()).unwrap() == copy,
        "it was written to"
    );
    let words = refused(&served.command().output().unwrap(), 2);
    assert!(words.contains("portal.db-wal belongs to"), "{words}");
    for ending in ["-wal", "-shm"] {
        fs::remove_file(served.dir.path().join(format!("portal.db{ending}"))).unwrap();
    }
    let said = done(&served.run(&["audit", "verify"]));
    assert!(said.contains("intact"), "{said}");
    assert_eq!(served.start().terminate(), Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_moved_over_the_served_one_stays_as_it_is() {
    let (served, copy) = with_copy();
    let bytes = fs::read(&copy).unwrap();
    refused_once(&served, |file| fs::rename(&copy, file).unwrap()).await;
    the_next_start_takes_the_copy_alone(&served, &bytes);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_copied_over_the_served_one_stays_as_it_is() {
    let (served, copy) = with_copy();
    let bytes = fs::read(&copy).unwrap();
    refused_once(&served, |file| {
        fs::copy(&copy, file).unwrap();
    })
    .await;
    the_next_start_takes_the_copy_alone(&served, &bytes);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_in_a_wal_that_is_removed_is_saved_by_the_stop() {
    let served = Served::new();
    refused_once(&served, |file| {
        fs::remove_file(file.with_extension("db-wal")).unwrap();
    })
    .await;
    assert_eq!(served.start().terminate(), Some(0));
    let arguments = ["admin", "create", "--username", "maria"];
    let arguments = [&arguments[..], &["--password-file", "password"]].concat();
    let words = refused(&served.run(&arguments), 1);
    assert!(words.contains("there is an administrator maria"), "{words}");
}

const NEW: [u8; 32] = [9; 32];

#[tokio::test(flavor = "multi_thread")]
async fn a_master_key_is_not_changed_under_a_server_that_lacks_the_new_one() {
    let served = Served::new();
    let hex = |key: [u8; 32]| data_encoding::HEXLOWER.encode(&key);
    let (url, new, old) = (sqlite(&served.file()), hex(NEW), hex(MASTER_KEY));
    let both = [
        ("RUBRICA_DATABASE_URL", url.as_str()),
        ("RUBRICA_MASTER_KEY", &new),
        ("RUBRICA_OLD_MASTER_KEY", &old),
    ];
    let dir = served.dir.path();
    let rotate = || command(dir, &["keys", "rotate"], &both).output().unwrap();
    let mut running = Running::start(served.command(), dir);
    let words = refused(&rotate(), 1);
    assert!(
        words.contains("does not have the new master key"),
        "{words}"
    );
    running.readiness().await.expect_status(200);
    done(&run(dir, &url, &["audit", "verify"]));
    // Past the lock, as on another node of PostgreSQL.
    fs::rename(dir.join("portal.db.lock"), dir.join("lock")).unwrap();
    done(&rotate());
    let says = running.refusal().await;
    assert!(says.contains("restart with the new one"), "{says}");
    fs::rename(dir.join("lock"), dir.join("portal.db.lock")).unwrap();
    assert_eq!(running.process.terminate(), Some(0));
    // With both a server needs no stop.
    let mut server = served.command();
    server.envs(both);
    let mut running = Running::start(server, dir);
    done(&rotate());
    running.readiness().await.expect_status(200);
    assert_eq!(running.process.terminate(), Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_was_deleted_is_restored_and_what_is_left_of_it_kept() {
    let served = Served::new();
    let process = served.start();
    served.admin("maria");
    done(&served.run(&["backup", "kept"]));
    served.admin("eva");
    // Killed: its -wal stays.
    drop(process);
    fs::remove_file(served.file()).unwrap();
    let words = refused(&served.run(&["audit", "verify"]), 2);
    assert!(words.contains("is gone or empty"), "{words}");

    done(&served.run(&["restore", "kept"]));
    let left = served.dir.path().join("portal.db.damaged-wal");
    assert!(fs::metadata(left).unwrap().len() > 0);
    let said = done(&served.run(&["audit", "verify"]));
    assert!(said.contains("intact"), "{said}");
    assert_eq!(served.start().terminate(), Some(0));
}
