//! The walk-through: each step of each kind of holder, empty, full and wrong.

use super::{Gallery, HOSTILE};
use crate::support::browser::Browser;
use crate::support::page::{Form, Page};

const KINDS: [&str; 5] = ["person", "linked", "representative", "seal", "name"];

/// What is typed, and stands in a form where it has the field.
const ANSWERS: [(&str, &str); 9] = [
    ("given_names", "María José"),
    ("first_surname", "O'Neill-Núñez"),
    ("second_surname", "Pal·làs"),
    ("document_type", "dni"),
    ("document_number", "12345678Z"),
    (
        "organisation_name",
        "Construcciones & Reformas del Mediterráneo, S.L.",
    ),
    ("organisation_nif", "A58818501"),
    ("department", "Administración"),
    ("email", "maria.jose@gestoria.example"),
];

/// Walks to the check page of every kind; one goes through to a certificate.
pub async fn walk(gallery: &mut Gallery) {
    let browser = gallery.signed_in("demo").await;
    gallery.visit(&browser, "home-empty", "/").await;
    gallery
        .visit(&browser, "issuances-empty", "/issuances")
        .await;
    gallery
        .visit(&browser, "certificates-empty", "/certificates")
        .await;
    gallery.visit(&browser, "renew-empty", "/renew").await;
    gallery.visit(&browser, "account", "/account").await;
    other_sessions(gallery, &browser).await;
    nothing_chosen(gallery, &browser).await;
    for kind in KINDS {
        one_kind(gallery, &browser, kind).await;
    }
    stale(gallery, &browser).await;
    gallery.visit(&browser, "home-drafts", "/").await;
}

async fn nothing_chosen(gallery: &mut Gallery, browser: &Browser) {
    let page = browser.visit(&gallery.app.at("/issue")).await;
    let empty = page.form("form#step").without("kind");
    gallery.keep("issue-kind", page);
    gallery
        .submit(browser, "issue-kind-error", &empty, 422)
        .await;
}

async fn one_kind(gallery: &mut Gallery, browser: &Browser, kind: &str) {
    let first = browser.visit(&gallery.app.at("/issue")).await;
    let mut form = first.form("form#step").set("kind", kind);
    loop {
        let page = browser.submit_and_follow(&form).await.expect_status(200);
        let step = page.url.path().rsplit('/').next().unwrap().to_owned();
        let empty = page.form("form#step");
        let name = format!("issue-{kind}-{step}");
        gallery.keep(&name, page);
        let wrong = wrongly(&empty);
        let answer = browser.submit(&wrong).await.expect_status(422);
        gallery.keep(&format!("{name}-error"), answer);
        if step == "check" {
            return finish(gallery, browser, kind, &empty).await;
        }
        form = filled(empty, kind);
    }
}

/// Only one kind goes on: the others stay as drafts.
async fn finish(gallery: &mut Gallery, browser: &Browser, kind: &str, check: &Form) {
    if kind == "name" {
        let form = check.clone().set("confirm", "yes");
        let page = browser.submit_and_follow(&form).await;
        let page = gallery.app.settled(browser, page).await;
        gallery.keep("issuance-issued", page);
    }
}

async fn stale(gallery: &mut Gallery, browser: &Browser) {
    let first = browser.visit(&gallery.app.at("/issue")).await;
    let form = first.form("form#step").set("kind", "name");
    let page = browser.submit_and_follow(&form).await;
    let form = page.form("form#step");
    let quick = form.clone().set("common_name", HOSTILE);
    let check: Page = browser.submit_and_follow(&quick).await;
    gallery.keep("issue-after-quick", check);
    let late = form.set("common_name", "Bea");
    gallery.submit(browser, "issue-stale", &late, 409).await;
    check_stale(gallery, browser).await;
}

/// The name was changed in another tab while the check page stood.
async fn check_stale(gallery: &mut Gallery, browser: &Browser) {
    let first = browser.visit(&gallery.app.at("/issue")).await;
    let form = first.form("form#step").set("kind", "name");
    let holder = browser.submit_and_follow(&form).await.form("form#step");
    let mut page = browser
        .submit_and_follow(&holder.set("common_name", "Ana"))
        .await;
    let holder = page.url.as_str().replace("/options", "/holder");
    while !page.url.path().ends_with("/check") {
        page = browser.submit_and_follow(&page.form("form#step")).await;
    }
    let changed = browser.get(&holder).await.form("form#step");
    let changed = changed.set("common_name", HOSTILE);
    browser.submit(&changed).await.expect_status(303);
    let late = page.form("form#step").set("confirm", "yes");
    gallery
        .submit(browser, "issue-check-stale", &late, 409)
        .await;
}

fn filled(mut form: Form, kind: &str) -> Form {
    for (field, value) in ANSWERS {
        if form.has(field) {
            form = form.set(field, value);
        }
    }
    match kind {
        "seal" if form.has("common_name") => form.set("common_name", "Sello de facturación"),
        "name" if form.has("common_name") => form.set("common_name", "Ángela de la Peña"),
        _ => form,
    }
}

/// Everything that can be typed is missing or strange.
fn wrongly(form: &Form) -> Form {
    let mut wrong = form.clone();
    for field in [
        "given_names",
        "first_surname",
        "organisation_name",
        "common_name",
    ] {
        if wrong.has(field) {
            wrong = wrong.set(field, "");
        }
    }
    for (field, value) in [
        ("document_number", "12345678A"),
        ("organisation_nif", "A58818502"),
        ("email", "maria@"),
        ("group_ids", "x"),
        ("hash_type", "MD5"),
    ] {
        if wrong.has(field) {
            wrong = wrong.forge(field, value);
        }
    }
    wrong.without("confirm")
}

/// The account page with a session on a phone, and after that has been ended.
async fn other_sessions(gallery: &mut Gallery, browser: &Browser) {
    let phone = Browser::calling_itself(
        "Mozilla/5.0 (Linux; Android 16; K) Chrome/142.0.0.0 Mobile Safari/537.36",
    );
    gallery.app.sign_in(&phone, "demo").await;
    let page = browser.visit(&gallery.app.at("/account")).await;
    let end = page.form("tr:not([aria-current]) form");
    gallery.keep("account-sessions", page);
    gallery
        .submit(browser, "account-session-ended", &end, 200)
        .await;
}
