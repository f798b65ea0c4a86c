//! Databases without a portal in them, empty or another program's: every command refuses
//! them and leaves them as they are.

use std::path::Path;

use rubrica::storage::Storage;
use rubrica::storage::seal::KeyRing;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Connection as _, PgConnection, SqliteConnection};
use tempfile::tempdir;

use super::databases::psql;
use super::{KEY, refused, run, words};
use crate::support::database::MASTER_KEY;
use crate::support::postgres;

/// The settings with which a command finds this database.
fn on(url: &str) -> [(&str, &str); 2] {
    [
        ("RUBRICA_DATABASE_URL", url),
        ("RUBRICA_OLD_MASTER_KEY", KEY),
    ]
}

#[tokio::test]
async fn commands_that_only_look_make_no_portal_in_a_database_without_one() {
    let Some(cluster) = postgres::cluster() else {
        return;
    };
    let empty = cluster.create("no_portal", "template0").await;
    let others = cluster.create("no_portal_of_ours", "template0").await;
    psql(&others, "CREATE TABLE _sqlx_migrations (version BIGINT)").await;
    let dir = tempdir().unwrap();
    for url in [&empty, &others] {
        for line in [
            "audit verify",
            "audit export",
            "support-bundle made.zip",
            "doctor demo",
            "keys rotate",
            "backup made.rubrica",
        ] {
            let says = refused(dir.path(), line, &on(url));
            assert!(says.contains("there is no portal in it"), "{line}: {says}");
        }
    }
    for (url, tables) in [(&empty, 0), (&others, 1)] {
        let mut conn = PgConnection::connect(url).await.unwrap();
        let sql = "SELECT COUNT(*) FROM pg_tables WHERE schemaname = 'public'";
        let there: i64 = sqlx::query_scalar(sql).fetch_one(&mut conn).await.unwrap();
        assert_eq!(there, tables);
    }
}

#[tokio::test]
async fn a_file_of_another_program_is_left_as_it_is() {
    let dir = tempdir().unwrap();
    let file = dir.path().join("others.db");
    let url = format!("sqlite://{}", file.display());
    let options: SqliteConnectOptions = url.parse().unwrap();
    let options = options.create_if_missing(true);
    let mut conn = SqliteConnection::connect_with(&options).await.unwrap();
    let made = sqlx::raw_sql("CREATE TABLE meta (name TEXT)");
    made.execute(&mut conn).await.unwrap();
    conn.close().await.unwrap();
    refused_as_foreign(&file, "meta");
    for ending in ["-wal", "-shm"] {
        assert!(!dir.path().join(format!("others.db{ending}")).exists());
    }
    // While that program runs, what it wrote last is in its `-wal` only.
    let mut conn = SqliteConnection::connect_with(&options).await.unwrap();
    let made = "DROP TABLE meta; PRAGMA journal_mode = WAL; CREATE TABLE accounts (name TEXT)";
    sqlx::raw_sql(made).execute(&mut conn).await.unwrap();
    refused_as_foreign(&file, "accounts");
    // Other programs use the same library.
    let made = "CREATE TABLE _sqlx_migrations (version BIGINT); CREATE TABLE meta (name TEXT)";
    sqlx::raw_sql(made).execute(&mut conn).await.unwrap();
    conn.close().await.unwrap();
    refused_as_foreign(&file, "accounts");
    let mut conn = SqliteConnection::connect_with(&options).await.unwrap();
    let made = "DROP TABLE accounts; DROP TABLE meta; CREATE TABLE _accounts (name TEXT)";
    sqlx::raw_sql(made).execute(&mut conn).await.unwrap();
    conn.close().await.unwrap();
    refused_as_foreign(&file, "_accounts");
}

