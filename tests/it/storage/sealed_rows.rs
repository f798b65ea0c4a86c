//! Rows that were changed past the portal: they are not used, and they are named.

use rubrica::storage::admins::{self, Admin, Role};
use rubrica::storage::audit::{self, NewEntry, Verified};
use rubrica::storage::sealed_rows::changed_rows;
use rubrica::storage::{Storage, StorageError, connections};

use super::given::{self, NOW};
use crate::support::database::{Database, on_both_engines};

on_both_engines! {
    i08_a_connection_that_was_changed_in_the_database_does_not_serve_and_is_named,
    i08_an_account_that_was_changed_in_the_database_is_not_let_in,
    i08_an_audit_that_was_cut_and_sealed_anew_is_told_by_the_row_that_it_was_about,
    i08_rows_of_an_earlier_version_are_sealed_once,
}

async fn changed(db: &Database) -> Vec<String> {
    let rows = changed_rows(&db.storage, &db.keys).await.unwrap();
    rows.iter().map(ToString::to_string).collect()
}

async fn i08_a_connection_that_was_changed_in_the_database_does_not_serve_and_is_named(
    db: Database,
) {
    given::connection(&db, "acme").await;
    given::connection(&db, "beta").await;
    let named = "connection acme was changed in the database, past the portal";
    for (change, back) in [
        (
            "settings = replace(settings, 'redtrust.example', 'evil.example')",
            "settings = replace(settings, 'evil.example', 'redtrust.example')",
        ),
        ("version = version + 1", "version = version - 1"),
        ("enabled = 0", "enabled = 1"),
        ("from_file = 1", "from_file = 0"),
        ("sandbox = 1", "sandbox = 0"),
        ("key_set_at = key_set_at + 1", "key_set_at = key_set_at - 1"),
        ("left_file_at = 1", "left_file_at = NULL"),
        ("audit_seq = 1", "audit_seq = NULL"),
        (
            "row_seal = (SELECT b.row_seal FROM connections b WHERE b.slug = 'beta')",
            "version = version",
        ),
    ] {
        db.meddle(&format!(
            "UPDATE connections SET {change} WHERE id = 'acme'"
        ))
        .await;
        let read = connections::by_id(&db.storage, &db.keys, "acme").await;
        let corrupt = StorageError::Corrupt {
            table: "connections",
            id: "acme".to_owned(),
        };
        assert_eq!(read.unwrap_err(), corrupt, "{change}");
        let (good, broken) = connections::readable(&db.storage, &db.keys).await.unwrap();
        assert_eq!((good.len(), broken.len()), (1, 1), "{change}");
        assert_eq!(changed(&db).await, [named], "{change}");
        db.meddle(&format!("UPDATE connections SET {back} WHERE id = 'acme'"))
            .await;
        let is_back = changed(&db).await.is_empty();
        assert_eq!(is_back, !change.starts_with("row_seal"), "{change}");
    }
}

async fn i08_an_account_that_was_changed_in_the_database_is_not_let_in(db: Database) {
    let keys = db.keys.clone();
    let admin = Admin {
        enabled: false,
        ..given::account("ana", Role::Auditor)
    };
    let insert = db
        .storage
        .write(move |conn| Box::pin(async move { admins::insert(conn, &keys, &admin).await }));
    insert.await.unwrap();
    for (change, back) in [
        ("role = 'admin'", "role = 'auditor'"),
        ("enabled = 1", "enabled = 0"),
        ("password_hash = 'other'", "password_hash = 'hash'"),
        (r#"connections = '["acme"]'"#, "connections = NULL"),
        ("recovery_codes = '[]'", "recovery_codes = NULL"),
        ("totp_secret = row_seal", "totp_secret = NULL"),
    ] {
        db.meddle(&format!("UPDATE admins SET {change}")).await;
        let read = admins::by_username(&db.storage, &db.keys, "ana").await;
        assert!(
            matches!(read, Err(StorageError::Corrupt { .. })),
            "{change}"
        );
        let named = "admin ana was changed in the database, past the portal";
        assert_eq!(changed(&db).await, [named]);
        db.meddle(&format!("UPDATE admins SET {back}")).await;
        let read = admins::by_username(&db.storage, &db.keys, "ana").await;
        assert!(read.unwrap().is_some());
    }
}

/// Appends an entry about `object`, and gives the connection `acme` a new version.
async fn edit(db: &Database, object: &'static str) {
    let keys = db.keys.clone();
    let edited = db.storage.write(move |conn| {
        Box::pin(async move {
            let mut connection = given::settings("acme");
            connection.enabled = false;
            connections::update(conn, &keys, &connection, NOW).await?;
            let entry = NewEntry {
                action: "connection.edit".to_owned(),
                object: object.to_owned(),
                ..NewEntry::default()
            };
            audit::append(conn, &keys, &entry, NOW).await
        })
    });
    edited.await.unwrap();
}

async fn i08_an_audit_that_was_cut_and_sealed_anew_is_told_by_the_row_that_it_was_about(
    db: Database,
) {
    given::connection(&db, "acme").await;
    edit(&db, "redirect url").await;
    db.meddle("CREATE TABLE old_head AS SELECT * FROM audit_head")
        .await;
    edit(&db, "connection acme").await;
    assert_eq!(changed(&db).await, Vec::<String>::new());
    for sql in [
        "DELETE FROM audit WHERE seq = 2",
        "DELETE FROM audit_head",
        "INSERT INTO audit_head SELECT * FROM old_head",
    ] {
        db.meddle(sql).await;
    }
    let verified = audit::verify(&db.storage, &db.keys).await.unwrap();
    assert_eq!(verified, Verified::Intact { entries: 1 });
    let named = "connection acme was last changed by audit entry 2, which is gone or another";
    assert_eq!(changed(&db).await, [named]);
}

async fn i08_rows_of_an_earlier_version_are_sealed_once(db: Database) {
    given::connection(&db, "acme").await;
    given::connection(&db, "beta").await;
    let unsealed = "UPDATE connections SET row_seal = NULL";
    let before = db
        .keys
        .seal("key_check", "meta", "key_check", "value", b"rubrica");
    let before = data_encoding::HEXLOWER.encode(&before.unwrap());
    let literal = match db.storage.engine() {
        rubrica::storage::Engine::Sqlite => format!("x'{before}'"),
        rubrica::storage::Engine::Postgres => format!("'\\x{before}'"),
    };
    let old_check = format!("UPDATE meta SET value = {literal} WHERE name = 'key_check'");
    db.meddle(unsealed).await;
    assert_eq!(changed(&db).await.len(), 2);
    let again = async || drop(Storage::open(&db.url, &db.keys).await.unwrap());
    again().await;
    assert_eq!(
        changed(&db).await.len(),
        2,
        "not whenever a seal is missing"
    );
    db.meddle(&old_check).await;
    again().await;
    assert_eq!(changed(&db).await, Vec::<String>::new());
    db.meddle("UPDATE connections SET enabled = 0, row_seal = NULL WHERE id = 'acme'")
        .await;
    again().await;
    assert_eq!(changed(&db).await.len(), 1);
    db.meddle(&old_check).await;
    again().await;
    assert_eq!(
        changed(&db).await.len(),
        1,
        "nor when the old value is put back"
    );
}
