//! A SQLite database after something other than an orderly stop.

use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use sqlx::{Connection as _, SqliteConnection};
use tempfile::TempDir;

use super::{done, refused, run, sqlite};
use crate::support::app::App;
use crate::support::browser::Browser;
use crate::support::database::MASTER_KEY;
use crate::support::process::{Process, command};

/// A portal on a file, as an operator runs it.
pub(super) struct Served {
    pub(super) dir: TempDir,
}

impl Served {
    pub(super) fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        Self { dir }
    }

    pub(super) fn file(&self) -> PathBuf {
        self.dir.path().join("portal.db")
    }

    pub(super) fn running(&self) -> bool {
        self.dir.path().join("portal.db.running").exists()
    }

    pub(super) fn start(&self) -> Process {
        let ready = Process::try_start(self.command(), 1);
        ready.unwrap_or_else(|why| panic!("{why}"))
    }

    pub(super) fn command(&self) -> std::process::Command {
        let key = data_encoding::HEXLOWER.encode(&MASTER_KEY);
        let url = sqlite(&self.file());
        let variables = [
            ("RUBRICA_PUBLIC_URL", "http://localhost:8080"),
            ("RUBRICA_LISTEN", "127.0.0.1:0"),
            ("RUBRICA_DATABASE_URL", &url),
            ("RUBRICA_MASTER_KEY", &key),
        ];
        command(self.dir.path(), &["serve"], &variables)
    }

    pub(super) fn run(&self, arguments: &[&str]) -> std::process::Output {
        run(self.dir.path(), &sqlite(&self.file()), arguments)
    }

    pub(super) fn admin(&self, name: &str) {
        std::fs::write(
            self.dir.path().join("password"),
            "four words without sense 7",
        )
        .unwrap();
        let arguments = ["--username", name, "--password-file", "password"];
        done(&self.run(&[&["admin", "create"], arguments.as_slice()].concat()));
    }

    /// Copies the database as `sqlite3 .backup` does.
    async fn copy(&self, to: &Path) {
        let mut conn = SqliteConnection::connect(&sqlite(&self.file()))
            .await
            .unwrap();
        let sql = format!("VACUUM INTO '{}'", to.display());
        sqlx::query(sqlx::AssertSqlSafe(sql))
            .execute(&mut conn)
            .await
            .unwrap();
        conn.close().await.unwrap();
    }
}

#[tokio::test]
async fn a_copy_beside_the_wal_of_the_database_before_is_refused_and_restore_is_safe() {
    let served = Served::new();
    let copy = served.dir.path().join("copy.db");
    served.start().terminate();
    served.copy(&copy).await;
    done(&served.run(&["backup", "kept"]));
    let mut process = served.start();
    served.admin("maria");
    process.kill();
    let wal = served.dir.path().join("portal.db-wal");
    assert!(wal.metadata().unwrap().len() > 0);
    let lost = std::fs::read(served.file()).unwrap();

    std::fs::copy(&copy, served.file()).unwrap();
    let copied = std::fs::read(served.file()).unwrap();
    for output in [
        served.command().output().unwrap(),
        served.run(&["audit", "verify"]),
        served.run(&["backup", "another"]),
    ] {
        let words = refused(&output, 2);
        assert!(words.contains("portal.db-wal belongs to"), "{words}");
    }
    assert_eq!(
        std::fs::read(served.file()).unwrap(),
        copied,
        "it was not touched"
    );

    // What it says to do works: the copy alone, or the database before.
    let before = std::fs::read(&wal).unwrap();
    for ending in ["-wal", "-shm"] {
        std::fs::remove_file(served.dir.path().join(format!("portal.db{ending}"))).unwrap();
    }
    done(&served.run(&["audit", "verify"]));
    std::fs::write(served.file(), lost).unwrap();
    std::fs::write(&wal, before).unwrap();
    std::fs::copy(&copy, served.file()).unwrap();
    done(&served.run(&["restore", "kept", "--replace"]));
    assert!(!wal.exists() && !served.running());
    let said = done(&served.run(&["audit", "verify"]));
    assert!(said.contains("intact"), "{said}");
    assert_eq!(served.start().terminate(), Some(0));
}

