//! The audit's chain: every kind of tampering is found and named.

use rubrica::domain::audit::Action;
use rubrica::storage::admins::Role;
use rubrica::storage::audit::{self, NewEntry, Verified};
use rubrica::storage::{StorageError, admins};

use super::given::{self, NOW};
use crate::support::database::{Database, on_both_engines};

fn entry(object: &str) -> NewEntry {
    NewEntry {
        actor: "admin".to_owned(),
        from: "192.0.2.1".to_owned(),
        action: "connection.change".to_owned(),
        object: object.to_owned(),
        before: Some("{\"name\":\"a\"}".to_owned()),
        after: None,
        outcome: "done".to_owned(),
        request_id: "request".to_owned(),
    }
}

async fn append(db: &Database, object: &str) -> Result<(), StorageError> {
    let (keys, entry) = (db.keys.clone(), entry(object));
    db.storage
        .write(move |conn| Box::pin(async move { audit::append(conn, &keys, &entry, NOW).await }))
        .await
}

/// Its transaction has not locked that row before the end of the audit: another that has
/// could wait for it for ever, and it for that one.
async fn an_entry_touches_no_row_that_its_action_does_not_change(db: Database) {
    let (keys, ana) = (db.keys.clone(), given::account("ana", Role::Officer));
    let made = db
        .storage
        .write(move |conn| Box::pin(async move { admins::insert(conn, &keys, &ana).await }));
    made.await.unwrap();
    for (action, expected) in [
        (Action::MailAddress, None),
        (Action::SessionsEnd, None),
        (Action::AdminSignIn, None),
        (Action::AdminChange, Some(4)),
    ] {
        let (keys, mut entry) = (db.keys.clone(), entry("admin ana"));
        entry.action = action.to_string();
        let appended = db.storage.write(move |conn| {
            Box::pin(async move { audit::append(conn, &keys, &entry, NOW).await })
        });
        appended.await.unwrap();
        let named: Option<i64> = sqlx::query_scalar("SELECT audit_seq FROM admins")
            .fetch_one(db.storage.pool())
            .await
            .unwrap();
        assert_eq!(named, expected, "{action}");
    }
}

async fn append_five(db: &Database) {
    for number in 1..=5 {
        append(db, &format!("object {number}")).await.unwrap();
    }
    assert_eq!(verify(db).await, Verified::Intact { entries: 5 });
}

async fn verify(db: &Database) -> Verified {
    audit::verify(&db.storage, &db.keys).await.unwrap()
}

async fn broken_after(db: &Database, sql: &str) -> i64 {
    append_five(db).await;
    for statement in sql.split(';') {
        db.meddle(statement).await;
    }
    match verify(db).await {
        Verified::Broken { seq } => seq,
        Verified::Intact { .. } => panic!("not found: {sql}"),
    }
}

async fn what_was_appended_is_listed_in_order(db: Database) {
    assert_eq!(verify(&db).await, Verified::Intact { entries: 0 });
    append_five(&db).await;
    let all = audit::list(&db.storage, 0, 100).await.unwrap();
    assert_eq!(all.len(), 5);
    assert_eq!(all[1].seq, 2);
    assert_eq!(all[1].what, entry("object 2"));
    let after = audit::list(&db.storage, 3, 1).await.unwrap();
    assert_eq!(after[0].seq, 4);
}

async fn a_changed_byte_is_found(db: Database) {
    let sql = "UPDATE audit SET object = 'Object 3' WHERE seq = 3";
    assert_eq!(broken_after(&db, sql).await, 3);
}

async fn an_absent_value_is_not_an_empty_one(db: Database) {
    let sql = "UPDATE audit SET after_text = '' WHERE seq = 2";
    assert_eq!(broken_after(&db, sql).await, 2);
}

async fn a_deleted_entry_is_found(db: Database) {
    let sql = "DELETE FROM audit WHERE seq = 2";
    assert_eq!(broken_after(&db, sql).await, 2);
}

