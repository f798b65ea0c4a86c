//! The mail that waits to be sent, and of what people were reminded.

use std::time::Duration;

use rubrica::domain::certificate::{Certificate, Origin};
use rubrica::domain::mail::{Facts, Kind, State};
use rubrica::domain::millis::Millis;
use rubrica::storage::certificates;
use rubrica::storage::mail::people::{self, Person};
use rubrica::storage::mail::{self, Mail, NewMail, Outcome};

use super::given::{self, NOW, THUMBPRINT, finalizing};
use crate::support::database::{Database, on_both_engines};

const LATER: Millis = Millis(NOW.0 + 10_000);

/// Does something in a transaction of its own.
macro_rules! write {
    ($db:expr, |$conn:ident| $work:expr) => {
        $db.storage
            .write(move |$conn| Box::pin(async move { $work.await }))
            .await
            .unwrap()
    };
}

async fn put(db: &Database, id: &'static str, now: Millis) {
    put_as(db, Kind::Test, id, now).await;
}

async fn put_as(db: &Database, kind: Kind, id: &'static str, now: Millis) {
    let new = NewMail {
        id: id.to_owned(),
        kind,
        recipient: Some("ana@example.com".to_owned()),
        language: "es".to_owned(),
        facts: Facts {
            holder: "Ana".into(),
            ..Facts::default()
        },
    };
    write!(db, |conn| mail::put(conn, &new, now));
}

async fn hold(db: &Database, now: Millis) -> Option<Mail> {
    write!(db, |conn| mail::hold(
        conn,
        now + Duration::from_secs(10),
        now
    ))
}

async fn states(db: &Database) -> Vec<(String, State)> {
    let all = mail::newest(&db.storage, 10).await.unwrap();
    all.into_iter()
        .map(|one| (one.what.id, one.state))
        .collect()
}

async fn a_mail_is_in_hand_for_a_while_and_begun_once(db: Database) {
    put(&db, "a", NOW).await;
    assert!(mail::is_any_due(&db.storage, NOW).await.unwrap());
    let held = hold(&db, NOW).await.unwrap();
    assert_eq!(
        (held.what.facts.holder.in_full(), held.attempts),
        ("Ana", 1)
    );
    assert!(hold(&db, Millis(LATER.0 - 1)).await.is_none());
    assert!(!mail::is_any_due(&db.storage, NOW).await.unwrap());
    assert_eq!(hold(&db, LATER).await.unwrap().attempts, 2);
    for expected in [true, false] {
        assert_eq!(write!(db, |conn| mail::begin(conn, "a", NOW)), expected);
    }
    assert!(hold(&db, LATER + Duration::from_secs(3600)).await.is_none());
    // Nobody who had it in hand before can take it back.
    let outcome = |from, state| Outcome {
        from,
        state,
        said: Some("451 later".to_owned()),
        due_at: LATER,
    };
    let late = outcome(State::Waiting, State::Waiting);
    write!(db, |conn| mail::settle(conn, "a", &late, NOW));
    assert_eq!(states(&db).await[0].1, State::Sending);
    let own = outcome(State::Sending, State::Waiting);
    write!(db, |conn| mail::settle(conn, "a", &own, NOW));
    assert!(hold(&db, NOW).await.is_none());
    assert_eq!(hold(&db, LATER).await.unwrap().said.unwrap(), "451 later");
}

async fn of_many_nodes_each_has_another_mail_in_hand(db: Database) {
    for id in ["a", "b", "c"] {
        put(&db, id, NOW).await;
    }
    let held = futures_util::future::join_all((0..12).map(|_| hold(&db, NOW))).await;
    let mut ids: Vec<_> = held
        .into_iter()
        .flatten()
        .map(|mail| mail.what.id)
        .collect();
    // Who finds somebody faster looks again.
    while let Some(mail) = hold(&db, NOW).await {
        ids.push(mail.what.id);
    }
    ids.sort();
    assert_eq!(ids, ["a", "b", "c"]);
}

