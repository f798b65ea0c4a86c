//! Two nodes on one PostgreSQL, one of them frozen: its clock stands still
//! while the other's goes on, so that its leases lapse.

use std::time::Duration;

use rubrica::storage::audit;
use serde_json::json;

use super::submits::{confirmed, last_step};
use super::{ledger, resume, stands};
use crate::support::app::{App, state_of};
use crate::support::browser::Browser;
use crate::support::page::Page;
use crate::support::postgres;

/// Two nodes, and somebody who is signed in at both.
async fn nodes() -> Option<(App, App, Browser)> {
    let url = postgres::migrated().await?;
    let app = App::spawn_with(&url, |_| {}).await;
    let other = app.second_node(&url).await;
    let ana = Browser::new();
    app.sign_in_directly(&ana, "ra-app").await;
    ana.share_cookies(&app.url, &other.url);
    Some((app, other, ana))
}

async fn until(browser: &Browser, url: &str, state: &str) -> Page {
    for _ in 0..400 {
        let page = browser.get(url).await;
        if state_of(&page) == state {
            return page;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("never {state}: {:?}", browser.get(url).await);
}

/// Waits until this node has given up whatever it was at.
async fn wakes(app: &App, id: &str) {
    for _ in 0..800 {
        if !app.portal.in_flight.works_on(id) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("still at work on {id}");
}

async fn actions(app: &App) -> Vec<String> {
    let entries = audit::list(&app.portal.storage, 0, 100).await.unwrap();
    let of_issuances = entries.into_iter().filter_map(|entry| {
        let action = entry.what.action.strip_prefix("issuance.")?;
        Some(format!("{} by {}", action, entry.what.actor))
    });
    of_issuances.collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn f04_a_late_outcome_of_a_node_that_lost_its_lease_is_not_written() {
    let Some((frozen, other, ana)) = nodes().await else {
        return;
    };
    frozen
        .sandbox
        .fault("csr_finalize", "before", "delay", json!(9_000), 1)
        .await;
    let page = ana
        .submit_and_follow(&confirmed(&last_step(&frozen, &ana, "ANA").await))
        .await;
    let path = page.url.path().to_owned();
    let there = other.at(&path);
    let page = until(&ana, &there, "finalizing").await;
    assert!(!page.has("main form"), "it is not left alone: {page:?}");
    other.clock.advance(Duration::from_secs(10));
    let page = until(&ana, &there, "unknown").await;
    stands(&page, "unknown", &["safe to ask again"]);
    let page = resume(&other, &ana, &page).await;
    stands(&page, "issued", &[]);
    let attempt = page.body.clone();
    wakes(&frozen, path.rsplit('/').next().unwrap()).await;
    let page = ana.get(&there).await;
    stands(&page, "issued", &[]);
    assert_eq!(page.texts("#timeline li").len(), 7, "{page:?}\n{attempt}");
    assert_eq!(
        actions(&other).await,
        [
            "create_intended by ra-app",
            "key_created by ra-app",
            "finalize_intended by ra-app",
            "unknown by rubrica",
            "resumed by ra-app",
            "issued by ra-app",
        ]
    );
    // Both asked with the same code: one certificate.
    assert_eq!(ledger(&other).await, [1, 2, 1, 1]);
    let verified = audit::verify(&other.portal.storage, &other.portal.keys).await;
    assert!(matches!(verified, Ok(audit::Verified::Intact { .. })));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_that_wakes_too_late_does_not_send_what_it_intended() {
    let Some((frozen, other, ana)) = nodes().await else {
        return;
    };
    let ttl = json!({"access_token_ttl": 120});
    frozen.sandbox.put("dialect", ttl).await;
    frozen.sign_in_directly(&ana, "ra-app").await;
    ana.share_cookies(&frozen.url, &other.url);
    let form = confirmed(&last_step(&frozen, &ana, "ANA").await);
    for clock in [&frozen.clock, &other.clock] {
        clock.advance(Duration::from_secs(130));
    }
    // Its intent is on disk and it waits for a token.
    frozen
        .sandbox
        .fault("refresh_token", "before", "delay", json!(7_000), 1)
        .await;
    let page = ana.submit_and_follow(&form).await;
    let path = page.url.path().to_owned();
    until(&ana, &other.at(&path), "creating").await;
    other.clock.advance(Duration::from_secs(10));
    let page = until(&ana, &other.at(&path), "unknown").await;
    // By the time it wakes its own clock has caught up.
    frozen.clock.advance(Duration::from_secs(10));
    wakes(&frozen, path.rsplit('/').next().unwrap()).await;
    stands(&page, "unknown", &["You have to start again"]);
    stands(&ana.get(&other.at(&path)).await, "unknown", &[]);
    assert_eq!(ledger(&other).await, [0, 0, 0, 0]);
}

/// One that is given up while Redtrust is still at `operation`; its page at the other node,
/// which says that nobody knows.
async fn given_up(operation: &str, state: &str) -> Option<(App, App, Browser, String)> {
    let (frozen, other, ana) = nodes().await?;
    frozen
        .sandbox
        .fault(operation, "after", "delay", json!(6_000), 1)
        .await;
    let form = confirmed(&last_step(&frozen, &ana, "ANA").await);
    let page = ana.submit_and_follow(&form).await;
    let there = other.at(page.url.path());
    until(&ana, &there, state).await;
    other.clock.advance(Duration::from_secs(10));
    until(&ana, &there, "unknown").await;
    Some((frozen, other, ana, there))
}

#[tokio::test(flavor = "multi_thread")]
async fn f04_an_answer_that_comes_after_the_worker_was_given_up_is_kept() {
    let Some((frozen, other, ana, there)) = given_up("csr_finalize", "finalizing").await else {
        return;
    };
    wakes(&frozen, there.rsplit('/').next().unwrap()).await;
    let page = until(&ana, &there, "issued").await;
    assert!(page.has("#thumbprint"), "{page:?}");
    assert_eq!(ledger(&other).await, [1, 1, 1, 1]);
    let done = actions(&other).await;
    let ends = ["unknown by rubrica", "issued by ra-app"];
    assert_eq!(done[done.len() - 2..], ends, "{done:?}");
    let verified = audit::verify(&other.portal.storage, &other.portal.keys).await;
    assert!(matches!(verified, Ok(audit::Verified::Intact { .. })));
}

#[tokio::test(flavor = "multi_thread")]
async fn f04_a_certificate_that_comes_after_its_owner_has_asked_again_in_vain_is_kept() {
    let Some((frozen, other, ana, there)) = given_up("csr_finalize", "finalizing").await else {
        return;
    };
    other
        .sandbox
        .fault("csr_finalize", "before", "drop", json!(null), 1)
        .await;
    let page = resume(&other, &ana, &ana.get(&there).await).await;
    stands(&page, "unknown", &[]);
    wakes(&frozen, there.rsplit('/').next().unwrap()).await;
    let page = until(&ana, &there, "issued").await;
    assert!(page.has("#thumbprint"), "{page:?}");
    let verified = audit::verify(&other.portal.storage, &other.portal.keys).await;
    assert!(matches!(verified, Ok(audit::Verified::Intact { .. })));
}

#[tokio::test(flavor = "multi_thread")]
async fn f04_keys_that_come_after_the_worker_was_given_up_wait_for_their_owner() {
    let Some((frozen, other, ana, there)) = given_up("csr_create", "creating").await else {
        return;
    };
    wakes(&frozen, there.rsplit('/').next().unwrap()).await;
    // Their owner may have begun again meanwhile: nothing is finalized by itself.
    let page = until(&ana, &there, "key_created").await;
    assert_eq!(ledger(&other).await, [1, 0, 1, 0]);
    let page = resume(&other, &ana, &page).await;
    stands(&page, "issued", &[]);
    assert_eq!(ledger(&other).await, [1, 1, 1, 1]);
}
