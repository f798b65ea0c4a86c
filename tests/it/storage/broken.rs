//! Rows that cannot be understood, and how they are made good again.

use rubrica::domain::connection::Connection;
use rubrica::storage::{Engine, connections};

use super::given::{self, NOW};
use crate::support::database::{Database, on_both_engines};

async fn a_broken_connection_is_made_good_from_the_configuration_file(db: Database) {
    let connection = given::settings("acme");
    upsert(&db, &connection).await;
    let broken = match db.storage.engine() {
        Engine::Sqlite => "UPDATE connections SET shared_key = x'00'",
        Engine::Postgres => "UPDATE connections SET shared_key = '\\x00'",
    };
    db.meddle(broken).await;
    let (good, bad) = connections::readable(&db.storage, &db.keys).await.unwrap();
    assert_eq!((good.len(), bad.len()), (0, 1));
    assert_eq!(bad[0].slug, "acme");
    upsert(&db, &connection).await;
    let (good, bad) = connections::readable(&db.storage, &db.keys).await.unwrap();
    assert_eq!((good.len(), bad.len()), (1, 0));
    assert!(good[0].shared_key == connection.shared_key);
}

async fn upsert(db: &Database, connection: &Connection) {
    let (keys, connection) = (db.keys.clone(), connection.clone());
    let write = db.storage.write(move |conn| {
        Box::pin(async move { connections::upsert_from_file(conn, &keys, &connection, NOW).await })
    });
    write.await.unwrap();
}

on_both_engines!(a_broken_connection_is_made_good_from_the_configuration_file);
