//! A request whose outcome is not known, and files that may settle it: on both
//! engines, since a refusal of the database decides one of the answers.

use data_encoding::BASE64;
use rubrica::domain::issuance::{Cause, Event, ServerMessage, State};
use rubrica::services::uploads::{Settled, UploadProblem, settle};
use rubrica::storage::certificates;
use rubrica::storage::issuances::{Change, transition};
use serde_json::Value;

use super::given::Given;
use crate::support::database::{Database, on_both_engines};
use crate::support::redtrust::asked;

/// A file of `tests/vectors/make_certificates.sh`, and its first certificate
/// as openssl sees it.
fn vector(name: &str) -> (Vec<u8>, Value) {
    let all: Vec<Value> =
        serde_json::from_str(include_str!("../../vectors/certificates.json")).unwrap();
    let case = all.iter().find(|case| case["name"] == name).unwrap();
    let file = BASE64.decode(case["base64"].as_str().unwrap().as_bytes());
    (file.unwrap(), case["certificates"][0].clone())
}

/// A request that waits for an answer to finalize, with this key in its CSR.
async fn unknown(given: &Given, code: &str, key: &Value) -> String {
    let lost = (Event::OutcomeUnknown, Change::default());
    finalized(given, code, key, lost).await
}

/// A request whose finalize ended in this event.
async fn finalized(given: &Given, code: &str, key: &Value, ended: (Event, Change)) -> String {
    let id = given.draft().await;
    let submitted = Change {
        order: Some(asked()),
        ..Change::default()
    };
    let created = Change {
        request_code: Some(code.to_owned()),
        csr_key: Some(key.as_str().unwrap().to_owned()),
        ..Change::default()
    };
    for (event, change) in [
        (Event::CreateIntended, submitted),
        (Event::KeyCreated, created),
        (Event::FinalizeIntended, Change::default()),
        ended,
    ] {
        let (before, now) = (given.read(&id).await, given.portal.clock.now());
        let keys = given.portal.keys.clone();
        let moved = given.portal.storage.write(move |conn| {
            Box::pin(async move { transition(conn, &keys, &before, event, &change, now).await })
        });
        assert!(moved.await.unwrap());
    }
    id
}

async fn the_certificate_of_one_request_settles_no_other(db: Database) {
    let given = Given::redtrust(db, Vec::new()).await;
    let (file, seen) = vector("pem");
    let (one, two) = (
        unknown(&given, "r-1", &seen["key"]).await,
        unknown(&given, "r-2", &seen["key"]).await,
    );
    let (portal, ana) = (&given.portal, &given.ana);
    let shown = settle(portal, ana, &one, Some(&file)).await.unwrap();
    assert_eq!(shown, Settled::Shown);
    let kept = given.read(&one).await;
    assert_eq!(
        (kept.state, kept.cause),
        (State::Unknown, Some(Cause::ShownByOwner))
    );
    let thumbprint = kept.thumbprint.unwrap();
    assert_eq!(thumbprint.as_str(), seen["sha1"].as_str().unwrap());
    let before = given.read(&two).await;
    let taken = settle(portal, ana, &two, Some(&file)).await.unwrap();
    assert!(matches!(taken, Settled::Wrong(UploadProblem::Taken(_))));
    let after = given.read(&two).await;
    assert_eq!(
        (after.state, after.version),
        (State::Unknown, before.version)
    );
    let again = settle(portal, ana, &one, Some(&file)).await.unwrap();
    assert_eq!(again, Settled::Shown);
    assert_eq!(given.calls(), Vec::<String>::new());
}

async fn a_certificate_is_called_as_its_server_calls_others(db: Database) {
    let given = Given::redtrust(db, Vec::new()).await;
    let (storage, at) = (&given.portal.storage, &given.connection.id);
    assert_eq!(certificates::any_thumbprint(storage, at).await, Ok(None));
    let (file, seen) = vector("pem");
    let one = unknown(&given, "r-1", &seen["key"]).await;
    settle(&given.portal, &given.ana, &one, Some(&file))
        .await
        .unwrap();
    let sha256 = seen["sha256"].as_str().unwrap().parse().unwrap();
    let sha1 = seen["sha1"].as_str().unwrap().parse().unwrap();
    // What its owner shows says nothing about the server.
    assert_eq!(certificates::any_thumbprint(storage, at).await, Ok(None));
    for called in [[&sha1, &sha256], [&sha256, &sha1]] {
        let found = certificates::owned(storage, at, &given.ana.owner_id, called).await;
        assert_eq!(found.unwrap().unwrap().thumbprint, sha1);
    }
    // From here on the server calls its certificates by the longer digest.
    let longer = seen["sha256"].as_str().unwrap().to_owned();
    storage
        .write(move |conn| {
            Box::pin(async move {
                sqlx::query("UPDATE certificates SET thumbprint = $1, certificate_id = 'c-1'")
                    .bind(longer)
                    .execute(conn)
                    .await?;
                Ok(())
            })
        })
        .await
        .unwrap();
    let (file, seen) = vector("ec_der");
    let two = unknown(&given, "r-2", &seen["key"]).await;
    settle(&given.portal, &given.ana, &two, Some(&file))
        .await
        .unwrap();
    let called = given.read(&two).await.thumbprint.unwrap();
    assert_eq!(called.as_str(), seen["sha256"].as_str().unwrap());
}

async fn a_request_that_was_refused_at_finalize_is_settled_too(db: Database) {
    let given = Given::redtrust(db, Vec::new()).await;
    let (file, seen) = vector("pem");
    let refused = Change {
        cause: Some(Cause::Rejected),
        error: Some(ServerMessage {
            code: "INVALID_PARAM".into(),
            text: "no".into(),
        }),
        ..Change::default()
    };
    for (ended, settled) in [
        ((Event::TurnedBack, refused), Settled::Shown),
        // Nothing was asked for, so there can be no certificate.
        ((Event::NothingSent, Change::default()), Settled::NotNow),
    ] {
        let code = format!("r-{}", ended.0);
        let id = finalized(&given, &code, &seen["key"], ended).await;
        assert_eq!(given.read(&id).await.state, State::KeyCreated);
        let done = settle(&given.portal, &given.ana, &id, Some(&file)).await;
        assert_eq!(done.unwrap(), settled);
        let state = match settled {
            Settled::Shown => State::Unknown,
            _ => State::KeyCreated,
        };
        assert_eq!(given.read(&id).await.state, state);
    }
    assert_eq!(given.calls(), Vec::<String>::new());
}

on_both_engines!(
    a_request_that_was_refused_at_finalize_is_settled_too,
    the_certificate_of_one_request_settles_no_other,
    a_certificate_is_called_as_its_server_calls_others,
);
