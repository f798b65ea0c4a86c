//! Who may send off which draft, how often, and how many at once.

use std::sync::Arc;
use std::time::Duration;

use rubrica::domain::answers::{Answers, Field, Step};
use rubrica::domain::connection::Connection;
use rubrica::domain::issuance::State;
use rubrica::services::ids;
use rubrica::services::issue::{self, Draft, NewDraft, NotReady, Saved, Submitted};
use rubrica::storage::runs::{Held, HeldLine};
use tokio::sync::oneshot;

use super::given::{CREATE, FINALIZE, FINALIZED, Given, created, signed_in};
use crate::support::database::{Database, on_both_engines};
use crate::support::raw_server::Reply;

async fn of_many_submits_at_once_one_creates(db: Database) {
    let given = Given::redtrust(db, vec![created(), Reply::success(FINALIZED)]).await;
    let id = given.draft().await;
    let draft = given.load(&id).await;
    let seen = draft.issuance.version;
    let submits = (0..50).map(|_| issue::submit(&given.portal, &given.ana, &draft, seen, None));
    let outcomes = futures_util::future::join_all(submits).await;
    given.rest().await;
    let (mut submitted, mut already) = (0, 0);
    for outcome in outcomes {
        match outcome.unwrap() {
            Submitted::Submitted => submitted += 1,
            Submitted::AlreadySubmitted => already += 1,
            other => panic!("{other:?}"),
        }
    }
    assert_eq!((submitted, already), (1, 49));
    assert_eq!(given.calls(), [CREATE, FINALIZE]);
}

/// Whoever asked is gone while the intent waits for its turn: it is committed all the same.
async fn an_intent_whose_caller_is_gone_is_worked_on(db: Database) {
    let given = Given::redtrust(db, vec![created(), Reply::success(FINALIZED)]).await;
    for patience in [100, 1_000, 3_000] {
        let id = given.draft().await;
        let draft = given.load(&id).await;
        let ((held, is_held), (go_on, may_go_on)) = (oneshot::channel(), oneshot::channel());
        let storage = given.portal.storage.clone();
        let other = tokio::spawn(async move {
            let work = storage.write(move |conn| {
                Box::pin(async move {
                    // Keeps the audit's head on PostgreSQL, and the one writer on SQLite.
                    let sql = "UPDATE audit_head SET seq = seq";
                    sqlx::query(sql).execute(conn).await?;
                    held.send(()).unwrap();
                    may_go_on.await.unwrap();
                    Ok(())
                })
            });
            work.await.unwrap();
        });
        is_held.await.unwrap();
        let (portal, ana) = (Arc::clone(&given.portal), given.ana.clone());
        let seen = draft.issuance.version;
        let submitting =
            tokio::spawn(async move { issue::submit(&portal, &ana, &draft, seen, None).await });
        tokio::time::sleep(Duration::from_millis(patience)).await;
        submitting.abort();
        assert!(submitting.await.unwrap_err().is_cancelled());
        go_on.send(()).unwrap();
        other.await.unwrap();
        for _ in 0..100 {
            match given.state(&id).await {
                State::Issued => return,
                _ => tokio::time::sleep(Duration::from_millis(20)).await,
            }
        }
        // Whoever asked had not come so far yet.
        assert_eq!(given.state(&id).await, State::Draft);
    }
    panic!("no intent was committed");
}

