//! Many at once: runs of renewals and of holders from a file, through the pages, judged by
//! the sandbox's ledger.

mod choosing;
mod doubled;
mod holders;
mod interrupted;
mod killed;
mod renewing;
mod stopped;
mod trouble;

use std::collections::BTreeMap;
use std::time::Duration;

use crate::support::app::App;
use crate::support::browser::Browser;
use crate::support::page::Page;

/// A file of holders who are just names.
pub fn names(count: usize) -> String {
    let rows: Vec<_> = (1..=count).map(|n| format!("TITULAR {n:04}")).collect();
    format!("common_name\n{}\n", rows.join("\n"))
}

/// Uploads a file of holders; ends on the page that says what each row is worth.
pub async fn upload(app: &App, browser: &Browser, kind: &str, content: &[u8]) -> Page {
    let page = browser.visit(&app.at("/issue/many")).await;
    let form = page.form("form#step").set("kind", kind);
    let form = form.attach("holders_file", "titulares.csv", content);
    browser.submit_and_follow(&form).await
}

/// Confirms the run of a check page.
pub async fn confirm(browser: &Browser, check: &Page) -> Page {
    let form = check.form("form#step").set("confirm", "yes");
    browser.submit_and_follow(&form).await.expect_status(200)
}

/// The state of a run on its page.
#[track_caller]
fn run_state(page: &Page) -> String {
    page.attribute("#run-state", "data-state")
        .unwrap_or_else(|| panic!("no run on {page:?}"))
}

/// What keeps a run from going on.
pub fn held_by(page: &Page) -> Option<String> {
    page.attribute("#run-hold", "data-hold")
}

/// Reloads the page of a run until it stands so.
pub async fn until(browser: &Browser, page: &Page, wanted: impl Fn(&Page) -> bool) -> Page {
    for _ in 0..1_200 {
        let page = browser.get(page.url.as_str()).await.expect_status(200);
        if wanted(&page) {
            return page;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("never: {:?}", browser.get(page.url.as_str()).await);
}

async fn done(browser: &Browser, page: &Page) -> Page {
    until(browser, page, |page| run_state(page) == "done").await
}

/// How many lines have this outcome.
#[track_caller]
fn count(page: &Page, outcome: &str) -> usize {
    let selector = format!("#totals [data-outcome={outcome}]");
    page.text(&selector).parse().unwrap()
}

/// Issues certificates for just names, with one file.
async fn issued(app: &App, browser: &Browser, how_many: usize) -> Page {
    let check = upload(app, browser, "name", names(how_many).as_bytes()).await;
    let page = confirm(browser, &check).await;
    let page = done(browser, &page).await;
    assert_eq!(count(&page, "issued"), how_many, "{page:?}");
    page
}

/// How many certificates the sandbox made under each name.
async fn certificates(app: &App) -> BTreeMap<String, usize> {
    counted(app, "subject").await
}

/// How often each certificate was renewed.
pub async fn renewals(app: &App) -> BTreeMap<String, usize> {
    counted(app, "renews").await
}

async fn counted(app: &App, field: &str) -> BTreeMap<String, usize> {
    let mut found = BTreeMap::new();
    for entry in app.sandbox.ledger().await {
        if entry["kind"] == "certificate"
            && let Some(text) = entry[field].as_str()
        {
            *found.entry(text.to_owned()).or_default() += 1;
        }
    }
    found
}

/// The certificates on the first page of the list in which several are chosen.
async fn choices(app: &App, browser: &Browser) -> (Page, Vec<String>) {
    let page = browser.visit(&app.at("/certificates")).await;
    let all = page.attributes("form#choose [name=thumbprint]", "value");
    (page, all)
}

/// Goes on to the check page of the run that renews these.
async fn chosen(app: &App, browser: &Browser, thumbprints: &[String]) -> Page {
    let (page, _) = choices(app, browser).await;
    let form = page.form("form#choose");
    let form = thumbprints
        .iter()
        .fold(form, |form, one| form.push("thumbprint", one));
    browser.submit_and_follow(&form).await
}
