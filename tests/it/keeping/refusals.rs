//! What is not restored, and leaves the database as it was.

use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use rubrica::domain::millis::Millis;
use rubrica::storage::Storage;
use rubrica::storage::audit::{self, NewEntry, Verified};
use rubrica::storage::backup::{BackupError, Wanted, restore, save};
use rubrica::storage::lock::{self, ServerLock};
use rubrica::storage::seal::KeyRing;

use super::{done, new_file, refused, run, run_with_key, sqlite};
use crate::storage::given;
use crate::support::database::{Database, MASTER_KEY, on_both_engines};
use crate::support::process::command;

/// Adds audit entries.
async fn audited(db: &Database, number: usize) {
    let keys = db.keys.clone();
    let written = db.storage.write(move |conn| {
        Box::pin(async move {
            for _ in 0..number {
                audit::append(conn, &keys, &NewEntry::default(), Millis(1)).await?;
            }
            Ok(())
        })
    });
    written.await.unwrap();
}

/// A database with one entry that is saved, and another that came later.
struct Kept {
    db: Database,
    dir: tempfile::TempDir,
}

impl Kept {
    async fn of(db: Database) -> Self {
        given::ana(&db).await;
        audited(&db, 1).await;
        let dir = tempfile::tempdir().unwrap();
        let (url, words) = (db.url.clone(), ["backup", "kept", "--encrypt"]);
        done(&run(dir.path(), &url, &words));
        audited(&db, 1).await;
        db.storage.close().await;
        Self { db, dir }
    }

    fn dir(&self) -> &Path {
        self.dir.path()
    }

    fn restore(&self, arguments: &[&str]) -> std::process::Output {
        run(
            self.dir(),
            &self.db.url,
            &[&["restore"], arguments].concat(),
        )
    }

    /// How many entries the database has, in an intact chain.
    async fn entries(&self) -> i64 {
        let storage = Storage::open(&self.db.url, &self.db.keys).await.unwrap();
        let verified = audit::verify(&storage, &self.db.keys).await.unwrap();
        storage.close().await;
        match verified {
            Verified::Intact { entries } => entries,
            Verified::Broken { seq } => panic!("broken at {seq}"),
        }
    }
}

async fn a_database_that_is_not_empty_is_replaced_only_if_that_is_said(db: Database) {
    let kept = Kept::of(db).await;
    let words = refused(&kept.restore(&["kept"]), 1);
    assert!(words.contains("not empty: add --replace"), "{words}");
    assert_eq!(kept.entries().await, 2);
    let said = done(&kept.restore(&["kept", "--replace"]));
    assert!(said.contains("audit chain"), "{said}");
    // The saved entry, and that it was restored.
    assert_eq!(kept.entries().await, 2);
    let storage = Storage::open(&kept.db.url, &kept.db.keys).await.unwrap();
    let entries = audit::list(&storage, 0, 10).await.unwrap();
    assert_eq!(entries[1].what.action, "database.restore");
    storage.close().await;
}

async fn a_file_that_is_damaged_or_of_another_key_changes_nothing(db: Database) {
    let kept = Kept::of(db).await;
    let whole = std::fs::read(kept.dir().join("kept")).unwrap();
    let mut flipped = whole.clone();
    flipped[whole.len() / 2] ^= 1;
    let newer = [b"rubrica backup 2".as_slice(), &whole[16..]].concat();
    for (bytes, says) in [
        (&whole[..whole.len() - 1], "damaged or incomplete"),
        (&flipped, "damaged or incomplete"),
        (b"SQLite format 3\0", "no backup that rubrica has made"),
        (&newer, "no backup that rubrica has made"),
    ] {
        std::fs::write(kept.dir().join("other"), bytes).unwrap();
        let words = refused(&kept.restore(&["other", "--replace"]), 1);
        assert!(words.contains(says), "{words}");
    }
    let arguments = ["restore", "kept", "--replace"];
    let output = run_with_key(kept.dir(), &kept.db.url, [8; 32], &arguments);
    let words = refused(&output, 1);
    assert!(words.contains("another master key"), "{words}");
    refused(&kept.restore(&["missing", "--replace"]), 1);
    assert_eq!(kept.entries().await, 2);
}

async fn nothing_is_restored_while_a_server_runs(db: Database) {
    let kept = Kept::of(db).await;
    let storage = Storage::open(&kept.db.url, &kept.db.keys).await.unwrap();
    storage.ping().await.unwrap();
    let _lock = ServerLock::take(&kept.db.url).unwrap();
    let words = refused(&kept.restore(&["kept", "--replace"]), 1);
    let says = ["another server is running", "go past PgBouncer"];
    assert!(says.iter().any(|says| words.contains(says)), "{words}");
    assert_eq!(kept.entries().await, 2);
}

