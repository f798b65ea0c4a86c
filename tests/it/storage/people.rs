//! Owners, their sign-ins, local accounts and one-time links.

use rubrica::domain::millis::Millis;
use rubrica::storage::admins::{self, Admin, Role};
use rubrica::storage::{StorageError, owners, setup_links, sign_ins};

use super::given::{self, NOW};
use crate::support::database::{Database, on_both_engines};

async fn a_login_name_is_one_owner_however_it_is_written(db: Database) {
    given::connection(&db, "acme").await;
    given::connection(&db, "other").await;
    let owner = given::owner(&db, "acme", " José@Corp ").await;
    assert_eq!(given::owner(&db, "acme", "JOSE\u{301}@corp").await, owner);
    assert_ne!(given::owner(&db, "other", "josé@corp").await, owner);
    assert_ne!(given::owner(&db, "acme", "josé").await, owner);
    let login = db
        .storage
        .write(move |conn| Box::pin(async move { owners::login_of(conn, &owner).await }));
    assert_eq!(login.await.unwrap(), "José@Corp");
}

async fn first_sign_ins_at_once_make_one_owner(db: Database) {
    given::connection(&db, "acme").await;
    let finds = (0..10).map(|number| {
        let new_id = format!("owner-{number}");
        db.storage.write(move |conn| {
            Box::pin(async move { owners::find_or_create(conn, "acme", "ana", &new_id, NOW).await })
        })
    });
    let found = futures_util::future::join_all(finds).await;
    assert!(
        found.iter().all(|id| id.is_ok() && *id == found[0]),
        "{found:?}"
    );
}

async fn tokens_are_refreshed_by_one_and_never_put_back(db: Database) {
    let ana = given::ana(&db).await;
    let before = given::sign_in(&db, "s", &ana).await;
    assert_eq!(before.access, Some(given::tokens("s").access));
    assert_eq!(before.refresh, given::tokens("s").refresh);
    let claim = |version: i64, now: Millis| {
        let until = Millis(now.0 + 100);
        db.storage.write(move |conn| {
            Box::pin(async move { sign_ins::claim_refresh(conn, "s", version, now, until).await })
        })
    };
    let claims = futures_util::future::join_all((0..20).map(|_| claim(1, NOW))).await;
    assert_eq!(claims.iter().filter(|claim| **claim == Ok(true)).count(), 1);
    assert_eq!(claim(1, Millis(NOW.0 + 99)).await, Ok(false));
    assert_eq!(claim(1, Millis(NOW.0 + 100)).await, Ok(true));

    let store = || {
        let (keys, before) = (db.keys.clone(), before.clone());
        db.storage.write(move |conn| {
            Box::pin(async move {
                let fresh = given::tokens("fresh");
                sign_ins::store_tokens(conn, &keys, &before, &fresh, NOW).await
            })
        })
    };
    assert_eq!(store().await, Ok(true));
    assert_eq!(store().await, Ok(false));
    let read = sign_ins::load(&db.storage, &db.keys, "s")
        .await
        .unwrap()
        .unwrap();
    assert_eq!(read.access, Some(given::tokens("fresh").access));
    assert_eq!(read.version, 2);
    assert_eq!(claim(2, NOW).await, Ok(true));
}

async fn tokens_stay_gone_after_a_sign_out(db: Database) {
    let ana = given::ana(&db).await;
    let before = given::sign_in(&db, "s", &ana).await;
    assert_eq!(
        sign_ins::live_of_owner(&db.storage, &ana).await.unwrap(),
        ["s"]
    );
    db.storage
        .write(|conn| Box::pin(async move { sign_ins::clear_tokens(conn, "s", NOW).await }))
        .await
        .unwrap();
    let keys = db.keys.clone();
    let stored = db
        .storage
        .write(move |conn| {
            Box::pin(async move {
                let late = given::tokens("late");
                sign_ins::store_tokens(conn, &keys, &before, &late, NOW).await
            })
        })
        .await;
    assert_eq!(stored, Ok(false));
    let read = sign_ins::load(&db.storage, &db.keys, "s")
        .await
        .unwrap()
        .unwrap();
    assert!(read.needs_sign_in);
    assert_eq!((read.access, read.refresh), (None, None));
    assert!(
        sign_ins::live_of_owner(&db.storage, &ana)
            .await
            .unwrap()
            .is_empty()
    );
}

async fn an_account_is_found_in_whatever_case(db: Database) {
    let admin = Admin {
        id: "admin-1".to_owned(),
        username: "Ana".to_owned(),
        role: Role::Admin,
        password_hash: "hash".to_owned(),
        enabled: true,
        created_at: NOW,
    };
    assert_eq!(admins::count(&db.storage).await, Ok(0));
    let insert = |admin: Admin| {
        let keys = db.keys.clone();
        db.storage
            .write(move |conn| Box::pin(async move { admins::insert(conn, &keys, &admin).await }))
    };
    insert(admin.clone()).await.unwrap();
    let twin = Admin {
        id: "admin-2".to_owned(),
        username: "ANA ".to_owned(),
        ..admin.clone()
    };
    assert!(matches!(insert(twin).await, Err(StorageError::Conflict)));
    assert_eq!(admins::count(&db.storage).await, Ok(1));
    let found = admins::by_username(&db.storage, &db.keys, " aNa")
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (found.id.as_str(), found.username.as_str()),
        ("admin-1", "ana")
    );

    let keys = db.keys.clone();
    let set = db
        .storage
        .write(move |conn| {
            Box::pin(
                async move { admins::set_password(conn, &keys, "admin-1", "other", NOW).await },
            )
        })
        .await;
    assert_eq!(set, Ok(true));
    let read = admins::by_username(&db.storage, &db.keys, "ana").await;
    let expected = Admin {
        password_hash: "other".to_owned(),
        ..found
    };
    assert_eq!(read.unwrap(), Some(expected));
}

async fn a_setup_link_is_good_once_and_for_its_time(db: Database) {
    let put = |hash: u8| {
        db.storage.write(move |conn| {
            Box::pin(async move { setup_links::put(conn, &[hash; 32], NOW).await })
        })
    };
    let take = |hash: u8, now: Millis| {
        db.storage.write(move |conn| {
            Box::pin(async move { setup_links::take(conn, &[hash; 32], now).await })
        })
    };
    put(1).await.unwrap();
    put(2).await.unwrap();
    assert_eq!(
        setup_links::is_good(&db.storage, &[1; 32], NOW).await,
        Ok(true)
    );
    assert_eq!(take(1, NOW).await, Ok(true));
    assert_eq!(take(1, NOW).await, Ok(false));
    assert_eq!(take(2, NOW + setup_links::LIFE).await, Ok(false));
    assert_eq!(take(3, NOW).await, Ok(false));
}

on_both_engines!(
    a_login_name_is_one_owner_however_it_is_written,
    first_sign_ins_at_once_make_one_owner,
    tokens_are_refreshed_by_one_and_never_put_back,
    tokens_stay_gone_after_a_sign_out,
    an_account_is_found_in_whatever_case,
    a_setup_link_is_good_once_and_for_its_time,
);
