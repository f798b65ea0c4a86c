//! Browsers' sessions.

use rubrica::domain::millis::Millis;
use rubrica::storage::sessions::{self, Kind, Session};

use super::given::NOW;
use crate::support::database::{Database, on_both_engines};

fn session(id: u8, subject: &str) -> Session {
    Session {
        id_hash: [id; 32],
        kind: Kind::User,
        subject: subject.to_owned(),
        sign_in_id: None,
        state: "{}".to_owned(),
        created_at: NOW,
        idle_until: Millis(NOW.0 + 10),
        absolute_until: Millis(NOW.0 + 100),
    }
}

async fn insert(db: &Database, session: Session) {
    db.storage
        .write(move |conn| Box::pin(async move { sessions::insert(conn, &session).await }))
        .await
        .unwrap();
}

async fn load(db: &Database, id: u8, now: i64) -> Option<Session> {
    let now = Millis(NOW.0 + now);
    sessions::load(&db.storage, &[id; 32], now).await.unwrap()
}

async fn touch(db: &Database, id: u8, until: i64) -> bool {
    db.storage
        .write(move |conn| {
            Box::pin(async move { sessions::touch(conn, &[id; 32], Millis(NOW.0 + until)).await })
        })
        .await
        .unwrap()
}

async fn update(db: &Database, id: u8, state: &'static str) -> bool {
    db.storage
        .write(move |conn| {
            Box::pin(
                async move { sessions::update(conn, &[id; 32], state, Millis(NOW.0 + 20)).await },
            )
        })
        .await
        .unwrap()
}

async fn b04_a_session_ends_when_idle_and_at_its_limit(db: Database) {
    insert(&db, session(1, "ana")).await;
    assert_eq!(load(&db, 1, 9).await, Some(session(1, "ana")));
    assert_eq!(load(&db, 1, 10).await, None);
    assert!(touch(&db, 1, 1000).await);
    assert!(load(&db, 1, 99).await.is_some());
    assert_eq!(load(&db, 1, 100).await, None);
}

async fn a_session_that_was_ended_does_not_come_back(db: Database) {
    insert(&db, session(1, "ana")).await;
    assert!(update(&db, 1, "{\"a\":1}").await);
    assert_eq!(load(&db, 1, 0).await.unwrap().state, "{\"a\":1}");
    let delete = || {
        db.storage
            .write(|conn| Box::pin(async move { sessions::delete(conn, &[1; 32]).await }))
    };
    assert_eq!(delete().await, Ok(true));
    assert_eq!(delete().await, Ok(false));
    assert!(!update(&db, 1, "{}").await);
    assert!(!touch(&db, 1, 20).await);
    assert_eq!(load(&db, 1, 0).await, None);
}

async fn signing_out_everywhere_ends_ones_own_only(db: Database) {
    insert(&db, session(1, "ana")).await;
    insert(&db, session(2, "ana")).await;
    insert(&db, session(3, "bea")).await;
    let admin = Session {
        kind: Kind::Admin,
        ..session(4, "ana")
    };
    insert(&db, admin).await;
    let ended = db
        .storage
        .write(|conn| {
            Box::pin(async move { sessions::delete_of_subject(conn, Kind::User, "ana").await })
        })
        .await;
    assert_eq!(ended, Ok(2));
    assert!(load(&db, 3, 0).await.is_some());
    assert_eq!(load(&db, 4, 0).await.unwrap().kind, Kind::Admin);
}

async fn ended_sessions_are_purged(db: Database) {
    insert(&db, session(1, "ana")).await;
    let living = Session {
        idle_until: Millis(NOW.0 + 50),
        ..session(2, "ana")
    };
    insert(&db, living).await;
    let purged = db
        .storage
        .write(|conn| Box::pin(async move { sessions::purge(conn, Millis(NOW.0 + 10)).await }))
        .await;
    assert_eq!(purged, Ok(1));
    assert!(load(&db, 2, 10).await.is_some());
}

on_both_engines!(
    b04_a_session_ends_when_idle_and_at_its_limit,
    a_session_that_was_ended_does_not_come_back,
    signing_out_everywhere_ends_ones_own_only,
    ended_sessions_are_purged,
);
