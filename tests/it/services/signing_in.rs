//! The way back from Redtrust: what is used, and when a call goes out.

use std::sync::Arc;
use std::time::Duration;

use rubrica::domain::login_attempt::{Destination, LoginAttempt};
use rubrica::domain::redirect_url::RedirectUrlState;
use rubrica::domain::secret::Secret;
use rubrica::services::connection_admin::{Changed, set_enabled};
use rubrica::services::connections::Redtrust;
use rubrica::services::issue::has_room;
use rubrica::services::limiter::Stranger;
use rubrica::services::redirect_urls::{Entered, Moved, disable, enter, register};
use rubrica::services::sign_in::{
    Arrived, Begun, Called, Credentials, Direct, DirectRefusal, Refusal, SessionToBe, UrlProblem,
    begin, complete, direct,
};
use rubrica::services::sign_out::sign_out_everywhere;
use rubrica::services::token_keeper::{self, TokenError};
use rubrica::services::{Actor, Caller, Portal, Source};
use rubrica::storage::audit::{Verified, list, verify};
use rubrica::storage::{redirect_urls, sign_ins};
use rubrica::web::session::{self, Identity, User};

use super::administering::confirmed;
use super::given::{Given, NOW};
use crate::support::database::{Database, on_both_engines};
use crate::support::raw_server::{Reply, answer, success};

const TOKENS: &str = r#"{"accessToken":"a.b.c","refreshToken":"r"}"#;
const URL: &str = "http://localhost:8080/callback/acme";

fn admin() -> Actor {
    Actor {
        name: "root".into(),
        source: Source {
            from: "127.0.0.1".into(),
            request_id: "req".into(),
        },
    }
}

/// A connection whose redirect URL is registered; the URL's id.
async fn registered(given: &Given) -> String {
    let url = URL.parse().unwrap();
    let id = &given.connection.id;
    let entered = enter(&given.portal, &admin(), id, &url).await;
    let Entered::Entered(id) = entered.unwrap() else {
        panic!("not entered")
    };
    let moved = register(&given.portal, &admin(), &id).await.unwrap();
    assert_eq!(moved, Moved::Done);
    id
}

async fn attempt(given: &Given) -> LoginAttempt {
    let begun = begin(&given.portal, &given.connection.slug, Destination::Issue).await;
    match begun.unwrap() {
        Begun::Go { attempt, .. } => *attempt,
        other => panic!("{other:?}"),
    }
}

fn session_to_be() -> SessionToBe {
    session::to_be(NOW, |sign_in| {
        let login = sign_in.login.as_deref();
        assert!(
            matches!(login, None | Some("app")),
            "who that is: {login:?}"
        );
        Identity::User(User {
            sign_in: sign_in.sign_in_id.clone(),
            owner: sign_in.owner_id.clone(),
            connection: sign_in.connection_id.clone(),
            counted_as: sign_in.counted_as.clone(),
            login: login.unwrap_or("?").to_owned(),
        })
    })
}

async fn back(given: &Given, attempts: Vec<LoginAttempt>, tkn: &str) -> Called {
    let peer = given.portal.connections.by_id(&given.connection.id).await;
    returned(given, &peer.unwrap().unwrap(), attempts, tkn).await
}

async fn returned(
    given: &Given,
    peer: &Arc<Redtrust>,
    attempts: Vec<LoginAttempt>,
    tkn: &str,
) -> Called {
    let session = session_to_be();
    let arrived = Arrived {
        tkn: Some(tkn.to_owned()),
        parameters: Vec::new(),
    };
    let who = Stranger::default();
    complete(&given.portal, peer, attempts, arrived, session, who)
        .await
        .unwrap()
}

/// The session, and the attempt that led to it.
fn signed_in(called: Called) -> (Secret, LoginAttempt) {
    match called {
        Called::SignedIn {
            session, attempt, ..
        } => (session, *attempt),
        other => panic!("not signed in: {other:?}"),
    }
}