async fn welcomes_wait_for_other_mail_and_are_taken_back_one_by_one(db: Database) {
    put_as(&db, Kind::Welcome, "a", NOW).await;
    put_as(&db, Kind::Welcome, "b", NOW).await;
    // What its owner may cause as often as they like waits for what they may not.
    put_as(&db, Kind::Failed, "d", NOW).await;
    put_as(&db, Kind::Alert, "c", LATER).await;
    for first in ["c", "d"] {
        assert_eq!(hold(&db, LATER).await.unwrap().what.id, first);
    }
    for recipient in ["eva@example.com", "ana@example.com"] {
        write!(db, |conn| mail::take_back(conn, Kind::Welcome, recipient));
    }
    assert_eq!(hold(&db, LATER).await.unwrap().what.id, "a");
    assert!(hold(&db, LATER).await.is_none());
}

async fn what_was_begun_and_never_settled_is_unknown_and_old_mail_goes(db: Database) {
    put(&db, "a", NOW).await;
    put(&db, "b", LATER).await;
    assert!(write!(db, |conn| mail::begin(conn, "a", NOW)));
    assert_eq!(write!(db, |conn| mail::lapse(conn, NOW, LATER)), 0);
    write!(db, |conn| mail::purge(conn, LATER));
    assert_eq!(states(&db).await.len(), 2, "what is being sent stays");
    assert_eq!(write!(db, |conn| mail::lapse(conn, LATER, LATER)), 1);
    let expected = [
        ("b".to_owned(), State::Waiting),
        ("a".to_owned(), State::Unknown),
    ];
    assert_eq!(states(&db).await, expected);
    for (id, expected) in [("a", true), ("a", false), ("b", false), ("c", false)] {
        let again = write!(db, |conn| mail::again(conn, id, NOW));
        assert_eq!(again, expected, "{id}");
    }
    assert_eq!(states(&db).await[1].1, State::Waiting);
    write!(db, |conn| mail::purge(conn, LATER));
    assert_eq!(states(&db).await, expected[..1]);
}

async fn people_are_looked_at_by_one_node_and_reminded_once(db: Database) {
    let ana = given::ana(&db).await;
    let issuance = finalizing(&db, "i", &ana, "a").await;
    let certificate = given::certificate(&issuance, THUMBPRINT);
    given::store(&db, &certificate).await.unwrap();
    let person = Person {
        owner_id: ana.clone(),
        address: "ana@example.com".to_owned(),
        language: "es".to_owned(),
        reminders: true,
    };
    let given = person.clone();
    write!(db, |conn| people::set(conn, &given));
    let of = async || people::of(db.storage.pool(), &ana).await.unwrap();
    assert_eq!(of().await, Some(person.clone()));
    let due = async |before| {
        people::not_reminded_since(&db.storage, before, 5)
            .await
            .unwrap()
    };
    assert_eq!(due(NOW).await, [person]);
    for expected in [true, false] {
        let owner = ana.clone();
        let looked = write!(db, |conn| people::look_at(conn, &owner, NOW, NOW));
        assert_eq!(looked, expected);
    }
    assert!(due(NOW).await.is_empty());
    for (days, expected) in [(30, true), (30, false), (7, true)] {
        let id = certificate_id(&issuance.id);
        assert_eq!(write!(db, |conn| people::remind(conn, &id, days)), expected);
    }
    let id = certificate_id(&issuance.id);
    for (owner, expected) in [("nobody", false), (&*ana, true)] {
        let (owner, id) = (owner.to_owned(), id.clone());
        let silenced = write!(db, |conn| people::silence(conn, &owner, &id, true));
        assert_eq!(silenced, expected);
    }
    let id = certificate_id(&issuance.id);
    assert!(!write!(db, |conn| people::remind(conn, &id, 3)));
    let mut reminded = people::reminded(&db.storage, &ana).await.unwrap();
    reminded.sort();
    let days: Vec<_> = reminded.into_iter().map(|(_, days)| days).collect();
    assert_eq!(days, [people::NEVER, 7, 30]);
    let (owner, id) = (ana.clone(), certificate_id(&issuance.id));
    write!(db, |conn| people::silence(conn, &owner, &id, false));
    let id = certificate_id(&issuance.id);
    assert!(write!(db, |conn| people::remind(conn, &id, 3)));
    db.meddle("UPDATE certificates SET replaced_by = 'AB'")
        .await;
    let id = certificate_id(&issuance.id);
    assert!(!write!(db, |conn| people::remind(conn, &id, 1)));
    let owner = ana.clone();
    write!(db, |conn| people::forget(conn, &owner));
    assert_eq!(of().await, None);
}

