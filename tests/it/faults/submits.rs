//! The last step, sent again and again: one order comes of it.

use futures_util::future::join_all;
use serde_json::json;

use super::{ledger, signed_in, stands};
use crate::support::app::App;
use crate::support::browser::Browser;
use crate::support::page::{Form, Page};
use crate::support::postgres;

/// The last step.
pub(super) async fn last_step(app: &App, browser: &Browser, name: &str) -> Page {
    let answers = [("kind", "name"), ("common_name", name)];
    let mut page = browser.visit(&app.at("/issue")).await;
    while !page.has("input[name=confirm]") {
        let mut form = page.expect_status(200).form("form#step");
        for (field, value) in answers {
            if form.has(field) {
                form = form.set(field, value);
            }
        }
        page = browser.submit_and_follow(&form).await;
    }
    page
}

/// Its form, filled.
pub(super) fn confirmed(page: &Page) -> Form {
    page.form("form#step").set("confirm", "yes")
}

/// All answers lead to the same issuance.
#[track_caller]
fn one_place(answers: Vec<Page>) -> String {
    let places = answers.into_iter().map(|page| {
        let page = page.expect_status(303);
        page.location().unwrap().path().to_owned()
    });
    let mut places: Vec<String> = places.collect();
    places.dedup();
    assert_eq!(places.len(), 1, "{places:?}");
    assert!(places[0].starts_with("/issuances/"), "{places:?}");
    places.remove(0)
}

#[tokio::test(flavor = "multi_thread")]
async fn f02_two_hundred_identical_posts_order_one_certificate() {
    let (app, ana) = signed_in().await;
    let form = confirmed(&last_step(&app, &ana, "ANA").await);
    let answers = join_all((0..200).map(|_| ana.submit(&form))).await;
    let place = one_place(answers);
    let page = ana.get(&app.at(&place)).await;
    stands(&app.settled(&ana, page).await, "issued", &[]);
    // And once more when all is done.
    one_place(vec![ana.submit(&form).await]);
    assert_eq!(ledger(&app).await, [1, 1, 1, 1]);
}

#[tokio::test(flavor = "multi_thread")]
async fn f02_two_hundred_identical_posts_at_two_nodes_order_one_certificate() {
    let Some(url) = postgres::migrated().await else {
        return;
    };
    let (app, ana) = (App::spawn_with(&url, |_| {}).await, Browser::new());
    let other = app.second_node(&url).await;
    app.sign_in_directly(&ana, "ra-app").await;
    ana.share_cookies(&app.url, &other.url);
    let page = last_step(&app, &ana, "ANA").await;
    let here = confirmed(&page);
    let there = confirmed(&ana.visit(&other.at(page.url.path())).await);
    for field in ["attempt", "csrf"] {
        assert_eq!(here.value(field), there.value(field), "{field}");
    }
    let both = (0..100).flat_map(|_| [ana.submit(&here), ana.submit(&there)]);
    let place = one_place(join_all(both).await);
    let page = ana.get(&other.at(&place)).await;
    stands(&app.settled(&ana, page).await, "issued", &[]);
    assert_eq!(ledger(&app).await, [1, 1, 1, 1]);
}

#[tokio::test(flavor = "multi_thread")]
async fn however_many_requests_one_person_sends_others_sign_in_and_issue() {
    let (app, eve) = signed_in().await;
    let mut forms = Vec::new();
    for _ in 0..21 {
        forms.push(confirmed(&last_step(&app, &eve, "EVE").await));
    }
    app.sandbox
        .fault("csr_create", "before", "delay", json!(5_000), 0)
        .await;
    let answers = join_all(forms.iter().map(|form| eve.submit(form))).await;
    let (sent, refused): (Vec<Page>, Vec<Page>) = answers
        .into_iter()
        .partition(|page| page.status.as_u16() == 303);
    assert_eq!((sent.len(), refused.len()), (20, 1));
    for page in refused {
        let page = page.expect_status(429);
        assert_eq!(page.problem(), "too_many_under_way");
        assert!(page.text("main").contains("nothing is lost"), "{page:?}");
    }
    app.sandbox.mend().await;
    let bob = Browser::new();
    app.sign_in(&bob, "demo").await;
    stands(&app.issue(&bob, "BOB").await, "issued", &[]);
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_identical_resumes_ask_once() {
    let (app, ana) = signed_in().await;
    app.sandbox
        .fault("csr_finalize", "before", "drop", json!(null), 2)
        .await;
    let page = app.issue(&ana, "ANA").await;
    stands(&page, "unknown", &[]);
    let form = page.form("form#resume");
    let answers = join_all((0..50).map(|_| ana.submit(&form))).await;
    let place = one_place(answers);
    let page = ana.get(&app.at(&place)).await;
    let page = app.settled(&ana, page).await;
    // Its answer was lost again; the old button, pressed late, asks nothing.
    stands(&page, "unknown", &[]);
    ana.submit(&form).await.expect_redirect_to(&place);
    stands(&ana.get(page.url.as_str()).await, "unknown", &[]);
    assert_eq!(ledger(&app).await, [1, 2, 1, 0]);
}
