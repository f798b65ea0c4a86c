//! Ways out of a half-finished issuance, and who sorts it when its worker is gone.

use std::time::Duration;

use rubrica::domain::issuance::{Cause, Event, Standing, State};
use rubrica::services::limiter::press;
use rubrica::services::resume::{Resumed, abandon, resume};
use rubrica::services::{history, reconciler};
use rubrica::storage::audit::{Entry, list};
use rubrica::storage::issuances::{Change, Lease, transition};

use super::given::{FINALIZED, Given, created, signed_in};
use crate::support::database::{Database, on_both_engines};
use crate::support::raw_server::Reply;
use crate::support::redtrust::asked;

/// An issuance whose finalize got no answer, at a Redtrust that goes on with `then`.
async fn lost(db: Database, then: Vec<Reply>) -> (Given, String) {
    let mut script = vec![created(), Reply::Close];
    script.extend(then);
    let given = Given::redtrust(db, script).await;
    let id = given.draft().await;
    given.submit(&id).await;
    let issuance = given.read(&id).await;
    assert_eq!(issuance.state, State::Unknown);
    assert_eq!(issuance.request_code.as_deref(), Some("r-1"));
    (given, id)
}

async fn resumed(given: &Given, id: &str) -> Resumed {
    let resumed = resume(&given.portal, &given.ana, id, None).await.unwrap();
    given.rest().await;
    resumed
}

async fn a_lost_finalize_is_resumed_with_the_same_code(db: Database) {
    let (given, id) = lost(db, vec![Reply::success(FINALIZED)]).await;
    let bea = signed_in(&given.portal, &given.connection, "bea").await;
    let theirs = resume(&given.portal, &bea, &id, None).await.unwrap();
    assert_eq!(theirs, Resumed::Missing);
    assert_eq!(resumed(&given, &id).await, Resumed::Done);
    assert_eq!(given.state(&id).await, State::Issued);
    let calls = given.calls();
    assert_eq!(
        calls.iter().filter(|call| call.contains("create")).count(),
        1
    );
    assert_eq!(resumed(&given, &id).await, Resumed::NotNow);
}

async fn a_refusal_after_a_lost_finalize_is_never_called_refused(db: Database) {
    let expired = || Reply::error("400 No", "REQUEST_CODE_EXPIRED", "too late");
    let (given, id) = lost(db, vec![expired()]).await;
    for _ in 0..2 {
        assert_eq!(resumed(&given, &id).await, Resumed::Done);
        let issuance = given.read(&id).await;
        assert_eq!(issuance.state, State::Unknown);
        assert_eq!(issuance.cause, Some(Cause::Rejected));
        assert_eq!(issuance.error.unwrap().code, "REQUEST_CODE_EXPIRED");
    }
}

async fn already_finalized_stays_unknown_with_its_code(db: Database) {
    let already = Reply::error("409 No", "ALREADY_FINALIZED", "done before");
    let (given, id) = lost(db, vec![already]).await;
    resumed(&given, &id).await;
    let issuance = given.read(&id).await;
    assert_eq!(issuance.state, State::Unknown);
    assert_eq!(issuance.cause, Some(Cause::AlreadyFinalized));
    assert!(issuance.request_code.is_some());
}

async fn a_first_finalize_whose_code_has_expired_is_refused(db: Database) {
    let no = Reply::error("400 No", "REQUEST_CODE_EXPIRED", "too late");
    let given = Given::redtrust(db, vec![created(), no]).await;
    let id = given.draft().await;
    given.submit(&id).await;
    assert_eq!(given.state(&id).await, State::Refused);
}

async fn any_other_refusal_keeps_the_keys_and_says_whose_step_it_was(db: Database) {
    let no = Reply::error("400 No", "ERR_LICENSE_EXCEEDED", "no more");
    let given = Given::redtrust(db, vec![created(), no, Reply::success(FINALIZED)]).await;
    let id = given.draft().await;
    given.submit(&id).await;
    let issuance = given.read(&id).await;
    assert_eq!(issuance.state, State::KeyCreated);
    assert_eq!(issuance.request_code.as_deref(), Some("r-1"));
    assert_eq!(issuance.error.unwrap().code, "ERR_LICENSE_EXCEEDED");
    let entries = list(&given.portal.storage, 0, 10).await.unwrap();
    let last = &entries.last().unwrap().what;
    assert_eq!(last.action, "issuance.turned_back");
    assert_eq!(last.outcome, "refused");
    assert_eq!(resumed(&given, &id).await, Resumed::Done);
    assert_eq!(given.state(&id).await, State::Issued);
}

