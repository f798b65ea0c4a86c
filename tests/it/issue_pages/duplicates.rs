//! What exists already for a holder: the same document or the same name, whatever its case
//! and accents, and never a namesake without saying so.

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
