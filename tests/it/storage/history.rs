//! Lists of issuances: pages, filters, search.

use rubrica::domain::holder::Kind;
use rubrica::domain::issuance::{Cause, Event, State};
use rubrica::domain::millis::Millis;
use rubrica::storage::issuances::{self, Change, Filter, Search, SortOrder};
use rubrica::storage::owners;

use super::given::{self, NOW, moved, step, submit};
use crate::support::database::{Database, on_both_engines};

/// Seven submitted issuances of `ana`, a second apart, and a draft.
async fn seven(db: &Database) -> String {
    let ana = given::ana(db).await;
    let bea = given::owner(db, "acme", "bea").await;
    let names = [
        "María Núñez",
        "Ñandú Uno",
        "O'Neill Pérez",
        "Zoë",
        "María Zas",
        "Álvaro Marín",
        "Zeta",
    ];
    for (number, name) in (0_i64..).zip(names) {
        let id = format!("i{number}");
        let draft = given::draft(db, &id, &ana, "typed first").await;
        let at = Millis(NOW.0 + number * 1000);
        let change = submit(name);
        assert_eq!(
            moved(db, &draft, Event::CreateIntended, change, at).await,
            Ok(true)
        );
    }
    given::draft(db, "draft", &ana, "María").await;
    let hers = given::draft(db, "hers", &bea, "María").await;
    let change = submit("María");
    assert_eq!(
        moved(db, &hers, Event::CreateIntended, change, NOW).await,
        Ok(true)
    );
    ana
}

async fn pages(
    db: &Database,
    owner: &str,
    filter: &Filter,
    order: SortOrder,
    size: u16,
) -> Vec<String> {
    let (mut ids, mut after) = (Vec::new(), None);
    loop {
        let page = issuances::list(&db.storage, owner, filter, order, after, size)
            .await
            .unwrap();
        assert!(page.rows.len() <= usize::from(size));
        ids.extend(page.rows.into_iter().map(|issuance| issuance.id));
        after = page.next;
        if after.is_none() {
            return ids;
        }
    }
}

async fn pages_show_every_row_once_in_either_order(db: Database) {
    let ana = seven(&db).await;
    let all = Filter::default();
    let mut oldest = pages(&db, &ana, &all, SortOrder::Oldest, 3).await;
    assert_eq!(oldest, ["i0", "i1", "i2", "i3", "i4", "i5", "i6"]);
    oldest.reverse();
    assert_eq!(pages(&db, &ana, &all, SortOrder::Newest, 3).await, oldest);
    assert_eq!(pages(&db, &ana, &all, SortOrder::Newest, 7).await, oldest);
}

async fn i11_those_who_look_after_a_connection_see_everybodys_in_pages(db: Database) {
    seven(&db).await;
    given::connection(&db, "other").await;
    let by_node = || Change {
        by: Some("node".to_owned()),
        ..Change::default()
    };
    let unknown = step(&db, "i3", Event::OutcomeUnknown, by_node()).await;
    assert_eq!(unknown, Ok(true));
    let pages = async |connection: &str, unfinished: bool, size: u16| {
        let (mut ids, mut after) = (Vec::new(), None);
        loop {
            let storage = &db.storage;
            let page = issuances::of_connection(storage, connection, unfinished, after, size).await;
            let page = page.unwrap();
            ids.extend(page.rows.into_iter().map(|issuance| issuance.id));
            after = page.next;
            if after.is_none() {
                return ids;
            }
        }
    };
    let newest_first = ["i6", "i5", "i4", "i3", "i2", "i1", "i0", "hers"];
    for size in [1, 3, 8] {
        assert_eq!(pages("acme", false, size).await, newest_first, "{size}");
        assert_eq!(pages("acme", true, size).await, newest_first, "{size}");
    }
    let refused = step(&db, "i4", Event::Refused, by_node()).await;
    assert_eq!(refused, Ok(true));
    let unfinished = ["i6", "i5", "i3", "i2", "i1", "i0", "hers"];
    assert_eq!(pages("acme", true, 2).await, unfinished);
    assert_eq!(pages("other", false, 2).await, Vec::<String>::new());
    let bea = given::owner(&db, "acme", "bea").await;
    let names = owners::names(&db.storage, &[&bea, "nobody"]).await.unwrap();
    assert_eq!(
        names.into_iter().collect::<Vec<_>>(),
        [(bea, "bea".to_owned())]
    );
}

async fn holders_sort_by_name_and_pages_follow_each_other(db: Database) {
    let ana = seven(&db).await;
    let by_name = ["i5", "i0", "i4", "i1", "i2", "i6", "i3"];
    let all = Filter::default();
    for size in [1, 3, 7] {
        assert_eq!(
            pages(&db, &ana, &all, SortOrder::Holder, size).await,
            by_name
        );
    }
    let twin = given::draft(&db, "twin", &ana, "").await;
    let later = Millis(NOW.0 + 9000);
    let sent = moved(&db, &twin, Event::CreateIntended, submit("ZOE"), later).await;
    assert_eq!(sent, Ok(true));
    let search = Some(Search::Word("z".to_owned()));
    let filter = Filter {
        search,
        from: Some(Millis(NOW.0 + 3000)),
        ..Filter::default()
    };
    let found = pages(&db, &ana, &filter, SortOrder::Holder, 1).await;
    assert_eq!(found, ["i4", "i6", "i3", "twin"]);
    let nonsense = Some(vec![9, 9, 9]);
    let page = issuances::list(&db.storage, &ana, &all, SortOrder::Holder, nonsense, 2).await;
    assert_eq!(page.unwrap().rows[0].id, "i5");
}

