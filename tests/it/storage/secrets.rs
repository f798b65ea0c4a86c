//! Secrets at rest.

use rubrica::storage::{Engine, StorageError, connections, sign_ins};

use super::given;
use crate::support::database::{Database, on_both_engines};
use crate::support::postgres;

async fn c04_a_sealed_value_moved_to_another_row_does_not_open(db: Database) {
    given::connection(&db, "acme").await;
    given::connection(&db, "other").await;
    db.meddle(
        "UPDATE connections SET shared_key = \
         (SELECT shared_key FROM connections WHERE id = 'acme') WHERE id = 'other'",
    )
    .await;
    let moved = connections::by_id(&db.storage, &db.keys, "other").await;
    let corrupt = StorageError::Corrupt {
        table: "connections",
        id: "other".to_owned(),
    };
    assert_eq!(moved.unwrap_err(), corrupt);
    let kept = connections::by_id(&db.storage, &db.keys, "acme").await;
    assert!(kept.unwrap().is_some());
}

async fn a_sealed_value_moved_to_another_column_does_not_open(db: Database) {
    let ana = given::ana(&db).await;
    given::sign_in(&db, "s", &ana).await;
    db.meddle("UPDATE sign_ins SET access_token = refresh_token")
        .await;
    let moved = sign_ins::load(&db.storage, &db.keys, "s", given::SERVER).await;
    assert!(matches!(
        moved,
        Err(StorageError::Corrupt {
            table: "sign_ins",
            ..
        })
    ));
}

async fn i05_tokens_of_one_server_do_not_open_for_another(db: Database) {
    let ana = given::ana(&db).await;
    given::sign_in(&db, "s", &ana).await;
    let elsewhere = sign_ins::load(&db.storage, &db.keys, "s", "another").await;
    assert!(matches!(elsewhere, Err(StorageError::Corrupt { .. })));
}

async fn i05_a_shared_key_does_not_open_for_another_address(db: Database) {
    given::connection(&db, "acme").await;
    db.meddle("UPDATE connections SET settings = REPLACE(settings, ':8082', ':9')")
        .await;
    let moved = connections::by_id(&db.storage, &db.keys, "acme").await;
    assert!(matches!(moved, Err(StorageError::Corrupt { .. })));
}

async fn a_dump_holds_no_secret(db: Database) {
    let ana = given::ana(&db).await;
    given::sign_in(&db, "s", &ana).await;
    let dump = dump(&db);
    let holds = |text: &str| {
        let hex = data_encoding::HEXLOWER.encode(text.as_bytes());
        [text.as_bytes(), hex.as_bytes()]
            .iter()
            .any(|wanted| dump.windows(wanted.len()).any(|bytes| bytes == *wanted))
    };
    assert!(holds("Connection acme"), "this is no dump");
    assert!(!holds("canary"));
}

/// What somebody who steals the database has.
fn dump(db: &Database) -> Vec<u8> {
    if db.storage.engine() == Engine::Postgres {
        return postgres::cluster().unwrap().dump(&db.url);
    }
    let file = db.url.strip_prefix("sqlite://").unwrap();
    let mut bytes = std::fs::read(file).unwrap();
    bytes.extend(std::fs::read(format!("{file}-wal")).unwrap());
    bytes
}

on_both_engines!(
    c04_a_sealed_value_moved_to_another_row_does_not_open,
    a_sealed_value_moved_to_another_column_does_not_open,
    i05_tokens_of_one_server_do_not_open_for_another,
    i05_a_shared_key_does_not_open_for_another_address,
    a_dump_holds_no_secret,
);
