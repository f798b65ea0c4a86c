//! The steps of a renewal: which certificates, why not, and what it leads to.

use std::time::Duration;

use serde_json::json;

use crate::support::app::{App, state_of, thumbprint_of};
use crate::support::browser::Browser;
use crate::take_over::{files_of, outside, packed, taken, thumbprint};

const DAY: Duration = Duration::from_secs(24 * 3600);

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_is_chosen_from_the_list_or_by_its_thumbprint() {
    let (app, ana) = App::spawn_signed_in().await;
    let empty = ana.visit(&app.at("/renew")).await.expect_status(200);
    assert_eq!(empty.url.path(), "/renew/choose");
    assert!(!empty.has("main table"), "{empty:?}");
    let old = thumbprint_of(&app.issue(&ana, "ANA").await);
    let page = ana.visit(&app.at("/renew")).await;
    let link = page.attribute("main table a", "href").unwrap();
    assert_eq!(link, format!("/renew/{old}"));
    let spaced: String = old
        .chars()
        .flat_map(|c| [c.to_ascii_lowercase(), ':'])
        .collect();
    let form = page.form("form#step").set("thumbprint", &spaced);
    ana.submit(&form).await.expect_redirect_to(&link);
    let page = ana.visit(&app.at(&link)).await.expect_status(200);
    assert!(page.has("form#step [name=data_changed]"), "{page:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thumbprint_that_is_none_or_not_ones_own_is_told_at_the_field() {
    let (app, ana) = App::spawn_signed_in().await;
    let bea = Browser::new();
    app.sign_in_directly(&bea, "ra-app").await;
    let foreign = thumbprint_of(&app.issue(&bea, "BEA").await);
    let unknown = "AB".repeat(20);
    let page = ana.visit(&app.at("/renew")).await;
    for (typed, words) in [
        ("", "Enter the thumbprint"),
        (&unknown[1..], "there are 39"),
        (&format!("{unknown}0"), "there are 41"),
        (&unknown.replace('A', "Ａ"), "digits 0 to 9"),
        (&unknown, "was not issued in this portal"),
        (&foreign, "was not issued in this portal"),
    ] {
        let form = page.form("form#step").set("thumbprint", typed);
        let answer = ana.submit(&form).await.expect_status(422);
        assert!(
            answer.text("#thumbprint-error").contains(words),
            "{answer:?}"
        );
        assert_eq!(answer.form("form#step").value("thumbprint"), Some(typed));
    }
    for path in [&foreign, &unknown, "x", "choose/changed"] {
        ana.get(&app.at(&format!("/renew/{path}")))
            .await
            .expect_status(404);
    }
    ana.get(&app.at(&format!("/renew/{foreign}/changed")))
        .await
        .expect_status(404);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_renewal_replaces_the_old_certificate_once_however_often_it_is_sent() {
    let (app, ana) = App::spawn_signed_in().await;
    let old = thumbprint_of(&app.issue(&ana, "ANA").await);
    let question = ana.visit(&app.at(&format!("/renew/{old}"))).await;
    let unanswered = ana
        .submit(&question.form("form#step"))
        .await
        .expect_status(422);
    assert!(unanswered.has("#data_changed-error"), "{unanswered:?}");
    let form = question.form("form#step").set("data_changed", "no");
    let check = ana.submit_and_follow(&form).await.expect_status(200);
    // Another tab finds the renewal that has begun.
    let other = ana.visit(&app.at(&format!("/renew/{old}"))).await;
    let other = other.form("form#step").set("data_changed", "no");
    let same = ana.submit_and_follow(&other).await;
    assert_eq!(same.url, check.url);
    assert!(check.body.contains("estimate"), "{check:?}");
    let unconfirmed = ana.submit(&check.form("form#step")).await;
    assert!(unconfirmed.expect_status(422).has("#confirm-error"));
    let submit = check.form("form#step").set("confirm", "yes");
    // Only an order that could not be sent makes it out of date: its answers stay.
    let outdated = ana.submit(&submit.clone().set("attempt", "7")).await;
    let outdated = outdated.expect_status(409);
    let said = outdated.text("[role=alert] .banner");
    assert!(said.contains("nothing was requested"), "{outdated:?}");
    assert!(!outdated.has(".banner table"), "{outdated:?}");
    let page = ana.submit_and_follow(&submit).await.expect_status(200);
    ana.submit(&submit)
        .await
        .expect_redirect_to(page.url.path());
    let renewed = app.settled(&ana, page).await;
    let new = thumbprint_of(&renewed);
    assert!(
        renewed.has(&format!("a[href='/certificates/{old}']")),
        "{renewed:?}"
    );
    let entries = app.sandbox.ledger().await;
    let made = entries.iter().rfind(|entry| entry["kind"] == "certificate");
    assert_eq!(made.unwrap()["renews"], json!(old));
    assert_eq!(app.sandbox.count("certificate", "csr_finalize").await, 2);
    let blocked = ana.visit(&app.at(&format!("/renew/{old}"))).await;
    assert!(!blocked.has("form#step"), "{blocked:?}");
    assert!(
        blocked.has(&format!("a[href='/certificates/{new}']")),
        "{blocked:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn changed_data_leads_to_a_new_issue_with_the_answers_copied() {
    let (app, ana) = App::spawn_signed_in().await;
    let old = thumbprint_of(&app.issue(&ana, "ANA").await);
    let question = ana.visit(&app.at(&format!("/renew/{old}"))).await;
    let form = question.form("form#step").set("data_changed", "yes");
    let kind = ana.submit_and_follow(&form).await.expect_status(200);
    assert!(kind.url.path().starts_with("/issue/"), "{kind:?}");
    let holder = ana.submit_and_follow(&kind.form("form#step")).await;
    let form = holder.form("form#step");
    assert_eq!(form.value("common_name"), Some("ANA"));
    assert_eq!(app.sandbox.count("call", "csr_create").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_early_renewal_is_advised_against_and_an_expired_one_is_refused() {
    let (app, ana) = App::spawn_signed_in().await;
    let old = thumbprint_of(&app.issue(&ana, "ANA").await);
    let path = app.at(&format!("/renew/{old}"));
    let early = ana.visit(&path).await;
    assert!(
        early.text(".banner.warning").contains("usual time"),
        "{early:?}"
    );
    app.clock.advance(DAY * 705);
    app.sign_in(&ana, "demo").await;
    let in_time = ana.visit(&path).await;
    assert!(!in_time.body.contains("usual time"), "{in_time:?}");
    let form = in_time.form("form#step").set("data_changed", "no");
    let check = ana.submit_and_follow(&form).await.expect_status(200);
    app.clock.advance(DAY * 26);
    app.sign_in(&ana, "demo").await;
    let expired = ana.visit(&path).await.expect_status(200);
    let why = expired.text("#obstacle");
    assert!(why.contains("expired") && why.contains("estimate"), "{why}");
    let exact = format!("main a[href='/certificates/{old}']");
    assert!(expired.has(&exact), "its file says more: {expired:?}");
    assert!(!expired.has("form#step"));
    let late = ana.get(check.url.as_str()).await.expect_status(409);
    assert!(late.text("#obstacle").contains("expired"), "{late:?}");
    // The way on: a new one with the same answers.
    let anew = expired.form("main form[action$='/changed']");
    let page = ana.submit_and_follow(&anew).await.expect_status(200);
    assert!(page.url.path().starts_with("/issue/"), "{page:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_seal_is_not_renewed_and_the_page_says_why() {
    let (app, ana) = App::spawn_signed_in().await;
    let answers = [
        ("kind", "seal"),
        ("common_name", "Sello"),
        ("organisation_name", "Acme"),
        ("organisation_nif", "A58818501"),
    ];
    let page = app.walk(&ana, "/issue", &answers).await;
    let issued = app.settled(&ana, page).await;
    let seal = thumbprint_of(&issued);
    assert!(!issued.has("a[href^='/renew/']"), "{issued:?}");
    let page = ana.visit(&app.at(&format!("/renew/{seal}"))).await;
    assert!(page.text("#obstacle").contains("Seals"), "{page:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_certificate_known_by_its_thumbprint_alone_no_seal_is_renewed_and_hints_are_given() {
    let (app, ana) = App::spawn_signed_in().await;
    let print = "0D".repeat(20);
    let form = ana.visit(&app.at("/certificates/take-over")).await;
    let form = form.form("main form#step").set("thumbprint", &print);
    ana.submit(&form).await.expect_status(200);
    let first = ana.visit(&app.at(&format!("/renew/{print}/kind"))).await;
    assert!(!first.has("#many"), "it is no new issue: {first:?}");
    assert_eq!(first.text("main .caption"), "Step 1", "{first:?}");
    assert!(first.has("main a.back[href='/renew/choose']"), "{first:?}");
    let known = ana.visit(&app.at(&format!("/certificates/{print}"))).await;
    let known = known.text("main");
    assert!(
        known.contains("Look for it there by its thumbprint"),
        "{known}"
    );
    assert!(!known.contains("by its id"), "{known}");
    let form = first.form("main form#step");
    let seal = ana.submit(&form.clone().set("kind", "seal")).await;
    let seal = seal.expect_status(409);
    assert!(seal.text("#obstacle").contains("Seals"), "{seal:?}");
    // There are no answers to begin a new request with.
    let anew = form.clone().forge("data_changed", "yes");
    let anew = anew.to(&app.at(&format!("/renew/{print}/changed")));
    let none = ana.submit(&anew).await.expect_status(409);
    assert!(none.has("main a[href='/issue']"), "{none:?}");

    let name = "PRUEBA ".repeat(12);
    let page = ana.submit_and_follow(&form.set("kind", "name")).await;
    let back = page.attribute("main a[href$='/kind']", "href");
    let step = page.form("main form#step").set("common_name", name.trim());
    let page = ana.submit_and_follow(&step).await;
    let check = ana.submit_and_follow(&page.form("main form#step")).await;
    let says = check.text("main");
    assert!(says.contains("more than 64"), "no hint: {check:?}");
    assert!(says.contains("I want to renew it"), "{check:?}");
    assert!(says.contains("Renew the certificate"), "{check:?}");
    assert_eq!(
        check.attribute("nav [aria-current]", "href").as_deref(),
        Some("/renew")
    );
    // Nor does the kind become one later.
    let kind = ana.visit(&app.at(&back.unwrap())).await;
    let seal = kind.form("main form#step").set("kind", "seal");
    let page = ana.submit(&seal).await.expect_status(422);
    assert!(page.text("#kind-error").contains("Seals"), "{page:?}");
    assert_eq!(app.sandbox.count("call", "csr_create").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_renewal_that_was_refused_can_be_begun_again() {
    let (app, ana) = App::spawn_signed_in().await;
    let old = thumbprint_of(&app.issue(&ana, "ANA").await);
    let refusal =
        json!({"message": "no", "messageType": "ERROR", "errorCode": "NO_LUCK", "data": {}});
    let body = json!(refusal.to_string());
    app.sandbox
        .fault("csr_create", "before", "body", body, 1)
        .await;
    let path = format!("/renew/{old}");
    let page = app.walk(&ana, &path, &[("data_changed", "no")]).await;
    let refused = app.settled(&ana, page).await;
    assert_eq!(state_of(&refused), "refused", "{refused:?}");
    assert!(
        refused.has(&format!("main a[href='{path}']")),
        "{refused:?}"
    );
    let page = app.walk(&ana, &path, &[("data_changed", "no")]).await;
    thumbprint_of(&app.settled(&ana, page).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_renewal_that_cannot_go_on_is_given_up_and_begun_again() {
    let (app, ana) = App::spawn_signed_in().await;
    let old = thumbprint_of(&app.issue(&ana, "ANA").await);
    app.sandbox
        .fault("csr_create", "before", "drop", json!(null), 1)
        .await;
    let path = format!("/renew/{old}");
    let page = app.walk(&ana, &path, &[("data_changed", "no")]).await;
    let lost = app.settled(&ana, page).await;
    assert_eq!(state_of(&lost), "unknown", "{lost:?}");
    assert!(lost.text("main").contains("Give it up below"), "{lost:?}");
    assert!(lost.has("details#abandon[open]"), "{lost:?}");
    // Where it could be renewed, that is said, and led to.
    let here = format!("main a[href='{}']", lost.url.path());
    let certificate = format!("/certificates/{old}");
    let pages = ["/", "/certificates", "/renew/choose"];
    for page in pages
        .into_iter()
        .chain([certificate.as_str(), path.as_str()])
    {
        let shown = ana.visit(&app.at(page)).await.expect_status(200);
        assert!(shown.has(&here), "{page}: {shown:?}");
        assert!(
            !shown.has("form#step[action$='/changed']"),
            "{page}: {shown:?}"
        );
    }
    let list = ana.visit(&app.at("/certificates")).await;
    assert!(list.text("main").contains("Renewal with unknown outcome"));
    let form = lost.form("#abandon form");
    let given_up = ana.submit_and_follow(&form).await.expect_status(200);
    let link = format!("main a[href='{path}']");
    assert!(given_up.has(&link), "{given_up:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_list_says_of_each_certificate_whether_it_can_be_renewed() {
    let (app, ana) = App::spawn_signed_in().await;
    app.issue(&ana, "ANA").await;
    let seal = [
        ("kind", "seal"),
        ("common_name", "Sello"),
        ("organisation_name", "Acme"),
        ("organisation_nif", "A58818501"),
    ];
    let page = app.walk(&ana, "/issue", &seal).await;
    app.settled(&ana, page).await;
    let words = async |holder: &str| {
        let page = ana.visit(&app.at("/renew")).await;
        let rows = page.texts("main tbody tr");
        let row = rows.into_iter().find(|row| row.contains(holder));
        row.unwrap_or_else(|| panic!("{page:?}"))
    };
    assert!(words("ANA").await.contains("usual time to renew"));
    assert!(words("Sello").await.contains("Seals cannot be renewed"));
    app.clock.advance(DAY * 705);
    app.sign_in(&ana, "demo").await;
    assert!(words("ANA").await.contains("can be renewed now"));
    app.clock.advance(DAY * 30);
    app.sign_in(&ana, "demo").await;
    let page = ana.visit(&app.at("/renew")).await;
    assert!(
        page.text("#expired").contains("2 that have expired"),
        "{page:?}"
    );
    assert!(!page.has("main table"), "{page:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_renewal_that_is_done_shows_old_and_new_side_by_side() {
    let (app, ana) = App::spawn_signed_in().await;
    let issued = app.issue(&ana, "ANA").await;
    assert!(!issued.has("#renewed"), "{issued:?}");
    let old = thumbprint_of(&issued);
    let path = format!("/renew/{old}");
    let page = app.walk(&ana, &path, &[("data_changed", "no")]).await;
    let page = app.settled(&ana, page).await;
    let new = thumbprint_of(&page);
    let codes = page.texts("#renewed code");
    assert_eq!(codes[0].replace(' ', ""), old);
    assert_eq!(codes[1].replace(' ', ""), new);
    assert!(page.text("main").contains("carry over"), "{page:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_can_be_renewed_comes_first_and_what_has_expired_is_a_link() {
    let (app, ana) = App::spawn_signed_in().await;
    let days: Vec<i64> = (1..=12).chain([100, 50]).collect();
    let all = outside(&app, json!({"count": 14, "validity_days": days})).await;
    taken(&app, &ana, &[("all.zip", &packed(&files_of(&all)))]).await;
    app.clock.advance(DAY * 13);
    app.sign_in(&ana, "demo").await;
    let page = ana.visit(&app.at("/renew")).await.expect_status(200);
    let rows = page.attributes("main table tbody a", "href");
    let of = |at: usize| format!("/renew/{}", thumbprint(&all[at]));
    assert_eq!(rows, [of(13), of(12)], "{page:?}");
    assert!(page.text("#expired").contains("12"), "{page:?}");
    let expired = page.attribute("#expired", "href").unwrap();
    let expired = ana.visit(&app.at(&expired)).await.expect_status(200);
    assert!(expired.text("#total").contains("12"), "{expired:?}");
    // Search, thumbprint and file stand above the list.
    let (table, search, file) = (
        page.body.find("<table").unwrap(),
        page.body.find("id=\"filter\"").unwrap(),
        page.body.find("id=\"certificate_file\"").unwrap(),
    );
    assert!(search < table && file < table, "{page:?}");
    let search = page.form("form#filter").set("q", thumbprint(&all[12]));
    let found = ana.submit_and_follow(&search).await.expect_status(200);
    assert!(found.has(&format!("a[href='{}']", of(12))), "{found:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thumbprint_beside_a_file_is_never_dropped_in_silence() {
    let (app, ana) = App::spawn_signed_in().await;
    let own = thumbprint_of(&app.issue(&ana, "ANA").await);
    let file = app.sandbox.text(&format!("certificates/{own}")).await;
    let form = ana.visit(&app.at("/renew")).await.form("form#step");
    let both = form.set("thumbprint", "12 34");
    let both = both.attach("certificate_file", "a.pem", file.as_bytes());
    let page = ana.submit(&both).await.expect_status(422);
    assert!(
        page.text("#thumbprint-error").contains("in one way only"),
        "{page:?}"
    );
    assert_eq!(page.form("form#step").value("thumbprint"), Some("12 34"));
    let again = page.text("#certificate_file-error");
    assert!(again.contains("choose it again"), "{page:?}");
}
