//! Many certificates: what the pages offer is read by an index on both engines, and words
//! that hundreds have are found together even where they hardly ever meet.

use rubrica::domain::certificate::{Certificate, Origin, Validity};
use rubrica::domain::holder::Kind;
use rubrica::domain::millis::Millis;
use rubrica::storage::certificates::{self, Filter, SortOrder};
use rubrica::storage::issuances;
use rubrica::storage::{Engine, Start, Wanted, Whose};

use super::given::{self, NOW};
use crate::support::database::{Database, on_both_engines};

/// More than are collected and sorted, of each name.
const EACH: i64 = 520;

pub(super) async fn filled(db: &Database) -> Whose {
    filled_with(db, EACH).await
}

/// So many of Ana and of Luis, none of whom has both names, all of one notary; the last 150
/// at its branch.
async fn filled_with(db: &Database, each: i64) -> Whose {
    let owner = given::ana(db).await;
    let numbers: Vec<i64> = (0..2 * each).collect();
    for some in numbers.chunks(50) {
        let rows: Vec<Certificate> = some.iter().map(|n| numbered(*n, each, &owner)).collect();
        let keys = db.keys.clone();
        let work = db.storage.write(move |conn| {
            Box::pin(async move {
                for row in &rows {
                    certificates::take_over(conn, &keys, row, None).await?;
                }
                Ok(())
            })
        });
        work.await.unwrap();
    }
    db.meddle("ANALYZE").await;
    Whose::Owner(owner)
}

fn numbered(n: i64, each: i64, owner: &str) -> Certificate {
    let name = if n < each { "Ana" } else { "Luis" };
    let branch = if n < 2 * each - 150 { "" } else { " Sur" };
    let digits = 10_000_000 + n;
    let letters = b"TRWAGMYFPDXBNJZSQVHLCKE";
    let letter = char::from(letters[usize::try_from(digits % 23).unwrap()]);
    Certificate {
        origin: Origin::File,
        holder: format!("{name} Titular{n:05}").into(),
        subject: format!(
            "CN={name} Titular{n:05}, O=Notaría Güell{branch}, serialNumber=IDCES-{digits}{letter}"
        ),
        kind: Some(Kind::Person),
        validity: Validity::Exact(Millis(NOW.0 + 86_400_000 * n)),
        ..given::named(&format!("many-{n:05}"), owner, &format!("{n:040X}"))
    }
}

fn of(text: &str) -> Filter {
    Filter {
        sought: given::sought(text),
        ..Filter::default()
    }
}

async fn frequent_words_that_never_meet_are_not_looked_for_from_end_to_end(db: Database) {
    let whose = filled(&db).await;
    for (text, number, or_more, first) in [
        ("ana luis", 0, false, None),
        ("notaria guell ana", 20, true, Some("Ana Titular00000")),
        (
            "guell luis titular00777",
            1,
            false,
            Some("Luis Titular00777"),
        ),
        ("notaria titular", 20, true, Some("Ana Titular00000")),
    ] {
        let (storage, keys, filter) = (&db.storage, &db.keys, of(text));
        let (order, start) = (SortOrder::Expiry, Start::First);
        let page = certificates::list(storage, keys, &whose, &filter, order, &start, 20);
        let page = page.await.unwrap();
        let holder = page.rows.first().map(|one| one.holder.in_full());
        assert_eq!((page.total.number, holder), (number, first), "{text}");
        assert_eq!(
            (page.total.or_more, page.goes_on),
            (or_more, false),
            "{text}"
        );
    }
}

/// All pages of a search to its end and back again: the holders.
async fn there_and_back(
    db: &Database,
    whose: &Whose,
    filter: &Filter,
    order: SortOrder,
) -> Vec<String> {
    let page = async |start: Start| {
        let list = certificates::list(&db.storage, &db.keys, whose, filter, order, &start, 150);
        let page = list.await.unwrap();
        let holders = page.rows.iter().map(|one| one.holder.in_full().to_owned());
        (holders.collect::<Vec<_>>(), page.previous, page.next)
    };
    let (mut all, mut start) = (Vec::new(), Start::First);
    let mut last = loop {
        let (found, previous, next) = page(start).await;
        all.extend(found.clone());
        match next {
            Some(next) => start = Start::After(next),
            None => break (found, previous),
        }
    };
    let mut again: Vec<String> = Vec::new();
    loop {
        let (found, previous) = last;
        again.splice(0..0, found);
        let Some(place) = previous else { break };
        let (found, previous, _) = page(Start::Before(place)).await;
        last = (found, previous);
    }
    assert_eq!(again, all);
    all
}

