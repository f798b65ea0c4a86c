//! What operators do with databases: encodings, schemas, limits of connections, standbys,
//! all nodes restarted at once, the address of another program's.

use std::path::Path;

use futures_util::future::join_all;
use rubrica::clock::Clock;
use rubrica::config::Settings;
use rubrica::startup::Application;
use rubrica::storage::seal::KeyRing;
use rubrica::storage::{Storage, StorageError};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, SqliteConnection};
use tempfile::tempdir;

use crate::support::app::App;
use crate::support::browser::Browser;
use crate::support::database::{Database, MASTER_KEY};
use crate::support::deployed::Deployed;
use crate::support::postgres;
use crate::support::process::command;

async fn run(url: &str, sql: &str) {
    let mut conn = PgConnection::connect(url).await.unwrap();
    let sql = AssertSqlSafe(sql.to_owned());
    sqlx::raw_sql(sql).execute(&mut conn).await.unwrap();
    conn.close().await.unwrap();
}

/// Why a portal does not start on it.
async fn refusal(url: &str) -> String {
    let opened = Storage::open(url, &KeyRing::new(MASTER_KEY)).await;
    opened.unwrap_err().to_string()
}

fn database_of(url: &str) -> String {
    let address = url::Url::parse(url).unwrap();
    address.path().trim_start_matches('/').to_owned()
}

#[tokio::test]
async fn a_database_that_cannot_hold_every_name_is_refused() {
    let Some(cluster) = postgres::cluster() else {
        return;
    };
    let sql = "CREATE DATABASE latin ENCODING 'LATIN1' TEMPLATE template0 LOCALE 'C'";
    run(&cluster.url("postgres"), sql).await;
    let words = refusal(&cluster.url("latin")).await;
    assert!(words.contains("its encoding is LATIN1"), "{words}");
}

#[tokio::test]
async fn a_schema_that_hides_the_tables_is_refused_and_nothing_is_written() {
    let Some(url) = postgres::migrated().await else {
        return;
    };
    let name = database_of(&url);
    let hide = format!("CREATE SCHEMA other; ALTER DATABASE {name} SET search_path = other");
    run(&url, &hide).await;
    let words = refusal(&url).await;
    assert!(words.contains("tables are in schema public"), "{words}");
    assert!(words.contains("leads to other first"), "{words}");
    let deployed = Deployed::start(Some(url.clone()), 1).await;
    let served = deployed.command(0, &["serve"], &[]).output().unwrap();
    let told = String::from_utf8(served.stderr).unwrap();
    assert_eq!(served.status.code(), Some(2), "{told}");
    assert!(told.contains("leads to other first"), "{told}");
    assert_eq!(String::from_utf8(served.stdout).unwrap(), "");
    let nowhere = format!("ALTER DATABASE {name} SET search_path = nowhere");
    run(&url, &nowhere).await;
    let words = refusal(&url).await;
    assert!(words.contains("no schema that exists"), "{words}");
    run(
        &url,
        &format!("ALTER DATABASE {name} RESET search_path; DROP SCHEMA other"),
    )
    .await;
    Storage::open(&url, &KeyRing::new(MASTER_KEY))
        .await
        .unwrap();
}

#[tokio::test]
async fn when_the_server_gives_no_further_connection_its_own_words_are_told() {
    let Some(url) = postgres::migrated().await else {
        return;
    };
    let name = database_of(&url);
    let role = format!("few_{name}");
    let limit =
        format!("CREATE ROLE {role} LOGIN SUPERUSER; ALTER DATABASE {name} CONNECTION LIMIT 0");
    run(&url, &limit).await;
    run(&url, &format!("ALTER ROLE {role} NOSUPERUSER")).await;
    let words = refusal(&url.replace("postgres@", &format!("{role}@"))).await;
    assert!(words.contains("too many connections"), "{words}");
    assert!(words.contains("RUBRICA_POOL_SIZE"), "{words}");
}