async fn a_refusal_of_any_kind_after_a_lost_finalize_stays_unknown(db: Database) {
    let no = || Reply::error("400 No", "ERR_LICENSE_EXCEEDED", "no more");
    let (given, id) = lost(db, vec![no()]).await;
    assert_eq!(resumed(&given, &id).await, Resumed::Done);
    let issuance = given.read(&id).await;
    assert_eq!(issuance.state, State::Unknown);
    assert_eq!(issuance.error.unwrap().code, "ERR_LICENSE_EXCEEDED");
}

async fn what_was_given_up_is_not_resumed(db: Database) {
    let (given, id) = lost(db, vec![Reply::success(FINALIZED)]).await;
    let given_up = abandon(&given.portal, &given.ana, &id).await.unwrap();
    assert_eq!(given_up, Resumed::Done);
    assert_eq!(resumed(&given, &id).await, Resumed::NotNow);
    assert_eq!(given.state(&id).await, State::Abandoned);
}

async fn between_the_calls_it_is_the_workers_until_its_lease_lapses(db: Database) {
    let given = Given::redtrust(db, vec![Reply::success(FINALIZED)]).await;
    let id = given.draft().await;
    let now = given.portal.clock.now();
    let lease = Some(Lease {
        holder: "another process/0".into(),
        until: now + Duration::from_secs(6),
    });
    let created = Change {
        by: Some("another process/0".into()),
        request_code: Some("r-1".into()),
        lease: lease.clone(),
        ..Change::default()
    };
    let submitted = Change {
        lease,
        order: Some(asked()),
        ..Change::default()
    };
    for (event, change) in [
        (Event::CreateIntended, submitted),
        (Event::KeyCreated, created),
    ] {
        let (before, keys) = (given.read(&id).await, given.portal.keys.clone());
        let moved = given.portal.storage.write(move |conn| {
            Box::pin(async move { transition(conn, &keys, &before, event, &change, now).await })
        });
        assert_eq!(moved.await, Ok(true));
    }
    assert_eq!(resumed(&given, &id).await, Resumed::NotNow);
    let given_up = abandon(&given.portal, &given.ana, &id).await;
    assert_eq!(given_up, Ok(Resumed::NotNow));
    let standing = async || {
        let found = history::find(&given.portal, &given.ana, &id).await;
        found.unwrap().unwrap().1
    };
    assert!(standing().await.is_under_way());
    given.advance(Duration::from_secs(6));
    assert_eq!(standing().await, Standing::KeysOnly);
    // Nobody has to sort it: its owner goes on.
    assert_eq!(reconciler::sort(&given.portal).await, Ok(0));
    assert_eq!(resumed(&given, &id).await, Resumed::Done);
    assert_eq!(given.state(&id).await, State::Issued);
    let entries = list(&given.portal.storage, 0, 10).await.unwrap();
    assert_eq!(entries[0].what.action, "issuance.resumed");
    assert_eq!(given.calls().len(), 1);
}

async fn a_button_pressed_twice_asks_once(db: Database) {
    let (given, id) = lost(db, vec![Reply::Close]).await;
    let seen = Some(given.read(&id).await.version);
    for expected in [Resumed::Done, Resumed::NotNow] {
        let pressed = resume(&given.portal, &given.ana, &id, seen).await;
        assert_eq!(pressed.unwrap(), expected);
        given.rest().await;
        assert_eq!(given.state(&id).await, State::Unknown);
    }
    assert_eq!(given.calls().len(), 3);
}

