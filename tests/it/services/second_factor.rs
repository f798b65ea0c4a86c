//! The second factor on two nodes that share only the database.

use std::time::Duration;

use futures_util::future::join_all;
use rubrica::domain::secret::Secret;
use rubrica::domain::totp::{TotpKey, step_at};
use rubrica::services::Portal;
use rubrica::services::accounts::own::{SwitchedOn, offered_key, switch_on};
use rubrica::services::accounts::{AdminSignIn, Credentials, sign_in};
use rubrica::services::limiter::Stranger;

use super::administering::{confirmed, other_node, root};
use super::given::Given;
use crate::support::database::{Database, on_both_engines};
use crate::support::raw_server::Reply;

/// Switches the second factor of `root` on; its key and recovery codes.
async fn switched_on(portal: &Portal) -> (TotpKey, Vec<Secret>) {
    let mut confirmed = confirmed(portal).await.unwrap();
    let offered = offered_key(portal, "root", "").unwrap();
    let key = TotpKey::from_text(offered.text().expose()).unwrap();
    let code = key.code(step_at(portal.clock.now()));
    let on = switch_on(portal, &mut confirmed, &root(), &offered, &code).await;
    match on.unwrap() {
        SwitchedOn::Done(codes) => (key, codes),
        other => panic!("{other:?}"),
    }
}

/// Lets the tries come back.
fn time_passes(portal: &Portal) {
    portal.clock.advance(Duration::from_secs(20 * 60));
}

/// How many of two sign-ins with this code, one at each node, go well.
async fn both_at_once(nodes: [&Portal; 2], code: &str) -> usize {
    let who = Stranger::default();
    let tries = nodes.map(|portal| {
        let typed = Credentials {
            password: Secret::new("correct horse battery staple"),
            code: code.to_owned(),
        };
        sign_in(portal, "root", typed, &who)
    });
    let answers = join_all(tries).await;
    for answer in &answers {
        let is_known = matches!(
            answer,
            Ok(AdminSignIn::SignedIn(_) | AdminSignIn::WrongCode(_))
        );
        assert!(is_known, "{answer:?}");
    }
    let is_in = |answer: &&Result<AdminSignIn, _>| matches!(answer, Ok(AdminSignIn::SignedIn(_)));
    answers.iter().filter(is_in).count()
}

async fn i11_a_code_is_taken_by_one_of_two_nodes(db: Database) {
    let given = Given::redtrust(db, vec![Reply::Hang]).await;
    let there = other_node(&given);
    let nodes = [&*given.portal, &*there];
    let (key, codes) = switched_on(nodes[0]).await;
    given.portal.clock.advance(Duration::from_secs(30));
    let code = key.code(step_at(given.portal.clock.now()));
    assert_eq!(both_at_once(nodes, &code).await, 1);
    assert_eq!(both_at_once(nodes, &code).await, 0);
    for code in &codes[..2] {
        time_passes(nodes[0]);
        assert_eq!(both_at_once(nodes, code.expose()).await, 1);
        assert_eq!(both_at_once(nodes, code.expose()).await, 0);
    }
}

/// Who opened two tabs to switch it on keeps the app that was confirmed first.
async fn i11_of_two_keys_that_are_offered_one_counts(db: Database) {
    let given = Given::redtrust(db, vec![Reply::Hang]).await;
    let portal = &given.portal;
    let mut confirmed = confirmed(portal).await.unwrap();
    let step = step_at(portal.clock.now());
    let mut done = Vec::new();
    for _ in 0..2 {
        let offered = offered_key(portal, "root", "").unwrap();
        let key = TotpKey::from_text(offered.text().expose()).unwrap();
        let code = key.code(step);
        let on = switch_on(portal, &mut confirmed, &root(), &offered, &code).await;
        done.push(matches!(on, Ok(SwitchedOn::Done(_))));
    }
    assert_eq!(done, [true, false]);
}

on_both_engines!(
    i11_a_code_is_taken_by_one_of_two_nodes,
    i11_of_two_keys_that_are_offered_one_counts,
);
