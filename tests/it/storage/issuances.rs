//! Issuances: transitions, what must be unique, drafts, leases.

use rubrica::domain::answers::{Answers, Field};
use rubrica::domain::holder::Kind;
use rubrica::domain::issuance::{Cause, Event, ServerMessage, State};
use rubrica::domain::millis::Millis;
use rubrica::storage::issuances::{
    self, Change, extend_leases, newest_open, open_without_lease, timeline,
};
use rubrica::storage::{Engine, StorageError};
use tokio::sync::oneshot;

use super::given::{self, NOW, THUMBPRINT, finalizing, moved, step, submit};
use crate::support::database::{Database, on_both_engines};

fn issued() -> Change {
    Change {
        certificate_id: Some("42".to_owned()),
        thumbprint: Some(THUMBPRINT.parse().unwrap()),
        ..Change::default()
    }
}

async fn of_many_transitions_at_once_one_wins(db: Database) {
    let ana = given::ana(&db).await;
    let draft = given::draft(&db, "i", &ana, "Ana").await;
    let tries = (0..20).map(|_| moved(&db, &draft, Event::CreateIntended, submit("Ana"), NOW));
    let outcomes = futures_util::future::join_all(tries).await;
    let won = outcomes.iter().filter(|outcome| **outcome == Ok(true));
    assert_eq!(won.count(), 1, "{outcomes:?}");
    assert!(outcomes.iter().all(Result::is_ok), "{outcomes:?}");
    let after = given::read(&db, "i").await;
    assert_eq!((after.state, after.version), (State::Creating, 2));
    let late = moved(&db, &draft, Event::Abandoned, Change::default(), NOW).await;
    assert_eq!(late, Ok(false));
}

async fn every_transition_stands_in_the_timeline(db: Database) {
    let ana = given::ana(&db).await;
    finalizing(&db, "i", &ana, "code").await;
    let refused = Change {
        error: Some(ServerMessage {
            code: "NO".to_owned(),
            text: "not allowed".to_owned(),
        }),
        cause: Some(Cause::Rejected),
        ..Change::default()
    };
    assert_eq!(step(&db, "i", Event::Refused, refused).await, Ok(true));
    let entries = timeline(&db.storage, "i").await.unwrap();
    let events: Vec<Event> = entries.iter().map(|entry| entry.event).collect();
    assert_eq!(
        events,
        [
            Event::CreateIntended,
            Event::KeyCreated,
            Event::FinalizeIntended,
            Event::Refused
        ]
    );
    let after = given::read(&db, "i").await;
    assert_eq!(after.error.as_ref().unwrap().text, "not allowed");
    assert_eq!(entries[3].said, after.error);
    assert_eq!(entries[2].said, None);
    assert_eq!(after.cause, Some(Cause::Rejected));
    assert_eq!(after.request_code.as_deref(), Some("code"));
}

async fn a_request_code_belongs_to_one_issuance(db: Database) {
    let ana = given::ana(&db).await;
    finalizing(&db, "i", &ana, "code").await;
    given::draft(&db, "j", &ana, "Ana").await;
    assert_eq!(
        step(&db, "j", Event::CreateIntended, submit("Ana")).await,
        Ok(true)
    );
    let twin = Change {
        request_code: Some("code".to_owned()),
        ..Change::default()
    };
    let taken = step(&db, "j", Event::KeyCreated, twin).await;
    let conflict = StorageError::Conflict;
    assert_eq!(taken, Err(conflict));
}

async fn a_thumbprint_is_issued_once_and_may_be_kept_as_evidence(db: Database) {
    let ana = given::ana(&db).await;
    finalizing(&db, "i", &ana, "code").await;
    finalizing(&db, "j", &ana, "other").await;
    assert_eq!(step(&db, "i", Event::Issued, issued()).await, Ok(true));
    let taken = step(&db, "j", Event::Issued, issued()).await;
    let conflict = StorageError::Conflict;
    assert_eq!(taken, Err(conflict));
    assert_eq!(step(&db, "j", Event::Mismatched, issued()).await, Ok(true));
    let evidence = given::read(&db, "j").await;
    assert_eq!(evidence.thumbprint.unwrap().to_string(), THUMBPRINT);
}