async fn a_token_is_exchanged_once_and_an_attempt_leads_to_four(db: Database) {
    let given = Given::redtrust(db, vec![Reply::success(TOKENS)]).await;
    registered(&given).await;
    let (first, second) = (attempt(&given).await, attempt(&given).await);
    let both = vec![first.clone(), second.clone()];
    let (session, attempt) = signed_in(back(&given, both.clone(), "t-1").await);
    let replay = back(&given, Vec::new(), "t-1").await;
    assert!(matches!(replay, Called::Refused(Refusal::TokenUsed)));
    let by_the_other = if attempt == first { &second } else { &first };
    let stolen = back(&given, vec![by_the_other.clone()], "t-1").await;
    assert!(matches!(stolen, Called::Refused(Refusal::TokenUsed)));
    let again = signed_in(back(&given, vec![attempt.clone()], "t-1").await);
    assert_eq!(again, (session.clone(), attempt.clone()));
    assert_eq!(given.calls().len(), 1);
    // The other tab's attempt is used first, then a second token of either.
    let other = signed_in(back(&given, both.clone(), "t-2").await);
    assert_ne!(other.0, session);
    assert_ne!(other.1, attempt);
    for number in 3..=8 {
        signed_in(back(&given, both.clone(), &format!("t-{number}")).await);
    }
    let spent = back(&given, both, "t-9").await;
    assert!(matches!(spent, Called::Refused(Refusal::NoAttempt)));
    assert_eq!(given.calls().len(), 8);
    let urls = redirect_urls::of_connection(&given.portal.storage, &given.connection.id).await;
    let url = urls.unwrap().pop().unwrap();
    assert_eq!(url.state, RedirectUrlState::Confirmed);
}

/// The connection as it was before it was switched off.
async fn switched_off(given: &Given) -> Arc<Redtrust> {
    let id = &given.connection.id;
    let before = given.portal.connections.by_id(id).await.unwrap().unwrap();
    let (actor, version) = (admin(), before.connection.version);
    let confirmed = confirmed(&given.portal).await;
    let off = set_enabled(
        &given.portal,
        &actor,
        id,
        version,
        false,
        confirmed.as_ref(),
    )
    .await;
    assert!(matches!(off, Ok(Changed::Done)), "{off:?}");
    before
}

async fn rows_of(given: &Given, table: &str) -> i64 {
    let sql = sqlx::AssertSqlSafe(format!("SELECT COUNT(*) FROM {table}"));
    let rows = sqlx::query_scalar(sql).fetch_one(given.portal.storage.pool());
    rows.await.unwrap()
}

async fn i05_nobody_is_let_in_by_a_connection_that_was_switched_off_meanwhile(db: Database) {
    let given = Given::redtrust(db, vec![Reply::success(TOKENS)]).await;
    registered(&given).await;
    let attempts = vec![attempt(&given).await];
    let before = switched_off(&given).await;
    let sign_ins = rows_of(&given, "sign_ins").await;
    // That of the admin who switched it off.
    assert_eq!(rows_of(&given, "sessions").await, 1);
    let ended = returned(&given, &before, attempts.clone(), "t-1").await;
    assert!(matches!(ended, Called::Refused(Refusal::NoConnection)));
    let again = returned(&given, &before, attempts, "t-1").await;
    assert!(matches!(again, Called::Refused(Refusal::NoConnection)));
    let login = log_in(&given, &before).await;
    assert!(matches!(login, Direct::Refused(DirectRefusal::NotOffered)));
    given.rest().await;
    let called = given.calls();
    let logouts = called.iter().filter(|call| call.ends_with("/logout"));
    // Those of both and of Ana, who was signed in.
    assert_eq!((called.len(), logouts.count()), (5, 3), "{called:?}");
    assert_eq!(rows_of(&given, "sign_ins").await, sign_ins);
    assert_eq!(rows_of(&given, "sessions").await, 1);
}

async fn log_in(given: &Given, redtrust: &Arc<Redtrust>) -> Direct {
    let credentials = Credentials::new("app", None, Secret::new("password"));
    let session = session_to_be();
    let who = Stranger::default();
    let login = direct(&given.portal, redtrust, credentials, session, &who);
    login.await.unwrap()
}

