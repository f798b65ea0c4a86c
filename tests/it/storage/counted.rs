//! Many certificates: how many of them end when, and how many of those can be renewed.

use rubrica::domain::holder::Kind;
use rubrica::domain::millis::Millis;
use rubrica::storage::Start;
use rubrica::storage::certificates::{self, Filter, Kinds, SortOrder};

use super::frequent::{filled, whose_id};
use super::given::NOW;
use crate::support::database::{Database, on_both_engines};

async fn those_that_can_be_renewed_are_counted(db: Database) {
    let whose = filled(&db).await;
    let soon = Millis(NOW.0 + 1)..Millis(NOW.0 + 30 * 86_400_000);
    let count = async |kinds| {
        let (storage, owner) = (&db.storage, whose_id(&whose));
        let ranges = std::slice::from_ref(&soon);
        certificates::count_expiring(storage, owner, kinds, ranges).await
    };
    let (seals, others) = (Kinds::Only(Kind::Seal), Kinds::AllBut(Kind::Seal));
    assert_eq!(count(others).await.unwrap(), [29]);
    for (change, of_seals, of_others) in [
        ("kind = 'seal' WHERE id = 'many-00007'", 1, 28),
        ("kind = NULL WHERE id = 'many-00008'", 1, 28),
        ("kind = 'seal' WHERE id = 'many-00008'", 2, 27),
        ("kind = 'person' WHERE kind = 'seal'", 0, 29),
    ] {
        db.meddle(&format!("UPDATE certificates SET {change}"))
            .await;
        assert_eq!(count(seals).await.unwrap(), [of_seals], "{change}");
        assert_eq!(count(others).await.unwrap(), [of_others], "{change}");
        let (storage, keys) = (&db.storage, &db.keys);
        let (order, start) = (SortOrder::Expiry, Start::First);
        let filter = Filter {
            kind: Some(Kind::Seal),
            to: Some(soon.end),
            ..Filter::default()
        };
        let page = certificates::list(storage, keys, &whose, &filter, order, &start, 20).await;
        let page = page.unwrap();
        assert_eq!(page.rows.len(), page.total.number, "{change}");
        assert_eq!(
            i64::try_from(page.total.number).unwrap(),
            of_seals,
            "{change}"
        );
    }
}

/// What triggers count is what is there.
async fn i12_those_of_each_day_are_counted_whatever_happens_to_them(db: Database) {
    let whose = filled(&db).await;
    let end = Millis(i64::MAX);
    let at = |days: i64, hours: i64| Millis(NOW.0 + 86_400_000 * days + 3_600_000 * hours);
    let ranges = [
        Millis(i64::MIN)..at(0, 0),
        at(0, 1)..at(0, 2),
        at(0, 0)..at(0, 1),
        at(3, -1)..at(5, 1),
        at(10, 5)..at(400, 0),
        at(1_000, 0)..end,
    ];
    for (change, wanted, all) in [
        ("", [0, 0, 1, 3, 389, 40], 1040),
        (
            "UPDATE certificates SET replaced_by = 'AB' WHERE id = 'many-00004'",
            [0, 0, 1, 2, 389, 40],
            1039,
        ),
        (
            "UPDATE certificates SET not_after = not_after - 2592000000 WHERE id = 'many-00020'",
            [1, 0, 1, 2, 388, 40],
            1039,
        ),
        (
            "UPDATE certificates SET replaced_by = NULL WHERE id = 'many-00004'",
            [1, 0, 1, 3, 388, 40],
            1040,
        ),
        (
            "UPDATE certificates SET holder = 'X' WHERE id = 'many-00004'",
            [1, 0, 1, 3, 388, 40],
            1040,
        ),
        (
            "DELETE FROM certificates WHERE id >= 'many-01010'",
            [1, 0, 1, 3, 388, 10],
            1010,
        ),
    ] {
        if !change.is_empty() {
            db.meddle(change).await;
        }
        let counts =
            certificates::count_expiring(&db.storage, whose_id(&whose), Kinds::All, &ranges).await;
        assert_eq!(counts.unwrap(), wanted, "{change}");
        let (storage, keys, filter) = (&db.storage, &db.keys, Filter::default());
        let (order, start) = (SortOrder::Expiry, Start::First);
        let page = certificates::list(storage, keys, &whose, &filter, order, &start, 20).await;
        assert_eq!(page.unwrap().total.number, all, "{change}");
    }
}

on_both_engines!(
    those_that_can_be_renewed_are_counted,
    i12_those_of_each_day_are_counted_whatever_happens_to_them,
);
