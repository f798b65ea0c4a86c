//! What exists already for a holder: the same document or the same name, whatever its case
//! and accents, and never a namesake without saying so.

use std::time::Duration;

use serde_json::json;

use super::{signed_in, up_to};
use crate::support::app::state_of;

fn person<'a>(
    given_names: &'a str,
    surname: &'a str,
    number: &'a str,
) -> [(&'static str, &'a str); 5] {
    [
        ("kind", "person"),
        ("given_names", given_names),
        ("first_surname", surname),
        ("document_type", "dni"),
        ("document_number", number),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn drafts_for_namesakes_are_told_apart_where_they_are_listed() {
    let (app, ana) = signed_in("en").await;
    for number in ["12345678Z", "00000000T"] {
        let draft = person("Josefa", "Ruiz", number);
        up_to(&app, &ana, "/check", &draft).await;
    }
    for path in ["/", "/issuances/drafts"] {
        let page = ana.visit(&app.at(path)).await.expect_status(200);
        let drafts = page.text("#drafts");
        for masked in ["*****678Z", "*****000T"] {
            assert!(drafts.contains(masked), "{page:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_document_or_folded_name_is_noticed_and_a_namesake_is_told_apart() {
    let (app, ana) = signed_in("en").await;
    let first = person("María", "Núñez", "12345678Z");
    let page = app.walk(&ana, "/issue", &first).await;
    let page = app.settled(&ana, page).await;
    assert_eq!(state_of(&page), "issued", "{page:?}");
    for (given_names, surname) in [("MARIA", "NUÑEZ"), ("Josefa", "Ruiz")] {
        let same = person(given_names, surname, "12.345.678-z");
        let check = up_to(&app, &ana, "/check", &same).await;
        let told = check.text("#duplicates");
        assert!(told.contains("María Núñez"), "{check:?}");
        assert!(told.contains("*****678Z"), "{check:?}");
        assert!(!check.has("#namesakes"), "{check:?}");
    }
    let namesake = person("maria", "núñez", "00000000T");
    let check = up_to(&app, &ana, "/check", &namesake).await;
    assert!(!check.has("#duplicates"), "{check:?}");
    let told = check.text("#namesakes");
    assert!(told.contains("same name and another document"), "{told}");
    assert!(told.contains("(*****678Z)"), "{told}");
    let other = person("Josefa", "Ruiz", "00000000T");
    let check = up_to(&app, &ana, "/check", &other).await;
    assert!(!check.has("#duplicates") && !check.has("#namesakes"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_of_unknown_outcome_is_noticed_too() {
    let (app, ana) = signed_in("en").await;
    app.sandbox
        .fault("csr_finalize", "after", "drop", json!(null), 1)
        .await;
    let first = person("María", "Núñez", "12345678Z");
    let page = app.walk(&ana, "/issue", &first).await;
    let page = app.settled(&ana, page).await;
    assert_eq!(state_of(&page), "unknown", "{page:?}");
    let check = up_to(&app, &ana, "/check", &first).await;
    let told = check.text("#duplicates");
    assert!(told.contains("unknown outcome"), "{check:?}");
    let link = format!("#duplicates a[href='{}']", page.url.path());
    assert!(check.has(&link), "{check:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_requested_since_a_check_page_was_shown_is_told_before_anything_is_sent() {
    let (app, ana) = signed_in("en").await;
    let answers = [("kind", "name"), ("common_name", "ANA")];
    let first = up_to(&app, &ana, "/check", &answers).await;
    let second = up_to(&app, &ana, "/check", &answers).await;
    assert!(!second.has("#duplicates"), "{second:?}");
    let submit = first.form("form#step").set("confirm", "yes");
    let page = ana.submit_and_follow(&submit).await.expect_status(200);
    assert_eq!(state_of(&app.settled(&ana, page).await), "issued");
    let late = second.form("form#step").set("confirm", "yes");
    // What is older than a moment: a program that sends many at once means them all.
    app.clock.advance(Duration::from_secs(61));
    for _ in 0..2 {
        let again = ana.submit(&late).await.expect_status(409);
        let told = again.text("[role=alert]");
        assert!(told.contains("nothing was requested"), "{again:?}");
        assert!(again.text("#duplicates").contains("ANA"), "{again:?}");
    }
    assert_eq!(app.sandbox.count("call", "csr_create").await, 1);
    let told = ana.submit(&late).await.form("form#step");
    let page = ana.submit_and_follow(&told.set("confirm", "yes")).await;
    assert_eq!(state_of(&app.settled(&ana, page).await), "issued");
    assert_eq!(app.sandbox.count("call", "csr_create").await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_certificate_of_a_request_that_was_shown_is_nothing_new() {
    let (app, ana) = signed_in("en").await;
    app.sandbox
        .fault("csr_finalize", "after", "drop", json!(null), 1)
        .await;
    let answers = [("kind", "name"), ("common_name", "ANA")];
    let page = app.walk(&ana, "/issue", &answers).await;
    let unknown = app.settled(&ana, page).await;
    assert_eq!(state_of(&unknown), "unknown", "{unknown:?}");
    let check = up_to(&app, &ana, "/check", &answers).await;
    assert!(check.has("#duplicates"), "{check:?}");
    let resume = unknown.form("form#resume");
    let page = ana.submit_and_follow(&resume).await;
    assert_eq!(state_of(&app.settled(&ana, page).await), "issued");
    let submit = check.form("form#step").set("confirm", "yes");
    let page = ana.submit_and_follow(&submit).await.expect_status(200);
    assert_eq!(state_of(&app.settled(&ana, page).await), "issued");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_name_is_previewed_by_the_rule_that_makes_it() {
    let (app, ana) = signed_in("en").await;
    let holder = up_to(&app, &ana, "/holder", &[("kind", "representative")]).await;
    let address = holder.attribute("#name-preview", "data-preview").unwrap();
    assert!(holder.has("#name-preview[hidden]"), "{holder:?}");
    let typed = holder
        .form("form#step")
        .set("given_names", " Ana ")
        .set("first_surname", "O'Neill");
    let preview = typed.to(&app.at(&address));
    let said = ana.submit(&preview).await.expect_status(200);
    assert_eq!(said.body, "Ana O'Neill");
    assert!(said.header("content-type").starts_with("text/plain"));
    let again = ana.visit(holder.url.as_str()).await.form("form#step");
    assert_eq!(again.value("given_names"), Some(""), "nothing is saved");
}
