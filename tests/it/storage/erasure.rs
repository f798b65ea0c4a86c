//! Erasing what is personal, batch by batch.

use rubrica::domain::issuance::{Event, State};
use rubrica::domain::millis::Millis;
use rubrica::storage::certificates;
use rubrica::storage::issuances::{self, Change, Erased, Filter, SortOrder, erase_some};
use rubrica::storage::{Start, Whose};

use super::given::{self, NOW};
use crate::support::database::{Database, on_both_engines};

async fn erase(db: &Database, ended_before: i64, most: u16) -> Erased {
    let (before, now) = (Millis(NOW.0 + ended_before), Millis(NOW.0 + 99_000));
    let keys = db.keys.clone();
    db.storage
        .write(move |conn| {
            Box::pin(async move { erase_some(conn, &keys, before, now, most).await })
        })
        .await
        .unwrap()
}

fn only(issuances: u64, drafts: u64) -> Erased {
    Erased {
        issuances,
        drafts,
        taken_over: 0,
    }
}

/// One of each: a draft, a discarded draft, a refused one, one under way, and one that led
/// to a certificate.
async fn five(db: &Database) {
    let ana = given::ana(db).await;
    given::draft(db, "draft", &ana, "Ana Núñez").await;
    given::draft(db, "thrown", &ana, "Ana Núñez").await;
    given::step(db, "thrown", Event::Abandoned, Change::default())
        .await
        .unwrap();
    given::draft(db, "refused", &ana, "Ana Núñez").await;
    for (event, change) in [
        (Event::CreateIntended, given::submit("Ana Núñez")),
        (Event::Refused, Change::default()),
    ] {
        assert_eq!(given::step(db, "refused", event, change).await, Ok(true));
    }
    given::finalizing(db, "working", &ana, "code-1").await;
    let done = given::finalizing(db, "done", &ana, "code-2").await;
    let issued = Change {
        thumbprint: Some(given::THUMBPRINT.parse().unwrap()),
        csr: Some("a request".to_owned()),
        ..Change::default()
    };
    assert_eq!(
        given::step(db, "done", Event::Issued, issued).await,
        Ok(true)
    );
    let certificate = given::certificate(&done, given::THUMBPRINT);
    given::store(db, &certificate).await.unwrap();
}

async fn i22_only_what_has_ended_is_erased_and_facts_stay(db: Database) {
    five(&db).await;
    assert_eq!(erase(&db, 0, 50).await, Erased::default());
    // The certificate is valid for a thousand milliseconds.
    let (issuances, drafts) = (2, 1);
    assert_eq!(erase(&db, 1000, 50).await, only(issuances, drafts));
    assert_eq!(given::read(&db, "done").await.erased_at, None);
    let (issuances, drafts) = (1, 0);
    assert_eq!(erase(&db, 1001, 50).await, only(issuances, drafts));
    assert_eq!(erase(&db, 90_000, 50).await, Erased::default());
    assert!(
        issuances::by_id(&db.storage, "draft")
            .await
            .unwrap()
            .is_none()
    );
    assert_eq!(given::read(&db, "working").await.holder, "Ana");
    for (id, state) in [
        ("thrown", State::Abandoned),
        ("refused", State::Refused),
        ("done", State::Issued),
    ] {
        let erased = given::read(&db, id).await;
        assert_eq!(
            (erased.state, erased.holder),
            (state, format!("REF{id}").into())
        );
        assert_eq!(erased.erased_at, Some(Millis(NOW.0 + 99_000)));
        assert!(erased.order.is_none() && erased.csr.is_none());
        assert_eq!(erased.updated_at, NOW);
    }
    let done = given::read(&db, "done").await;
    assert_eq!(done.request_code.as_deref(), Some("code-2"));
    let thumbprint = done.thumbprint.unwrap();
    let kept = certificates::by_thumbprint(&db.storage, "acme", &thumbprint).await;
    let kept = kept.unwrap().unwrap();
    assert_eq!(
        (kept.holder.in_full(), kept.subject.as_str()),
        ("REFdone", "")
    );
    assert_eq!(
        (kept.issued_at, kept.not_after()),
        (NOW, Millis(NOW.0 + 1000))
    );
}

async fn i22_what_is_not_known_has_not_ended_whatever_certificate_was_shown(db: Database) {
    let ana = given::ana(&db).await;
    let asked = given::finalizing(&db, "asked", &ana, "code-1").await;
    let unknown = given::step(&db, "asked", Event::OutcomeUnknown, Change::default()).await;
    assert_eq!(unknown, Ok(true));
    let certificate = given::certificate(&asked, given::THUMBPRINT);
    given::store(&db, &certificate).await.unwrap();
    assert_eq!(erase(&db, 90_000, 50).await, Erased::default());
    assert_eq!(given::read(&db, "asked").await.holder, "Ana");
}

async fn i22_what_is_erased_is_found_by_its_reference_and_no_longer_by_name(db: Database) {
    five(&db).await;
    let word = async |text: &str| {
        let filter = Filter {
            sought: given::sought(text),
            ..Filter::default()
        };
        let found = issuances::list(
            &db.storage,
            &db.keys,
            &Whose::Owner("owner-ana".to_owned()),
            &filter,
            SortOrder::Newest,
            &Start::First,
            9,
        )
        .await;
        let rows = found.unwrap().rows;
        rows.into_iter().map(|row| row.id).collect::<Vec<_>>()
    };
    assert_eq!(word("nunez").await, ["refused"]);
    erase(&db, 5000, 50).await;
    assert!(word("nunez").await.is_empty());
    assert_eq!(word("refrefused").await, ["refused"]);
}

async fn i22_batches_that_were_interrupted_leave_the_rest_to_the_next(db: Database) {
    let ana = given::ana(&db).await;
    for number in 0..7 {
        let (draft, thrown) = (format!("d{number}"), format!("t{number}"));
        given::draft(&db, &draft, &ana, "Ana").await;
        given::draft(&db, &thrown, &ana, "Ana").await;
        given::step(&db, &thrown, Event::Abandoned, Change::default())
            .await
            .unwrap();
    }
    // As if the process had been killed before the commit.
    let keys = db.keys.clone();
    let cut = db.storage.write(move |conn| {
        Box::pin(async move {
            erase_some(conn, &keys, Millis(NOW.0 + 1), NOW, 3).await?;
            Err::<(), _>(rubrica::storage::StorageError::Busy)
        })
    });
    assert!(cut.await.is_err());
    let mut all = Erased::default();
    for (issuances, drafts) in [(3, 3), (3, 3), (1, 1), (0, 0)] {
        let some = erase(&db, 1, 3).await;
        assert_eq!(some, only(issuances, drafts));
        all.issuances += some.issuances;
        all.drafts += some.drafts;
    }
    assert_eq!((all.issuances, all.drafts), (7, 7));
}

on_both_engines!(
    i22_only_what_has_ended_is_erased_and_facts_stay,
    i22_what_is_not_known_has_not_ended_whatever_certificate_was_shown,
    i22_what_is_erased_is_found_by_its_reference_and_no_longer_by_name,
    i22_batches_that_were_interrupted_leave_the_rest_to_the_next,
);
