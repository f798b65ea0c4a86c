//! The master key is replaced: everything opens with the new one, whatever interrupts it.

use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rubrica::storage::admins::{self, Admin, Role, Standing};
use rubrica::storage::audit::{self, NewEntry, Verified};
use rubrica::storage::rotate::{Alone, Rotated, rotate};
use rubrica::storage::seal::KeyRing;
use rubrica::storage::sealed_rows::changed_rows;
use rubrica::storage::{Storage, StorageError, connections, kept_forms, sign_ins};

use sqlx::{AssertSqlSafe, Connection as _, SqliteConnection};
use tokio::sync::oneshot;

use crate::storage::given::{self, NOW};
use crate::support::database::{Database, MASTER_KEY, on_both_engines};
use crate::support::process::command;

const NEW: [u8; 32] = [9; 32];

on_both_engines! {
    i22_after_a_rotation_everything_opens_with_the_new_key_alone,
    i22_a_row_that_opens_with_no_key_is_named_and_the_old_key_still_needed,
    i22_an_account_that_is_changed_during_a_rotation_stays_whole,
    i22_a_node_is_not_ready_once_another_writes_with_a_key_that_it_lacks,
}

fn both() -> Arc<KeyRing> {
    Arc::new(KeyRing::new(NEW).with_older(MASTER_KEY))
}

fn new_alone() -> Arc<KeyRing> {
    Arc::new(KeyRing::new(NEW))
}

/// A connection, `number` sign-ins, a kept form and an audit entry.
async fn fill(db: &Database, number: usize) {
    let ana = given::ana(db).await;
    for number in 0..number {
        given::sign_in(db, &format!("sign-in-{number}"), &ana).await;
    }
    let keys = db.keys.clone();
    let form = keys.seal(
        "kept_forms",
        "kept_forms",
        &format!("{ana} /issue"),
        "form",
        b"x",
    );
    let form = form.unwrap();
    let written = db.storage.write(move |conn| {
        Box::pin(async move {
            kept_forms::keep(conn, &ana, "/issue", &form, NOW).await?;
            let entry = NewEntry {
                action: "connection.edit".to_owned(),
                object: "something".to_owned(),
                ..NewEntry::default()
            };
            audit::append(conn, &keys, &entry, NOW).await
        })
    });
    written.await.unwrap();
}

/// Panics unless everything opens with this ring.
async fn opens(storage: &Storage, keys: &KeyRing, number: usize) {
    assert_eq!(connections::list(storage, keys).await.unwrap().len(), 1);
    for number in 0..number {
        let id = format!("sign-in-{number}");
        let read = sign_ins::load(storage, keys, &id, given::SERVER).await;
        let read = read.unwrap().unwrap();
        assert!(read.access.is_some());
    }
    let verified = audit::verify(storage, keys).await.unwrap();
    assert_eq!(verified, Verified::Intact { entries: 1 });
    assert_eq!(changed_rows(storage, keys).await.unwrap(), []);
}

async fn i22_after_a_rotation_everything_opens_with_the_new_key_alone(db: Database) {
    fill(&db, 3).await;
    assert!(matches!(
        Storage::open(&db.url, &new_alone()).await,
        Err(StorageError::WrongKey)
    ));
    let done = rotate(&db.storage, &both()).await.unwrap();
    // The connection, an access and a refresh token each, the form, the head of the
    // audit, the known value.
    let expected = Rotated {
        values: 1 + 3 * 2 + 1 + 1 + 1,
        broken: Vec::new(),
    };
    assert_eq!(done, expected);
    assert_eq!(
        rotate(&db.storage, &both()).await.unwrap(),
        Rotated::default()
    );
    let storage = Storage::open(&db.url, &new_alone()).await.unwrap();
    opens(&storage, &new_alone(), 3).await;
    assert!(matches!(
        Storage::open(&db.url, &db.keys).await,
        Err(StorageError::WrongKey)
    ));
}

async fn i22_a_row_that_opens_with_no_key_is_named_and_the_old_key_still_needed(db: Database) {
    fill(&db, 2).await;
    db.meddle("UPDATE sign_ins SET access_token = refresh_token WHERE id = 'sign-in-1'")
        .await;
    let done = rotate(&db.storage, &both()).await.unwrap();
    assert_eq!(done.broken, ["sign_ins sign-in-1"]);
    assert!(matches!(
        Storage::open(&db.url, &new_alone()).await,
        Err(StorageError::WrongKey)
    ));
}

