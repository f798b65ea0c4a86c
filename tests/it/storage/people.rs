//! Owners, their sign-ins, local accounts and one-time links.

use rubrica::domain::millis::Millis;
use rubrica::domain::owner_name::OwnerName;
use rubrica::domain::sign_in_failure::Method;
use rubrica::storage::admins::{self, Admin, Role};
use rubrica::storage::owners::{self, Arrived};
use rubrica::storage::{StorageError, ended_sign_ins, setup_links, sign_ins};

use super::given::{self, NOW};
use crate::support::database::{Database, on_both_engines};

async fn i07_an_owner_is_found_by_the_same_name_alone(db: Database) {
    given::connection(&db, "acme").await;
    given::connection(&db, "other").await;
    let owner = given::owner(&db, "acme", "José").await;
    assert_eq!(given::owner(&db, "acme", "Jose\u{301}").await, owner);
    let at_other = given::arrived("other", Method::Redirect, "José");
    assert_ne!(found(&db, at_other, "at-other").await, owner);
    for other in ["josé", "JOSÉ", " José", "José@corp", "Jose"] {
        assert_ne!(given::owner(&db, "acme", other).await, owner, "{other:?}");
    }
    let redirect = given::arrived("acme", Method::Redirect, "José");
    let direct = given::arrived("acme", Method::Direct, "José");
    assert_ne!(found(&db, direct, "by-direct").await, owner);
    let in_a_domain = Arrived {
        name: Some(OwnerName::new(Method::Redirect, Some("corp"), "José")),
        ..redirect.clone()
    };
    assert_ne!(found(&db, in_a_domain, "in-a-domain").await, owner);
    let elsewhere = Arrived {
        server: "another".into(),
        ..redirect.clone()
    };
    assert_ne!(found(&db, elsewhere, "elsewhere").await, owner);
    let any_case = |name: &str| Arrived {
        ignore_case: true,
        ..given::arrived("acme", Method::Redirect, name)
    };
    assert_eq!(found(&db, any_case("josé"), "x").await, "owner-josé");
    let lia = given::owner(&db, "acme", "Lía").await;
    assert_eq!(found(&db, any_case("líA"), "x").await, lia);
    assert_eq!(found(&db, any_case("LÍA"), "other-lía").await, "other-lía");
    let login = db
        .storage
        .write(move |conn| Box::pin(async move { owners::login_of(conn, &owner).await }));
    // As the server named them last.
    assert_eq!(login.await.unwrap(), "Jose\u{301}");
}

/// The owner that somebody is, or the new one with this id.
async fn found(db: &Database, arrived: Arrived, new_id: &str) -> String {
    let new_id = new_id.to_owned();
    db.storage
        .write(move |conn| {
            Box::pin(async move { owners::find_or_create(conn, &arrived, &new_id, NOW).await })
        })
        .await
        .unwrap()
}

async fn i07_somebody_whom_the_server_does_not_name_is_nobody_else(db: Database) {
    given::connection(&db, "acme").await;
    let nobody = Arrived {
        name: None,
        ..given::arrived("acme", Method::Redirect, "?1")
    };
    assert_eq!(found(&db, nobody.clone(), "one").await, "one");
    assert_eq!(found(&db, nobody, "two").await, "two");
    let named = given::arrived("acme", Method::Redirect, "?1");
    assert_eq!(found(&db, named, "three").await, "three");
}

/// An owner as an old database has it: without a name, open for these ways in.
async fn old_owner(db: &Database, name: &str, (redirect, direct): (i64, i64)) {
    db.meddle(&format!(
        "INSERT INTO owners (id, connection_id, old_name, login, created_at, redirect_open, \
         direct_open) VALUES ('old {name}', 'acme', '{name}', '{name}', 0, {redirect}, {direct})"
    ))
    .await;
}

