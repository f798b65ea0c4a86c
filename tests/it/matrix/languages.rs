//! Nothing that is typed or chosen is lost when the language is switched without scripts:
//! every form of every page of the route table is filled in, and its buttons of languages
//! are pressed.

use std::collections::BTreeSet;

use rubrica::services::accounts::Role;

use super::rows::{Row, rows};
use crate::gallery::unsent_mail;
use crate::support::admin::{self, USERNAME};
use crate::support::app::{App, thumbprint_of};
use crate::support::browser::Browser;
use crate::support::page::{Form, Page};
use crate::support::people::{account, signed_in_as};

/// Secrets are never kept, and what is confirmed has to be confirmed in the language in
/// which it was read.
/// How a key is written goes with the key.
const NOT_KEPT: [&str; 6] = [
    "totp",
    "shared_key",
    "key_encoding",
    "password",
    "new_password",
    "confirm",
];

/// What a form sends for a field at last: a box comes behind the value that it has if empty.
fn value_of(form: &Form, name: &str) -> Option<String> {
    let body = form.body();
    let sent = url::form_urlencoded::parse(&body).filter(|(field, _)| field == name);
    sent.last().map(|(_, value)| value.into_owned())
}

/// Everybody who sees pages, and what there is to fill into their addresses.
struct Office {
    app: App,
    ana: Browser,
    accounts: [Browser; 2],
    ids: Vec<String>,
    thumbprint: String,
}

fn id_of(page: &Page) -> String {
    page.url.path().split('/').nth(2).unwrap().to_owned()
}

impl Office {
    async fn open() -> Self {
        let app = App::spawn_with("", |config| config.data.mail = Some(unsent_mail())).await;
        let ana = Browser::new();
        app.sign_in(&ana, "demo").await;
        let issued = app.issue(&ana, "Ana").await;
        let kind = ana.visit(&app.at("/issue")).await.form("form#step");
        let draft = ana.submit_and_follow(&kind.set("kind", "linked")).await;
        admin::make_admin(&app).await;
        let head = admin::signed_in(&app).await;
        let leo = signed_in_as(&app, "leo", Role::Officer, &["demo"]).await;
        let person = account(&app, USERNAME).await.id;
        Self {
            ids: vec![id_of(&issued), id_of(&draft), person],
            thumbprint: thumbprint_of(&issued),
            accounts: [head, leo],
            app,
            ana,
        }
    }

    /// The pages of a route, as far as they are there.
    async fn pages(&self, row: &Row) -> Vec<(&Browser, Page)> {
        let browsers = match row.guard {
            "User" => std::slice::from_ref(&self.ana),
            _ => &self.accounts[..],
        };
        let mut paths = BTreeSet::new();
        for id in &self.ids {
            for step in ["holder", "organisation", "options"] {
                let path = row.path.replace("{id}", id).replace("{step}", step);
                let path = path.replace("{slug}", "demo");
                paths.insert(path.replace("{thumbprint}", &self.thumbprint));
            }
        }
        let mut pages = Vec::new();
        for path in &paths {
            for browser in browsers {
                let page = browser.visit(&self.app.at(path)).await;
                let is_page = page.header("content-type").starts_with("text/html");
                if page.status == 200 && is_page && page.url.path() == path {
                    pages.push((browser, page));
                }
            }
        }
        pages
    }
}

/// The form with an answer in each field, and the names of these fields.
fn filled(page: &Page, css: &str) -> (Form, BTreeSet<String>) {
    let mut answers = Vec::new();
    for (kind, value) in [
        ("input[type=text]:not([hidden])", "Ana"),
        ("input[type=search]", "Ana"),
        ("textarea", "Ana"),
        ("input[type=email]", "ana@example.com"),
        ("input[type=url]", "https://example.com/"),
        ("input[type=number]", "7"),
        ("input[type=date]", "2026-01-02"),
    ] {
        let names = page.attributes(&format!("{css} {kind}"), "name");
        answers.extend(names.into_iter().map(|name| (name, Some(value.to_owned()))));
    }
    let mut form = page.form(css);
    for (kind, option) in [
        ("select", "option"),
        ("input[type=radio]", ""),
        ("input[type=checkbox]", ""),
    ] {
        for name in page.attributes(&format!("{css} {kind}"), "name") {
            let options = format!("{css} {kind}[name='{name}'] {option}");
            let all = page.attributes(options.trim(), "value");
            let now = value_of(&form, &name);
            let other = all
                .into_iter()
                .rev()
                .find(|value| Some(value) != now.as_ref());
            // The only box is cleared if it was ticked.
            answers.push((name, other.or(now.filter(|_| !kind.contains("checkbox")))));
        }
    }
    answers.retain(|(name, _)| !NOT_KEPT.contains(&name.as_str()));
    for (name, value) in &answers {
        form = match value {
            Some(value) => form.set(name, value),
            None => form.without(name),
        };
    }
    (form, answers.into_iter().map(|(name, _)| name).collect())
}

#[tokio::test(flavor = "multi_thread")]
async fn i12_without_scripts_the_buttons_of_languages_keep_what_is_in_every_form() {
    let office = Office::open().await;
    let (mut tried, mut wrong) = (BTreeSet::new(), Vec::new());
    let is_page = |row: &Row| row.method == "GET" && row.class == "Page";
    // Before somebody has signed in, nothing is kept for them.
    let is_guarded =
        |row: &Row| !["Open", "BeforeSignIn", "BeforeAdminSignIn"].contains(&row.guard);
    for row in rows().iter().filter(|row| is_page(row) && is_guarded(row)) {
        for (browser, page) in office.pages(row).await {
            let at = page.url.path().to_owned();
            if page.has("main form:not([id])") && !filled(&page, "main form:not([id])").1.is_empty()
            {
                wrong.push(format!("{at}: a form to fill in has no id"));
            }
            for id in BTreeSet::from_iter(page.attributes("main form[id]", "id")) {
                let css = format!("form#{id}");
                let (form, names) = filled(&page, &css);
                if names.is_empty() {
                    continue;
                }
                tried.insert((row.path, id.clone()));
                let button = format!("button[form={id}][formaction]");
                let Some(action) = page.attribute(&button, "formaction") else {
                    wrong.push(format!("{at}: no button of languages for {css}"));
                    continue;
                };
                let there = form.clone().to(&office.app.at(&action));
                let other = browser.submit_and_follow(&there).await;
                let language = other.attribute("html", "lang");
                if language == page.attribute("html", "lang") || other.status != 200 {
                    wrong.push(format!("{at}: {css} is not shown in another language"));
                    continue;
                }
                let again = other.try_form(&css);
                for name in names {
                    let value = again.as_ref().and_then(|form| value_of(form, &name));
                    if value != value_of(&form, &name) {
                        wrong.push(format!("{at}: {css} loses {name}, shows {value:?}"));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(tried.len() > 25, "only these were tried: {tried:?}");
}
