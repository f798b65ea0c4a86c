//! Searching the audit: what is found, in which order, and by which index.

use rubrica::domain::audit::{Action, ActorKind, Outcome, PORTAL, SYSTEM};
use rubrica::domain::millis::Millis;
use rubrica::storage::Engine;
use rubrica::storage::audit::{self, NewEntry, Part, Place, REACH, Search};

use super::given::NOW;
use crate::support::database::{Database, on_both_engines};

async fn append(db: &Database, at: i64, entry: NewEntry) {
    let keys = db.keys.clone();
    db.storage
        .write(move |conn| {
            Box::pin(async move { audit::append(conn, &keys, &entry, Millis(NOW.0 + at)).await })
        })
        .await
        .unwrap();
}

fn entry(actor: &str, action: Action, object: &str, outcome: Outcome) -> NewEntry {
    NewEntry {
        actor: actor.to_owned(),
        action: action.to_string(),
        object: object.to_owned(),
        outcome: outcome.to_string(),
        request_id: format!("REQ-{actor}"),
        ..NewEntry::default()
    }
}

/// Five entries; the clock of whoever wrote the fourth was two behind.
async fn five(db: &Database) {
    use Action::{ConnectionEdit as Edit, ConnectionTest as Test};
    for (at, one) in [
        (10, entry("ana", Edit, "connection acme", Outcome::Done)),
        (20, entry("Bea", Test, "connection acme", Outcome::Refused)),
        (30, entry("ana", Test, "connection 50%_off", Outcome::Done)),
        (28, entry("Íñigo", Edit, "issuance K3J9", Outcome::Unknown)),
        (40, entry("ana", Edit, "issuance X1Y2", Outcome::Refused)),
    ] {
        append(db, at, one).await;
    }
}

async fn found(db: &Database, search: &Search, part: Part) -> Vec<i64> {
    let found = audit::search(&db.storage, search, part, 10, REACH)
        .await
        .unwrap();
    assert_eq!(found.until, None);
    found.entries.iter().map(|entry| entry.seq).collect()
}

fn words(text: &str) -> Search {
    Search {
        words: text.split_whitespace().map(str::to_owned).collect(),
        ..Search::default()
    }
}

async fn entries_are_found_by_each_filter_and_by_all_together(db: Database) {
    five(&db).await;
    let at = |at: i64| Some(Millis(NOW.0 + at));
    let none = Search::default;
    for (search, seqs) in [
        (none(), &[5, 3, 4, 2, 1][..]),
        (
            Search {
                who: Some("ana".to_owned()),
                ..none()
            },
            &[5, 3, 1],
        ),
        (
            Search {
                who: Some("Ana".to_owned()),
                ..none()
            },
            &[],
        ),
        (
            Search {
                action: Some(Action::ConnectionTest),
                ..none()
            },
            &[3, 2],
        ),
        (
            Search {
                outcome: Some(Outcome::Refused),
                ..none()
            },
            &[5, 2],
        ),
        (
            Search {
                outcome: Some(Outcome::Done),
                ..none()
            },
            &[3, 1],
        ),
        (
            Search {
                from: at(20),
                to: at(30),
                ..none()
            },
            &[4, 2],
        ),
        (
            Search {
                outcome: Some(Outcome::Refused),
                from: at(21),
                ..words("ANA x1y2")
            },
            &[5],
        ),
        (words("ACME"), &[2, 1]),
        (words("req-bea"), &[2]),
        (words("%_"), &[3]),
        (words("_"), &[3]),
        (words("Íñigo"), &[4]),
        (words("íñigo"), &[4]),
        (words("ÍÑIGO"), &[4]),
        (words("acme ana"), &[1]),
        (words("acme nobody"), &[]),
    ] {
        assert_eq!(found(&db, &search, Part::Newest).await, seqs, "{search:?}");
        let count = audit::count(&db.storage, &search, 3, REACH).await.unwrap();
        let all = (seqs.len().min(3), seqs.len() < 3);
        assert_eq!(count, all, "{search:?}");
    }
}

async fn actors_of_one_name_are_found_apart_by_their_kind(db: Database) {
    let from = |from: &str, one: NewEntry| NewEntry {
        from: from.to_owned(),
        ..one
    };
    let done = |actor, action| entry(actor, action, "x", Outcome::Done);
    for (at, one) in [
        (1, from("::1", done("ana", Action::UserSignIn))),
        (2, from("::1", done("ana", Action::IssuanceIssued))),
        (3, from("::1", done("ana", Action::ConnectionEdit))),
        (4, from("cli", done(SYSTEM, Action::ConnectionEdit))),
        (5, from("cli", done(SYSTEM, Action::UserSignIn))),
        (6, done(PORTAL, Action::IssuanceUnknown)),
        (7, from("::1", done("nobody", Action::AdminSignInRefused))),
    ] {
        append(&db, at, one).await;
    }
    for (kind, seqs) in [
        (ActorKind::User, &[5, 2, 1][..]),
        (ActorKind::Account, &[3]),
        (ActorKind::Portal, &[6, 4]),
        (ActorKind::Stranger, &[7]),
    ] {
        let search = Search {
            kind: Some(kind),
            ..Search::default()
        };
        assert_eq!(found(&db, &search, Part::Newest).await, seqs, "{kind}");
        let all = audit::search(&db.storage, &search, Part::Newest, 10, REACH).await;
        for entry in all.unwrap().entries {
            assert_eq!(entry.what.kind(), Some(kind), "{entry:?}");
        }
        let (_, until) = looked(&db, &search, Part::Newest, 1).await;
        assert_eq!(until, Some(7), "{kind}");
    }
}