async fn a_draft_is_saved_by_whoever_read_it_last(db: Database) {
    let ana = given::ana(&db).await;
    let draft = given::draft(&db, "i", &ana, "Ana").await;
    let save = |name: &str| {
        let (version, kind) = (draft.version, Kind::Name);
        let answers = Answers::with([(Field::CommonName, name)]);
        db.storage.write(move |conn| {
            Box::pin(async move {
                issuances::save_answers(conn, "i", version, kind, &answers, "Bea", NOW).await
            })
        })
    };
    assert_eq!(save("Bea").await, Ok(true));
    assert_eq!(save("Eva").await, Ok(false));
    let after = given::read(&db, "i").await;
    assert_eq!(after.answers.text(Field::CommonName), "Bea");
    assert_eq!((after.holder.in_full(), after.version), ("Bea", 2));
    let found = issuances::owned(&db.storage, "i", "somebody else").await;
    assert!(found.unwrap().is_none());
    let found = issuances::owned(&db.storage, "i", &ana).await.unwrap();
    assert_eq!(found.unwrap().reference, "REFi");
}

async fn what_nobody_holds_a_lease_on_is_found(db: Database) {
    let ana = given::ana(&db).await;
    given::draft(&db, "i", &ana, "Ana").await;
    assert_eq!(
        step(&db, "i", Event::CreateIntended, submit("Ana")).await,
        Ok(true)
    );
    let left = async |now: i64| {
        let left = open_without_lease(&db.storage, Millis(NOW.0 + now)).await;
        left.unwrap().len()
    };
    assert_eq!(left(10).await, 0);
    assert_eq!(left(11).await, 1);
    let lease = |id: &str, holder: &str| (id.to_owned(), holder.to_owned());
    // Of another holder, of a missing issuance, and more than one statement takes.
    let mut leases = vec![lease("i", "other"), lease("x", "node")];
    leases.extend((0..40).map(|n| lease(&n.to_string(), "node")));
    leases.push(lease("i", "node"));
    let until = Millis(NOW.0 + 50);
    let extended = db
        .storage
        .write(move |conn| Box::pin(async move { extend_leases(conn, &leases, until).await }))
        .await;
    assert_eq!(extended, Ok(vec!["i".to_owned()]));
    assert_eq!(left(11).await, 0);
    assert_eq!(left(51).await, 1);
    // A lease that ended with its step is nobody's: `key_created` is not in flight.
    let created = Change {
        request_code: Some("code".to_owned()),
        ..Change::default()
    };
    assert_eq!(step(&db, "i", Event::KeyCreated, created).await, Ok(true));
    assert_eq!(left(99).await, 0);
    // Going on without a lease counts as left alone at once.
    assert_eq!(
        step(&db, "i", Event::FinalizeIntended, Change::default()).await,
        Ok(true)
    );
    assert_eq!(left(0).await, 1);
    assert_eq!(newest_open(&db.storage, &ana, 9).await.unwrap().len(), 1);
}