/// Another process has begun with a draft, and holds it for six seconds.
async fn begun_elsewhere(given: &Given, id: &str) {
    let draft = given.read(id).await;
    let change = Change {
        lease: Some(Lease {
            holder: "another process".into(),
            until: given.portal.clock.now() + Duration::from_secs(6),
        }),
        order: Some(asked()),
        ..Change::default()
    };
    let (now, keys) = (given.portal.clock.now(), given.portal.keys.clone());
    let moved = given.portal.storage.write(move |conn| {
        Box::pin(async move {
            transition(conn, &keys, &draft, Event::CreateIntended, &change, now).await
        })
    });
    assert_eq!(moved.await, Ok(true));
}

async fn one_that_cannot_be_moved_keeps_no_other_from_being_sorted(db: Database) {
    let given = Given::redtrust(db, Vec::new()).await;
    let (broken, sound) = (given.draft().await, given.draft().await);
    begun_elsewhere(&given, &broken).await;
    given.advance(Duration::from_secs(1));
    begun_elsewhere(&given, &sound).await;
    // Its timeline has what would come next already.
    let (id, next) = (broken.clone(), given.read(&broken).await.version);
    let breaks = given.portal.storage.write(move |conn| {
        Box::pin(async move {
            let sql = "INSERT INTO issuance_events (issuance_id, attempt, at, event, state) \
                VALUES ($1, $2, 0, 'shown', 'unknown')";
            sqlx::query(sql).bind(id).bind(next).execute(conn).await?;
            Ok(())
        })
    });
    breaks.await.unwrap();
    given.advance(Duration::from_secs(7));
    assert_eq!(reconciler::sort(&given.portal).await, Ok(1));
    assert_eq!(given.state(&broken).await, State::Creating);
    assert_eq!(given.state(&sound).await, State::Unknown);
}

async fn only_a_lapsed_lease_proves_that_a_worker_is_gone(db: Database) {
    let given = Given::redtrust(db, vec![Reply::Hang]).await;
    let id = given.draft().await;
    begun_elsewhere(&given, &id).await;
    assert_eq!(reconciler::sort(&given.portal).await, Ok(0));
    given.advance(Duration::from_secs(7));
    assert_eq!(reconciler::sort(&given.portal).await, Ok(1));
    let issuance = given.read(&id).await;
    assert_eq!(issuance.state, State::Unknown);
    assert_eq!(issuance.cause, Some(Cause::WorkerGone));
    let entries = list(&given.portal.storage, 0, 10).await.unwrap();
    let who_and_what = |entry: &Entry| (entry.what.actor.clone(), entry.what.action.clone());
    let told: Vec<_> = entries.iter().map(who_and_what).collect();
    assert_eq!(told, [("rubrica".into(), "issuance.unknown".into())]);
    assert_eq!(given.calls().len(), 0);
}

async fn who_presses_these_buttons_in_a_loop_has_to_wait(db: Database) {
    let given = Given::redtrust(db, Vec::new()).await;
    let bea = signed_in(&given.portal, &given.connection, "bea").await;
    for _ in 0..1_000 {
        assert_eq!(press(&given.portal, &given.ana.owner_id).await, Ok(None));
    }
    let wait = Duration::from_secs(12);
    assert_eq!(
        press(&given.portal, &given.ana.owner_id).await,
        Ok(Some(wait))
    );
    assert_eq!(press(&given.portal, &bea.owner_id).await, Ok(None));
    given.advance(wait);
    assert_eq!(press(&given.portal, &given.ana.owner_id).await, Ok(None));
}

on_both_engines!(
    who_presses_these_buttons_in_a_loop_has_to_wait,
    between_the_calls_it_is_the_workers_until_its_lease_lapses,
    a_button_pressed_twice_asks_once,
    a_lost_finalize_is_resumed_with_the_same_code,
    a_refusal_after_a_lost_finalize_is_never_called_refused,
    already_finalized_stays_unknown_with_its_code,
    a_first_finalize_whose_code_has_expired_is_refused,
    any_other_refusal_keeps_the_keys_and_says_whose_step_it_was,
    a_refusal_of_any_kind_after_a_lost_finalize_stays_unknown,
    what_was_given_up_is_not_resumed,
    only_a_lapsed_lease_proves_that_a_worker_is_gone,
    one_that_cannot_be_moved_keeps_no_other_from_being_sorted,
);
