//! Browsers' sessions.

use rubrica::domain::device::Device;
use rubrica::domain::millis::Millis;
use rubrica::storage::admins::{self, Role};
use rubrica::storage::sessions::{self, Kind, Session};

use super::given::{self, NOW};
use crate::support::database::{Database, on_both_engines};

fn session(id: u8, subject: &str) -> Session {
    Session {
        id_hash: [id; 32],
        kind: Kind::User,
        subject: subject.to_owned(),
        sign_in_id: None,
        state: "{}".to_owned(),
        created_at: NOW,
        used_at: NOW,
        address: "192.0.2.7".to_owned(),
        device: Device::of_user_agent("Firefox/140.0 (Windows)"),
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

/// Somebody signs in while the account is changed, and whoever changes it ends its sessions.
async fn i11_no_session_begins_of_an_account_that_has_changed(db: Database) {
    let (keys, ana) = (db.keys.clone(), given::account("ana", Role::Admin));
    let made = db
        .storage
        .write(move |conn| Box::pin(async move { admins::insert(conn, &keys, &ana).await }));
    made.await.unwrap();
    let begin = async |id: u8, version| {
        let session = Session {
            kind: Kind::Admin,
            ..session(id, "ana")
        };
        let begun = db.storage.write(move |conn| {
            Box::pin(async move { sessions::insert_of_account(conn, &session, version).await })
        });
        (begun.await.unwrap(), load(&db, id, 0).await.is_some())
    };
    assert_eq!(begin(1, 1).await, (true, true));
    assert_eq!(begin(2, 2).await, (false, false));
    db.meddle("UPDATE admins SET version = 2").await;
    assert_eq!(begin(3, 1).await, (false, false));
    assert_eq!(begin(4, 2).await, (true, true));
    db.meddle("UPDATE admins SET enabled = 0").await;
    assert_eq!(begin(5, 2).await, (false, false));
}

async fn load(db: &Database, id: u8, now: i64) -> Option<Session> {
    let now = Millis(NOW.0 + now);
    sessions::load(&db.storage, &[id; 32], now).await.unwrap()
}

/// When a session was seen to end.
const SEEN: Millis = Millis(NOW.0 + 10);

async fn touch(db: &Database, id: u8, until: i64) -> bool {
    let (until, at) = (Millis(NOW.0 + until), Millis(NOW.0 + 5));
    db.storage
        .write(move |conn| {
            Box::pin(async move { sessions::touch(conn, &[id; 32], SEEN, until, at).await })
        })
        .await
        .unwrap()
}

async fn update(db: &Database, [from, to]: [u8; 2], state: &'static str) -> bool {
    db.storage
        .write(move |conn| {
            Box::pin(async move {
                let until = Millis(NOW.0 + 20);
                sessions::update(conn, [&[from; 32], &[to; 32]], state, SEEN, until).await
            })
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
    assert!(update(&db, [1, 1], "{\"a\":1}").await);
    assert_eq!(load(&db, 1, 0).await.unwrap().state, "{\"a\":1}");
    let delete = || {
        db.storage
            .write(|conn| Box::pin(async move { sessions::delete(conn, &[1; 32]).await }))
    };
    assert_eq!(delete().await, Ok(true));
    assert_eq!(delete().await, Ok(false));
    assert!(!update(&db, [1, 1], "{}").await);
    assert!(!update(&db, [1, 2], "{}").await);
    assert_eq!(load(&db, 2, 0).await, None);
    assert!(!touch(&db, 1, 20).await);
    assert_eq!(load(&db, 1, 0).await, None);
}

async fn a_session_with_a_new_id_keeps_its_last_end(db: Database) {
    insert(&db, session(1, "ana")).await;
    assert!(update(&db, [1, 2], "{}").await);
    assert_eq!(load(&db, 1, 0).await, None);
    let renewed = Session {
        idle_until: Millis(NOW.0 + 20),
        ..session(2, "ana")
    };
    assert_eq!(load(&db, 2, 0).await, Some(renewed));
    assert!(
        !update(&db, [1, 3], "{}").await,
        "it has another id already"
    );
}

/// The oldest of too many is ended, and not deleted: what was under way with it then must
/// not extend it.
async fn a_session_that_made_room_for_a_newer_one_stays_ended(db: Database) {
    insert(&db, session(1, "ana")).await;
    for id in 0..sessions::MOST_EACH {
        let newer = Session {
            created_at: Millis(NOW.0 + 1),
            ..session(100 + u8::try_from(id).unwrap(), "ana")
        };
        insert(&db, newer).await;
    }
    assert_eq!(load(&db, 1, 5).await, None);
    assert!(!touch(&db, 1, 1000).await);
    assert!(!update(&db, [1, 1], "{}").await);
    assert!(!update(&db, [1, 2], "{}").await);
    assert_eq!(load(&db, 1, 5).await, None);
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

async fn live(db: &Database, subject: &str, now: i64) -> Vec<(u8, Millis)> {
    let now = Millis(NOW.0 + now);
    let found = sessions::live_of(&db.storage, Kind::User, subject, now).await;
    let ids = found.unwrap().into_iter();
    ids.map(|one| (one.id_hash[0], one.used_at)).collect()
}

async fn the_live_sessions_of_a_person_are_listed_the_one_used_last_first(db: Database) {
    insert(&db, session(1, "ana")).await;
    insert(&db, session(2, "ana")).await;
    insert(&db, session(3, "bea")).await;
    assert_eq!(live(&db, "ana", 0).await, [(1, NOW), (2, NOW)]);
    assert!(touch(&db, 2, 20).await);
    assert_eq!(
        live(&db, "ana", 0).await,
        [(2, Millis(NOW.0 + 5)), (1, NOW)]
    );
    assert_eq!(live(&db, "ana", 10).await, [(2, Millis(NOW.0 + 5))]);
    assert_eq!(live(&db, "ana", 20).await, []);
}

async fn all_but_one_session_of_a_person_are_ended(db: Database) {
    for id in [1, 2, 3] {
        insert(&db, session(id, "ana")).await;
    }
    insert(&db, session(4, "bea")).await;
    let ended = db.storage.write(|conn| {
        Box::pin(async move { sessions::delete_others(conn, Kind::User, "ana", &[2; 32]).await })
    });
    assert_eq!(ended.await, Ok(2));
    assert_eq!(live(&db, "ana", 0).await, [(2, NOW)]);
    assert_eq!(live(&db, "bea", 0).await, [(4, NOW)]);
}

async fn sessions_of_a_user_are_found_by_the_login_name(db: Database) {
    let ana = given::ana(&db).await;
    let bea = given::owner(&db, "acme", "bea").await;
    insert(&db, session(1, &ana)).await;
    insert(&db, session(2, &bea)).await;
    let found = sessions::live_of_login(&db.storage, "ana", NOW)
        .await
        .unwrap();
    let found: Vec<_> = found
        .iter()
        .map(|(name, one)| (name.as_str(), one.id_hash[0]))
        .collect();
    assert_eq!(found, [("ana", 1)]);
    let none = sessions::live_of_login(&db.storage, "an", NOW).await;
    assert_eq!(none, Ok(Vec::new()));
    let inigo = given::owner(&db, "acme", "Íñigo Ñúñez").await;
    insert(&db, session(3, &inigo)).await;
    for login in ["íñigo ñúñez", "ÍÑIGO ÑÚÑEZ", "Íñigo Ñúñez"] {
        let found = sessions::live_of_login(&db.storage, login, NOW).await;
        assert_eq!(found.unwrap().len(), 1, "{login}");
    }
}

async fn sessions_of_admins_are_listed_by_name(db: Database) {
    for (id, username) in [(1, "zoe"), (2, "ana")] {
        db.meddle(&format!(
            "INSERT INTO admins (id, username, role, password_hash, enabled, version, \
             created_at, updated_at) VALUES ('{username}', '{username}', 'admin', 'x', 1, 1, 1, 1)"
        ))
        .await;
        let admin = Session {
            kind: Kind::Admin,
            ..session(id, username)
        };
        insert(&db, admin).await;
    }
    insert(&db, session(3, "ana")).await;
    let found = sessions::live_of_admins(&db.storage, NOW).await.unwrap();
    let names: Vec<_> = found
        .iter()
        .map(|(name, one)| (name.as_str(), one.id_hash[0]))
        .collect();
    assert_eq!(names, [("ana", 2), ("zoe", 1)]);
    let later = Millis(NOW.0 + 10);
    let found = sessions::live_of_admins(&db.storage, later).await.unwrap();
    assert_eq!(found, []);
}

on_both_engines!(
    i11_no_session_begins_of_an_account_that_has_changed,
    the_live_sessions_of_a_person_are_listed_the_one_used_last_first,
    all_but_one_session_of_a_person_are_ended,
    sessions_of_a_user_are_found_by_the_login_name,
    sessions_of_admins_are_listed_by_name,
    b04_a_session_ends_when_idle_and_at_its_limit,
    a_session_that_was_ended_does_not_come_back,
    a_session_with_a_new_id_keeps_its_last_end,
    a_session_that_made_room_for_a_newer_one_stays_ended,
    signing_out_everywhere_ends_ones_own_only,
    ended_sessions_are_purged,
);