#[tokio::test]
async fn a_portal_begins_in_a_file_that_litestream_copies_already() {
    let dir = tempdir().unwrap();
    let url = format!("sqlite://{}", dir.path().join("copied.db").display());
    let options: SqliteConnectOptions = url.parse().unwrap();
    let options = options.create_if_missing(true);
    let mut conn = SqliteConnection::connect_with(&options).await.unwrap();
    let made = sqlx::raw_sql("CREATE TABLE _litestream_seq (id INTEGER)");
    made.execute(&mut conn).await.unwrap();
    conn.close().await.unwrap();
    Storage::open(&url, &KeyRing::new(MASTER_KEY))
        .await
        .unwrap();
}

#[tokio::test]
async fn a_text_is_no_database_to_any_command_and_stays() {
    let dir = tempdir().unwrap();
    let file = dir.path().join("notes");
    std::fs::write(&file, "Dear all,\n").unwrap();
    std::fs::write(dir.path().join("password"), "four words without sense 7").unwrap();
    let url = format!("sqlite://{}", file.display());
    for line in [
        "serve",
        "admin create --username root --password-file password",
        "audit verify",
        "backup made.rubrica",
        "restore made.rubrica --replace",
    ] {
        let says = refused(dir.path(), line, &on(&url));
        assert!(
            says.contains("something else than a database"),
            "{line}: {says}"
        );
        assert_eq!(
            std::fs::read_to_string(&file).unwrap(),
            "Dear all,\n",
            "{line}"
        );
    }
}

#[tokio::test]
async fn tables_of_another_program_in_postgresql_are_no_portals() {
    let Some(cluster) = postgres::cluster() else {
        return;
    };
    let url = cluster.create("a_foreign_meta", "template0").await;
    psql(
        &url,
        "CREATE TABLE meta (name TEXT); CREATE TABLE sessions (name TEXT)",
    )
    .await;
    let dir = tempdir().unwrap();
    save(&dir.path().join("kept"));
    // Other programs use the same library.
    for more in ["SELECT 1", "CREATE TABLE _sqlx_migrations (version BIGINT)"] {
        psql(&url, more).await;
        for line in ["serve", "restore kept --replace"] {
            let says = refused(dir.path(), line, &on(&url));
            let told = says.contains("a table meta of another program");
            assert!(told, "{line}: {says}");
        }
    }
}

#[tokio::test]
async fn tables_of_another_program_in_another_schema_are_no_hidden_portal() {
    let Some(cluster) = postgres::cluster() else {
        return;
    };
    let url = cluster.create("a_foreign_schema", "template0").await;
    psql(
        &url,
        "CREATE SCHEMA others; CREATE TABLE others.meta (name TEXT); \
         CREATE TABLE others._sqlx_migrations (version BIGINT)",
    )
    .await;
    Storage::open(&url, &KeyRing::new(MASTER_KEY))
        .await
        .unwrap();
}

/// Saves a new portal in this file.
fn save(file: &Path) {
    let dir = tempdir().unwrap();
    std::fs::write(dir.path().join("password"), "four words without sense 7").unwrap();
    let file = file.to_str().unwrap();
    let create = "admin create --username root --password-file password";
    for line in [create, &format!("backup {file}")] {
        let arguments: Vec<&str> = line.split(' ').collect();
        let output = run(dir.path(), &arguments, &[]);
        assert!(output.status.success(), "{line}: {}", words(&output));
    }
}

/// Every command that opens a database refuses this file, and leaves it as it is.
fn refused_as_foreign(file: &Path, table: &str) {
    let dir = tempdir().unwrap();
    let url = format!("sqlite://{}", file.display());
    let words = format!("there is no portal in it, but a table {table}");
    let before = std::fs::read(file).unwrap();
    save(&dir.path().join("kept"));
    for line in [
        "serve",
        "audit verify",
        "doctor demo",
        "keys rotate",
        "backup made.rubrica",
        "restore kept --replace",
    ] {
        let says = refused(dir.path(), line, &on(&url));
        assert!(says.contains(&words), "{line}: {says}");
        assert!(std::fs::read(file).unwrap() == before, "{line}");
    }
}
