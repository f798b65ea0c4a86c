//! Lists of issuances: pages, filters, search.

use rubrica::domain::holder::Kind;
use rubrica::domain::issuance::{Cause, Event, State};
use rubrica::domain::millis::Millis;
use rubrica::storage::issuances::{self, Change, Filter, SortOrder};
use rubrica::storage::{Sought, Start, Whose, owners};

use super::given::{self, NOW, moved, sought, step, submit};
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
    there_and_back(db, &Whose::Owner(owner.to_owned()), filter, order, size).await
}

/// The ids of all pages, in order: forwards, and the same backwards.
async fn there_and_back(
    db: &Database,
    whose: &Whose,
    filter: &Filter,
    order: SortOrder,
    size: u16,
) -> Vec<String> {
    let page = async |start: Start| {
        let list = issuances::list(&db.storage, &db.keys, whose, filter, order, &start, size);
        let page = list.await.unwrap();
        assert!(page.rows.len() <= usize::from(size));
        let ids: Vec<String> = page.rows.into_iter().map(|one| one.id).collect();
        (ids, page.previous, page.next, page.total)
    };
    let (mut ids, mut start) = (Vec::new(), Start::First);
    let mut backwards = loop {
        let is_first = start == Start::First;
        let (found, previous, next, total) = page(start).await;
        assert_eq!(previous.is_none(), is_first || found.is_empty(), "{ids:?}");
        ids.extend(found.clone());
        match next {
            Some(next) => start = Start::After(next),
            None => {
                assert_eq!((total.number, total.or_more), (ids.len(), false));
                break (found, previous);
            }
        }
    };
    let mut again: Vec<String> = Vec::new();
    loop {
        let (found, previous) = backwards;
        again.splice(0..0, found);
        let Some(place) = previous else { break };
        let (found, previous, next, _) = page(Start::Before(place)).await;
        assert!(next.is_some(), "{again:?}");
        backwards = (found, previous);
    }
    assert_eq!(again, ids);
    ids
}

/// What a search for these words finds, in pages of two.
async fn found(db: &Database, owner: &str, text: &str, order: SortOrder) -> Vec<String> {
    let filter = Filter {
        sought: sought(text),
        ..Filter::default()
    };
    pages(db, owner, &filter, order, 2).await
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
        let whose = Whose::Connection(connection.to_owned());
        let filter = Filter {
            unfinished,
            ..Filter::default()
        };
        there_and_back(&db, &whose, &filter, SortOrder::Newest, size).await
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
    // Ñ comes after N, and here is no other N.
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
    let filter = Filter {
        sought: sought("z"),
        from: Some(Millis(NOW.0 + 3000)),
        ..Filter::default()
    };
    let found = pages(&db, &ana, &filter, SortOrder::Holder, 1).await;
    assert_eq!(found, ["i4", "i6", "i3", "twin"]);
    let (nonsense, whose) = (Start::After(vec![9, 9, 9]), Whose::Owner(ana));
    let order = SortOrder::Holder;
    let page = issuances::list(&db.storage, &db.keys, &whose, &all, order, &nonsense, 2).await;
    assert_eq!(page.unwrap().rows[0].id, "i5");
}

async fn what_was_submitted_without_words_gets_them_when_the_database_is_opened(db: Database) {
    let ana = seven(&db).await;
    db.meddle("DELETE FROM issuance_words").await;
    db.meddle("UPDATE issuances SET holder_key = NULL, search_key = NULL")
        .await;
    let keys = std::sync::Arc::clone(&db.keys);
    let again = rubrica::storage::Storage::open(&db.url, &keys).await;
    again.unwrap().close().await;
    let sorted = pages(&db, &ana, &Filter::default(), SortOrder::Holder, 2).await;
    assert_eq!(sorted.first().map(String::as_str), Some("i5"));
    assert_eq!(sorted.len(), 7);
    let found = found(&db, &ana, "zas", SortOrder::Newest).await;
    assert_eq!(found, ["i4"]);
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
    let word = async |text: &str, order: SortOrder| found(&db, &ana, text, order).await;
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
        sought: sought("zas"),
        ..Filter::default()
    };
    assert_eq!(pages(&db, &ana, &both, SortOrder::Newest, 1).await, ["i4"]);
    assert_eq!(word("refi2", SortOrder::Newest).await, ["i2"]);
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
    let word = async |text: &str| found(&db, &ana, text, SortOrder::Oldest).await;
    assert_eq!(word("lola").await, ["i0"]);
    assert_eq!(word("nunez").await, ["i0"]);
    assert_eq!(word("maria").await, ["i4"]);
}

async fn i12_all_words_must_match_and_signs_make_no_difference(db: Database) {
    let ana = given::ana(&db).await;
    let names = [
        "Carmen O’Neill",
        "Núñez García, Carmen",
        "Łukasz Żółć",
        "Øystein Straße GmbH",
        "Yılmaz Carmen",
    ];
    for (number, name) in names.into_iter().enumerate() {
        let draft = given::draft(&db, &format!("i{number}"), &ana, "").await;
        let sent = moved(&db, &draft, Event::CreateIntended, submit(name), NOW).await;
        assert_eq!(sent, Ok(true));
    }
    for (text, found) in [
        ("carmen", vec!["i0", "i1", "i4"]),
        ("carmen nuñez", vec!["i1"]),
        ("Núñez, María", vec![]),
        ("NÚÑEZ, Carm", vec!["i1"]),
        ("O'Neill", vec!["i0"]),
        ("oneill carmen", vec!["i0"]),
        ("lukasz zolc", vec!["i2"]),
        ("oystein", vec!["i3"]),
        ("strasse gmbh", vec!["i3"]),
        ("yilmaz", vec!["i4"]),
        (" - ", vec![]),
        ("%", vec![]),
    ] {
        let all = self::found(&db, &ana, text, SortOrder::Oldest).await;
        assert_eq!(all, found, "{text}");
    }
}

/// No list is read from end to end, however it is filtered and sorted.
async fn i12_every_list_is_read_by_an_index(db: Database) {
    let ana = seven(&db).await;
    let mut plans = Vec::new();
    for sought in [Sought::default(), sought("maría zas")] {
        let plan = issuances::drafts_plan(&db.storage, &db.keys, &ana, &sought).await;
        plans.push(plan.unwrap());
    }
    let (owner, connection) = (Whose::Owner(ana), Whose::Connection("acme".to_owned()));
    for (whose, order) in [
        (&owner, SortOrder::Newest),
        (&owner, SortOrder::Holder),
        (&connection, SortOrder::Newest),
        (&connection, SortOrder::Holder),
    ] {
        for sought in [Sought::default(), sought("maría zas")] {
            let filter = Filter {
                sought,
                from: Some(NOW),
                ..Filter::default()
            };
            let plan =
                issuances::list_plan(&db.storage, &db.keys, whose, &filter, order, false).await;
            plans.push(plan.unwrap());
        }
    }
    given::reads_by_index(&db, &plans);
}

on_both_engines!(
    pages_show_every_row_once_in_either_order,
    i11_those_who_look_after_a_connection_see_everybodys_in_pages,
    filters_leave_what_they_say,
    holders_sort_by_name_and_pages_follow_each_other,
    what_was_submitted_without_words_gets_them_when_the_database_is_opened,
    i12_all_words_must_match_and_signs_make_no_difference,
    i12_every_list_is_read_by_an_index,
    a_search_finds_the_beginning_of_any_word,
    an_issuance_sent_again_keeps_its_place_and_is_found_by_its_new_name,
);
