//! Certificates of which somebody shows the file or names the thumbprint.

use rubrica::domain::certificate::{Certificate, Origin, Validity};
use rubrica::domain::holder::Kind;
use rubrica::domain::millis::Millis;
use rubrica::domain::thumbprint::Thumbprint;
use rubrica::storage::certificates::{self, Filter, ShownFile, SortOrder, TakenOver};
use rubrica::storage::mail::people;
use rubrica::storage::{Start, Whose};

use super::given::{self, NOW, THUMBPRINT, finalizing, named};
use crate::support::database::{Database, on_both_engines};

/// The file of a certificate with this SHA-1, whose SHA-256 consists of this digit.
pub(super) fn shown(sha1: &Thumbprint, digit: &str) -> ShownFile {
    ShownFile {
        der: vec![1, 2, 3],
        sha1: sha1.clone(),
        sha256: digit.repeat(64).parse().unwrap(),
        serial: "0A".to_owned(),
        not_before: Millis(NOW.0 - 1000),
        not_after: Millis(NOW.0 + 3000),
        holder: "Ana Núñez".into(),
        subject: "CN=Ana Núñez".to_owned(),
        kind: Kind::Person,
        chain: vec![("C".repeat(64).parse().unwrap(), vec![4, 5])],
    }
}

async fn take(db: &Database, certificate: &Certificate, file: Option<&ShownFile>) -> TakenOver {
    let (certificate, file, keys) = (certificate.clone(), file.cloned(), db.keys.clone());
    db.storage
        .write(move |conn| {
            Box::pin(async move {
                certificates::take_over(conn, &keys, &certificate, file.as_ref()).await
            })
        })
        .await
        .unwrap()
}

async fn stored(db: &Database, thumbprint: &Thumbprint) -> Certificate {
    let found = certificates::by_thumbprint(&db.storage, "acme", thumbprint).await;
    found.unwrap().unwrap()
}

async fn owned(db: &Database, owner: &str, thumbprint: &Thumbprint) -> Option<Certificate> {
    let found = certificates::owned(&db.storage, "acme", owner, [thumbprint; 2]).await;
    found.unwrap()
}