async fn i07_an_old_owner_is_taken_over_once_on_each_way_it_had_used(db: Database) {
    use Method::{Direct, Redirect};
    given::connection(&db, "acme").await;
    old_owner(&db, "kim", (1, 0)).await;
    old_owner(&db, "eva@corp", (1, 1)).await;
    let mut number = 0;
    let mut is = async |way, name: &str| {
        number += 1;
        let arrived = given::arrived("acme", way, name);
        found(&db, arrived, &format!("new-{number}")).await
    };
    old_owner(&db, "\u{130}da", (1, 0)).await;
    db.meddle("UPDATE owners SET old_name = 'i\u{307}da' WHERE login = '\u{130}da'")
        .await;
    assert_eq!(is(Redirect, "\u{130}da").await, "old \u{130}da");
    for other in ["\u{212a}im", "kim\u{a0}", "kimi"] {
        assert_ne!(is(Redirect, other).await, "old kim", "{other}");
    }
    assert_ne!(is(Direct, "kim").await, "old kim");
    assert_eq!(is(Redirect, "Kim").await, "old kim");
    assert_eq!(is(Redirect, "kim").await, "old kim");
    assert_ne!(is(Redirect, "\u{212a}im").await, "old kim");
    assert_eq!(is(Redirect, "eva@corp").await, "old eva@corp");
    let direct = Arrived {
        name: Some(OwnerName::new(Direct, Some("corp"), "eva")),
        ..given::arrived("acme", Direct, "eva@corp")
    };
    assert_eq!(found(&db, direct, "x").await, "old eva@corp");
    let other = Arrived {
        name: Some(OwnerName::new(Direct, Some("corp"), "other")),
        ..given::arrived("acme", Direct, "eva@corp")
    };
    assert_eq!(found(&db, other, "y").await, "y");
}

async fn i05_owners_of_one_server_are_not_those_of_the_next(db: Database) {
    given::connection(&db, "acme").await;
    old_owner(&db, "old", (1, 0)).await;
    let kim = given::owner(&db, "acme", "kim").await;
    let at = |server: &str, name: &str| Arrived {
        server: server.to_owned(),
        ..given::arrived("acme", Method::Redirect, name)
    };
    db.storage
        .write(|conn| Box::pin(async move { owners::tie_old(conn, "acme", given::SERVER).await }))
        .await
        .unwrap();
    assert_eq!(found(&db, at("next", "kim"), "new-kim").await, "new-kim");
    assert_eq!(found(&db, at("next", "old"), "new-old").await, "new-old");
    db.storage
        .write(|conn| {
            Box::pin(async move { owners::carry_over(conn, "acme", given::SERVER, "third").await })
        })
        .await
        .unwrap();
    assert_eq!(found(&db, at("third", "kim"), "x").await, kim);
    assert_eq!(found(&db, at("third", "old"), "x").await, "old old");
}

async fn first_sign_ins_at_once_make_one_owner(db: Database) {
    given::connection(&db, "acme").await;
    let finds = (0..10).map(|number| {
        let new_id = format!("owner-{number}");
        let arrived = given::arrived("acme", Method::Redirect, "ana");
        db.storage.write(move |conn| {
            Box::pin(async move { owners::find_or_create(conn, &arrived, &new_id, NOW).await })
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
                sign_ins::store_tokens(conn, &keys, &before, (given::SERVER, &fresh), NOW).await
            })
        })
    };
    assert_eq!(store().await, Ok(true));
    assert_eq!(store().await, Ok(false));
    let read = sign_ins::load(&db.storage, &db.keys, "s", given::SERVER)
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
    let cleared = db
        .storage
        .write(|conn| Box::pin(async move { ended_sign_ins::clear(conn, "s", NOW).await }));
    assert_eq!(cleared.await, Ok(true));
    let keys = db.keys.clone();
    let stored = db
        .storage
        .write(move |conn| {
            Box::pin(async move {
                let late = given::tokens("late");
                sign_ins::store_tokens(conn, &keys, &before, (given::SERVER, &late), NOW).await
            })
        })
        .await;
    assert_eq!(stored, Ok(false));
    let read = sign_ins::load(&db.storage, &db.keys, "s", given::SERVER)
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
    let admin = given::account("Ana", Role::Admin);
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
    assert_eq!((found.id.as_str(), found.username.as_str()), ("Ana", "ana"));

    let keys = db.keys.clone();
    let set = db
        .storage
        .write(move |conn| {
            Box::pin(async move { admins::set_password(conn, &keys, "Ana", "other", NOW).await })
        })
        .await;
    assert_eq!(set, Ok(true));
    let read = admins::by_username(&db.storage, &db.keys, "ana").await;
    let expected = Admin {
        password_hash: "other".to_owned(),
        version: 2,
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
    i07_an_owner_is_found_by_the_same_name_alone,
    i07_somebody_whom_the_server_does_not_name_is_nobody_else,
    i07_an_old_owner_is_taken_over_once_on_each_way_it_had_used,
    i05_owners_of_one_server_are_not_those_of_the_next,
    first_sign_ins_at_once_make_one_owner,
    tokens_are_refreshed_by_one_and_never_put_back,
    tokens_stay_gone_after_a_sign_out,
    an_account_is_found_in_whatever_case,
    a_setup_link_is_good_once_and_for_its_time,
);
