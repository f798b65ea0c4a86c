//! Certificates, and the chain of renewals: what is found, listed and counted.

use std::sync::Arc;

use rubrica::domain::certificate::{Certificate, Summary, Validity};
use rubrica::domain::millis::Millis;
use rubrica::storage::Wanted;
use rubrica::storage::certificates::{self, Filter, Kinds, Note, ShownFile, SortOrder, Which};
use rubrica::storage::issuances;
use rubrica::storage::rotate::rotate;
use rubrica::storage::seal::KeyRing;
use rubrica::storage::{Sought, Start, StorageError, Whose};

use super::given::{self, NOW, THUMBPRINT, finalizing};
use super::taken_over::shown;
use crate::support::database::{Database, MASTER_KEY, on_both_engines};

async fn a_renewal_replaces_its_predecessor(db: Database) {
    let ana = given::ana(&db).await;
    let first = given::certificate(&finalizing(&db, "i", &ana, "a").await, THUMBPRINT);
    let other = THUMBPRINT.replace('A', "E");
    let second = Certificate {
        renews: Some(first.thumbprint.clone()),
        validity: Validity::Estimated(Millis(NOW.0 + 2000)),
        ..given::certificate(&finalizing(&db, "j", &ana, "b").await, &other)
    };
    given::store(&db, &first).await.unwrap();
    let taken = Certificate {
        id: "twin".to_owned(),
        ..first.clone()
    };
    let taken = given::store(&db, &taken).await;
    assert_eq!(taken, Err(StorageError::Conflict));
    given::store(&db, &second).await.unwrap();
    let at = |slug: &str| Whose::Connection(slug.to_owned());
    for whose in [Whose::Owner(ana.clone()), at("acme")] {
        let current = found(&db, &whose, &Filter::default(), SortOrder::Expiry, 10).await;
        assert_eq!(current, ["j"], "{whose:?}");
        let replaced = Filter {
            which: Which::Replaced,
            ..Filter::default()
        };
        let replaced = found(&db, &whose, &replaced, SortOrder::Expiry, 10).await;
        assert_eq!(replaced, ["i"], "{whose:?}");
    }
    let elsewhere = found(&db, &at("other"), &Filter::default(), SortOrder::Expiry, 10).await;
    assert!(elsewhere.is_empty());
    let old = certificates::by_thumbprint(&db.storage, "acme", &first.thumbprint).await;
    assert_eq!(
        old.unwrap().unwrap().replaced_by,
        Some(second.thumbprint.clone())
    );
    let valid = async |now: i64, holder: &str, document: Option<&str>| {
        let wanted = [wanted(holder, document)];
        let now = Millis(NOW.0 + now);
        let found = certificates::alike(&db.storage, &db.keys, &ana, &wanted, now).await;
        found.unwrap().concat().len()
    };
    let for_holder = async |now: i64| valid(now, "Ana", None).await;
    assert_eq!((for_holder(0).await, for_holder(2000).await), (1, 0));
    assert_eq!(valid(0, "Nobody", Some("IDCES-00000000T")).await, 0);
    finalizing(&db, "k", &ana, "c").await;
    let open = async |owner_id: &str, holder: &str, document: Option<&str>| {
        let wanted = [wanted(holder, document)];
        let found = issuances::alike(&db.storage, &db.keys, owner_id, &wanted).await;
        found.unwrap().concat().into_iter().any(|one| one.id == "k")
    };
    let name = issuances::by_id(&db.storage, "k").await.unwrap();
    let name = name.unwrap().holder.in_full().to_owned();
    assert!(open(&ana, &name.to_uppercase(), None).await);
    assert!(!open(&ana, "Nobody", Some("IDCES-00000000T")).await);
    assert!(!open("somebody else", &name, None).await);
    let day = rubrica::storage::day::day(&db.storage, NOW).await.unwrap();
    assert_eq!((day.refused, day.unknown), (0, 0));
    let file = shown(&second.thumbprint, "B");
    show(&db, &second, &file).await.unwrap();
    assert_eq!(for_holder(2000).await, 1);
}

fn wanted(holder: &str, document: Option<&str>) -> Wanted {
    Wanted {
        holder: holder.to_owned(),
        document: document.map(ToOwned::to_owned),
    }
}

async fn show(
    db: &Database,
    certificate: &Certificate,
    file: &ShownFile,
) -> Result<(), StorageError> {
    let (certificate, file, keys) = (certificate.clone(), file.clone(), db.keys.clone());
    db.storage
        .write(move |conn| {
            Box::pin(async move { certificates::show_file(conn, &keys, &certificate, &file).await })
        })
        .await
}