async fn tables_of_a_newer_version_are_left_alone(db: Database) {
    db.meddle(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
         SELECT 9999, 'x', success, checksum, 1 FROM _sqlx_migrations WHERE version = 1",
    )
    .await;
    let error = Storage::open(&db.url, &db.keys).await.unwrap_err();
    let words = error.to_string();
    assert!(words.contains("newer version of rubrica"), "{words}");
    let dir = tempfile::tempdir().unwrap();
    let wanted = Wanted {
        target: new_file(dir.path().join("newer")),
        sealed: false,
    };
    let saved = save(&db.url, &db.keys, &wanted, Millis(1)).await;
    let words = saved.unwrap_err().to_string();
    assert!(words.contains("newer version of rubrica"), "{words}");
    assert!(!wanted.target.file.exists());
}

/// Made with the tables of today, and a migration 9999 beside theirs.
#[tokio::test]
async fn a_backup_of_a_newer_version_is_not_restored() {
    let file = Path::new("tests/fixtures/newer/saved.backup");
    let dir = tempfile::tempdir().unwrap();
    let new = sqlite(&dir.path().join("new.db"));
    let (keys, entry) = (KeyRing::new(MASTER_KEY), NewEntry::default());
    let error = restore(&new, &keys, file, false, entry, Millis(1)).await;
    let words = error.unwrap_err().to_string();
    assert!(words.contains("newer version of rubrica"), "{words}");
    assert_eq!(names_in(dir.path()), Vec::<String>::new());
}

