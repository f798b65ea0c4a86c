//! The steps of an issue: what both files about them share.

#[cfg(test)]
mod answers;
#[cfg(test)]
mod carried;
#[cfg(test)]
mod duplicates;
#[cfg(test)]
mod steps;

use crate::support::app::App;
use crate::support::browser::Browser;
use crate::support::page::{Form, Page};

const PERSON: [(&str, &str); 5] = [
    ("given_names", "María José"),
    ("first_surname", "O'Neill-Núñez"),
    ("second_surname", "Pal·làs"),
    ("document_type", "dni"),
    ("document_number", "12345678Z"),
];

fn filled(page: &Page, answers: &[(&str, &str)]) -> Form {
    let mut form = page.form("main form#step");
    for (name, value) in answers {
        if form.has(name) {
            form = form.set(name, value);
        }
    }
    form
}

/// Fills steps until one of this name stands.
async fn up_to(app: &App, browser: &Browser, step: &str, answers: &[(&str, &str)]) -> Page {
    let mut page = browser.visit(&app.at("/issue")).await.expect_status(200);
    while !page.url.path().ends_with(step) {
        let form = filled(&page, answers);
        page = browser.submit_and_follow(&form).await.expect_status(200);
    }
    page
}

async fn signed_in(language: &'static str) -> (App, Browser) {
    let (app, browser) = (App::spawn().await, Browser::speaking(language));
    app.sign_in(&browser, "demo").await;
    (app, browser)
}

#[track_caller]
fn refused_at(page: &Page, field: &str, words: &str) {
    assert_eq!(page.status.as_u16(), 422, "{page:?}");
    assert!(page.text("title").starts_with("Error: "), "{page:?}");
    let link = format!("#error-summary a[href='#{field}']");
    assert!(page.text(&link).contains(words), "{page:?}");
    let beside = page.text(&format!("#{field}-error"));
    assert!(beside.contains(words), "{words} is not in {beside}");
}