/// Redtrust's answer comes after its owner had shown the certificate, and asked for silence.
async fn a_certificate_that_is_proven_later_is_no_other_one_for_its_reminders(db: Database) {
    let ana = given::ana(&db).await;
    let eva = given::owner(&db, "acme", "eva").await;
    let store = async |certificate: &Certificate| {
        given::store(&db, certificate).await.unwrap();
    };
    let choose = async |owner: &str, id: &'static str| {
        assert!(write!(db, |conn| people::remind(conn, id, 30)));
        let owner = owner.to_owned();
        assert!(write!(db, |conn| people::silence(conn, &owner, id, true)));
    };
    let reminded = async || {
        let mut reminded = people::reminded(&db.storage, &ana).await.unwrap();
        reminded.sort();
        reminded
    };
    let proven = given::certificate(&finalizing(&db, "i", &ana, "a").await, THUMBPRINT);
    let shown = |id: &str| Certificate {
        id: id.to_owned(),
        certificate_id: None,
        proven: false,
        ..proven.clone()
    };
    store(&shown("shown")).await;
    choose(&ana, "shown").await;
    let expected = [
        ("shown".to_owned(), people::NEVER),
        ("shown".to_owned(), 30),
    ];
    store(&shown("shown again")).await;
    assert_eq!(reminded().await, expected);
    store(&proven).await;
    assert_eq!(reminded().await, expected);
    let found = certificates::of_issuance(&db.storage, "i").await;
    let found = found.unwrap().unwrap();
    assert!(found.proven && found.is_vouched_for(), "{found:?}");

    // What is said of another one goes with it: the one that was shown is not the one that
    // Redtrust names, and that is the one that somebody else had taken over.
    let proven = given::certificate(
        &finalizing(&db, "j", &ana, "b").await,
        &THUMBPRINT.replace('A', "E"),
    );
    store(&Certificate {
        id: "not it".to_owned(),
        certificate_id: None,
        thumbprint: THUMBPRINT.replace('A', "F").parse().unwrap(),
        proven: false,
        ..proven.clone()
    })
    .await;
    choose(&ana, "not it").await;
    store(&Certificate {
        id: "of eva".to_owned(),
        owner_id: eva.clone(),
        issuance_id: None,
        certificate_id: None,
        origin: Origin::File,
        proven: false,
        ..proven.clone()
    })
    .await;
    choose(&eva, "of eva").await;
    store(&proven).await;
    assert_eq!(reminded().await, expected);
    let of_eva = people::reminded(&db.storage, &eva).await;
    assert_eq!(of_eva, Ok(Vec::new()));
}

/// As [`given::certificate`] calls it.
fn certificate_id(issuance_id: &str) -> String {
    format!("certificate-{issuance_id}")
}

on_both_engines!(
    a_mail_is_in_hand_for_a_while_and_begun_once,
    of_many_nodes_each_has_another_mail_in_hand,
    welcomes_wait_for_other_mail_and_are_taken_back_one_by_one,
    what_was_begun_and_never_settled_is_unknown_and_old_mail_goes,
    people_are_looked_at_by_one_node_and_reminded_once,
    a_certificate_that_is_proven_later_is_no_other_one_for_its_reminders,
);
