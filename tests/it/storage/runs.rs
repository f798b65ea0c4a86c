//! Runs in the database: leases, and what each statement asks for.

use rubrica::domain::answers::{Answers, Field, FieldProblem};
use rubrica::domain::issuance::Event;
use rubrica::domain::millis::Millis;
use rubrica::domain::run::{
    Faults, Hold, LineOutcome, LineState, Run, RunKind, RunLine, RunState, Skip,
};
use rubrica::storage::issuances::{Change, Lease};
use rubrica::storage::runs::{self, Held, HeldLine, Restart};
use rubrica::storage::{StorageError, Work};
use sqlx::AnyConnection;

use super::given::{self, NOW};
use crate::support::database::{Database, on_both_engines};

fn run(id: &str, owner: &str, state: RunState) -> Run {
    Run {
        id: id.to_owned(),
        owner_id: owner.to_owned(),
        connection_id: "acme".to_owned(),
        sign_in_id: "s".to_owned(),
        kind: RunKind::Issue,
        state,
        hold: None,
        source: "::1".to_owned(),
        request_id: "r".to_owned(),
        ignored: "Teléfono".to_owned(),
        created_at: NOW,
        updated_at: NOW,
        ended_at: None,
    }
}

fn line(position: i64, issuance: &str) -> RunLine {
    RunLine {
        position,
        thumbprint: None,
        answers: Some(Answers::with([(Field::CommonName, "Ana")])),
        holder: "Ana".to_owned(),
        issuance_id: issuance.to_owned(),
        state: LineState::Waiting,
        skip: None,
    }
}

fn faults() -> Faults {
    Faults {
        problems: vec![(Field::CommonName, FieldProblem::Missing)],
        ..Faults::default()
    }
}

fn lease(holder: &str, until: i64) -> Lease {
    Lease {
        holder: holder.to_owned(),
        until: Millis(NOW.0 + until),
    }
}

fn by() -> Restart {
    Restart {
        sign_in_id: "s2".to_owned(),
        source: "::2".to_owned(),
        request_id: "r2".to_owned(),
    }
}

fn held(holder: &str) -> Held {
    Held {
        run_id: "run".to_owned(),
        holder: holder.to_owned(),
    }
}

fn held_line(holder: &str, position: i64) -> HeldLine {
    HeldLine {
        run: held(holder),
        position,
    }
}

async fn write<T: Send + 'static>(
    db: &Database,
    work: impl for<'c> FnOnce(&'c mut AnyConnection) -> Work<'c, T> + Send + 'static,
) -> Result<T, StorageError> {
    db.storage.write(work).await
}

/// Stores a run of this owner with lines for the issuances `i1` and `i2`, and starts it.
async fn started(db: &Database, owner: &str) {
    let run = run("run", owner, RunState::Check);
    write(db, move |conn| {
        Box::pin(async move {
            let lines = [line(1, "i1"), line(2, "i2"), line(3, "i3")];
            runs::insert(conn, &run, &lines).await?;
            let without = [(3, Skip::Incomplete, faults())];
            assert!(runs::confirm(conn, "run", &without, &by(), NOW).await?);
            // Confirmed once.
            assert!(!runs::confirm(conn, "run", &[], &by(), NOW).await?);
            Ok(())
        })
    })
    .await
    .unwrap();
}

on_both_engines!(
    a_run_is_worked_on_by_one_worker_until_its_lease_lapses,
    the_lines_stand_where_their_issuances_stand_and_only_safe_ones_are_repeated,
    each_of_many_lines_is_left_out_or_repeated_for_its_own_reason,
    runs_that_were_never_confirmed_and_old_ones_go,
);