/// On SQLite nobody writes meanwhile.
async fn a_step_that_waits_keeps_no_other_lease_from_being_extended(db: Database) {
    if db.storage.engine() == Engine::Sqlite {
        return;
    }
    let ana = given::ana(&db).await;
    for id in ["i", "j"] {
        given::draft(&db, id, &ana, "Ana").await;
        let taken = step(&db, id, Event::CreateIntended, submit("Ana")).await;
        assert_eq!(taken, Ok(true));
    }
    let ((locked, is_locked), (go_on, may_go_on)) = (oneshot::channel(), oneshot::channel());
    let storage = db.storage.clone();
    let waits = tokio::spawn(async move {
        let work = storage.write(move |conn| {
            Box::pin(async move {
                let sql = "UPDATE issuances SET attempt = attempt WHERE id = 'i'";
                sqlx::query(sql).execute(conn).await?;
                locked.send(()).unwrap();
                may_go_on.await.unwrap();
                Ok(())
            })
        });
        work.await.unwrap();
    });
    is_locked.await.unwrap();
    let leases = ["i", "j"].map(|id| (id.to_owned(), "node".to_owned()));
    let until = Millis(NOW.0 + 50);
    let extended = db
        .storage
        .write(move |conn| Box::pin(async move { extend_leases(conn, &leases, until).await }))
        .await;
    assert_eq!(extended, Ok(vec!["j".to_owned()]));
    go_on.send(()).unwrap();
    waits.await.unwrap();
}

async fn among_a_hundred_thousand_what_was_left_alone_is_found_at_once(db: Database) {
    let ana = given::ana(&db).await;
    finalizing(&db, "i", &ana, "code").await;
    for from in (0..100_000).step_by(10_000) {
        db.meddle(&format!(
            "WITH RECURSIVE n (i) AS (SELECT {from} UNION ALL SELECT i + 1 FROM n \
             WHERE i < {from} + 9999) INSERT INTO issuances (id, reference, owner_id, \
             connection_id, sign_in_id, kind, state, attempt, answers, holder, code_from_client, \
             lease_until, created_at, submitted_at, updated_at, cursor) \
             SELECT 'x' || CAST(n.i AS TEXT), 'x' || CAST(n.i AS TEXT), d.owner_id, \
             d.connection_id, d.sign_in_id, d.kind, 'refused', 3, d.answers, d.holder, 0, 0, \
             d.created_at, d.created_at, d.updated_at, d.cursor FROM n, issuances d \
             WHERE d.id = 'i'"
        ))
        .await;
    }
    let started = std::time::Instant::now();
    let left = open_without_lease(&db.storage, Millis(NOW.0 + 60_000)).await;
    let took = started.elapsed();
    let ids: Vec<String> = left.unwrap().into_iter().map(|one| one.id).collect();
    assert_eq!(ids, ["i"]);
    assert!(took < std::time::Duration::from_millis(200), "{took:?}");
}

async fn a_row_without_what_its_state_needs_is_corrupt(db: Database) {
    let ana = given::ana(&db).await;
    finalizing(&db, "i", &ana, "code").await;
    let corrupt = || StorageError::Corrupt {
        table: "issuances",
        id: "i".to_owned(),
    };
    for (damage, repair) in [
        ("request_code = NULL", "request_code = 'code'"),
        ("submitted_at = NULL", "submitted_at = 1"),
        ("state = 'issued'", "state = 'finalizing'"),
        ("state = 'draft', request = NULL", "state = 'finalizing'"),
    ] {
        db.meddle(&format!("UPDATE issuances SET {damage}")).await;
        let found = issuances::by_id(&db.storage, "i").await;
        assert_eq!(found.map(drop), Err(corrupt()), "{damage}");
        db.meddle(&format!("UPDATE issuances SET {repair}")).await;
    }
    // The last one took the order, which nothing gives back.
    let found = issuances::by_id(&db.storage, "i").await;
    assert_eq!(found.map(drop), Err(corrupt()));
}

on_both_engines!(
    a_row_without_what_its_state_needs_is_corrupt,
    a_step_that_waits_keeps_no_other_lease_from_being_extended,
    among_a_hundred_thousand_what_was_left_alone_is_found_at_once,
    of_many_transitions_at_once_one_wins,
    every_transition_stands_in_the_timeline,
    a_request_code_belongs_to_one_issuance,
    a_thumbprint_is_issued_once_and_may_be_kept_as_evidence,
    a_draft_is_saved_by_whoever_read_it_last,
    what_nobody_holds_a_lease_on_is_found,
);