async fn a_direct_sign_in_is_finished_although_its_page_was_closed(db: Database) {
    let Reply::Bytes(tokens) = Reply::success(TOKENS) else {
        unreachable!()
    };
    let slowly = Reply::Drip(tokens, Duration::from_millis(1));
    let given = Given::redtrust(db, vec![slowly]).await;
    let redtrust = given.portal.connections.by_id(&given.connection.id).await;
    let redtrust = redtrust.unwrap().unwrap();
    let is_asked = async {
        while given.calls().is_empty() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::select! {
        ended = log_in(&given, &redtrust) => panic!("{ended:?}"),
        () = is_asked => {}
    }
    given.rest().await;
    assert_eq!(rows_of(&given, "sessions").await, 1);
    let spent = "tries WHERE whole_at > 1800000000000";
    // The try was given back; that somebody has signed in counts once.
    assert_eq!(rows_of(&given, spent).await, 1);
}

/// As if all that counts now had been done a thousand times.
async fn spend_all(given: &Given) {
    let spend = "UPDATE tries SET whole_at = whole_at + 999 * 10000 \
        WHERE whole_at > 1800000000000";
    let spent = given.portal.storage.write(move |conn| {
        Box::pin(async move {
            sqlx::query(spend).execute(conn).await?;
            Ok(())
        })
    });
    spent.await.unwrap();
}

async fn what_people_without_a_name_do_is_counted_together(db: Database) {
    let given = Given::redtrust(db, vec![Reply::success(TOKENS)]).await;
    registered(&given).await;
    let owners = rows_of(&given, "owners").await;
    for tkn in ["t-1", "t-2"] {
        let attempt = attempt(&given).await;
        signed_in(back(&given, vec![attempt], tkn).await);
    }
    given.rest().await;
    assert_eq!(rows_of(&given, "owners").await, owners + 2);
    let spent = "tries WHERE whole_at > 1800000000000";
    assert_eq!(rows_of(&given, spent).await, 1);
    spend_all(&given).await;
    let refused = back(&given, vec![attempt(&given).await], "t-3").await;
    assert!(matches!(refused, Called::TooMany { .. }), "{refused:?}");
    assert_eq!(rows_of(&given, "owners").await, owners + 2);
    let rows = rows_of(&given, spent).await + 1;
    for counted_as in ["them", "them", given.ana.owner_id.as_str()] {
        let who = Caller {
            counted_as: counted_as.to_owned(),
            ..given.ana.clone()
        };
        assert_eq!(has_room(&given.portal, &who).await, Ok(true));
        assert_eq!(rows_of(&given, spent).await, rows);
    }
}

async fn nothing_is_sent_for_a_stranger_or_too_late(db: Database) {
    let given = Given::redtrust(db, vec![Reply::success(TOKENS)]).await;
    let url_id = registered(&given).await;
    let attempt = attempt(&given).await;
    let stranger = back(&given, Vec::new(), "t-1").await;
    assert!(matches!(stranger, Called::Refused(Refusal::NoAttempt)));
    given.advance(Duration::from_secs(601));
    let late = back(&given, vec![attempt.clone()], "t-1").await;
    assert!(matches!(late, Called::Refused(Refusal::AttemptExpired)));
    let moved = disable(&given.portal, &admin(), &url_id).await.unwrap();
    assert_eq!(moved, Moved::Done);
    let closed = back(&given, vec![attempt], "t-1").await;
    assert!(matches!(
        closed,
        Called::Refused(Refusal::RedirectUrl(UrlProblem::Disabled))
    ));
    assert_eq!(given.calls().len(), 0);
}

async fn only_the_portals_own_callback_is_entered_and_one_is_in_use(db: Database) {
    let given = Given::redtrust(db, vec![Reply::Hang]).await;
    let (portal, id) = (&given.portal, &given.connection.id);
    let evil = "https://evil.example/callback/acme".parse().unwrap();
    let refused = enter(portal, &admin(), id, &evil).await;
    let expected = URL.to_owned();
    assert_eq!(refused.unwrap(), Entered::NotOurs { expected });
    let url_id = registered(&given).await;
    let again = enter(portal, &admin(), id, &URL.parse().unwrap()).await;
    assert_eq!(again.unwrap(), Entered::Taken);
    let twice = register(portal, &admin(), &url_id).await.unwrap();
    assert_eq!(twice, Moved::NotNow);
    let told = list(&portal.storage, 0, 10).await.unwrap();
    let actions: Vec<_> = told
        .iter()
        .map(|entry| entry.what.action.as_str())
        .collect();
    assert_eq!(actions, ["redirect_url.enter", "redirect_url.register"]);
    let verified = verify(&portal.storage, &portal.keys).await;
    assert_eq!(verified, Ok(Verified::Intact { entries: 2 }));
}

async fn what_the_sandbox_does_not_take_stays_a_draft(db: Database) {
    let script = vec![
        Reply::http("422 No", "no"),
        Reply::http("201 Created", "{}"),
    ];
    let given = Given::with(db, script, |connection| connection.sandbox = true).await;
    let (portal, url) = (&given.portal, URL.parse().unwrap());
    let entered = enter(portal, &admin(), &given.connection.id, &url).await;
    let Entered::Entered(id) = entered.unwrap() else {
        panic!("not entered")
    };
    let refused = register(portal, &admin(), &id).await.unwrap();
    assert!(matches!(refused, Moved::SandboxRefused(_)));
    let urls = redirect_urls::all(&portal.storage).await.unwrap();
    assert_eq!(urls[0].state, RedirectUrlState::Draft);
    assert_eq!(register(portal, &admin(), &id).await.unwrap(), Moved::Done);
}

async fn b03_signing_out_everywhere_clears_tokens_and_tells_redtrust_once_each(db: Database) {
    let given = Given::redtrust(db, vec![Reply::success("{}")]).await;
    let second = super::given::signed_in(&given.portal, &given.connection, "ana").await;
    assert_eq!(second.owner_id, given.ana.owner_id);
    let out = sign_out_everywhere(&given.portal, &given.ana.owner_id).await;
    assert_eq!(out, Ok(()));
    given.rest().await;
    assert_eq!(given.calls(), ["DELETE /raapi/v1/auth/logout"; 2]);
    for who in [&given.ana, &second] {
        let Portal { storage, keys, .. } = &*given.portal;
        let row = sign_ins::load(storage, keys, &who.sign_in_id, &given.connection.server()).await;
        let row = row.unwrap().unwrap();
        assert!(row.access.is_none() && row.refresh.is_none() && row.needs_sign_in);
    }
}

async fn tokens_that_come_after_the_sign_out_are_logged_out_too(db: Database) {
    let fresh = success(r#"{"accessToken":"access-2","refreshToken":"refresh-2"}"#);
    let slow = Reply::Drip(answer("200 OK", "", &fresh), Duration::from_millis(1));
    let given = Given::redtrust(db, vec![slow, Reply::success("{}")]).await;
    let Portal { storage, keys, .. } = &*given.portal;
    let (id, server) = (&given.ana.sign_in_id, given.connection.server());
    let before = sign_ins::load(storage, keys, id, &server)
        .await
        .unwrap()
        .unwrap();
    let redtrust = given.portal.connections.by_id(&given.connection.id).await;
    let redtrust = redtrust.unwrap().unwrap();
    let refreshed = token_keeper::refreshed(&given.portal, &redtrust, id, before.version);
    let signed_out = async {
        while given.calls().is_empty() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        let out = sign_out_everywhere(&given.portal, &given.ana.owner_id).await;
        assert_eq!(out, Ok(()));
    };
    let (refreshed, ()) = tokio::join!(refreshed, signed_out);
    assert!(matches!(refreshed, Err(TokenError::SignInAgain)));
    given.rest().await;
    let logouts: Vec<_> = (given.redtrust.requests().into_iter())
        .filter(|request| request.starts_with("DELETE /raapi/v1/auth/logout"))
        .collect();
    assert_eq!(logouts.len(), 2, "{:?}", given.calls());
    assert!(
        logouts
            .iter()
            .any(|request| request.contains("Bearer access-2"))
    );
}

on_both_engines!(
    i05_nobody_is_let_in_by_a_connection_that_was_switched_off_meanwhile,
    a_direct_sign_in_is_finished_although_its_page_was_closed,
    tokens_that_come_after_the_sign_out_are_logged_out_too,
    a_token_is_exchanged_once_and_an_attempt_leads_to_four,
    what_people_without_a_name_do_is_counted_together,
    nothing_is_sent_for_a_stranger_or_too_late,
    only_the_portals_own_callback_is_entered_and_one_is_in_use,
    what_the_sandbox_does_not_take_stays_a_draft,
    b03_signing_out_everywhere_clears_tokens_and_tells_redtrust_once_each,
);