async fn a_run_is_worked_on_by_one_worker_until_its_lease_lapses(db: Database) {
    let owner = given::ana(&db).await;
    started(&db, &owner).await;
    let stored = runs::by_id(&db.storage, "run").await.unwrap().unwrap();
    assert_eq!(
        (stored.state, stored.sign_in_id.as_str()),
        (RunState::Working, "s2")
    );
    assert_eq!(runs::claimable(&db.storage, NOW).await.unwrap(), ["run"]);
    write(&db, |conn| {
        Box::pin(async move {
            assert!(runs::claim(conn, "run", &lease("a", 6_000), NOW).await?);
            assert!(!runs::claim(conn, "run", &lease("b", 6_000), NOW).await?);
            assert!(runs::extend(conn, &held("a"), Millis(NOW.0 + 8_000)).await?);
            assert!(!runs::extend(conn, &held("b"), Millis(NOW.0 + 8_000)).await?);
            let later = Millis(NOW.0 + 8_000);
            assert!(runs::claim(conn, "run", &lease("b", 14_000), later).await?);
            // The first one wakes up: whatever it writes is refused.
            assert!(!runs::took(conn, &held_line("a", 1), "i1").await?);
            assert!(!runs::leave_out(conn, &held_line("a", 1), Skip::Seal).await?);
            let paused = (RunState::Paused, Some(Hold::Refusals));
            assert!(!runs::hold(conn, &held("a"), paused, later).await?);
            assert!(runs::took(conn, &held_line("b", 1), "i1").await?);
            // Once.
            assert!(!runs::took(conn, &held_line("b", 1), "other").await?);
            // A line waits.
            assert!(!runs::finish(conn, &held("b"), later).await?);
            Ok(())
        })
    })
    .await
    .unwrap();
    let none = runs::waiting(&db.storage, &held("a"), 9).await.unwrap();
    assert_eq!(none, []);
    let waiting = runs::waiting(&db.storage, &held("b"), 9).await.unwrap();
    assert_eq!(
        waiting.iter().map(|one| one.position).collect::<Vec<_>>(),
        [2]
    );
    write(&db, |conn| {
        Box::pin(async move {
            assert!(runs::leave_out(conn, &held_line("b", 2), Skip::Seal).await?);
            assert!(runs::finish(conn, &held("b"), NOW).await?);
            Ok(())
        })
    })
    .await
    .unwrap();
    let lines = runs::lines(&db.storage, "run").await.unwrap();
    assert!(
        lines.iter().all(|line| line.answers.is_none()),
        "{lines:#?}"
    );
    assert_eq!(lines[1].skip, Some(Skip::Seal));
    assert_eq!(
        runs::claimable(&db.storage, NOW).await.unwrap(),
        Vec::<String>::new()
    );
}

async fn the_lines_stand_where_their_issuances_stand_and_only_safe_ones_are_repeated(db: Database) {
    let owner = given::ana(&db).await;
    started(&db, &owner).await;
    given::draft(&db, "i1", &owner, "Ana").await;
    let sent = given::step(&db, "i1", Event::CreateIntended, given::submit("Ana")).await;
    assert_eq!(sent, Ok(true));
    let tally = runs::tally(&db.storage, "run", NOW).await.unwrap();
    assert_eq!(
        (tally.all(), tally.of(LineOutcome::UnderWay)),
        (3, 1),
        "{tally:?}"
    );
    write(&db, |conn| {
        Box::pin(async move {
            runs::claim(conn, "run", &lease("a", 6_000), NOW).await?;
            runs::took(conn, &held_line("a", 1), "i1").await?;
            Ok(())
        })
    })
    .await
    .unwrap();
    assert_eq!(runs::in_work(&db.storage, "run").await.unwrap(), 1);
    let refused = given::step(&db, "i1", Event::Refused, Change::default()).await;
    assert_eq!(refused, Ok(true));
    assert_eq!(runs::in_work(&db.storage, "run").await.unwrap(), 0);
    let run = runs::by_id(&db.storage, "run").await.unwrap().unwrap();
    let told = runs::told(&db.storage, &run, NOW).await.unwrap();
    let outcomes: Vec<_> = told.iter().map(|line| line.outcome).collect();
    use LineOutcome as O;
    assert_eq!(outcomes, [O::Failed, O::Waiting, O::Skipped]);
    let wrong: Vec<_> = told.iter().map(|line| line.faults.clone()).collect();
    assert_eq!(wrong, [Faults::default(), Faults::default(), faults()]);
    assert_eq!(told[0].issuance.as_ref().unwrap().1, "REFi1");
    let repeat = runs::to_repeat(&db.storage, "run", NOW).await.unwrap();
    assert_eq!(repeat.len(), 1);
    assert!(repeat[0].anew);
    write(&db, |conn| {
        Box::pin(async move {
            assert!(runs::pause(conn, "run", NOW).await?);
            assert!(!runs::pause(conn, "run", NOW).await?);
            let again: Vec<_> = repeat
                .into_iter()
                .map(|one| (one, Some("i9".to_owned())))
                .collect();
            assert!(runs::restart(conn, "run", &again, &by(), NOW).await?);
            assert!(!runs::restart(conn, "run", &again, &by(), NOW).await?);
            Ok(())
        })
    })
    .await
    .unwrap();
    let lines = runs::lines(&db.storage, "run").await.unwrap();
    assert_eq!(
        (lines[0].issuance_id.as_str(), lines[0].state),
        ("i9", LineState::Waiting)
    );
    assert!(
        lines[0].answers.is_some(),
        "those of the refused issuance: {lines:#?}"
    );
}