async fn expiries_are_counted_and_listed_by_range(db: Database) {
    let ana = given::ana(&db).await;
    for at in 0..4_i64 {
        let id = format!("i{at}");
        let print = THUMBPRINT.replace('A', &at.to_string());
        let certificate = Certificate {
            validity: Validity::Estimated(Millis(NOW.0 + at * 10)),
            ..given::certificate(&finalizing(&db, &id, &ana, &id).await, &print)
        };
        given::store(&db, &certificate).await.unwrap();
    }
    let at = |millis: i64| Millis(NOW.0 + millis);
    let ranges = [
        at(0)..at(30),
        at(30)..Millis(i64::MAX),
        Millis(i64::MIN)..at(0),
    ];
    let counts = certificates::count_expiring(&db.storage, &ana, Kinds::All, &ranges).await;
    assert_eq!(counts.unwrap(), [3, 1, 0]);
    let others = certificates::count_expiring(&db.storage, "nobody", Kinds::All, &ranges).await;
    assert_eq!(others.unwrap(), [0, 0, 0]);
    let overlapping = [at(0)..at(20), at(10)..at(40), at(40)..at(40)];
    let counts = certificates::count_expiring(&db.storage, &ana, Kinds::All, &overlapping).await;
    assert_eq!(counts.unwrap(), [2, 3, 0]);
    let ranges = [at(-9)..at(0), at(0)..at(20), at(20)..at(99)];
    let parts = certificates::first_expiring(&db.storage, &ana, &ranges, 1).await;
    let ids = |part: Vec<Summary>| part.into_iter().filter_map(|one| one.issuance_id);
    let parts: Vec<String> = parts.unwrap().into_iter().flat_map(ids).collect();
    assert_eq!(parts, ["i0", "i2"]);
    let none = certificates::first_expiring(&db.storage, &ana, &[], 1).await;
    assert!(none.unwrap().is_empty());
    let first = certificates::expiring(&db.storage, &ana, at(10)..at(40), 2).await;
    let first: Vec<_> = first
        .unwrap()
        .into_iter()
        .filter_map(|one| one.issuance_id)
        .collect();
    assert_eq!(first, ["i1", "i2"]);
    let whose = Whose::Owner(ana.clone());
    let all = found(&db, &whose, &Filter::default(), SortOrder::Expiry, 3).await;
    assert_eq!(all, ["i0", "i1", "i2", "i3"]);
    let last = found(&db, &whose, &Filter::default(), SortOrder::LastExpiry, 3).await;
    assert_eq!(last, ["i3", "i2", "i1", "i0"]);
    let some = Filter {
        from: Some(at(10)),
        to: Some(at(30)),
        ..Filter::default()
    };
    assert_eq!(
        found(&db, &whose, &some, SortOrder::Holder, 1).await,
        ["i1", "i2"]
    );
    let of = certificates::of_issuance(&db.storage, "i3").await.unwrap();
    assert_eq!(of.unwrap().not_after(), at(30));
    let none = certificates::of_issuance(&db.storage, "missing").await;
    assert!(none.unwrap().is_none());
}

/// The issuances of all pages of a list, in order.
async fn found(
    db: &Database,
    whose: &Whose,
    filter: &Filter,
    order: SortOrder,
    size: u16,
) -> Vec<String> {
    let (mut ids, mut start) = (Vec::new(), Start::First);
    loop {
        let page =
            certificates::list(&db.storage, &db.keys, whose, filter, order, &start, size).await;
        let page = page.unwrap();
        ids.extend(page.rows.into_iter().filter_map(|one| one.issuance_id));
        match page.next {
            Some(next) => start = Start::After(next),
            None => {
                assert_eq!(page.total.number, ids.len());
                return ids;
            }
        }
    }
}

/// One certificate with everything that it can be found by, and one of a namesake.
async fn two(db: &Database) -> Whose {
    let ana = given::ana(db).await;
    for (id, subject) in [
        (
            "i",
            "CN=María Núñez, serialNumber=IDCES-12345678Z, O=Notaría Güell, \
             organizationIdentifier=VATES-A58818501, C=ES",
        ),
        ("j", "CN=María Núñez, serialNumber=IDCES-00000000T, C=ES"),
    ] {
        let print = THUMBPRINT.replace('A', if id == "i" { "A" } else { "E" });
        let certificate = Certificate {
            holder: "María Núñez".into(),
            subject: subject.to_owned(),
            ..given::certificate(&finalizing(db, id, &ana, id).await, &print)
        };
        given::store(db, &certificate).await.unwrap();
    }
    let keys = db.keys.clone();
    let note = Note {
        note: "Ventanilla dos".to_owned(),
        tags: "sanidad, exp 2024/123".to_owned(),
    };
    let noted = db.storage.write(move |conn| {
        Box::pin(async move {
            let change = (&Note::default(), &note);
            certificates::set_note(conn, &keys, "certificate-i", change).await
        })
    });
    assert_eq!(noted.await, Ok(true));
    Whose::Owner(ana)
}