#[tokio::test]
async fn a_node_opens_no_more_connections_than_it_is_allowed() {
    let Some(url) = postgres::migrated().await else {
        return;
    };
    let keys = KeyRing::new(MASTER_KEY);
    let storage = Storage::open_with(&url, &keys, Some(3)).await.unwrap();
    let asked = (0..12).map(|_| storage.ping());
    for answer in join_all(asked).await {
        answer.unwrap();
    }
    let used = storage.pool_use();
    assert_eq!((used.most, used.open), (3, 3));
}

/// Runs a command that is to be refused as a matter of configuration; what it says.
fn refused_command(dir: &Path, line: &str, variables: &[(&str, &str)]) -> String {
    let arguments: Vec<&str> = line.split(' ').collect();
    let output = command(dir, &arguments, variables).output().unwrap();
    let says = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{line}: {says}");
    says
}

#[tokio::test]
async fn commands_that_only_look_make_no_portal_in_a_database_without_one() {
    let Some(cluster) = postgres::cluster() else {
        return;
    };
    let empty = cluster.create("no_portal", "template0").await;
    let others = cluster.create("no_portal_of_ours", "template0").await;
    run(&others, "CREATE TABLE _sqlx_migrations (version BIGINT)").await;
    let dir = tempdir().unwrap();
    let key = data_encoding::HEXLOWER.encode(&MASTER_KEY);
    for url in [&empty, &others] {
        let variables = [
            ("RUBRICA_DATABASE_URL", url.as_str()),
            ("RUBRICA_MASTER_KEY", key.as_str()),
            ("RUBRICA_OLD_MASTER_KEY", key.as_str()),
        ];
        for line in [
            "audit verify",
            "audit export",
            "support-bundle made.zip",
            "doctor demo",
            "keys rotate",
            "backup made.rubrica",
        ] {
            let says = refused_command(dir.path(), line, &variables);
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
}

#[tokio::test]
async fn a_text_is_no_database_to_any_command_and_stays() {
    let dir = tempdir().unwrap();
    let file = dir.path().join("notes");
    std::fs::write(&file, "Dear all,\n").unwrap();
    std::fs::write(dir.path().join("password"), "four words without sense 7").unwrap();
    let url = format!("sqlite://{}", file.display());
    let key = data_encoding::HEXLOWER.encode(&MASTER_KEY);
    let variables = [
        ("RUBRICA_DATABASE_URL", url.as_str()),
        ("RUBRICA_MASTER_KEY", key.as_str()),
        ("RUBRICA_PUBLIC_URL", "http://localhost:8080"),
        ("RUBRICA_LISTEN", "127.0.0.1:0"),
    ];
    for line in [
        "serve",
        "admin create --username root --password-file password",
        "audit verify",
        "backup made.rubrica",
        "restore made.rubrica --replace",
    ] {
        let says = refused_command(dir.path(), line, &variables);
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
    run(
        &url,
        "CREATE TABLE meta (name TEXT); CREATE TABLE sessions (name TEXT)",
    )
    .await;
    let db = Database::sqlite().await;
    let dir = tempdir().unwrap();
    let key = data_encoding::HEXLOWER.encode(&MASTER_KEY);
    let on = |url: &str, line: &str| {
        let variables = [
            ("RUBRICA_DATABASE_URL", url),
            ("RUBRICA_MASTER_KEY", key.as_str()),
            ("RUBRICA_PUBLIC_URL", "http://localhost:8080"),
            ("RUBRICA_LISTEN", "127.0.0.1:0"),
        ];
        let arguments: Vec<&str> = line.split(' ').collect();
        let output = command(dir.path(), &arguments, &variables).output();
        let output = output.unwrap();
        let says = String::from_utf8_lossy(&output.stderr).into_owned();
        (output.status.code(), says)
    };
    assert_eq!(on(&db.url, "backup kept").0, Some(0));
    // Other programs use the same library.
    for more in ["SELECT 1", "CREATE TABLE _sqlx_migrations (version BIGINT)"] {
        run(&url, more).await;
        for line in ["serve", "restore kept --replace"] {
            let (status, says) = on(&url, line);
            assert_eq!(status, Some(2), "{line}: {says}");
            let told = says.contains("a table meta of another program");
            assert!(told, "{line}: {says}");
        }
    }
}

/// Saves a new portal in this file.
fn saved(file: &Path, key: &str) {
    let dir = tempdir().unwrap();
    std::fs::write(dir.path().join("password"), "four words without sense 7").unwrap();
    let variables = [
        ("RUBRICA_DATABASE_URL", "sqlite://new.db"),
        ("RUBRICA_MASTER_KEY", key),
    ];
    let file = file.to_str().unwrap();
    let create = "admin create --username root --password-file password";
    for line in [create, &format!("backup {file}")] {
        let arguments: Vec<&str> = line.split(' ').collect();
        let output = command(dir.path(), &arguments, &variables).output();
        assert!(output.unwrap().status.success(), "{line}");
    }
}

/// Every command that opens a database refuses this file, and leaves it as it is.
fn refused_as_foreign(file: &Path, table: &str) {
    let dir = tempdir().unwrap();
    let url = format!("sqlite://{}", file.display());
    let key = data_encoding::HEXLOWER.encode(&MASTER_KEY);
    let variables = [
        ("RUBRICA_DATABASE_URL", url.as_str()),
        ("RUBRICA_MASTER_KEY", key.as_str()),
        ("RUBRICA_OLD_MASTER_KEY", key.as_str()),
        ("RUBRICA_PUBLIC_URL", "http://localhost:8080"),
        ("RUBRICA_LISTEN", "127.0.0.1:0"),
    ];
    let words = format!("there is no portal in it, but a table {table}");
    let before = std::fs::read(file).unwrap();
    saved(&dir.path().join("kept"), &key);
    for line in [
        "serve",
        "audit verify",
        "doctor demo",
        "keys rotate",
        "backup made.rubrica",
        "restore kept --replace",
    ] {
        let says = refused_command(dir.path(), line, &variables);
        assert!(says.contains(&words), "{line}: {says}");
        assert!(std::fs::read(file).unwrap() == before, "{line}");
    }
}

/// Every command that would write says so, and calls it a matter of configuration.
fn refuses_all_commands(url: &str, words: &str) {
    let dir = tempdir().unwrap();
    let key = data_encoding::HEXLOWER.encode(&MASTER_KEY);
    let variables = [
        ("RUBRICA_DATABASE_URL", url),
        ("RUBRICA_MASTER_KEY", key.as_str()),
        ("RUBRICA_PUBLIC_URL", "http://localhost:8080"),
        ("RUBRICA_LISTEN", "127.0.0.1:0"),
    ];
    std::fs::write(dir.path().join("password"), "password").unwrap();
    let issue = "issue --connection demo --username u --password-file password --cn Ana";
    for line in ["serve", issue, "audit verify", "doctor demo"] {
        let says = refused_command(dir.path(), line, &variables);
        let expected = format!("rubrica: RUBRICA_DATABASE_URL: {words}");
        assert!(says.lines().any(|one| one == expected), "{line}: {says}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_portal_on_a_read_only_database_is_not_ready() {
    let Some(url) = postgres::migrated().await else {
        return;
    };
    let app = App::spawn_with(&url, |_| {}).await;
    Browser::new()
        .get(&app.at("/readyz"))
        .await
        .expect_status(200);
    let name = database_of(&url);
    let standby = format!(
        "ALTER DATABASE {name} SET default_transaction_read_only = on; \
         SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
         WHERE datname = '{name}' AND pid <> pg_backend_pid()"
    );
    run(&url, &standby).await;
    // What was open is dead, and noticed at its next use.
    let mut why = app.portal.storage.ready(&app.portal.keys).await;
    for _ in 0..20 {
        if matches!(why, Err(StorageError::Unfit(_))) {
            break;
        }
        why = app.portal.storage.ready(&app.portal.keys).await;
    }
    let words = why.unwrap_err().to_string();
    assert!(
        words.contains("it is read-only: it is a standby"),
        "{words}"
    );
    // In the same words to whoever opens it, and to whoever writes to what is open.
    let keys = &app.portal.keys;
    let would_open = Storage::would_open(&url, keys).await.unwrap_err();
    let write = || {
        app.portal.storage.write(|conn| {
            Box::pin(async move {
                let sql = "DELETE FROM meta WHERE name = 'nothing'";
                sqlx::query(sql).execute(conn).await?;
                Ok(())
            })
        })
    };
    let mut written = write().await.unwrap_err();
    for _ in 0..20 {
        if matches!(written, StorageError::Unfit(_)) {
            break;
        }
        written = write().await.unwrap_err();
    }
    for other in [
        refusal(&url).await,
        would_open.to_string(),
        written.to_string(),
    ] {
        assert_eq!(other, words);
    }
    refuses_all_commands(&url, &words);
    app.portal.storage.ping().await.unwrap();
    let page = Browser::new()
        .get(&app.at("/readyz"))
        .await
        .expect_status(503);
    assert_eq!(page.body.trim(), "database: not available");
}

/// A file of SQLite that may only be read shows pages and fails every form.
#[tokio::test]
async fn a_file_that_cannot_be_opened_for_writing_is_refused_by_its_name() {
    let dir = tempdir().unwrap();
    let url = format!("sqlite://{}", dir.path().join("portal.db").display());
    let keys = KeyRing::new(MASTER_KEY);
    Storage::open(&url, &keys).await.unwrap().close().await;
    let folder = refusal(&format!("sqlite://{}", dir.path().display())).await;
    assert!(folder.contains(&*dir.path().to_string_lossy()), "{folder}");
    let words = refusal(&format!("{url}?mode=ro")).await;
    assert!(words.contains("the portal has to write"), "{words}");
}

#[tokio::test]
async fn a_directory_may_be_called_anything() {
    let dir = tempdir().unwrap();
    for name in ["100%", "what?", "a#b", "50%25", "ñandú y más"] {
        let dir = dir.path().join(name);
        std::fs::create_dir(&dir).unwrap();
        let config = crate::support::app::config(&dir, "");
        let keys = KeyRing::new(MASTER_KEY);
        let storage = Storage::open(&config.data.database_url, &keys)
            .await
            .unwrap();
        storage.ready(&keys).await.unwrap();
        storage.close().await;
        let made = std::fs::read_dir(&dir).unwrap().flatten();
        let made: Vec<_> = made.map(|file| file.file_name()).collect();
        assert!(made.contains(&"rubrica.db".into()), "{name}: {made:?}");
    }
    let beside = std::fs::read_dir(dir.path()).unwrap().count();
    assert_eq!(beside, 5, "files beside the directories");
}

#[tokio::test(flavor = "multi_thread")]
async fn nodes_that_start_at_once_on_an_empty_database_all_start() {
    let Some(cluster) = postgres::cluster() else {
        return;
    };
    let url = cluster.create("all_at_once", "template1").await;
    let dir = tempdir().unwrap();
    std::fs::write(dir.path().join("key"), "a key of sixteen or more").unwrap();
    let connection = |slug: &str| {
        format!(
            "[[connection]]\nslug = \"{slug}\"\nname = \"{slug}\"\n\
             base_url = \"https://redtrust.example:8082\"\npartner = \"P\"\n\
             shared_key_file = \"key\"\n\
             redirect_url = \"https://portal.example/callback/{slug}\"\n"
        )
    };
    let text = ["acme", "umbrella", "third"].map(connection).concat();
    let file = dir.path().join("rubrica.toml");
    std::fs::write(&file, text).unwrap();
    let node = || {
        let variable = |name: &str| match name {
            "RUBRICA_DATABASE_URL" => Some(url.clone()),
            "RUBRICA_MASTER_KEY" => Some("07".repeat(32)),
            "RUBRICA_LISTEN" => Some("127.0.0.1:0".to_owned()),
            "RUBRICA_PUBLIC_URL" => Some("https://portal.example".to_owned()),
            _ => None,
        };
        let config = Settings::load(Some(&file), variable).unwrap();
        Application::build(config.config().unwrap(), Clock::System)
    };
    for started in join_all((0..6).map(|_| node())).await {
        let started = started.unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(started.portal().connections.all().await.unwrap().len(), 3);
    }
}