async fn what_was_submitted_without_a_key_gets_one_when_the_database_is_opened(db: Database) {
    let ana = seven(&db).await;
    db.meddle("UPDATE issuances SET holder_key = NULL").await;
    let keys = std::sync::Arc::clone(&db.keys);
    let again = rubrica::storage::Storage::open(&db.url, &keys).await;
    again.unwrap().close().await;
    let sorted = pages(&db, &ana, &Filter::default(), SortOrder::Holder, 2).await;
    assert_eq!(sorted.first().map(String::as_str), Some("i5"));
    assert_eq!(sorted.len(), 7);
}

async fn filters_leave_what_they_say(db: Database) {
    let ana = seven(&db).await;
    assert_eq!(
        step(&db, "i3", Event::OutcomeUnknown, Change::default()).await,
        Ok(true)
    );
    let found = async |filter: Filter| pages(&db, &ana, &filter, SortOrder::Oldest, 2).await;
    let state = Some(State::Unknown);
    assert_eq!(
        found(Filter {
            state,
            ..Filter::default()
        })
        .await,
        ["i3"]
    );
    let kind = Some(Kind::Seal);
    assert!(
        found(Filter {
            kind,
            ..Filter::default()
        })
        .await
        .is_empty()
    );
    let (from, to) = (Some(Millis(NOW.0 + 1000)), Some(Millis(NOW.0 + 4000)));
    assert_eq!(
        found(Filter {
            from,
            to,
            ..Filter::default()
        })
        .await,
        ["i1", "i2", "i3"]
    );
}

async fn a_search_finds_the_beginning_of_any_word(db: Database) {
    let ana = seven(&db).await;
    let word = async |text: &str, order: SortOrder| {
        let search = Some(Search::Word(text.to_owned()));
        pages(
            &db,
            &ana,
            &Filter {
                search,
                ..Filter::default()
            },
            order,
            2,
        )
        .await
    };
    assert_eq!(word("mar", SortOrder::Oldest).await, ["i0", "i4", "i5"]);
    assert_eq!(word("MARÍ", SortOrder::Newest).await, ["i5", "i4", "i0"]);
    assert_eq!(word("nunez", SortOrder::Newest).await, ["i0"]);
    assert_eq!(word("n", SortOrder::Newest).await, ["i2", "i1", "i0"]);
    assert_eq!(word("neill", SortOrder::Newest).await, ["i2"]);
    assert_eq!(word("o'n", SortOrder::Newest).await, ["i2"]);
    assert!(word("typed", SortOrder::Newest).await.is_empty());
    let both = Filter {
        state: Some(State::Creating),
        to: Some(Millis(NOW.0 + 5000)),
        search: Some(Search::Word("zas".to_owned())),
        ..Filter::default()
    };
    assert_eq!(pages(&db, &ana, &both, SortOrder::Newest, 1).await, ["i4"]);
    let search = Some(Search::Reference("REFi2".to_owned()));
    let filter = Filter {
        search,
        ..Filter::default()
    };
    assert_eq!(
        pages(&db, &ana, &filter, SortOrder::Newest, 1).await,
        ["i2"]
    );
}

async fn an_issuance_sent_again_keeps_its_place_and_is_found_by_its_new_name(db: Database) {
    let ana = seven(&db).await;
    let nothing_sent = Change {
        cause: Some(Cause::Unreachable),
        ..Change::default()
    };
    assert_eq!(
        step(&db, "i0", Event::NothingSent, nothing_sent).await,
        Ok(true)
    );
    let again = given::read(&db, "i0").await;
    let later = Millis(NOW.0 + 99_000);
    let change = submit("Lola Núñez");
    assert_eq!(
        moved(&db, &again, Event::CreateIntended, change, later).await,
        Ok(true)
    );
    let all = pages(&db, &ana, &Filter::default(), SortOrder::Oldest, 9).await;
    assert_eq!(all[0], "i0");
    let word = async |text: &str| {
        let search = Some(Search::Word(text.to_owned()));
        pages(
            &db,
            &ana,
            &Filter {
                search,
                ..Filter::default()
            },
            SortOrder::Oldest,
            9,
        )
        .await
    };
    assert_eq!(word("lola").await, ["i0"]);
    assert_eq!(word("nunez").await, ["i0"]);
    assert_eq!(word("maria").await, ["i4"]);
}

on_both_engines!(
    pages_show_every_row_once_in_either_order,
    i11_those_who_look_after_a_connection_see_everybodys_in_pages,
    filters_leave_what_they_say,
    holders_sort_by_name_and_pages_follow_each_other,
    what_was_submitted_without_a_key_gets_one_when_the_database_is_opened,
    a_search_finds_the_beginning_of_any_word,
    an_issuance_sent_again_keeps_its_place_and_is_found_by_its_new_name,
);