/// The names in a folder.
fn names_in(dir: &Path) -> Vec<String> {
    let files = std::fs::read_dir(dir).unwrap().flatten();
    let mut names: Vec<String> = files
        .map(|file| file.file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[tokio::test]
async fn a_command_that_is_refused_leaves_nothing_beside_the_database() {
    let kept = Kept::of(Database::sqlite().await).await;
    let whole = std::fs::read(kept.dir().join("kept")).unwrap();
    std::fs::write(kept.dir().join("cut"), &whole[..whole.len() - 1]).unwrap();
    std::fs::write(kept.dir().join("password"), "password").unwrap();
    let new = tempfile::tempdir().unwrap();
    let url = sqlite(&new.path().join("new.db"));
    for (file, replace) in [("missing", true), ("cut", true), ("cut", false)] {
        let replace: &[&str] = if replace { &["--replace"] } else { &[] };
        let arguments = [&["restore", file], replace].concat();
        refused(&run(kept.dir(), &url, &arguments), 1);
        assert!(names_in(new.path()).is_empty(), "{arguments:?}");
    }
    let who = ["--connection", "demo", "--username", "u", "--cn", "Ana"];
    let order = [&["issue", "--password-file", "password"], who.as_slice()].concat();
    refused(&run(kept.dir(), &url, &order), 2);
    assert!(names_in(new.path()).is_empty(), "issue left something");

    let file = lock::sqlite_file(&kept.db.url).unwrap();
    let before = names_in(file.parent().unwrap());
    for arguments in [&["kept"][..], &["cut", "--replace"]] {
        refused(&kept.restore(arguments), 1);
        assert_eq!(names_in(file.parent().unwrap()), before, "{arguments:?}");
    }
}

on_both_engines!(
    a_database_that_is_not_empty_is_replaced_only_if_that_is_said,
    a_file_that_is_damaged_or_of_another_key_changes_nothing,
    nothing_is_restored_while_a_server_runs,
    tables_of_a_newer_version_are_left_alone,
);

#[tokio::test]
async fn a_backup_is_for_its_owner_only_and_takes_no_other_files_place() {
    use std::os::unix::fs::PermissionsExt as _;
    let kept = Kept::of(Database::sqlite().await).await;
    let file = kept.dir().join("kept");
    assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    let before = std::fs::read(&file).unwrap();
    let words = refused(&run(kept.dir(), &kept.db.url, &["backup", "kept"]), 1);
    assert!(words.contains("--overwrite"), "{words}");
    assert_eq!(std::fs::read(&file).unwrap(), before);
    done(&run(
        kept.dir(),
        &kept.db.url,
        &["backup", "kept", "--overwrite"],
    ));
    assert_ne!(std::fs::read(&file).unwrap(), before);
    let files = std::fs::read_dir(kept.dir()).unwrap().flatten();
    let mut names = files.map(|file| file.file_name().into_string().unwrap());
    assert!(names.all(|name| !name.ends_with(".part")));
    let missing = sqlite(&kept.dir().join("missing.db"));
    let words = refused(&run(kept.dir(), &missing, &["backup", "none"]), 2);
    assert!(words.contains("there is no database"), "{words}");
    assert!(!kept.dir().join("missing.db").exists());
}

#[tokio::test]
async fn what_was_wrong_before_is_said_and_restored_as_it_was() {
    let db = Database::sqlite().await;
    audited(&db, 3).await;
    db.meddle("UPDATE audit SET actor = 'nobody' WHERE seq = 2")
        .await;
    let dir = tempfile::tempdir().unwrap();
    let output = run(dir.path(), &db.url, &["backup", "kept"]);
    done(&output);
    let words = String::from_utf8_lossy(&output.stderr);
    assert!(words.contains("broken at entry 2"), "{words}");
    let new = sqlite(&dir.path().join("new.db"));
    let output = run(dir.path(), &new, &["restore", "kept"]);
    done(&output);
    let words = String::from_utf8_lossy(&output.stderr);
    assert!(words.contains("broken at entry 2"), "{words}");
    // The same where nobody reads what is said.
    let (read, write) = std::io::pipe().unwrap();
    drop(read);
    let key = data_encoding::HEXLOWER.encode(&MASTER_KEY);
    let variables = [
        ("RUBRICA_DATABASE_URL", new.as_str()),
        ("RUBRICA_MASTER_KEY", key.as_str()),
    ];
    let mut again = command(dir.path(), &["restore", "kept", "--replace"], &variables);
    let again = again.stdout(Stdio::null()).stderr(write).status().unwrap();
    assert!(again.success(), "{again}");
}

/// Enough rows that a restore takes a while.
async fn long(db: Database) -> Kept {
    audited(&db, 1500).await;
    Kept::of(db).await
}

async fn a_restore_killed_at_any_time_leaves_the_old_or_the_new(db: Database) {
    let kept = long(db).await;
    let key = data_encoding::HEXLOWER.encode(&MASTER_KEY);
    let variables = [
        ("RUBRICA_DATABASE_URL", kept.db.url.as_str()),
        ("RUBRICA_MASTER_KEY", key.as_str()),
    ];
    let arguments = ["restore", "kept", "--replace"];
    let start = || {
        let mut command = crate::support::process::command(kept.dir(), &arguments, &variables);
        let quiet = command.stdout(Stdio::null()).stderr(Stdio::null());
        (quiet.spawn().unwrap(), Instant::now())
    };
    let (mut whole, began) = start();
    assert!(whole.wait().unwrap().success());
    let takes = began.elapsed();
    // Restored, it has 1501 entries and its own; one more makes it the old again.
    let mut killed = 0;
    for point in 1..=8u32 {
        let storage = Storage::open(&kept.db.url, &kept.db.keys).await.unwrap();
        let old = Kept::entries(&kept).await;
        let keys = KeyRing::new(MASTER_KEY);
        let one = storage.write(move |conn| {
            Box::pin(
                async move { audit::append(conn, &keys, &NewEntry::default(), Millis(1)).await },
            )
        });
        one.await.unwrap();
        storage.close().await;
        let (mut running, began) = start();
        let after = takes * point / 8;
        tokio::time::sleep(after.saturating_sub(began.elapsed())).await;
        let still = running.try_wait().unwrap().is_none();
        killed += u32::from(still);
        running.kill().unwrap();
        running.wait().unwrap();
        // PostgreSQL ends the session of the killed a moment later.
        let until = Instant::now() + Duration::from_secs(10);
        let now = loop {
            let now = kept.entries().await;
            if still || now == 1502 || Instant::now() > until {
                break now;
            }
        };
        assert!(now == old + 1 || now == 1502, "{now} entries, {old} before");
    }
    assert!(killed > 2, "only {killed} were killed on their way");
    let until = Instant::now() + Duration::from_secs(10);
    let mut last = kept.restore(&["kept", "--replace"]);
    while !last.status.success() && Instant::now() < until {
        last = kept.restore(&["kept", "--replace"]);
    }
    done(&last);
    assert_eq!(kept.entries().await, 1502);
}

on_both_engines!(a_restore_killed_at_any_time_leaves_the_old_or_the_new);

#[tokio::test]
async fn an_error_says_what_it_is_about() {
    let db = Database::sqlite().await;
    let nowhere = Path::new("/nowhere/backup");
    let wanted = Wanted {
        target: new_file(nowhere.to_path_buf()),
        sealed: false,
    };
    let error = save(&db.url, &db.keys, &wanted, Millis(1))
        .await
        .unwrap_err();
    assert!(matches!(error, BackupError::File(_)), "{error}");
    assert!(error.to_string().contains("/nowhere/backup"), "{error}");
}
