//! What operators do with databases: encodings, schemas, limits of connections, standbys,
//! all nodes restarted at once.

use futures_util::future::join_all;
use rubrica::clock::Clock;
use rubrica::config::Settings;
use rubrica::startup::Application;
use rubrica::storage::seal::KeyRing;
use rubrica::storage::{Storage, StorageError};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use tempfile::tempdir;

use super::refused;
use crate::support::app::App;
use crate::support::browser::Browser;
use crate::support::database::MASTER_KEY;
use crate::support::deployed::Deployed;
use crate::support::postgres;

/// Runs what an operator would in `psql`.
pub(super) async fn psql(url: &str, sql: &str) {
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
    psql(&cluster.url("postgres"), sql).await;
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
    psql(&url, &hide).await;
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
    psql(&url, &nowhere).await;
    let words = refusal(&url).await;
    assert!(words.contains("no schema that exists"), "{words}");
    psql(
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
    psql(&url, &limit).await;
    psql(&url, &format!("ALTER ROLE {role} NOSUPERUSER")).await;
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

/// Every command that would write says so, and calls it a matter of configuration.
fn refuses_all_commands(url: &str, words: &str) {
    let dir = tempdir().unwrap();
    let key = data_encoding::HEXLOWER.encode(&MASTER_KEY);
    let others = [
        ("RUBRICA_DATABASE_URL", url),
        ("RUBRICA_MASTER_KEY", key.as_str()),
    ];
    std::fs::write(dir.path().join("password"), "password").unwrap();
    let issue = "issue --connection demo --username u --password-file password --cn Ana";
    for line in ["serve", issue, "audit verify", "doctor demo"] {
        let says = refused(dir.path(), line, &others);
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
    psql(&url, &standby).await;
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