/// However slow Redtrust is, one person leaves places to the others.
async fn the_twenty_first_request_under_way_of_one_person_stays_a_draft(db: Database) {
    let slow = |connection: &mut Connection| {
        connection.settings.issue_timeout = "4".parse().unwrap();
    };
    let given = Given::with(db, vec![Reply::Hang], slow).await;
    let mut drafts = Vec::new();
    for _ in 0..21 {
        drafts.push(given.load(&given.draft().await).await);
    }
    let mut outcomes = Vec::new();
    for draft in drafts {
        let seen = draft.issuance.version;
        let submitted = issue::submit(&given.portal, &given.ana, &draft, seen, None).await;
        outcomes.push((draft.issuance.id, submitted.unwrap()));
    }
    let (refused, outcome) = outcomes.pop().unwrap();
    assert_eq!(outcome, Submitted::TooMany);
    assert_eq!(given.state(&refused).await, State::Draft);
    for (id, outcome) in &outcomes {
        assert_eq!(*outcome, Submitted::Submitted);
        let draft = given.load(id).await;
        let again = issue::submit(&given.portal, &given.ana, &draft, 0, None).await;
        assert_eq!(again.unwrap(), Submitted::AlreadySubmitted);
    }
    let bea = signed_in(&given.portal, &given.connection, "bea").await;
    let draft = NewDraft {
        id: ids::new_id(),
        answers: given.load(&refused).await.answers().clone(),
        renews: None,
    };
    let draft = issue::begin(&given.portal, &bea, draft).await.unwrap();
    let draft = draft.unwrap();
    let seen = draft.issuance.version;
    let submitted = issue::submit(&given.portal, &bea, &draft, seen, None).await;
    assert_eq!(submitted.unwrap(), Submitted::Submitted);
    given.rest().await;
    assert_eq!(given.submit(&refused).await, Submitted::Submitted);
}

/// Saves a draft with another common name.
async fn renamed(given: &Given, draft: &Draft, seen: i64, name: &str) -> Saved {
    let mut answers: Answers = draft.answers().clone();
    answers.set(Field::CommonName, name);
    let checked = answers.checked(&draft.options);
    let saved = issue::save_answers(&given.portal, &given.ana, draft, seen, &checked).await;
    saved.unwrap()
}

async fn a_draft_is_its_owners_and_its_last_readers(db: Database) {
    let given = Given::redtrust(db, vec![Reply::Hang]).await;
    let id = given.draft().await;
    let bea = signed_in(&given.portal, &given.connection, "bea").await;
    let portal: &Arc<_> = &given.portal;
    let theirs = issue::load(portal, &bea, &id).await.unwrap();
    assert!(theirs.is_none());
    let draft = given.load(&id).await;
    let saved = renamed(&given, &draft, 1, "Ana Pérez").await;
    assert!(matches!(saved, Saved::Saved));
    let Saved::Stale(stored) = renamed(&given, &draft, 1, "Ana Gil").await else {
        panic!("not stale")
    };
    assert_eq!(stored.answers().text(Field::CommonName), "Ana Pérez");
    let late = issue::submit(portal, &given.ana, &draft, 1, None)
        .await
        .unwrap();
    assert_eq!(late, Submitted::Stale);
    let saved = renamed(&given, &stored, 2, "").await;
    assert!(matches!(saved, Saved::Saved));
    let draft = given.load(&id).await;
    let stale = issue::submit(portal, &given.ana, &draft, 2, None)
        .await
        .unwrap();
    assert_eq!(stale, Submitted::Stale);
    let incomplete = issue::submit(portal, &given.ana, &draft, 3, None)
        .await
        .unwrap();
    let expected = Submitted::NotReady(NotReady::Incomplete(Step::Holder));
    assert_eq!(incomplete, expected);
    assert_eq!(given.calls().len(), 0);
}

async fn a_line_whose_run_another_worker_has_is_not_ordered(db: Database) {
    let given = Given::redtrust(db, vec![Reply::Hang]).await;
    let id = given.draft().await;
    let draft = given.load(&id).await;
    let (run_id, holder) = ("run".to_owned(), "gone".to_owned());
    let line = HeldLine {
        run: Held { run_id, holder },
        position: 1,
    };
    let stale = issue::submit_line(&given.portal, &given.ana, &draft, line).await;
    assert_eq!(stale.unwrap(), Submitted::Stale);
    assert_eq!(given.state(&id).await, State::Draft);
    assert_eq!(given.calls().len(), 0);
}

on_both_engines!(
    of_many_submits_at_once_one_creates,
    an_intent_whose_caller_is_gone_is_worked_on,
    the_twenty_first_request_under_way_of_one_person_stays_a_draft,
    a_draft_is_its_owners_and_its_last_readers,
    a_line_whose_run_another_worker_has_is_not_ordered,
);
