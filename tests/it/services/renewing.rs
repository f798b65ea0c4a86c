//! Renewals: whose, when, and once.

use std::time::Duration;

use rubrica::domain::certificate::Obstacle;
use rubrica::domain::issuance::State;
use rubrica::domain::thumbprint::Thumbprint;
use rubrica::services::certificates::own_certificate;
use rubrica::services::ids;
use rubrica::services::issue::{NotReady, Submitted};
use rubrica::services::renew::{BeginFrom, Begun, begin};
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

async fn begun(given: &Given) -> Begun {
    let found = own_certificate(&given.portal, &given.ana, &old()).await;
    let certificate = found.unwrap().unwrap();
    let from = BeginFrom::Renewal(&certificate);
    let begun = begin(&given.portal, &given.ana, from, &ids::new_id()).await;
    begun.unwrap()
}

/// The id of a renewal that has just begun.
async fn renewal(given: &Given) -> String {
    match begun(given).await {
        Begun::Draft(draft) => draft.issuance.id,
        other => panic!("{other:?}"),
    }
}

async fn a_renewal_replaces_the_certificate_with_the_same_name(db: Database) {
    let given = issued(db).await;
    let id = renewal(&given).await;
    let draft = given.read(&id).await;
    assert_eq!((draft.version, draft.renews), (1, Some(old())));
    let Begun::UnderWay(open) = begun(&given).await else {
        panic!("begun twice")
    };
    assert_eq!(open.id, id);
    assert_eq!(given.submit(&id).await, Submitted::Submitted);
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
    let Begun::Blocked(obstacle) = begun(&given).await else {
        panic!("begun again")
    };
    assert_eq!(obstacle, Obstacle::Replaced(by));
}

async fn what_is_not_ones_own_is_as_good_as_missing(db: Database) {
    let given = issued(db).await;
    let bea = signed_in(&given.portal, &given.connection, "bea").await;
    let theirs = own_certificate(&given.portal, &bea, &old()).await;
    assert!(theirs.unwrap().is_none());
}

async fn a_certificate_that_expires_meanwhile_is_not_renewed(db: Database) {
    let given = issued(db).await;
    let id = renewal(&given).await;
    given.advance(Duration::from_secs(731 * 24 * 3600));
    let refused = Submitted::NotReady(NotReady::NotRenewable(Obstacle::Expired));
    assert_eq!(given.submit(&id).await, refused);
    assert_eq!(given.calls().len(), 2);
}

async fn a_new_issue_in_its_place_throws_the_draft_of_the_renewal_away(db: Database) {
    let given = issued(db).await;
    let id = renewal(&given).await;
    let found = own_certificate(&given.portal, &given.ana, &old()).await;
    let certificate = found.unwrap().unwrap();
    let from = BeginFrom::NewIssue(&certificate);
    let begun = begin(&given.portal, &given.ana, from, &ids::new_id()).await;
    let Begun::Draft(draft) = begun.unwrap() else {
        panic!("no draft")
    };
    assert_eq!(draft.issuance.renews, None);
    assert_eq!(draft.issuance.holder, "Ana Núñez");
    assert_eq!(given.state(&id).await, State::Abandoned);
}

on_both_engines!(
    a_renewal_replaces_the_certificate_with_the_same_name,
    what_is_not_ones_own_is_as_good_as_missing,
    a_certificate_that_expires_meanwhile_is_not_renewed,
    a_new_issue_in_its_place_throws_the_draft_of_the_renewal_away,
);
