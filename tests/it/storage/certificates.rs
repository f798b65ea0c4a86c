//! Certificates, and the chain of renewals.

use rubrica::domain::certificate::{Certificate, Validity};
use rubrica::domain::millis::Millis;
use rubrica::storage::StorageError;
use rubrica::storage::certificates;

use super::given::{self, NOW, THUMBPRINT, finalizing};
use crate::support::database::{Database, on_both_engines};

async fn a_renewal_replaces_its_predecessor(db: Database) {
    let ana = given::ana(&db).await;
    let first = given::certificate(&finalizing(&db, "i", &ana, "a").await, THUMBPRINT);
    let other = THUMBPRINT.replace('A', "E");
    let second = Certificate {
        renews: Some(first.thumbprint.clone()),
        validity: Validity::Estimated(Millis(NOW.0 + 2000)),
        ..given::certificate(&finalizing(&db, "j", &ana, "b").await, &other)
    };
    let insert = |certificate: Certificate| {
        db.storage.write(move |conn| {
            Box::pin(async move { certificates::insert(conn, &certificate).await })
        })
    };
    insert(first.clone()).await.unwrap();
    let taken = Certificate {
        id: "twin".to_owned(),
        ..first.clone()
    };
    assert!(matches!(insert(taken).await, Err(StorageError::Conflict)));
    insert(second.clone()).await.unwrap();
    let current = certificates::current(&db.storage, &ana, None, 10)
        .await
        .unwrap()
        .rows;
    assert_eq!(current.len(), 1);
    assert_eq!(current[0].thumbprint, second.thumbprint);
    let of_all = certificates::current_of_connection(&db.storage, "acme", None, 10).await;
    let of_all = of_all.unwrap().rows;
    assert_eq!(of_all.len(), 1);
    assert_eq!(of_all[0].thumbprint, second.thumbprint);
    let elsewhere = certificates::current_of_connection(&db.storage, "other", None, 10).await;
    assert!(elsewhere.unwrap().rows.is_empty());
    let old = certificates::by_thumbprint(&db.storage, "acme", &first.thumbprint).await;
    assert_eq!(
        old.unwrap().unwrap().replaced_by,
        Some(second.thumbprint.clone())
    );
    let for_holder = async |now: i64| {
        let now = Millis(NOW.0 + now);
        certificates::for_holder(&db.storage, &ana, "Ana", now)
            .await
            .unwrap()
            .len()
    };
    assert_eq!((for_holder(0).await, for_holder(2000).await), (1, 0));
    let id = second.id.clone();
    db.storage
        .write(move |conn| {
            Box::pin(async move {
                certificates::set_exact_validity(conn, &id, Millis(NOW.0 + 3000)).await
            })
        })
        .await
        .unwrap();
    assert_eq!(for_holder(2000).await, 1);
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
        db.storage
            .write(move |conn| {
                Box::pin(async move { certificates::insert(conn, &certificate).await })
            })
            .await
            .unwrap();
    }
    let at = |millis: i64| Millis(NOW.0 + millis);
    let ranges = [
        at(0)..at(30),
        at(30)..Millis(i64::MAX),
        Millis(i64::MIN)..at(0),
    ];
    let counts = certificates::count_expiring(&db.storage, &ana, &ranges, 100).await;
    assert_eq!(counts.unwrap(), [3, 1, 0]);
    let bounded = certificates::count_expiring(&db.storage, &ana, &ranges, 2).await;
    assert_eq!(bounded.unwrap(), [2, 1, 0]);
    let others = certificates::count_expiring(&db.storage, "nobody", &ranges, 100).await;
    assert_eq!(others.unwrap(), [0, 0, 0]);
    let first = certificates::expiring(&db.storage, &ana, at(10)..at(40), 2).await;
    let first: Vec<_> = first
        .unwrap()
        .into_iter()
        .map(|one| one.issuance_id)
        .collect();
    assert_eq!(first, ["i1", "i2"]);
    let (mut ids, mut after) = (Vec::new(), None);
    loop {
        let page = certificates::current(&db.storage, &ana, after, 3).await;
        let page = page.unwrap();
        ids.extend(page.rows.into_iter().map(|one| one.issuance_id));
        let Some(next) = page.next else { break };
        assert_eq!(ids.len(), 3);
        after = Some(next);
    }
    assert_eq!(ids, ["i0", "i1", "i2", "i3"]);
    let of = certificates::of_issuance(&db.storage, "i3").await.unwrap();
    assert_eq!(of.unwrap().not_after(), at(30));
    let none = certificates::of_issuance(&db.storage, "missing").await;
    assert!(none.unwrap().is_none());
}

on_both_engines!(
    a_renewal_replaces_its_predecessor,
    expiries_are_counted_and_listed_by_range,
);