async fn i12_pages_of_frequent_words_show_every_row_once_in_each_order(db: Database) {
    let whose = filled(&db).await;
    let day = |days: i64| Some(Millis(NOW.0 + 86_400_000 * days));
    let titular = |n: i64| numbered(n, EACH, "").holder.in_full().to_owned();
    for (text, from, to, wanted) in [
        // One word; beginnings of one and of a thousand; several words; times beside them.
        ("notaria", None, None, 0..2 * EACH),
        ("notar", day(10), None, 10..2 * EACH),
        ("titular", None, day(900), 0..900),
        ("guell luis", None, None, EACH..2 * EACH),
        ("titular ana", day(1), day(510), 1..510),
    ] {
        for order in [SortOrder::Expiry, SortOrder::LastExpiry, SortOrder::Holder] {
            let filter = Filter {
                from,
                to,
                kind: Some(Kind::Person),
                ..of(text)
            };
            let mut holders: Vec<String> = wanted.clone().map(titular).collect();
            if order == SortOrder::LastExpiry {
                holders.reverse();
            }
            let found = there_and_back(&db, &whose, &filter, order).await;
            assert_eq!(found, holders, "{text} {order:?}");
        }
    }
}

async fn i12_a_search_that_was_interrupted_goes_on_with_the_next_page(db: Database) {
    let whose = filled_with(&db, 1_100).await;
    let of_seals = Filter {
        kind: Some(Kind::Seal),
        ..of("notaria")
    };
    db.meddle("UPDATE certificates SET kind = 'seal' WHERE id >= 'many-02050'")
        .await;
    let read = async |filter: &Filter, order, start: Start| {
        let list = certificates::list(&db.storage, &db.keys, &whose, filter, order, &start, 20);
        list.await.unwrap()
    };
    let page = async |start| read(&of_seals, SortOrder::Expiry, start).await;
    let first = page(Start::First).await;
    assert_eq!((first.rows.len(), first.goes_on), (0, true));
    let second = page(Start::After(first.next.unwrap())).await;
    assert_eq!((second.rows.len(), second.goes_on), (20, false));
    // The second word is the sparser one from here on, and comes to its end.
    let never = read(&of("notaria ana luis"), SortOrder::Expiry, Start::First).await;
    assert_eq!((never.rows.len(), never.goes_on), (0, false));
    assert!(never.next.is_none());
    let of_luis = of("notaria luis");
    let found = there_and_back(&db, &whose, &of_luis, SortOrder::Expiry).await;
    assert_eq!(found.len(), 1_100);
    // They stand behind more rows than are looked at, in each order.
    for order in [SortOrder::Expiry, SortOrder::Holder] {
        let page = read(&of("notaria sur"), order, Start::First).await;
        let holder = page.rows.first().map(|one| one.holder.in_full());
        assert_eq!((page.rows.len(), holder), (20, Some("Luis Titular02050")));
    }
}

/// All of these words have fewer rows than stand before them, but more than are collected.
async fn the_beginning_of_many_words_that_few_rows_have_is_found_at_once(db: Database) {
    let whose = filled_with(&db, 1_600).await;
    let bytes = match db.storage.engine() {
        Engine::Sqlite => "CAST('caja' || row_id AS BLOB)",
        Engine::Postgres => "CONVERT_TO('caja' || row_id, 'UTF8')",
    };
    db.meddle(&format!(
        "INSERT INTO certificate_words (owner_id, connection_id, at, row_id, word) \
         SELECT DISTINCT owner_id, connection_id, at, row_id, {bytes} FROM certificate_words \
         WHERE row_id < 'many-01100'"
    ))
    .await;
    let (storage, keys, filter) = (&db.storage, &db.keys, of("caja"));
    let (order, start) = (SortOrder::LastExpiry, Start::First);
    let page = certificates::list(storage, keys, &whose, &filter, order, &start, 20);
    let page = page.await.unwrap();
    let holder = page.rows.first().map(|one| one.holder.in_full());
    assert_eq!((page.rows.len(), page.goes_on), (20, false));
    assert_eq!(holder, Some("Ana Titular01099"));
}