async fn whoever_names_a_thumbprint_keeps_nobody_from_showing_or_renewing_it(db: Database) {
    let (ana, eva) = (
        given::ana(&db).await,
        given::owner(&db, "acme", "eva").await,
    );
    let print: Thumbprint = THUMBPRINT.parse().unwrap();
    let by_eva = |id: &str| named(id, &eva, THUMBPRINT);
    assert_eq!(
        take(&db, &named("a", &ana, THUMBPRINT), None).await,
        TakenOver::New
    );
    assert_eq!(take(&db, &by_eva("e"), None).await, TakenOver::New);
    for (owner, id) in [(&ana, "a"), (&eva, "e")] {
        assert_eq!(owned(&db, owner, &print).await.unwrap().id, id);
        let (whose, filter) = (Whose::Owner(owner.clone()), Filter::default());
        let (order, start) = (SortOrder::Expiry, Start::First);
        let all = certificates::list(&db.storage, &db.keys, &whose, &filter, order, &start, 10);
        let rows = all.await.unwrap().rows;
        assert_eq!(rows.len(), 1);
        assert_eq!(rows[0].thumbprint, print);
    }
    // Redtrust lets Ana renew it: it was hers.
    let renewal = Certificate {
        renews: Some(print.clone()),
        ..given::certificate(&finalizing(&db, "i", &ana, "i").await, &"F".repeat(40))
    };
    given::store(&db, &renewal).await.unwrap();
    assert!(owned(&db, &eva, &print).await.is_none());
    assert!(
        owned(&db, &ana, &print)
            .await
            .unwrap()
            .replaced_by
            .is_some()
    );

    // Eva claims another one, and Ana shows its file.
    let other = "E".repeat(40).parse().unwrap();
    assert_eq!(
        take(&db, &named("c", &eva, &"E".repeat(40)), None).await,
        TakenOver::New
    );
    let by_file = Certificate {
        origin: Origin::File,
        ..named("f", &ana, &"E".repeat(40))
    };
    let file = shown(&other, "D");
    assert_eq!(take(&db, &by_file, Some(&file)).await, TakenOver::New);
    assert!(owned(&db, &eva, &other).await.is_none());
    assert_eq!(
        take(&db, &named("d", &eva, &"E".repeat(40)), None).await,
        TakenOver::Others
    );
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
    assert_eq!(take(&db, &of_eva, None).await, TakenOver::New);
    let here = stored(&db, &bare.thumbprint).await;
    assert_eq!((here.validity, here.kind), (Validity::Unknown, None));
    assert_eq!(certificates::file(&db.storage, &here).await, Ok(vec![]));

    // Nobody could know that this digest is of the same certificate.
    let file = shown(&bare.thumbprint, "B");
    let other_digest = named("s", &ana, file.sha256.as_str());
    assert_eq!(take(&db, &other_digest, None).await, TakenOver::New);
    let owner = ana.clone();
    let silenced = db
        .storage
        .write(move |conn| Box::pin(async move { people::silence(conn, &owner, "s", true).await }));
    assert_eq!(silenced.await, Ok(true));
    let by_file = Certificate {
        origin: Origin::File,
        ..named("f", &ana, THUMBPRINT)
    };
    assert_eq!(take(&db, &by_file, Some(&file)).await, TakenOver::Here);
    let (whose, filter, start) = (Whose::Owner(ana.clone()), Filter::default(), Start::First);
    let order = SortOrder::Expiry;
    let all = certificates::list(&db.storage, &db.keys, &whose, &filter, order, &start, 10).await;
    assert_eq!(all.unwrap().rows.len(), 1);
    let still_silent = people::reminded(&db.storage, &ana).await;
    assert_eq!(still_silent, Ok(vec![("t".to_owned(), people::NEVER)]));
    // Who shows the file has proven more than who named a thumbprint.
    assert_eq!(take(&db, &of_eva, None).await, TakenOver::Others);
    assert!(owned(&db, &eva, &bare.thumbprint).await.is_none());
    for thumbprint in [&file.sha1, &file.sha256] {
        let here = stored(&db, thumbprint).await;
        assert_eq!(
            (here.id.as_str(), here.holder.in_full()),
            ("t", "Ana Núñez")
        );
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
        given::store(&db, &issued).await.unwrap();
        let here = stored(&db, &thumbprint.parse().unwrap()).await;
        assert_eq!(
            (here.owner_id.as_str(), here.origin),
            (ana.as_str(), Origin::Issued)
        );
        assert_eq!(here.issuance_id, issued.issuance_id);
        assert!(here.proven && here.validity.is_estimated());
    }
}

async fn what_was_taken_over_is_erased_when_it_is_old_enough(db: Database) {
    let ana = given::ana(&db).await;
    let bare = named("t", &ana, THUMBPRINT);
    let file = shown(&bare.thumbprint, "B");
    assert_eq!(take(&db, &bare, Some(&file)).await, TakenOver::New);
    let erase = async |before: i64| {
        let (before, keys) = (Millis(NOW.0 + before), db.keys.clone());
        let erased = db.storage.write(move |conn| {
            Box::pin(
                async move { certificates::erase_taken_over(conn, &keys, before, NOW, 10).await },
            )
        });
        erased.await.unwrap()
    };
    assert_eq!((erase(3000).await, erase(3001).await), (0, 1));
    assert_eq!(erase(9000).await, 0);
    let here = stored(&db, &bare.thumbprint).await;
    assert_eq!(
        (here.holder.in_full(), here.subject.as_str()),
        (THUMBPRINT, "")
    );
    assert_eq!(certificates::file(&db.storage, &here).await, Ok(vec![]));
}

on_both_engines!(
    whoever_names_a_thumbprint_keeps_nobody_from_showing_or_renewing_it,
    one_that_was_taken_over_is_here_once_whatever_names_it,
    redtrusts_word_counts_more_than_who_took_it_over,
    what_was_taken_over_is_erased_when_it_is_old_enough,
);