#[tokio::test]
async fn a_copy_made_in_the_same_minute_is_noticed_by_its_time() {
    let served = Served::new();
    let mut process = served.start();
    served.admin("maria");
    let copy = served.dir.path().join("copy.db");
    served.copy(&copy).await;
    served.admin("pedro");
    process.kill();
    std::fs::copy(&copy, served.file()).unwrap();
    let later = std::time::SystemTime::now() + Duration::from_secs(5);
    let file = std::fs::File::options()
        .write(true)
        .open(served.file())
        .unwrap();
    file.set_modified(later).unwrap();
    let words = refused(&served.command().output().unwrap(), 2);
    assert!(words.contains("portal.db-wal belongs to"), "{words}");
}

#[test]
fn a_large_wal_takes_longer_to_be_written_back_and_is_no_other_databases() {
    let served = Served::new();
    let mut process = served.start();
    served.admin("maria");
    process.kill();
    // Behind its last entry a -wal keeps the room that it once needed.
    let wal = served.dir.path().join("portal.db-wal");
    let mut options = std::fs::File::options();
    let wal = options.write(true).open(wal).unwrap();
    wal.set_len(256 << 20).unwrap();
    let written = wal.metadata().unwrap().modified().unwrap();
    let file = options.open(served.file()).unwrap();
    file.set_modified(written + Duration::from_secs(10))
        .unwrap();
    assert_eq!(served.start().terminate(), Some(0));
}

#[test]
fn an_orderly_stop_leaves_no_mark_and_a_kill_does() {
    let served = Served::new();
    let mut process = served.start();
    assert!(served.running());
    assert_eq!(process.terminate(), Some(0));
    assert!(!served.running());
    served.start().kill();
    assert!(served.running());
    let mut again = served.start();
    assert_eq!(again.terminate(), Some(0));
    assert!(!served.running());
}

/// Overwrites every page but the first few.
fn damage(file: &Path) {
    let length = file.metadata().unwrap().len();
    let file = std::fs::File::options().write(true).open(file).unwrap();
    for page in 4..length / 4096 {
        file.write_all_at(&[0x5A; 4096], page * 4096).unwrap();
    }
}

#[test]
fn a_damaged_database_is_refused_after_a_crash_in_plain_words() {
    let served = Served::new();
    let mut process = served.start();
    assert_eq!(process.terminate(), Some(0));
    done(&served.run(&["backup", "kept"]));
    std::fs::write(served.dir.path().join("portal.db.running"), "").unwrap();
    damage(&served.file());
    let words = refused(&served.command().output().unwrap(), 2);
    for says in ["the database file is damaged", "rubrica restore"] {
        assert!(words.contains(says), "{words}");
    }
    // The way that it names.
    done(&served.run(&["restore", "kept", "--replace"]));
    assert_eq!(served.start().terminate(), Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_found_damaged_in_service_is_not_ready() {
    let app = App::spawn().await;
    let browser = Browser::new();
    browser.get(&app.at("/readyz")).await.expect_status(200);
    app.portal.storage.mark().await.unwrap();
    damage(&app.data_dir().join("rubrica.db"));
    let look = || async {
        sqlx::query("SELECT * FROM issuances, audit, owners, certificates")
            .fetch_all(app.portal.storage.pool())
            .await
    };
    let found = futures_util::future::join_all((0..16).map(|_| look())).await;
    assert!(found.iter().any(Result::is_err), "no reader has met it");
    let answer = browser.get(&app.at("/readyz")).await.expect_status(503);
    assert!(answer.body.contains("damaged"), "{answer:?}");
}
