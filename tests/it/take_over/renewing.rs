//! What was taken over is renewed like any other, if Redtrust lets it.

use serde_json::json;

use super::{form, lines, outside, pem, taken, thumbprint};
use crate::support::app::{App, state_of, thumbprint_of};
use crate::support::browser::Browser;
use crate::support::lost::lost;
use crate::support::page::Page;

/// Confirms the renewal of a certificate with unchanged data.
async fn renewed(app: &App, browser: &Browser, thumbprint: &str) -> Page {
    let question = browser
        .visit(&app.at(&format!("/renew/{thumbprint}")))
        .await;
    let form = question
        .expect_status(200)
        .form("form#step")
        .set("data_changed", "no");
    let check = browser.submit_and_follow(&form).await.expect_status(200);
    let form = check.form("form#step").set("confirm", "yes");
    let page = browser.submit_and_follow(&form).await;
    app.settled(browser, page).await
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_was_taken_over_is_renewed_with_the_name_in_it_and_is_like_any_other_then() {
    let (app, ana) = App::spawn_signed_in().await;
    let attribute = |attribute, value| json!({"attribute": attribute, "value": value});
    let holder = [
        attribute("c", "ES"),
        attribute("serialNumber", "IDCES-12345678Z"),
        attribute("surname", "Núñez Peña"),
        attribute("givenName", "Ana"),
        attribute("2.5.4.7", "Lugo"),
        attribute("cn", "NÚÑEZ PEÑA ANA - NIF 12345678Z"),
    ];
    let all = outside(&app, json!({"holders": [holder], "validity_days": 20})).await;
    let old = thumbprint(&all[0]);
    taken(&app, &ana, &[("a.pem", pem(&all[0]).as_bytes())]).await;
    let page = ana.visit(&app.at(&format!("/certificates/{old}"))).await;
    let facts = page.text("dl.summary");
    assert!(
        facts.contains("12345678Z") && facts.contains("Serial number"),
        "{facts}"
    );
    let issued = renewed(&app, &ana, old).await;
    assert_eq!(state_of(&issued), "issued", "{issued:?}");
    let title = issued.text("main h1");
    assert_eq!(title, "The certificate has been renewed");
    let new = thumbprint_of(&issued);
    let ledger = app.sandbox.ledger().await;
    let made = ledger
        .iter()
        .find(|entry| entry["kind"] == "certificate")
        .unwrap();
    assert_eq!(made["renews"], old);
    assert_eq!(made["subject"], all[0]["subject"]);
    let page = ana.visit(&app.at(&format!("/certificates/{old}"))).await;
    assert_eq!(page.text("#status"), "Replaced");
    let list = ana.visit(&app.at("/certificates")).await;
    assert_eq!(list.texts("table.cards tbody tr").len(), 1, "{list:?}");
    let issued = renewed(&app, &ana, &new).await;
    assert_eq!(state_of(&issued), "issued", "{issued:?}");
    // Nobody is asked to renew what was issued a second ago.
    assert!(!issued.has("a[href^='/renew/']"), "{issued:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn redtrust_decides_who_may_renew() {
    let (app, ana) = App::spawn_signed_in().await;
    let of_bea = outside(&app, json!({"user": "ra-app", "validity_days": 20})).await;
    taken(&app, &ana, &[("b.pem", pem(&of_bea[0]).as_bytes())]).await;
    let refused = renewed(&app, &ana, thumbprint(&of_bea[0])).await;
    assert_eq!(state_of(&refused), "refused", "{refused:?}");
    let said = refused.text("main");
    assert!(said.contains("has no such certificate"), "{said}");
    let over = outside(&app, json!({"validity_days": -1})).await;
    let page = taken(&app, &ana, &[("o.pem", pem(&over[0]).as_bytes())]).await;
    let way = page.text("[data-group=taken-over] a[href^='/renew/']");
    assert!(way.starts_with("Cannot be renewed: see why"), "{page:?}");
    let page = ana
        .visit(&app.at(&format!("/renew/{}", thumbprint(&over[0]))))
        .await;
    assert!(page.text("#obstacle").contains("expired"), "{page:?}");
    assert!(page.has("input[name=data_changed][value=yes]"), "{page:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_has_expired_leads_to_why_it_is_not_renewed_from_its_page_and_from_the_list() {
    let (app, ana) = App::spawn_signed_in().await;
    let over = outside(&app, json!({"validity_days": -1})).await;
    let good = outside(&app, json!({"validity_days": 20})).await;
    taken(&app, &ana, &[("o.pem", pem(&over[0]).as_bytes())]).await;
    taken(&app, &ana, &[("g.pem", pem(&good[0]).as_bytes())]).await;
    for (print, link, decides) in [
        (thumbprint(&over[0]), "Cannot be renewed: see why", false),
        (thumbprint(&good[0]), "Renew", true),
    ] {
        let way = format!("a[href='/renew/{print}']");
        let list = ana.visit(&app.at("/certificates")).await;
        assert!(list.text(&way).starts_with(link), "{list:?}");
        let page = ana.visit(&app.at(&format!("/certificates/{print}"))).await;
        assert!(page.text(&way).starts_with(link), "{page:?}");
        let said = page.text("main").contains("Redtrust decides");
        assert_eq!(said, decides, "{page:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn where_a_certificate_ends_today_or_tomorrow_the_hour_is_shown() {
    let (app, ana) = App::spawn_signed_in().await;
    for (days, has_hour) in [(1, true), (20, false)] {
        let one = outside(&app, json!({"validity_days": days})).await;
        taken(&app, &ana, &[("a.pem", pem(&one[0]).as_bytes())]).await;
        let print = thumbprint(&one[0]);
        let page = ana.visit(&app.at(&format!("/certificates/{print}"))).await;
        let end = page.text("dl.summary time");
        assert_eq!(end.contains(':'), has_hour, "{page:?}");
        let renewal = ana.visit(&app.at(&format!("/renew/{print}"))).await;
        assert!(renewal.text("main").contains(&end), "{renewal:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn by_thumbprint_alone_the_holder_is_asked_for_when_it_is_renewed() {
    let (app, ana) = App::spawn_signed_in().await;
    let all = outside(&app, json!({"validity_days": 20})).await;
    let old = thumbprint(&all[0]);
    // The page of renewals offers it.
    let choose = ana.visit(&app.at("/renew")).await;
    let typed = format!("SHA1 Fingerprint={old}");
    let unknown = ana
        .submit(&choose.form("form#step").set("thumbprint", &typed))
        .await;
    let unknown = unknown.expect_status(422);
    assert!(
        unknown
            .text("#thumbprint-error")
            .contains("not issued in this portal")
    );
    let offer = unknown.form("form[action='/certificates/take-over']");
    let page = ana.submit(&offer).await.expect_status(200);
    assert_eq!(lines(&page, "taken-over"), 1, "{page:?}");
    let again = ana
        .submit(&form(&app, &ana).await.set("thumbprint", old))
        .await;
    assert_eq!(lines(&again.expect_status(200), "here"), 1);
    let answers = [("kind", "name"), ("common_name", "Ana")];
    let page = app.walk(&ana, &format!("/renew/{old}"), &answers).await;
    let issued = app.settled(&ana, page).await;
    assert_eq!(state_of(&issued), "issued", "{issued:?}");
    let ledger = app.sandbox.ledger().await;
    let made = ledger
        .iter()
        .find(|entry| entry["kind"] == "certificate")
        .unwrap();
    assert_eq!(
        (&made["renews"], &made["subject"]),
        (&json!(old), &json!("CN=Ana"))
    );
    let page = ana.visit(&app.at(&format!("/certificates/{old}"))).await;
    assert_eq!(page.text("#status"), "Replaced");
    let holder = page.text("dl.summary div:nth-child(2)");
    assert!(holder.contains("Not known"), "{holder}");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_only_names_a_certificate_keeps_its_holder_from_nothing() {
    let (app, ana) = App::spawn_signed_in().await;
    let all = outside(&app, json!({"validity_days": 20})).await;
    let old = thumbprint(&all[0]);
    let eve = Browser::new();
    app.sign_in_directly(&eve, "ra-app").await;
    let named = form(&app, &eve).await.set("thumbprint", old);
    eve.submit(&named).await.expect_status(200);
    app.sandbox
        .fault("csr_create", "after", "drop", json!(null), 1)
        .await;
    let answers = [("kind", "name"), ("common_name", "Eve")];
    let page = app.walk(&eve, &format!("/renew/{old}"), &answers).await;
    let page = app.settled(&eve, page).await;
    assert_eq!(state_of(&page), "unknown", "{page:?}");
    taken(&app, &ana, &[("a.pem", pem(&all[0]).as_bytes())]).await;
    let issued = renewed(&app, &ana, old).await;
    assert_eq!(state_of(&issued), "issued", "{issued:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn i06_taking_over_makes_no_unknown_request_issued_and_stands_in_the_way_of_none() {
    let (app, ana) = App::spawn_signed_in().await;
    let (page, made) = lost(&app, &ana, "Ana").await;
    let file = app.sandbox.text(&format!("certificates/{made}")).await;
    taken(&app, &ana, &[("a.pem", file.as_bytes())]).await;
    let page = ana.get(page.url.as_str()).await;
    assert_eq!(state_of(&page), "unknown", "{page:?}");
    let resumed = ana.submit_and_follow(&page.form("form#resume")).await;
    let issued = app.settled(&ana, resumed).await;
    assert_eq!(
        (state_of(&issued), thumbprint_of(&issued)),
        ("issued".to_owned(), made)
    );
    let list = ana.visit(&app.at("/certificates")).await;
    assert_eq!(list.texts("table.cards tbody tr").len(), 1, "{list:?}");
    assert!(!list.text("table.cards").contains("added"), "{list:?}");
}