async fn i22_an_account_that_is_changed_during_a_rotation_stays_whole(db: Database) {
    let account = Admin::new("eva".into(), "eva".into(), Role::Admin, "hash".into(), NOW);
    let keys = db.keys.clone();
    let made = db
        .storage
        .write(move |conn| Box::pin(async move { admins::insert(conn, &keys, &account).await }));
    made.await.unwrap();
    let (tell, told) = oneshot::channel();
    let change = db.storage.write(move |conn| {
        Box::pin(async move {
            let standing = Standing {
                role: Role::Auditor,
                connections: Vec::new(),
                enabled: true,
            };
            let known = admins::set_standing(conn, &both(), "eva", &standing, NOW).await?;
            tell.send(()).unwrap();
            tokio::time::sleep(Duration::from_millis(500)).await;
            Ok(known)
        })
    });
    let rotation = async {
        told.await.unwrap();
        rotate(&db.storage, &both()).await
    };
    let (changed, rotated) = tokio::join!(change, rotation);
    assert_eq!(changed, Ok(true));
    assert_eq!(rotated.unwrap().broken, Vec::<String>::new());
    let read = admins::by_id(&db.storage, &new_alone(), "eva").await;
    assert_eq!(read.unwrap().unwrap().role, Role::Auditor);
}

/// Writes to the audit as a node with these keys does.
async fn audited(db: &Database, keys: Arc<KeyRing>) {
    let written = db.storage.write(move |conn| {
        Box::pin(async move { audit::append(conn, &keys, &NewEntry::default(), NOW).await })
    });
    written.await.unwrap();
}

async fn i22_a_node_is_not_ready_once_another_writes_with_a_key_that_it_lacks(db: Database) {
    let (old, first_round) = (&db.keys, KeyRing::new(MASTER_KEY).with_older(NEW));
    audited(&db, Arc::new(first_round.clone())).await;
    db.storage.ready(old).await.unwrap();
    audited(&db, both()).await;
    assert_eq!(db.storage.ready(old).await, Err(StorageError::NewerKey));
    let started = Storage::open(&db.url, old).await.map(drop);
    assert_eq!(started, Err(StorageError::NewerKey));
    for keys in [&first_round, &*both()] {
        db.storage.ready(keys).await.unwrap();
    }
    let words = StorageError::NewerKey.to_string();
    assert!(words.contains("start with both"), "{words}");
}

#[tokio::test]
async fn i22_a_node_is_not_ready_once_another_starts_with_a_key_that_it_lacks() {
    let Some(db) = Database::postgres().await else {
        return;
    };
    let (old, first_round) = (&db.keys, Arc::new(KeyRing::new(MASTER_KEY).with_older(NEW)));
    let start = async |keys: &KeyRing| db.storage.begin_to_serve(keys).await.unwrap();
    start(old).await;
    start(&first_round).await;
    db.storage.ready(old).await.unwrap();
    start(&both()).await;
    assert_eq!(db.storage.ready(old).await, Err(StorageError::NewerKey));
    // Its own start does not tell the others to do without the new one.
    start(old).await;
    assert_eq!(db.storage.ready(old).await, Err(StorageError::NewerKey));
    for keys in [&first_round, &both()] {
        db.storage.ready(keys).await.unwrap();
    }
    // Whoever goes back seals everything with the old one again.
    rotate(&db.storage, &first_round).await.unwrap();
    db.storage.ready(old).await.unwrap();
}

