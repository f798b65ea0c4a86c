//! Renewals: whose, when, and once.

use std::time::Duration;

use rubrica::domain::issuance::State;
use rubrica::domain::thumbprint::Thumbprint;
use rubrica::services::ids;
use rubrica::services::issue::{self, Saved, Step, Submitted};
use rubrica::services::renew::{Obstacle, Renewal, begin_renewal};
use rubrica::storage::certificates;

use super::given::{FINALIZED, Given, signed_in};
use crate::support::database::{Database, on_both_engines};
use crate::support::raw_server::Reply;

const RENEWED: &str =
    r#"{"idCertificate":8,"thumbprint":"CDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCD"}"#;

fn old() -> Thumbprint {
    "AB".repeat(20).parse().unwrap()
}

/// A certificate of Ana's.
async fn issued(db: Database) -> Given {
    let script = vec![
        Reply::success(r#"{"requestCode":"r-1"}"#),
        Reply::success(FINALIZED),
        Reply::success(r#"{"requestCode":"r-2"}"#),
        Reply::success(RENEWED),
    ];
    let given = Given::redtrust(db, script).await;
    let id = given.draft().await;
    given.submit(&id).await;
    assert_eq!(given.state(&id).await, State::Issued);
    given
}

async fn begun(given: &Given) -> Renewal {
    let id = ids::new_id();
    let begun = begin_renewal(&given.portal, &given.ana, &old(), &id).await;
    begun.unwrap()
}

async fn says_changed(given: &Given, id: &str, word: &str) {
    let draft = issue::load(&given.portal, &given.ana, id)
        .await
        .unwrap()
        .unwrap();
    let mut answers = draft.answers;
    answers.data_changed = word.into();
    let seen = draft.issuance.attempt;
    let saved = issue::save_answers(&given.portal, &given.ana, id, seen, &answers).await;
    assert!(matches!(saved.unwrap(), Saved::Saved { .. }));
}

async fn a_renewal_replaces_the_certificate_with_the_same_name(db: Database) {
    let given = issued(db).await;
    let Renewal::Draft(id) = begun(&given).await else {
        panic!("no draft")
    };
    assert_eq!(begun(&given).await, Renewal::UnderWay(id.clone()));
    assert_eq!(
        given.submit(&id).await,
        Submitted::Incomplete(Step::Changed)
    );
    says_changed(&given, &id, "yes").await;
    assert_eq!(
        given.submit(&id).await,
        Submitted::Incomplete(Step::Changed)
    );
    says_changed(&given, &id, "no").await;
    assert_eq!(given.submit(&id).await, Submitted::Submitted(id.clone()));
    assert_eq!(given.state(&id).await, State::Issued);
    let requests = given.redtrust.requests();
    let sent = requests.get(2).unwrap();
    assert!(
        sent.contains(&format!(r#""thumbprintToRenew":"{}""#, old())),
        "{sent}"
    );
    assert!(sent.contains("Ana Núñez"), "{sent}");
    let connection_id = &given.connection.id;
    let replaced = certificates::by_thumbprint(&given.portal.storage, connection_id, &old()).await;
    let by: Thumbprint = "CD".repeat(20).parse().unwrap();
    assert_eq!(replaced.unwrap().unwrap().replaced_by, Some(by.clone()));
    let again = begun(&given).await;
    assert_eq!(again, Renewal::Blocked(Obstacle::Replaced(by)));
}

async fn what_is_not_ones_own_is_as_good_as_missing(db: Database) {
    let given = issued(db).await;
    let bea = signed_in(&given.portal, &given.connection, "bea").await;
    let id = ids::new_id();
    let theirs = begin_renewal(&given.portal, &bea, &old(), &id).await;
    assert_eq!(theirs, Ok(Renewal::Missing));
}

async fn a_certificate_that_expires_meanwhile_is_not_renewed(db: Database) {
    let given = issued(db).await;
    let Renewal::Draft(id) = begun(&given).await else {
        panic!("no draft")
    };
    says_changed(&given, &id, "no").await;
    given.advance(Duration::from_secs(731 * 24 * 3600));
    let refused = Submitted::NotRenewable(Obstacle::Expired);
    assert_eq!(given.submit(&id).await, refused);
    assert_eq!(given.calls().len(), 2);
}

on_both_engines!(
    a_renewal_replaces_the_certificate_with_the_same_name,
    what_is_not_ones_own_is_as_good_as_missing,
    a_certificate_that_expires_meanwhile_is_not_renewed,
);
