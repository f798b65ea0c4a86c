//! The ring of failed sign-ins, and when signing in last worked.

use std::time::Duration;

use rubrica::domain::millis::Millis;
use rubrica::domain::sign_in_failure::{Cause, Facts, Failure, Method, TokenLook};
use rubrica::storage::sign_in_failures::{self, Health};

use super::given::{self, NOW};
use crate::support::database::{Database, on_both_engines};

fn failure(connection: &str, cause: Cause, at: Millis) -> Failure {
    Failure {
        connection_id: connection.to_owned(),
        method: match cause {
            Cause::Credentials => Method::Direct,
            _ => Method::Redirect,
        },
        at,
        cause,
        facts: Facts {
            token: Some(TokenLook::of("a.b.c")),
            ahead: Some(-5),
            ..Facts::default()
        },
    }
}

async fn note(db: &Database, number: usize, failure: &Failure) {
    let (id, failure) = (format!("{number:04}"), failure.clone());
    db.storage
        .write(move |conn| {
            Box::pin(async move { sign_in_failures::note(conn, &id, &failure).await })
        })
        .await
        .unwrap();
}

async fn fifty_of_each_connection_and_method_are_kept(db: Database) {
    let (acme, beta) = (
        given::connection(&db, "acme").await.id,
        given::connection(&db, "beta").await.id,
    );
    let at = |number: u64| NOW + Duration::from_secs(number);
    note(&db, 0, &failure(&beta, Cause::Tls, at(0))).await;
    note(&db, 1, &failure(&acme, Cause::Credentials, at(0))).await;
    for number in 0..53 {
        let one = failure(&acme, Cause::TokenShape, at(number));
        note(&db, 100 + usize::try_from(number).unwrap(), &one).await;
    }
    let kept = sign_in_failures::newest(&db.storage, 1000).await.unwrap();
    assert_eq!(kept.len(), 52);
    assert_eq!(kept[0], failure(&acme, Cause::TokenShape, at(52)));
    let of_acme: Vec<_> = kept
        .iter()
        .filter(|one| one.cause == Cause::TokenShape)
        .collect();
    assert_eq!((of_acme.len(), of_acme[49].at), (50, at(3)));
    let few = sign_in_failures::newest(&db.storage, 2).await.unwrap();
    assert_eq!(few, kept[..2]);
}

async fn it_is_noted_when_signing_in_last_worked_and_failed(db: Database) {
    let acme = given::connection(&db, "acme").await.id;
    assert_eq!(sign_in_failures::health(&db.storage).await, Ok(Vec::new()));
    note(&db, 0, &failure(&acme, Cause::Tls, NOW)).await;
    // One person's mistake says nothing about the connection.
    let later = NOW + Duration::from_secs(9);
    note(&db, 1, &failure(&acme, Cause::Credentials, later)).await;
    let health = sign_in_failures::health(&db.storage).await.unwrap();
    let failed = Health {
        connection_id: acme.clone(),
        worked_at: None,
        failed: Some((NOW, Cause::Tls)),
    };
    assert_eq!(health, std::slice::from_ref(&failed));
    let id = acme.clone();
    db.storage
        .write(move |conn| {
            Box::pin(async move { sign_in_failures::note_success(conn, &id, later).await })
        })
        .await
        .unwrap();
    let health = sign_in_failures::health(&db.storage).await.unwrap();
    let works = Health {
        worked_at: Some(later),
        ..failed
    };
    assert_eq!(health, [works]);
}

on_both_engines!(
    fifty_of_each_connection_and_method_are_kept,
    it_is_noted_when_signing_in_last_worked_and_failed,
);
