//! Certificates, and the chain of renewals.

use rubrica::domain::certificate::{Certificate, Origin, Validity};
use rubrica::domain::holder::Kind;
use rubrica::domain::millis::Millis;
use rubrica::domain::thumbprint::Thumbprint;
use rubrica::storage::StorageError;
use rubrica::storage::certificates::{self, ShownFile, TakenOver};

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
    let file = shown(&second.thumbprint, "B");
    show(&db, &second, &file).await.unwrap();
    assert_eq!(for_holder(2000).await, 1);
}

/// The file of a certificate with this SHA-1, whose SHA-256 consists of this digit.
fn shown(sha1: &Thumbprint, digit: &str) -> ShownFile {
    ShownFile {
        der: vec![1, 2, 3],
        sha1: sha1.clone(),
        sha256: digit.repeat(64).parse().unwrap(),
        serial: "0A".to_owned(),
        not_before: Millis(NOW.0 - 1000),
        not_after: Millis(NOW.0 + 3000),
        holder: "Ana Núñez".to_owned(),
        subject: "CN=Ana Núñez".to_owned(),
        kind: Kind::Person,
        chain: vec![("C".repeat(64).parse().unwrap(), vec![4, 5])],
    }
}

async fn show(
    db: &Database,
    certificate: &Certificate,
    file: &ShownFile,
) -> Result<(), StorageError> {
    let (certificate, file) = (certificate.clone(), file.clone());
    db.storage
        .write(move |conn| {
            Box::pin(async move { certificates::show_file(conn, &certificate, &file).await })
        })
        .await
}

/// A certificate of which only the thumbprint is known.
fn named(id: &str, owner: &str, thumbprint: &str) -> Certificate {
    Certificate {
        id: id.to_owned(),
        connection_id: "acme".to_owned(),
        owner_id: owner.to_owned(),
        issuance_id: None,
        origin: Origin::Thumbprint,
        recorded_at: NOW,
        certificate_id: None,
        thumbprint: thumbprint.parse().unwrap(),
        file: None,
        holder: "not known".to_owned(),
        subject: String::new(),
        kind: None,
        renews: None,
        replaced_by: None,
        issued_at: NOW,
        validity: Validity::Unknown,
        proven: false,
    }
}

async fn take(db: &Database, certificate: &Certificate, file: Option<&ShownFile>) -> TakenOver {
    let (certificate, file) = (certificate.clone(), file.cloned());
    db.storage
        .write(move |conn| {
            Box::pin(
                async move { certificates::take_over(conn, &certificate, file.as_ref()).await },
            )
        })
        .await
        .unwrap()
}

async fn stored(db: &Database, thumbprint: &Thumbprint) -> Certificate {
    let found = certificates::by_thumbprint(&db.storage, "acme", thumbprint).await;
    found.unwrap().unwrap()
}

async fn one_that_was_taken_over_is_here_once_whatever_names_it(db: Database) {
    let (ana, eva) = (
        given::ana(&db).await,
        given::owner(&db, "acme", "eva").await,
    );
    let bare = named("t", &ana, THUMBPRINT);
    assert_eq!(take(&db, &bare, None).await, TakenOver::New);
    assert_eq!(take(&db, &bare, None).await, TakenOver::Here);
    let of_eva = named("e", &eva, THUMBPRINT);
    assert_eq!(take(&db, &of_eva, None).await, TakenOver::Others);
    let here = stored(&db, &bare.thumbprint).await;
    assert_eq!((here.validity, here.kind), (Validity::Unknown, None));
    assert_eq!(certificates::file(&db.storage, &here).await, Ok(vec![]));

    // Nobody could know that this digest is of the same certificate.
    let file = shown(&bare.thumbprint, "B");
    let other_digest = named("s", &ana, file.sha256.as_str());
    assert_eq!(take(&db, &other_digest, None).await, TakenOver::New);
    let by_file = Certificate {
        origin: Origin::File,
        ..named("f", &ana, THUMBPRINT)
    };
    assert_eq!(take(&db, &by_file, Some(&file)).await, TakenOver::Here);
    let all = certificates::current(&db.storage, &ana, None, 10).await;
    assert_eq!(all.unwrap().rows.len(), 1);
    for thumbprint in [&file.sha1, &file.sha256] {
        let here = stored(&db, thumbprint).await;
        assert_eq!((here.id.as_str(), here.holder.as_str()), ("t", "Ana Núñez"));
        assert_eq!(here.validity, Validity::Exact(file.not_after));
        assert_eq!(here.kind, Some(Kind::Person));
        assert!(here.file.is_some_and(|file| file.is_kept));
    }
    let kept = certificates::file(&db.storage, &here).await.unwrap();
    assert_eq!(kept, [vec![1, 2, 3], vec![4, 5]]);
}

async fn redtrusts_word_counts_more_than_who_took_it_over(db: Database) {
    let (ana, eva) = (
        given::ana(&db).await,
        given::owner(&db, "acme", "eva").await,
    );
    let own = named("t", &ana, THUMBPRINT);
    let other = THUMBPRINT.replace('A', "E");
    assert_eq!(take(&db, &own, None).await, TakenOver::New);
    assert_eq!(
        take(&db, &named("e", &eva, &other), None).await,
        TakenOver::New
    );
    for (id, thumbprint) in [("i", THUMBPRINT), ("j", other.as_str())] {
        let issued = given::certificate(&finalizing(&db, id, &ana, id).await, thumbprint);
        let expected = issued.issuance_id.clone();
        let insert = db
            .storage
            .write(move |conn| Box::pin(async move { certificates::insert(conn, &issued).await }));
        insert.await.unwrap();
        let here = stored(&db, &thumbprint.parse().unwrap()).await;
        assert_eq!(
            (here.owner_id.as_str(), here.origin),
            (ana.as_str(), Origin::Issued)
        );
        assert_eq!(here.issuance_id, expected);
        assert!(here.proven && here.validity.is_estimated());
    }
}

async fn what_was_taken_over_is_erased_when_it_is_old_enough(db: Database) {
    let ana = given::ana(&db).await;
    let bare = named("t", &ana, THUMBPRINT);
    let file = shown(&bare.thumbprint, "B");
    assert_eq!(take(&db, &bare, Some(&file)).await, TakenOver::New);
    let erase = async |before: i64| {
        let before = Millis(NOW.0 + before);
        let erased = db.storage.write(move |conn| {
            Box::pin(async move { certificates::erase_taken_over(conn, before, NOW, 10).await })
        });
        erased.await.unwrap()
    };
    assert_eq!((erase(3000).await, erase(3001).await), (0, 1));
    assert_eq!(erase(9000).await, 0);
    let here = stored(&db, &bare.thumbprint).await;
    assert_eq!(
        (here.holder.as_str(), here.subject.as_str()),
        (THUMBPRINT, "")
    );
    assert_eq!(certificates::file(&db.storage, &here).await, Ok(vec![]));
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
        .filter_map(|one| one.issuance_id)
        .collect();
    assert_eq!(first, ["i1", "i2"]);
    let (mut ids, mut after) = (Vec::new(), None);
    loop {
        let page = certificates::current(&db.storage, &ana, after, 3).await;
        let page = page.unwrap();
        ids.extend(page.rows.into_iter().filter_map(|one| one.issuance_id));
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
    one_that_was_taken_over_is_here_once_whatever_names_it,
    redtrusts_word_counts_more_than_who_took_it_over,
    what_was_taken_over_is_erased_when_it_is_old_enough,
);
