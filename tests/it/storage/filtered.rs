//! Many requests: whatever filters and orders the pages offer together, the right ones are
//! found, and an index leads to them.

use rubrica::domain::holder::Kind;
use rubrica::domain::issuance::{Event, State};
use rubrica::domain::millis::Millis;
use rubrica::storage::issuances::{self, Filter, SortOrder};
use rubrica::storage::{Engine, Start, Whose};

use super::given::{self, NOW, moved, submit};
use crate::support::database::{Database, on_both_engines};

const MANY: i64 = 2_000;

/// Up to so many rows are collected and sorted, if they stand apart.
const FEW: usize = 300;

/// Copies a request, each a second later than the one before.
const FILL: &str = "\
    WITH d(n) AS (VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9)), many(n) AS (\
        SELECT a.n + 10 * b.n + 100 * c.n + 1000 * e.n FROM d a, d b, d c, d e WHERE e.n < 2) \
    INSERT INTO issuances (id, reference, owner_id, connection_id, sign_in_id, kind, state, \
        attempt, answers, holder, code_from_client, lease_until, created_at, submitted_at, \
        updated_at, cursor, holder_key, search_key) \
    SELECT 'many-' || CAST(10000 + n AS TEXT), 'MANY' || CAST(n AS TEXT), owner_id, \
        connection_id, sign_in_id, CASE n / 7 % 5 WHEN 3 THEN 'seal' ELSE 'person' END, \
        CASE n % 50 WHEN 0 THEN 'refused' WHEN 1 THEN 'mismatch' WHEN 2 THEN 'unknown' \
            ELSE 'issued' END, \
        attempt, answers, holder, code_from_client, 0, submitted_at, submitted_at, \
        submitted_at, {cursor}, {key}, search_key \
    FROM many, issuances WHERE id = 'first'";

/// Time and id of a request, and the name by which it is sorted, as each engine says it.
fn fill(engine: Engine) -> String {
    let (cursor, key) = match engine {
        Engine::Sqlite => (
            "unhex(printf('%016x', submitted_at + 1000 * n) || hex('many-' || (10000 + n)))",
            "CAST('holder ' || (100 + n % 97) AS BLOB)",
        ),
        Engine::Postgres => (
            "decode(lpad(to_hex(submitted_at + 1000 * n), 16, '0'), 'hex') \
             || convert_to('many-' || CAST(10000 + n AS TEXT), 'UTF8')",
            "convert_to('holder ' || CAST(100 + n % 97 AS TEXT), 'UTF8')",
        ),
    };
    FILL.replace("{cursor}", cursor).replace("{key}", key)
}

/// The numbers of the requests that a filter leaves, in an order.
fn wanted(filter: &Filter, order: SortOrder) -> Vec<i64> {
    let state = |n: &i64| match n % 50 {
        0 => State::Refused,
        1 => State::Mismatch,
        2 => State::Unknown,
        _ => State::Issued,
    };
    let is_open = |n: &i64| matches!(state(n), State::Mismatch | State::Unknown);
    let at = |n: &i64| Millis(NOW.0 + 1000 * n);
    let mut all: Vec<i64> = (0..MANY)
        .filter(|n| filter.state.is_none_or(|wanted| wanted == state(n)))
        .filter(|n| filter.kind.is_none() || n / 7 % 5 == 3)
        .filter(|n| !filter.unfinished || is_open(n))
        .filter(|n| filter.from.is_none_or(|from| from <= at(n)))
        .filter(|n| filter.to.is_none_or(|to| at(n) < to))
        .collect();
    match order {
        SortOrder::Newest => all.reverse(),
        SortOrder::Oldest => {}
        SortOrder::Holder => all.sort_by_key(|n| (n % 97, *n)),
    }
    all
}

/// Every filter that the pages offer, with every other.
fn filters() -> Vec<Filter> {
    let days = Some((Millis(NOW.0 + 400_000), Millis(NOW.0 + 1_300_000)));
    let mut all = Vec::new();
    for (state, unfinished) in [
        (None, false),
        (None, true),
        (Some(State::Issued), false),
        (Some(State::Unknown), false),
    ] {
        for kind in [None, Some(Kind::Seal)] {
            for days in [None, days] {
                all.push(Filter {
                    state,
                    unfinished,
                    kind,
                    from: days.map(|(from, _)| from),
                    to: days.map(|(_, to)| to),
                    ..Filter::default()
                });
            }
        }
    }
    all
}

/// Two pages, and how many there are.
async fn found(
    db: &Database,
    whose: &Whose,
    filter: &Filter,
    order: SortOrder,
) -> (Vec<String>, (usize, bool)) {
    let page = async |start: &Start| {
        let list = issuances::list(&db.storage, &db.keys, whose, filter, order, start, 20);
        list.await.unwrap()
    };
    let first = page(&Start::First).await;
    let mut ids: Vec<String> = first.rows.into_iter().map(|one| one.id).collect();
    if let Some(next) = first.next {
        let second = page(&Start::After(next)).await;
        ids.extend(second.rows.into_iter().map(|one| one.id));
    }
    (ids, (first.total.number, first.total.or_more))
}

fn judge(engine: Engine, plan: &str, filter: &Filter, order: SortOrder, few: bool) {
    let of_order = plan.contains("by_holder");
    let narrowed = filter.state.is_some() || filter.kind.is_some() || filter.unfinished;
    match engine {
        // What is hidden from it, it takes for rare, and two thousand rows for few.
        Engine::Postgres if order == SortOrder::Holder => assert!(!plan.is_empty()),
        Engine::Postgres => assert!(!plan.contains("Seq Scan"), "{filter:?} {order:?}: {plan}"),
        Engine::Sqlite => {
            assert!(!plan.contains("SCAN"), "{filter:?} {order:?}: {plan}");
            if order == SortOrder::Holder && narrowed {
                assert_eq!(of_order, !few, "{filter:?}: {plan}");
            }
            if filter.unfinished && filter.kind.is_none() && order != SortOrder::Holder && !few {
                assert!(plan.contains("issuances_unfinished"), "{plan}");
            }
        }
    }
}

async fn i14_every_filter_in_every_order_finds_its_requests_by_an_index(db: Database) {
    let ana = given::ana(&db).await;
    let draft = given::draft(&db, "first", &ana, "typed").await;
    let sent = moved(&db, &draft, Event::CreateIntended, submit("Ana"), NOW).await;
    assert_eq!(sent, Ok(true));
    db.meddle(&fill(db.storage.engine())).await;
    db.meddle("UPDATE issuances SET submitted_at = NULL, state = 'draft' WHERE id = 'first'")
        .await;
    db.meddle("ANALYZE issuances").await;
    for whose in [Whose::Owner(ana), Whose::Connection("acme".to_owned())] {
        for filter in filters() {
            for order in [SortOrder::Newest, SortOrder::Oldest, SortOrder::Holder] {
                let all = wanted(&filter, order);
                let ids = all.iter().take(40).map(|n| format!("many-{}", 10_000 + n));
                let total = (all.len().min(1_000), all.len() > 1_000);
                let right = (ids.collect::<Vec<_>>(), total);
                let seen = found(&db, &whose, &filter, order).await;
                assert_eq!(seen, right, "{filter:?} {order:?}");
                let (storage, keys, few) = (&db.storage, &db.keys, all.len() <= FEW);
                let plan = issuances::list_plan(storage, keys, &whose, &filter, order, few);
                judge(storage.engine(), &plan.await.unwrap(), &filter, order, few);
            }
        }
    }
}

on_both_engines!(i14_every_filter_in_every_order_finds_its_requests_by_an_index);
