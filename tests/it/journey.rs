//! The whole flow as a person without JavaScript walks it.

use serde_json::json;

use crate::support::app::{App, state_of};
use crate::support::browser::Browser;
use crate::support::postgres;

#[tokio::test(flavor = "multi_thread")]
async fn a_person_signs_in_issues_renews_and_signs_out() {
    whole_journey(&App::spawn().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_journey_works_on_postgresql() {
    let Some(url) = postgres::migrated().await else {
        return;
    };
    whole_journey(&App::spawn_with(&url, |_| {}).await).await;
}

async fn whole_journey(app: &App) {
    let ana = Browser::new();
    let home = app.sign_in(&ana, "demo").await;
    assert_eq!(home.url.path(), "/");
    assert!(home.url.query().is_none(), "{home:?}");
    assert!(home.text("#signed-in-as").contains("demo"));

    let issued = app.issue(&ana, "MARÍA JOSÉ O'NEILL-NÚÑEZ").await;
    assert_eq!(state_of(&issued), "issued", "{issued:?}");
    assert_eq!(issued.text("#holder"), "MARÍA JOSÉ O'NEILL-NÚÑEZ");
    let thumbprint = issued.text("#thumbprint").replace(' ', "");
    let pem = app
        .sandbox
        .text(&format!("certificates/{thumbprint}"))
        .await;
    assert!(pem.starts_with("-----BEGIN CERTIFICATE-----"), "{pem}");

    let path = format!("/renew/{thumbprint}");
    let page = app.walk(&ana, &path, &[("data_changed", "no")]).await;
    let renewed = app.settled(&ana, page).await;
    assert_eq!(state_of(&renewed), "issued", "{renewed:?}");
    let entries = app.sandbox.ledger().await;
    let second = entries
        .iter()
        .rfind(|entry| entry["kind"] == "certificate")
        .unwrap();
    assert_eq!(second["renews"], json!(thumbprint));

    let out = ana
        .submit_and_follow(&renewed.form("form[action='/sign-out']"))
        .await;
    assert_eq!(out.url.path(), "/sign-in");
    let after = ana.get(&app.at("/issuances")).await;
    assert_eq!(after.location().unwrap().path(), "/sign-in");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_application_user_signs_in_directly_and_issues() {
    let app = App::spawn().await;
    let browser = Browser::new();
    let home = app.sign_in_directly(&browser, "ra-app").await;
    assert!(home.text("#signed-in-as").contains("ra-app"));
    let issued = app.issue(&browser, "PRUEBA DIRECTA").await;
    assert_eq!(state_of(&issued), "issued", "{issued:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_natural_person_gets_the_names_and_number_of_their_document() {
    let app = App::spawn().await;
    let ana = Browser::new();
    app.sign_in(&ana, "demo").await;
    let answers = [
        ("kind", "person"),
        ("given_names", "María José"),
        ("first_surname", "O'Neill-Núñez"),
        ("second_surname", "Pal·làs"),
        ("document_type", "dni"),
        ("document_number", "12.345.678-z"),
    ];
    let page = app.walk(&ana, "/issue", &answers).await;
    let issued = app.settled(&ana, page).await;
    assert_eq!(state_of(&issued), "issued", "{issued:?}");
    let entries = app.sandbox.ledger().await;
    let certificate = entries
        .iter()
        .rfind(|entry| entry["kind"] == "certificate")
        .unwrap();
    let subject = certificate["subject"].as_str().unwrap();
    for part in [
        "María José",
        "O'Neill-Núñez Pal·làs",
        "IDCES-12345678Z",
        "ES",
    ] {
        assert!(subject.contains(part), "{part} is not in {subject}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn submitting_the_last_step_many_times_makes_one_certificate() {
    let app = App::spawn().await;
    let ana = Browser::new();
    app.sign_in(&ana, "demo").await;
    let mut page = ana.visit(&app.at("/issue")).await;
    while !page.has("form#step [name=confirm]") {
        let mut form = page.form("form#step");
        for (name, value) in [("kind", "name"), ("common_name", "UNA VEZ")] {
            if form.has(name) {
                form = form.set(name, value);
            }
        }
        page = ana.submit_and_follow(&form).await.expect_status(200);
    }
    let form = page.form("form#step").set("confirm", "yes");
    let answers = futures_util::future::join_all((0..20).map(|_| ana.submit(&form))).await;
    let places: std::collections::BTreeSet<_> = answers
        .into_iter()
        .map(|answer| answer.expect_status(303).location().unwrap())
        .collect();
    assert_eq!(places.len(), 1, "{places:?}");
    let issuance = ana.get(places.first().unwrap().as_str()).await;
    assert_eq!(state_of(&app.settled(&ana, issuance).await), "issued");
    assert_eq!(app.sandbox.count("key_pair", "csr_create").await, 1);
    assert_eq!(app.sandbox.count("certificate", "csr_finalize").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_without_permission_is_told_in_redtrusts_words_and_ours() {
    let app = App::spawn().await;
    let browser = Browser::new();
    app.sign_in(&browser, "noperm").await;
    let refused = app.issue(&browser, "SIN PERMISO").await;
    assert_eq!(state_of(&refused), "refused", "{refused:?}");
    assert!(refused.body.contains("UNAUTHORIZED"), "{refused:?}");
    assert_eq!(app.sandbox.count("key_pair", "csr_create").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_people_at_the_same_second_stay_apart() {
    let app = App::spawn().await;
    let (ana, app_user) = (Browser::new(), Browser::speaking("es"));
    tokio::join!(
        app.sign_in(&ana, "demo"),
        app.sign_in_directly(&app_user, "ra-app")
    );
    let (hers, theirs) = tokio::join!(app.issue(&ana, "ANA"), app.issue(&app_user, "BEA"));
    assert_eq!(state_of(&hers), "issued");
    assert_eq!(state_of(&theirs), "issued");
    app_user.get(hers.url.as_str()).await.expect_status(404);
    let list = app_user.get(&app.at("/issuances")).await.expect_status(200);
    assert!(
        list.body.contains("BEA") && !list.body.contains("ANA"),
        "{list:?}"
    );
    let thumbprint = hers.text("#thumbprint").replace(' ', "");
    for path in ["/renew/", "/certificates/"] {
        let page = app_user
            .visit(&app.at(&format!("{path}{thumbprint}")))
            .await;
        page.expect_status(404);
    }
    assert_eq!(app.sandbox.count("call", "csr_create").await, 2);
}