/// The issuances of the certificates that a text finds.
async fn by_text(db: &Database, keys: &KeyRing, whose: &Whose, text: &str) -> Vec<String> {
    let filter = Filter {
        sought: given::sought(text),
        ..Filter::default()
    };
    let (order, start) = (SortOrder::Holder, Start::First);
    let page = certificates::list(&db.storage, keys, whose, &filter, order, &start, 9).await;
    let rows = page.unwrap().rows.into_iter();
    rows.filter_map(|one| one.issuance_id).collect()
}

async fn i12_a_certificate_is_found_by_all_that_names_it(db: Database) {
    let whose = two(&db).await;
    for text in [
        "12345678Z",
        "12345678",
        "12.345.678-Z",
        "12 345 678 z",
        "A58818501",
        "notaria guell",
        "nuñez ventanilla",
        "2024/123",
        "Sanidad",
        "REFi",
        THUMBPRINT,
        "aaaa aaaa aabb bbbb bbbb cccc cccc ccdd dddd dddd",
        "María Núñez 12345678Z",
    ] {
        assert_eq!(by_text(&db, &db.keys, &whose, text).await, ["i"], "{text}");
    }
    assert_eq!(
        by_text(&db, &db.keys, &whose, "nunez maria").await,
        ["i", "j"]
    );
    for text in ["1234567", "345678Z", "nunez carmen", "A5881850"] {
        let none = by_text(&db, &db.keys, &whose, text).await;
        assert!(none.is_empty(), "{text}: {none:?}");
    }
    let organisation = Filter {
        sought: Sought {
            organisation: "guell".to_owned(),
            ..Sought::default()
        },
        ..Filter::default()
    };
    assert_eq!(
        found(&db, &whose, &organisation, SortOrder::Expiry, 9).await,
        ["i"]
    );
}

async fn i12_no_number_stands_among_the_words_in_the_clear(db: Database) {
    two(&db).await;
    for table in ["certificate_words", "issuance_words"] {
        let sql = format!("SELECT word FROM {table}");
        let words: Vec<Vec<u8>> = sqlx::query_scalar(sqlx::AssertSqlSafe(sql))
            .fetch_all(db.storage.pool())
            .await
            .unwrap();
        assert!(!words.is_empty());
        for word in words {
            let text = String::from_utf8_lossy(&word).to_uppercase();
            for number in ["12345678", "58818501"] {
                assert!(!text.contains(number), "{table}: {text}");
            }
        }
    }
}

async fn i12_numbers_are_found_before_and_after_the_master_key_is_replaced(db: Database) {
    let whose = two(&db).await;
    let new = KeyRing::new([9; 32]);
    let both = Arc::new(KeyRing::new([9; 32]).with_older(MASTER_KEY));
    assert_eq!(by_text(&db, &both, &whose, "12345678Z").await, ["i"]);
    assert!(by_text(&db, &new, &whose, "12345678Z").await.is_empty());
    rotate(&db.storage, &both).await.unwrap();
    assert_eq!(by_text(&db, &new, &whose, "12345678Z").await, ["i"]);
    assert!(by_text(&db, &db.keys, &whose, "12345678Z").await.is_empty());
}

async fn a_list_reads_only_what_it_shows(db: Database) {
    let (whose, filter) = (two(&db).await, Filter::default());
    db.meddle("UPDATE certificates SET renews = 'no thumbprint'")
        .await;
    let (order, start) = (SortOrder::Expiry, Start::First);
    let list = certificates::list(&db.storage, &db.keys, &whose, &filter, order, &start, 9);
    let list = list.await.unwrap();
    assert_eq!((list.rows.len(), list.broken), (2, 0));
    let whole = certificates::export(&db.storage, &db.keys, &whose, &filter, order, &start, 9);
    assert_eq!(whole.await.unwrap().broken, 2);
}

async fn i12_every_list_of_certificates_is_read_by_an_index(db: Database) {
    let owner = two(&db).await;
    let mut plans = Vec::new();
    for whose in [&owner, &Whose::Connection("acme".to_owned())] {
        for order in [SortOrder::Expiry, SortOrder::LastExpiry, SortOrder::Holder] {
            for text in ["", "maria nunez"] {
                let filter = Filter {
                    from: Some(NOW),
                    sought: given::sought(text),
                    ..Filter::default()
                };
                let (storage, keys) = (&db.storage, &db.keys);
                let plan = certificates::list_plan(storage, keys, whose, &filter, order, false);
                plans.push(plan.await.unwrap());
            }
        }
    }
    given::reads_by_index(&db, &plans);
}

on_both_engines!(
    i12_a_certificate_is_found_by_all_that_names_it,
    i12_no_number_stands_among_the_words_in_the_clear,
    i12_numbers_are_found_before_and_after_the_master_key_is_replaced,
    a_list_reads_only_what_it_shows,
    i12_every_list_of_certificates_is_read_by_an_index,
    a_renewal_replaces_its_predecessor,
    expiries_are_counted_and_listed_by_range,
);