async fn each_of_many_lines_is_left_out_or_repeated_for_its_own_reason(db: Database) {
    let owner = given::ana(&db).await;
    let (all, run) = (1..=120_i64, run("run", &owner, RunState::Check));
    for n in all.clone().filter(|n| n % 2 == 1) {
        given::draft(&db, &format!("i{n}"), &owner, "Ana").await;
    }
    write(&db, move |conn| {
        Box::pin(async move {
            let lines: Vec<_> = all.clone().map(|n| line(n, &format!("i{n}"))).collect();
            runs::insert(conn, &run, &lines).await?;
            let left_out = |n: i64| match n % 4 {
                0 => (n, Skip::Seal, Faults::default()),
                _ => (n, Skip::Incomplete, faults()),
            };
            let without: Vec<_> = all.clone().filter(|n| n % 2 == 0).map(left_out).collect();
            assert!(runs::confirm(conn, "run", &without, &by(), NOW).await?);
            assert!(runs::claim(conn, "run", &lease("a", 6_000), NOW).await?);
            for n in all.filter(|n| n % 2 == 1) {
                assert!(runs::took(conn, &held_line("a", n), &format!("i{n}")).await?);
            }
            assert!(runs::pause(conn, "run", NOW).await?);
            Ok(())
        })
    })
    .await
    .unwrap();
    let repeat = runs::to_repeat(&db.storage, "run", NOW).await.unwrap();
    assert_eq!(repeat.len(), 60);
    write(&db, move |conn| {
        Box::pin(async move {
            let new = |n: i64| (n % 4 == 1).then(|| format!("new{n}"));
            let again = repeat.into_iter().map(|one| {
                let new = new(one.position);
                (one, new)
            });
            let again: Vec<_> = again.collect();
            assert!(runs::restart(conn, "run", &again, &by(), NOW).await?);
            Ok(())
        })
    })
    .await
    .unwrap();
    let stored = runs::by_id(&db.storage, "run").await.unwrap().unwrap();
    let told = runs::told(&db.storage, &stored, NOW).await.unwrap();
    let lines = runs::lines(&db.storage, "run").await.unwrap();
    assert_eq!((told.len(), lines.len()), (120, 120));
    for (line, told) in lines.iter().zip(&told) {
        let (n, id) = (line.position, line.issuance_id.as_str());
        let has_answers = line.answers.is_some();
        match n % 4 {
            0 => assert_eq!(
                (line.skip, &told.faults),
                (Some(Skip::Seal), &Faults::default())
            ),
            2 => assert_eq!(
                (line.skip, &told.faults),
                (Some(Skip::Incomplete), &faults())
            ),
            1 => assert_eq!((id, has_answers), (format!("new{n}").as_str(), true)),
            _ => assert_eq!((id, has_answers), (format!("i{n}").as_str(), false)),
        }
        let state = match n % 2 {
            0 => LineState::Skipped,
            _ => LineState::Waiting,
        };
        assert_eq!(line.state, state, "{n}");
    }
}

async fn runs_that_were_never_confirmed_and_old_ones_go(db: Database) {
    let owner = given::ana(&db).await;
    started(&db, &owner).await;
    for n in 0..7 {
        let run = run(&format!("check-{n}"), &owner, RunState::Check);
        write(&db, move |conn| {
            Box::pin(async move { runs::insert(conn, &run, &[line(1, "x")]).await })
        })
        .await
        .unwrap();
    }
    for n in 0..7 {
        let found = runs::by_id(&db.storage, &format!("check-{n}"))
            .await
            .unwrap();
        assert_eq!(found.is_some(), n >= 2, "{n}");
    }
    assert_eq!(runs::count(&db.storage, &owner).await.unwrap(), 1);
    let waiting = runs::unconfirmed(&db.storage, &owner).await.unwrap();
    let waiting: Vec<_> = waiting.iter().map(|run| run.id.as_str()).collect();
    let kept = ["check-6", "check-5", "check-4", "check-3", "check-2"];
    assert_eq!(waiting, kept);
    for (id, working) in [("run", 0), ("check-6", 1)] {
        let owner = owner.clone();
        let count = write(&db, move |conn| {
            Box::pin(async move { runs::working_besides(conn, &owner, id).await })
        });
        assert_eq!(count.await.unwrap(), working, "besides {id}");
    }
    assert_eq!(
        runs::of_owner(&db.storage, &owner, 0, 9)
            .await
            .unwrap()
            .len(),
        1
    );
    assert_eq!(
        runs::open_of(&db.storage, &owner, 9).await.unwrap().len(),
        1
    );
    let later = Millis(NOW.0 + 1);
    write(&db, move |conn| {
        Box::pin(async move {
            assert!(runs::pause(conn, "run", NOW).await?);
            runs::purge(conn, later, NOW).await
        })
    })
    .await
    .unwrap();
    assert!(runs::by_id(&db.storage, "check-6").await.unwrap().is_none());
    assert!(runs::by_id(&db.storage, "run").await.unwrap().is_some());
    write(&db, move |conn| {
        Box::pin(async move { runs::purge(conn, later, later).await })
    })
    .await
    .unwrap();
    assert!(runs::by_id(&db.storage, "run").await.unwrap().is_none());
}
