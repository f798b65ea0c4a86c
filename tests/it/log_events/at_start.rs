//! What the start finds wrong with the database, its files and the connections of the file.

use std::fs::{self, File};
use std::os::unix::fs::FileExt as _;
use std::path::PathBuf;

use rubrica::storage::{Storage, StorageError};
use sqlx::{AnyConnection, Connection as _};

use super::meddle;
use crate::admin::ca;
use crate::support::app::App;
use crate::support::database::Database;
use crate::support::events::{listen, told};

/// A database that was opened once, closed again, and its file.
async fn closed() -> (Database, PathBuf) {
    listen();
    let database = Database::sqlite().await;
    database.storage.close().await;
    let file = database.url.strip_prefix("sqlite://").unwrap().into();
    (database, file)
}

#[tokio::test]
async fn damage_after_a_crash_is_named_and_refused() {
    let (database, file) = closed().await;
    let storage = Storage::open(&database.url, &database.keys).await.unwrap();
    // An index that no start reads.
    let sql = "SELECT rootpage FROM sqlite_master WHERE name = 'issuance_words_of_row'";
    let page: i64 = sqlx::query_scalar(sql)
        .fetch_one(storage.pool())
        .await
        .unwrap();
    storage.close().await;
    let at = (u64::try_from(page).unwrap() - 1) * 4096;
    let damaged = File::options().write(true).open(&file).unwrap();
    damaged.write_all_at(&[0x5A; 4096], at).unwrap();
    fs::write(file.with_extension("db.running"), "").unwrap();
    let storage = Storage::open(&database.url, &database.keys).await.unwrap();
    let begun = storage.begin_to_serve(&database.keys).await;
    assert_eq!(begun, Err(StorageError::Damaged));
    let event = told("database_check_failed", ("found", &format!("{page}"))).await;
    assert_eq!(event["level"], "error");
}

#[tokio::test]
async fn a_mark_that_cannot_be_written_or_removed_keeps_nothing_from_starting_or_stopping() {
    let (database, file) = closed().await;
    let storage = Storage::open(&database.url, &database.keys).await.unwrap();
    let new = file.with_extension("db.running.new");
    fs::create_dir(&new).unwrap();
    storage.begin_to_serve(&database.keys).await.unwrap();
    let event = told("database_not_marked", ("error", "directory")).await;
    assert_eq!(event["level"], "warn");
    fs::remove_dir(&new).unwrap();
    fs::create_dir(file.with_extension("db.running")).unwrap();
    storage.close().await;
    storage.end_to_serve().await;
    let event = told("running_file_not_removed", ("error", "directory")).await;
    assert_eq!(event["level"], "warn");
}

#[tokio::test]
async fn a_lock_file_that_cannot_be_written_is_told() {
    let (database, file) = closed().await;
    let lock = file.with_extension("db.lock");
    let _there_or_not = fs::remove_file(&lock);
    fs::create_dir(&lock).unwrap();
    Storage::open(&database.url, &database.keys).await.unwrap();
    let event = told("database_not_remembered", ("error", "directory")).await;
    assert_eq!(event["level"], "warn");
}

#[tokio::test]
async fn a_database_far_away_without_a_verified_certificate_is_told_without_its_password() {
    let (database, _) = closed().await;
    let url = "postgres://rubrica:geheim@db.invalid/rubrica?sslmode=prefer";
    Storage::open(url, &database.keys).await.unwrap_err();
    let event = told("database_without_verified_tls", ("sslmode", "prefer")).await;
    assert_eq!(event["level"], "warn");
    let all = format!("{event:?}");
    assert!(
        !all.contains("geheim") && !all.contains("db.invalid"),
        "{all}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn words_of_an_older_version_are_written_anew_but_of_rows_that_cannot_be_read() {
    let (app, ana) = App::spawn_signed_in().await;
    app.issue(&ana, "ANA").await;
    app.issue(&ana, "EVA").await;
    let older = "UPDATE issuances SET search_key = NULL, \
        holder = CASE holder WHEN 'EVA' THEN x'00' ELSE holder END";
    meddle(&app, older.to_owned()).await;
    let file = app.data_dir().join("rubrica.db");
    let url = format!("sqlite://{}", file.display());
    Storage::open(&url, &app.portal.keys).await.unwrap();
    let event = told("row_not_indexed", ("table", "issuances")).await;
    assert_eq!(event["level"], "error");
    let event = told("words_written", ("list", "issuances")).await;
    assert_eq!(event["level"], "info");
    assert!(event["rows"].parse::<usize>().unwrap() > 0, "{event:?}");
    assert!(
        ana.visit(&app.at("/issuances?q=ana"))
            .await
            .body
            .contains("ANA")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_that_was_changed_past_the_portal_is_named_at_the_start() {
    let app = crate::support::admin::app().await;
    meddle(&app, "UPDATE admins SET role = 'auditor'".to_owned()).await;
    let copy = app.data_dir().join("copy.db");
    let url = format!("sqlite://{}", app.data_dir().join("rubrica.db").display());
    let mut database = AnyConnection::connect(&url).await.unwrap();
    sqlx::query("VACUUM INTO $1")
        .bind(copy.display().to_string())
        .execute(&mut database)
        .await
        .unwrap();
    let _second = App::spawn_with(&format!("sqlite://{}", copy.display()), |_| {}).await;
    let event = told("row_changed_outside", ("row", "admin ana")).await;
    assert_eq!(event["level"], "error");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_whose_ca_has_expired_is_told_and_no_reason_not_to_start() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("ca.pem");
    fs::write(&file, ca::certificate(true, 2001).0).unwrap();
    let app = App::spawn_from_toml(|_, key, origin| {
        format!(
            "[[connection]]\nslug = \"past\"\nname = \"Past\"\nbase_url = \"https://127.0.0.1:1\"\n\
             partner = \"RUBRICA-DEMO\"\nshared_key = \"{key}\"\n\
             redirect_url = \"{origin}/callback/past\"\nca_file = \"{}\"\n",
            file.display()
        )
    })
    .await;
    let event = told("connection_unusable", ("error", "past")).await;
    assert_eq!(event["level"], "warn");
    drop(app);
}
