//! Each usual mistake in connecting a Redtrust server, one by one: it is made, and the
//! test of the connection, the diagnostics or the page where it shows names it with what
//! to do, in English and in Spanish. The command is asked too wherever it can know.

mod at_the_server;
mod in_the_login_url;
mod in_the_shared_key;
mod of_people;

use crate::connection_test::{Desk, Findings};
use crate::support::page::Page;

/// The same words in English and in Spanish.
type Words = [&'static str; 2];

const ENGLISH_AND_SPANISH: [&str; 2] = ["en", "es"];

/// Text of every element that matches, in each language.
#[track_caller]
fn says(page: &Page, selector: &str, words: &str) {
    let said = page.text(selector);
    assert!(said.contains(words), "{words:?} is not said: {said}");
}

/// Lets the administrator read in this language from now on.
async fn speak(desk: &Desk, language: &str) {
    let page = desk.app.at(&format!("/admin?lang={language}"));
    desk.ana.visit(&page).await.expect_status(200);
}

/// The button says so in both languages, and the command says what the button says.
async fn the_test_names(desk: &Desk, check: &str, cause: Words, fix: Words) {
    desk.tested().await.fails(check, cause[0], fix[0]);
    speak(desk, "es").await;
    let page = desk.pressed().await.expect_status(200);
    Findings::of_page(&page).fails(check, cause[1], fix[1]);
    speak(desk, "en").await;
}

/// The diagnostics say so in both languages about this login URL of another program.
async fn the_comparison_names(desk: &Desk, url: &str, difference: &str, words: Words) {
    for (language, words) in ENGLISH_AND_SPANISH.into_iter().zip(words) {
        let path = format!("/admin/diagnostics?lang={language}");
        let page = desk.ana.visit(&desk.app.at(&path)).await;
        let form = page.form("main form#step");
        let form = form.set("connection", "demo").set("url", url);
        let page = desk.ana.submit(&form).await.expect_status(200);
        let code = page.attribute("#difference", "data-difference");
        assert_eq!(code.as_deref(), Some(difference), "{page:?}");
        says(&page, "#difference", words);
    }
    speak(desk, "en").await;
}
