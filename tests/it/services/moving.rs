//! A connection of the configuration file that leads to another server than at the start
//! before.

use std::sync::Arc;

use rubrica::domain::connection::{BaseUrl, Connection};
use rubrica::domain::owner_name::OwnerName;
use rubrica::domain::sign_in_failure::Method;
use rubrica::services::calendar_feed;
use rubrica::services::configured::{take_over, tie_old_owners};
use rubrica::services::ids;
use rubrica::storage::audit::list;
use rubrica::storage::owners::{self, Arrived};
use rubrica::storage::{Storage, connections, sign_ins};

use super::given::{Given, NOW};
use crate::support::database::{Database, on_both_engines};
use crate::support::raw_server::Reply;

/// The connection as the file has it, with another address.
fn elsewhere(given: &Given) -> Connection {
    let mut connection = given.connection.clone();
    connection.from_file = true;
    let url = given.redtrust.url.replace("127.0.0.1", "localhost");
    connection.settings.base_url = url.parse().unwrap();
    assert_ne!(connection.server(), given.connection.server());
    connection
}

async fn ana_at(storage: &Storage, connection: &Connection) -> String {
    let arrived = Arrived {
        connection_id: connection.id.clone(),
        server: connection.server(),
        name: Some(OwnerName::new(Method::Redirect, None, "ana")),
        ignore_case: false,
        shown: "ana".to_owned(),
        before: "ana".to_owned(),
    };
    storage
        .write(move |conn| {
            Box::pin(
                async move { owners::find_or_create(conn, &arrived, &ids::new_id(), NOW).await },
            )
        })
        .await
        .unwrap()
}

/// Starts with the file that names the other address; answers with Ana's owner there.
async fn moved(given: &Given, same_users_as: Option<&BaseUrl>) -> String {
    let wanted = elsewhere(given);
    let portal = &given.portal;
    take_over(portal, &wanted, None, same_users_as)
        .await
        .unwrap();
    tie_old_owners(portal).await.unwrap();
    given.rest().await;
    let stored = connections::by_id(&portal.storage, &portal.keys, &given.connection.id).await;
    let stored = stored.unwrap().unwrap();
    assert_eq!(stored.server(), wanted.server());
    ana_at(&portal.storage, &stored).await
}

async fn i05_a_file_with_another_address_ends_sign_ins_and_carries_nobody_over(db: Database) {
    let given = Given::redtrust(db, vec![Reply::success("{}")]).await;
    let (portal, server) = (Arc::clone(&given.portal), given.connection.server());
    let secret = calendar_feed::make(&portal, &given.ana, "en")
        .await
        .unwrap();
    let is_read = async || {
        calendar_feed::read(&portal, &secret)
            .await
            .unwrap()
            .is_some()
    };
    assert!(is_read().await);
    let there = moved(&given, None).await;
    assert_ne!(there, given.ana.owner_id);
    assert!(!is_read().await);
    let row = sign_ins::load(
        &portal.storage,
        &portal.keys,
        &given.ana.sign_in_id,
        &server,
    )
    .await;
    let row = row.unwrap().unwrap();
    assert!(row.needs_sign_in && row.access.is_none() && row.refresh.is_none());
    // The server that the tokens were from is told.
    assert_eq!(given.calls(), ["DELETE /raapi/v1/auth/logout"]);
    let told = list(&portal.storage, 0, 10).await.unwrap();
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(told[0].what.action, "connection.move");
    // The next start changes nothing.
    take_over(&portal, &elsewhere(&given), None, None)
        .await
        .unwrap();
    assert_eq!(list(&portal.storage, 0, 10).await.unwrap().len(), 1);
    assert_eq!(ana_at(&portal.storage, &elsewhere(&given)).await, there);
    // Back at the first server, its users are its users.
    let mut back = given.connection.clone();
    back.from_file = true;
    take_over(&portal, &back, None, None).await.unwrap();
    assert_eq!(ana_at(&portal.storage, &back).await, given.ana.owner_id);
}

async fn i05_a_file_that_names_the_server_before_carries_its_users_over(db: Database) {
    let given = Given::redtrust(db, vec![Reply::success("{}")]).await;
    let other: BaseUrl = "https://another.example:8082".parse().unwrap();
    let before = given.connection.settings.base_url.clone();
    let secret = calendar_feed::make(&given.portal, &given.ana, "en")
        .await
        .unwrap();
    let there = moved(&given, Some(&before)).await;
    assert_eq!(there, given.ana.owner_id);
    let read = calendar_feed::read(&given.portal, &secret).await;
    assert!(read.unwrap().is_some());
    // Named for another move, it does nothing.
    let mut third = elsewhere(&given);
    third.settings.base_url = "https://third.example:8082".parse().unwrap();
    take_over(&given.portal, &third, None, Some(&other))
        .await
        .unwrap();
    let at_third = ana_at(&given.portal.storage, &third).await;
    assert_ne!(at_third, given.ana.owner_id);
}

on_both_engines!(
    i05_a_file_with_another_address_ends_sign_ins_and_carries_nobody_over,
    i05_a_file_that_names_the_server_before_carries_its_users_over,
);