#[tokio::test]
async fn i22_a_restore_that_needs_the_old_key_says_that_a_rotation_has_to_follow() {
    let dir = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", dir.path().join("portal.db").display());
    let made = Storage::open(&url, &KeyRing::new(MASTER_KEY)).await;
    made.unwrap().close().await;
    let (new, old) = (hex(NEW), hex(MASTER_KEY));
    let run = |words: &[&str], file: &str, keys: &[(&str, &str)]| {
        let variables = [&[("RUBRICA_DATABASE_URL", file)], keys].concat();
        let output = command(dir.path(), words, &variables).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    let present = [("RUBRICA_MASTER_KEY", old.as_str())];
    let both = [
        ("RUBRICA_MASTER_KEY", new.as_str()),
        ("RUBRICA_OLD_MASTER_KEY", old.as_str()),
    ];
    run(&["backup", "kept"], &url, &present);
    for (file, keys, says) in [
        ("sqlite://same.db", &present[..], false),
        ("sqlite://later.db", &both[..], true),
    ] {
        let told = run(&["restore", "kept"], file, keys);
        assert_eq!(told.contains("rubrica keys rotate"), says, "{told}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn i22_of_two_rotations_on_postgresql_one_is_refused() {
    let Some(db) = Database::postgres().await else {
        return;
    };
    let first = Alone::take(&db.storage).await.unwrap().unwrap();
    assert!(Alone::take(&db.storage).await.unwrap().is_none());
    drop(first);
    let until = Instant::now() + Duration::from_secs(10);
    while Alone::take(&db.storage).await.unwrap().is_none() {
        assert!(Instant::now() < until, "it is still held");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

fn hex(key: [u8; 32]) -> String {
    data_encoding::HEXLOWER.encode(&key)
}

fn rotation(dir: &Path) -> std::process::Command {
    let (new, old) = (hex(NEW), hex(MASTER_KEY));
    let variables = [
        ("RUBRICA_DATABASE_URL", "sqlite://portal.db"),
        ("RUBRICA_MASTER_KEY", new.as_str()),
        ("RUBRICA_OLD_MASTER_KEY", old.as_str()),
    ];
    command(dir, &["keys", "rotate"], &variables)
}

const SIGN_INS: usize = 30;
/// Each sign-in has two tokens.
const POINTS: i64 = 50;

/// Makes a rotation hang within the transaction of its n-th token.
async fn hang_at(conn: &mut SqliteConnection, point: i64) {
    // Triggers cannot recurse: thirty rows, seven times crossed, take hours.
    let endless = "SELECT 1 FROM sign_ins a, sign_ins b, sign_ins c, sign_ins d, sign_ins e, \
        sign_ins f, sign_ins g WHERE a.id || b.id || c.id <> g.id";
    let sql = format!(
        "CREATE TABLE done (n INTEGER); INSERT INTO done VALUES (0);
         CREATE TRIGGER hang AFTER UPDATE ON sign_ins BEGIN
             UPDATE done SET n = n + 1;
             SELECT CASE WHEN (SELECT n FROM done) = {point}
                 THEN (SELECT COUNT(*) FROM ({endless})) END;
         END"
    );
    sqlx::raw_sql(AssertSqlSafe(sql))
        .execute(conn)
        .await
        .unwrap();
}

/// Waits until all tokens before the n-th are sealed anew.
async fn hangs_at(conn: &mut SqliteConnection, point: i64) {
    let until = Instant::now() + Duration::from_secs(30);
    loop {
        let done: i64 = sqlx::query_scalar("SELECT n FROM done")
            .fetch_one(&mut *conn)
            .await
            .unwrap();
        if done == point - 1 {
            return;
        }
        assert!(Instant::now() < until, "only {done} of {point}");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn i22_a_rotation_killed_at_fifty_points_is_finished_by_the_next_run() {
    let db = Database::sqlite().await;
    fill(&db, SIGN_INS).await;
    db.storage.close().await;
    let file = db.url.trim_start_matches("sqlite://").to_owned();
    for point in 1..=POINTS {
        let dir = tempfile::tempdir().unwrap();
        std::fs::copy(&file, dir.path().join("portal.db")).unwrap();
        let url = format!("sqlite://{}", dir.path().join("portal.db").display());
        let mut conn = SqliteConnection::connect(&url).await.unwrap();
        hang_at(&mut conn, point).await;
        let mut running = rotation(dir.path()).stdout(Stdio::null()).spawn().unwrap();
        hangs_at(&mut conn, point).await;
        running.kill().unwrap();
        running.wait().unwrap();
        let free = sqlx::raw_sql("DROP TRIGGER hang; DROP TABLE done");
        free.execute(&mut conn).await.unwrap();
        conn.close().await.unwrap();
        let storage = Storage::open(&url, &both()).await.unwrap();
        opens(&storage, &both(), SIGN_INS).await;
        storage.close().await;
        let finished = rotation(dir.path()).output().unwrap();
        assert!(finished.status.success(), "{finished:?}");
        let storage = Storage::open(&url, &new_alone()).await.unwrap();
        opens(&storage, &new_alone(), SIGN_INS).await;
        storage.close().await;
    }
    let dir = tempfile::tempdir().unwrap();
    let without = [("RUBRICA_DATABASE_URL", "sqlite://portal.db")];
    let output = command(dir.path(), &["keys", "rotate"], &without).output();
    assert_eq!(output.unwrap().status.code(), Some(2));
}