async fn i12_with_many_rows_every_page_is_read_by_an_index(db: Database) {
    let whose = filled(&db).await;
    let connection = Whose::Connection("acme".to_owned());
    let mut plans = Vec::new();
    for whose in [&whose, &connection] {
        for order in [SortOrder::Expiry, SortOrder::LastExpiry, SortOrder::Holder] {
            for text in ["", "10000007T", "titular00007"] {
                let (storage, keys, filter) = (&db.storage, &db.keys, of(text));
                let few = !text.is_empty();
                let plan = certificates::list_plan(storage, keys, whose, &filter, order, few);
                plans.push(plan.await.unwrap());
            }
        }
    }
    let (storage, keys, owner) = (&db.storage, &db.keys, whose_id(&whose));
    let mut of_many = Vec::new();
    for (many, plans) in [(1, &mut plans), (100, &mut of_many)] {
        let wanted: Vec<Wanted> = (0..many)
            .map(|n| Wanted {
                holder: format!("Ana Titular{n:05}"),
                document: Some(format!("IDCES-100000{n:02}K")),
            })
            .collect();
        let plan = certificates::alike_plan(storage, keys, owner, &wanted, NOW).await;
        plans.push(plan.unwrap());
        let plan = issuances::alike_plan(storage, keys, owner, &wanted).await;
        plans.push(plan.unwrap());
    }
    let plan = certificates::renewable_plan(storage, owner, NOW).await;
    plans.push(plan.unwrap());
    given::reads_by_index(&db, &plans);
    // So few rows are read sooner from end to end by PostgreSQL for a hundred holders.
    given::reads_by_index(&db, &of_many);
    if db.storage.engine() == Engine::Postgres {
        for plan in plans {
            assert!(!plan.contains("Seq Scan on certificate"), "{plan}");
        }
    }
}

pub(super) fn whose_id(whose: &Whose) -> &str {
    match whose {
        Whose::Owner(id) | Whose::Connection(id) => id,
    }
}

async fn the_same_document_is_found_by_its_hash_under_any_name(db: Database) {
    let whose = filled(&db).await;
    let (storage, keys, owner) = (&db.storage, &db.keys, whose_id(&whose));
    let each = async |wanted: Vec<Wanted>| -> Vec<Vec<String>> {
        let found = certificates::alike(storage, keys, owner, &wanted, NOW).await;
        let name = |one: &Certificate| one.holder.in_full().to_owned();
        let names = |all: Vec<Certificate>| all.iter().map(name).collect();
        found.unwrap().into_iter().map(names).collect()
    };
    let same = async |document: Option<&str>| {
        let wanted = Wanted {
            holder: "Nobody".to_owned(),
            document: document.map(ToOwned::to_owned),
        };
        each(vec![wanted]).await.concat()
    };
    let of_seven = numbered(7, EACH, "")
        .subject
        .split('=')
        .next_back()
        .unwrap()
        .to_owned();
    assert_eq!(same(Some(&of_seven)).await, ["Ana Titular00007"]);
    assert!(same(Some("IDCES-00000000T")).await.is_empty());
    assert!(same(None).await.is_empty());
    // A file of many: each row has its own, whoever else is called the same.
    let many = (0..250_i64).map(|n| Wanted {
        holder: format!("ANA TITULAR{n:05}"),
        document: (n == 200).then(|| of_seven.clone()),
    });
    let found = each(many.collect()).await;
    let own = |n: i64| vec![format!("Ana Titular{n:05}")];
    assert_eq!(found.len(), 250);
    assert_eq!([&found[9], &found[150]], [&own(9), &own(150)]);
    assert_eq!(found[200].len(), 2, "{:?}", found[200]);
}

on_both_engines!(
    frequent_words_that_never_meet_are_not_looked_for_from_end_to_end,
    i12_pages_of_frequent_words_show_every_row_once_in_each_order,
    i12_a_search_that_was_interrupted_goes_on_with_the_next_page,
    the_beginning_of_many_words_that_few_rows_have_is_found_at_once,
    i12_with_many_rows_every_page_is_read_by_an_index,
    the_same_document_is_found_by_its_hash_under_any_name,
);
