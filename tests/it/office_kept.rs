//! What an office does not lose on its way: the list it came from, and what is typed beside a
//! certificate or into the filters of a list.

use std::time::Duration;

use crate::gallery::frequent;
use crate::support::app::{App, sign_in_from, thumbprint_of};
use crate::support::browser::Browser;
use crate::support::page::{Form, Page};

const IDLE: Duration = Duration::from_secs(16 * 60);

async fn get(app: &App, browser: &Browser, path: &str) -> Page {
    browser.visit(&app.at(path)).await.expect_status(200)
}

/// Follows the link of the list's only row, as a browser does: it says where it comes from.
async fn only_row(app: &App, browser: &Browser, list: &Page) -> Page {
    let href = list.attribute("tbody th a", "href").unwrap();
    let from = [("referer", list.url.as_str())];
    let page = browser.get_with(&app.at(&href), &from).await;
    page.expect_status(200)
}

fn leads_back(app: &App, page: &Page, list: &Page) {
    let href = page.attribute("a.back", "href").unwrap();
    let (address, _) = href.split_once('#').unwrap_or((&href, ""));
    assert_eq!(app.at(address), list.url.as_str(), "{page:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn i12_back_leads_to_the_list_from_a_renewal_that_was_begun_there() {
    let (app, ana) = App::spawn_signed_in().await;
    app.issue(&ana, "ANA").await;
    let list = get(&app, &ana, "/certificates?sort=last").await;
    let renew = list.attribute("#certificates a[href^='/renew/']", "href");
    let from = [("referer", list.url.as_str())];
    let first = ana.get_with(&app.at(&renew.unwrap()), &from).await;
    let question = first.location().unwrap();
    let question = ana.visit(question.as_str()).await.expect_status(200);
    leads_back(&app, &question, &list);
    let form = question.form("form#step").set("data_changed", "no");
    let check = ana.submit_and_follow(&form).await.expect_status(200);
    let again = check.attribute("a.back", "href").unwrap();
    leads_back(&app, &get(&app, &ana, &again).await, &list);
}

#[tokio::test(flavor = "multi_thread")]
async fn i12_back_leads_to_the_list_after_a_draft_found_there_was_finished() {
    let (app, ana) = App::spawn_signed_in().await;
    let kind = get(&app, &ana, "/issue").await.form("form#step");
    let step = ana.submit_and_follow(&kind.set("kind", "name")).await;
    let name = step.form("form#step").set("common_name", "ANA");
    ana.submit(&name).await.expect_status(303);
    let search = get(&app, &ana, "/issuances/drafts").await;
    let search = search.form("form#filter").set("q", "ana");
    let list = ana.submit_and_follow(&search).await;
    let one = only_row(&app, &ana, &list).await;
    leads_back(&app, &one, &list);
    let edit = one.attribute("a.button[href*='/check']", "href").unwrap();
    let mut page = get(&app, &ana, &edit).await;
    while page.url.path().starts_with("/issue/") {
        let form = page.form("form#step");
        let form = match form.value("seen") {
            Some(_) => form.set("confirm", "yes"),
            None => form,
        };
        page = ana.submit_and_follow(&form).await.expect_status(200);
    }
    leads_back(&app, &page, &list);
}

#[tokio::test(flavor = "multi_thread")]
async fn i12_back_leads_to_the_list_after_the_certificate_was_asked_for_again() {
    let (app, ana) = App::spawn_signed_in().await;
    let sandbox = &app.sandbox;
    sandbox.refuse("csr_finalize", "ERR_CONNECTIVITY", "").await;
    app.issue(&ana, "ANA").await;
    sandbox.mend().await;
    let list = get(&app, &ana, "/issuances?sort=holder").await;
    let one = only_row(&app, &ana, &list).await;
    let page = ana.submit_and_follow(&one.form("form#resume")).await;
    leads_back(&app, &page, &list);
    let page = app.settled(&ana, page).await;
    leads_back(&app, &page, &list);
}

/// The address of the button that goes on in the other language. A parser with scripts on
/// takes what is in <noscript> for text.
fn other_language(app: &App, page: &Page) -> String {
    let (_, buttons) = page.body.split_once("keeping-languages").unwrap();
    let (_, action) = buttons.split_once("formaction=\"").unwrap();
    let (action, _) = action.split_once('"').unwrap();
    app.at(&action.replace("&amp;", "&").replace("&#38;", "&"))
}

#[tokio::test(flavor = "multi_thread")]
async fn i12_without_scripts_the_buttons_of_languages_keep_a_note_and_the_way_back() {
    let (app, ana) = App::spawn_signed_in().await;
    let issued = app.issue(&ana, "ANA").await;
    let list = get(&app, &ana, "/certificates?sort=last").await;
    let there = format!("/certificates/{}", thumbprint_of(&issued));
    let from = [("referer", list.url.as_str())];
    let one = ana.get_with(&app.at(&there), &from).await;
    let typed = one.form("form#note-form").set("note", "Ventanilla");
    let page = ana
        .submit_and_follow(&typed.clone().to(&other_language(&app, &one)))
        .await
        .expect_status(200);
    assert!(page.body.contains("<html lang=\"es\""), "{page:?}");
    let note = page.form("form#note-form");
    assert_eq!(note.value("note"), Some("Ventanilla"));
    leads_back(&app, &page, &list);
    let elsewhere = typed.to(&app.at("/session/keep?place=/certificates&language=es"));
    ana.submit(&elsewhere).await.expect_status(404);
}

/// Sends a form after the session has ended, and signs in again.
async fn sent_late(ana: &Browser, form: &Form) -> Page {
    let late = ana.submit(form).await.expect_status(303);
    let sign_in = ana.follow(late).await.expect_status(200);
    sign_in_from(ana, &sign_in).await
}

#[tokio::test(flavor = "multi_thread")]
async fn i12_what_was_ticked_when_the_session_ended_is_ticked_in_the_list() {
    let (app, ana) = App::spawn_signed_in().await;
    let print = thumbprint_of(&app.issue(&ana, "ANA").await);
    let list = get(&app, &ana, "/certificates").await;
    let ticked = list.form("form#choose").push("thumbprint", &print);
    app.clock.advance(IDLE);
    let back = sent_late(&ana, &ticked).await.expect_status(200);
    assert_eq!(back.url.path(), "/certificates", "{back:?}");
    assert_eq!(back.form("form#choose").value("thumbprint"), Some(&*print));
}

#[tokio::test(flavor = "multi_thread")]
async fn i12_a_note_that_comes_when_the_session_is_over_is_there_after_signing_in() {
    let (app, ana) = App::spawn_signed_in().await;
    let issued = app.issue(&ana, "ANA").await;
    let there = format!("/certificates/{}", thumbprint_of(&issued));
    let one = get(&app, &ana, &there).await;
    let note = one.form("form#note-form").set("note", "Ventanilla");
    app.clock.advance(IDLE);
    let back = sent_late(&ana, &note).await;
    assert_eq!(back.url.path(), one.url.path(), "{back:?}");
    let note = back.form("form#note-form");
    assert_eq!(note.value("note"), Some("Ventanilla"));
}

#[tokio::test(flavor = "multi_thread")]
async fn i12_without_scripts_the_buttons_of_languages_find_what_is_typed_into_the_filters() {
    let (app, ana) = App::spawn_signed_in().await;
    app.issue(&ana, "ANA").await;
    for path in ["/certificates", "/issuances", "/issuances/drafts"] {
        let list = get(&app, &ana, path).await;
        let form = list.form("form#filter").set("q", "ana");
        let found = ana
            .submit_and_follow(&form.to(&other_language(&app, &list)))
            .await
            .expect_status(200);
        let before = list.attribute("html", "lang");
        assert_ne!(found.attribute("html", "lang"), before, "{path}");
        assert_eq!(found.form("form#filter").value("q"), Some("ana"), "{path}");
        assert_eq!(found.url.path(), path);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn i12_a_list_that_is_longer_than_a_batch_offers_its_first_thousand() {
    let (app, ana) = (App::spawn().await, Browser::new());
    frequent::owner(&app, &ana).await;
    let list = get(&app, &ana, "/certificates").await;
    let offer = "#renew-all button";
    assert_eq!(
        list.text(offer),
        "Check and renew the first 1,000 on this list"
    );
    let search = list.form("form#filter").set("q", "notaria");
    let found = ana.submit_and_follow(&search).await;
    assert_eq!(
        found.text(offer),
        "Check and renew all of this list (1,000 at most)"
    );
    let check = ana.submit_and_follow(&list.form("form#renew-all")).await;
    let count = |css: &str| check.attribute(css, "data-count").map_or(0, read);
    assert_eq!(count("#good") + count("#bad"), 1_000, "{check:?}");
}

fn read(number: String) -> usize {
    number.parse().unwrap()
}