async fn entries_put_in_another_order_are_found(db: Database) {
    let sql = "UPDATE audit SET seq = 99 WHERE seq = 2;\
               UPDATE audit SET seq = 2 WHERE seq = 4;\
               UPDATE audit SET seq = 4 WHERE seq = 99";
    assert_eq!(broken_after(&db, sql).await, 2);
}

async fn an_inserted_entry_is_found(db: Database) {
    let sql = "INSERT INTO audit SELECT 6, at, actor, origin, action, object, before_text, \
               after_text, outcome, request_id, hash FROM audit WHERE seq = 5";
    assert_eq!(broken_after(&db, sql).await, 6);
}

async fn an_entry_before_the_first_is_found(db: Database) {
    let sql = "INSERT INTO audit SELECT 0, at, actor, origin, action, object, before_text, \
               after_text, outcome, request_id, hash FROM audit WHERE seq = 5";
    assert_eq!(broken_after(&db, sql).await, 1);
}

async fn a_cut_tail_is_found(db: Database) {
    assert_eq!(
        broken_after(&db, "DELETE FROM audit WHERE seq > 3").await,
        4
    );
}

async fn a_cut_tail_with_its_head_moved_is_found_and_stays_found(db: Database) {
    let sql = "DELETE FROM audit WHERE seq > 3;\
               UPDATE audit_head SET seq = 3, hash = (SELECT hash FROM audit WHERE seq = 3)";
    assert_eq!(broken_after(&db, sql).await, 3);
    // An append would seal the cut.
    let refused = append(&db, "object").await;
    assert!(matches!(
        refused,
        Err(StorageError::Corrupt {
            table: "audit_head",
            ..
        })
    ));
}

async fn an_emptied_audit_is_found(db: Database) {
    let sql = "DELETE FROM audit;DELETE FROM audit_head";
    assert_eq!(broken_after(&db, sql).await, 1);
}

async fn appends_at_once_make_one_chain(db: Database) {
    let other = rubrica::storage::Storage::open(&db.url, &db.keys)
        .await
        .unwrap();
    let other = &other;
    let appends = (0..20).map(|number| {
        let db = &db;
        async move {
            if number % 2 == 0 {
                return append(db, "here").await;
            }
            let keys = db.keys.clone();
            other
                .write(move |conn| {
                    Box::pin(async move { audit::append(conn, &keys, &entry("there"), NOW).await })
                })
                .await
        }
    });
    for appended in futures_util::future::join_all(appends).await {
        appended.unwrap();
    }
    assert_eq!(verify(&db).await, Verified::Intact { entries: 20 });
}

async fn a_change_that_fails_leaves_no_entry(db: Database) {
    let (keys, entry) = (db.keys.clone(), entry("object"));
    let failed: Result<(), _> = db
        .storage
        .write(move |conn| {
            Box::pin(async move {
                audit::append(conn, &keys, &entry, NOW).await?;
                Err(StorageError::Reference)
            })
        })
        .await;
    assert!(failed.is_err());
    assert_eq!(verify(&db).await, Verified::Intact { entries: 0 });
    append(&db, "object").await.unwrap();
    assert_eq!(verify(&db).await, Verified::Intact { entries: 1 });
}

on_both_engines!(
    an_entry_touches_no_row_that_its_action_does_not_change,
    what_was_appended_is_listed_in_order,
    a_changed_byte_is_found,
    an_absent_value_is_not_an_empty_one,
    a_deleted_entry_is_found,
    entries_put_in_another_order_are_found,
    an_inserted_entry_is_found,
    an_entry_before_the_first_is_found,
    a_cut_tail_is_found,
    a_cut_tail_with_its_head_moved_is_found_and_stays_found,
    an_emptied_audit_is_found,
    appends_at_once_make_one_chain,
    a_change_that_fails_leaves_no_entry,
);