async fn pages_follow_each_other_in_both_directions(db: Database) {
    five(&db).await;
    let place = |at: i64, seq| Place {
        at: Millis(NOW.0 + at),
        seq,
    };
    let all = Search::default();
    assert_eq!(
        found(&db, &all, Part::Before(place(30, 3))).await,
        [4, 2, 1]
    );
    assert_eq!(found(&db, &all, Part::After(place(28, 4))).await, [3, 5]);
    let to = Some(Millis(NOW.0 + 30));
    let until = Search { to, ..all };
    assert_eq!(found(&db, &until, Part::After(place(10, 1))).await, [2, 4]);
}

/// 10,000 entries of 50 people in one statement that both engines know.
const FILL: &str = "\
    WITH d(n) AS (VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9)), many(n) AS (\
        SELECT a.n + 10 * b.n + 100 * c.n + 1000 * e.n FROM d a, d b, d c, d e) \
    INSERT INTO audit (seq, at, actor, origin, action, object, outcome, request_id, hash) \
    SELECT n + 2, at + n, 'person ' || CAST(n % 50 AS TEXT), '', \
        CASE n % 7 WHEN 0 THEN 'connection.edit' ELSE 'user.sign_in' END, \
        'connection ' || CAST(n AS TEXT), \
        CASE n % 99 WHEN 0 THEN 'refused' ELSE 'done' END, '', hash \
    FROM many, audit WHERE seq = 1";

/// Every search that the page offers.
fn every_search() -> Vec<Search> {
    let mut all = vec![Search::default()];
    let mut vary = |change: &dyn Fn(&mut Search)| {
        for mut one in all.clone() {
            change(&mut one);
            all.push(one);
        }
    };
    vary(&|one| one.who = Some("person 7".to_owned()));
    vary(&|one| one.kind = Some(ActorKind::User));
    vary(&|one| one.action = Some(Action::ConnectionEdit));
    vary(&|one| one.outcome = Some(Outcome::Refused));
    vary(&|one| one.from = Some(Millis(NOW.0 + 100)));
    vary(&|one| one.to = Some(Millis(NOW.0 + 9000)));
    vary(&|one| one.words = vec!["7".to_owned()]);
    for mut one in all.clone() {
        if one.outcome.is_some() {
            one.outcome = Some(Outcome::Done);
            all.push(one);
        }
    }
    all
}

async fn no_page_of_any_search_sorts_the_table(db: Database) {
    append(&db, 0, entry("ana", Action::UserSignIn, "x", Outcome::Done)).await;
    db.meddle(FILL).await;
    if db.storage.engine() == Engine::Postgres {
        db.meddle("ANALYZE audit").await;
    }
    let middle = Place {
        at: Millis(NOW.0 + 5000),
        seq: 5002,
    };
    let searches = every_search();
    assert_eq!(searches.len(), 192);
    for search in searches {
        for part in [Part::Newest, Part::Before(middle), Part::After(middle)] {
            let plan = audit::plan(&db.storage, &search, part, 51).await.unwrap();
            let sorts = ["Seq Scan", "TEMP B-TREE"];
            let is_sorted = sorts.iter().any(|word| plan.contains(word));
            let by_index = plan.contains("INDEX audit_")
                || plan.contains("on audit_")
                || plan.contains("using audit_");
            assert!(by_index && !is_sorted, "{search:?} {part:?}:\n{plan}");
        }
    }
}

/// Which entries are found, and the number of the last that was looked at.
async fn looked(db: &Database, search: &Search, part: Part, reach: u32) -> (Vec<i64>, Option<i64>) {
    let found = audit::search(&db.storage, search, part, 2, reach).await;
    let found = found.unwrap();
    let numbers = found.entries.iter().map(|entry| entry.seq).collect();
    (numbers, found.until.map(|place| place.seq))
}

async fn words_are_looked_for_in_some_entries_at_a_time(db: Database) {
    five(&db).await;
    let acme = words("acme");
    assert_eq!(looked(&db, &acme, Part::Newest, 3).await, (vec![], Some(4)));
    let place = |at: i64, seq| Place {
        at: Millis(NOW.0 + at),
        seq,
    };
    let older = Part::Before(place(28, 4));
    assert_eq!(looked(&db, &acme, older, 1).await, (vec![2], Some(2)));
    assert_eq!(looked(&db, &acme, older, 2).await, (vec![2, 1], None));
    assert_eq!(looked(&db, &acme, older, 3).await, (vec![2, 1], None));
    let newer = Part::After(place(20, 2));
    assert_eq!(
        looked(&db, &words("x1y2"), newer, 2).await,
        (vec![], Some(3))
    );
    let by_ana = Search {
        who: Some("ana".to_owned()),
        ..acme
    };
    assert_eq!(
        looked(&db, &by_ana, Part::Newest, 2).await,
        (vec![], Some(3))
    );
    assert_eq!(
        looked(&db, &Search::default(), Part::Newest, 1).await.0,
        [5, 3]
    );
    for (reach, count) in [(3, (0, false)), (4, (1, false)), (6, (2, true))] {
        let counted = audit::count(&db.storage, &words("acme"), 9, reach).await;
        assert_eq!(counted, Ok(count));
    }
}

on_both_engines!(
    words_are_looked_for_in_some_entries_at_a_time,
    entries_are_found_by_each_filter_and_by_all_together,
    actors_of_one_name_are_found_apart_by_their_kind,
    pages_follow_each_other_in_both_directions,
    no_page_of_any_search_sorts_the_table,
);
