//! No route without its guard: the table of routes is read from where they
//! are registered, so that a new one cannot be forgotten here.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::support::admin;
use crate::support::app::App;
use crate::support::browser::Browser;
use crate::support::page::{Form, Page};

/// A method and a filled-in path.
type Route = (String, String);

/// What answers 200 to somebody who is not signed in.
const OPEN: &[&str] = &["/sign-in", "/admin/sign-in", "/healthz", "/readyz"];

/// Every registered route.
fn routes() -> Vec<Route> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/web");
    let paths = constants(&fs::read_to_string(root.join("routes.rs")).unwrap());
    let mut found = Vec::new();
    let mut folders = vec![root];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                registered(&fs::read_to_string(&path).unwrap(), &paths, &mut found);
            }
        }
    }
    found.sort();
    found.dedup();
    assert!(found.len() > 30, "the search finds only {found:?}");
    found
}

/// `pub const NAME: &str = "path";`
fn constants(text: &str) -> BTreeMap<String, String> {
    text.split("pub const ")
        .skip(1)
        .filter_map(|rest| {
            let (name, rest) = rest.split_once(": &str = \"")?;
            let (path, _) = rest.split_once('"')?;
            Some((name.to_owned(), path.to_owned()))
        })
        .collect()
}

/// Each `routes::NAME ... web::get()` or `web::post()` that follows it.
fn registered(text: &str, paths: &BTreeMap<String, String>, found: &mut Vec<Route>) {
    for rest in text.split("routes::").skip(1) {
        let end = rest
            .find(|c: char| !c.is_ascii_uppercase() && c != '_')
            .unwrap();
        let Some(path) = paths.get(&rest[..end]) else {
            continue;
        };
        let method = &rest[end..];
        let method = method.trim_start_matches([')', ',', ' ', '\n']);
        for (call, name) in [("web::get()", "GET"), ("web::post()", "POST")] {
            if method.starts_with(call) {
                found.push((name.to_owned(), filled(path)));
            }
        }
    }
}

fn filled(pattern: &str) -> String {
    let id = "018f4d2e-0000-7000-8000-000000000001";
    pattern
        .replace("{id}", id)
        .replace("{slug}", "demo")
        .replace("{step}", "check")
        .replace("{thumbprint}", &"AB".repeat(20))
        .replace("{file}", "app.css")
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_who_is_not_signed_in_sees_the_sign_in_pages_only() {
    let app = App::spawn().await;
    for (method, path) in routes() {
        if path.starts_with("/static/") {
            continue;
        }
        let browser = Browser::new();
        let page = match method.as_str() {
            "GET" => browser.get(&app.at(&path)).await,
            _ => browser.submit(&Form::empty(&app.at(&path))).await,
        };
        let status = page.status.as_u16();
        let open = method == "GET" && OPEN.contains(&path.as_str());
        let to_sign_in = page
            .location()
            .is_some_and(|to| to.path().ends_with("/sign-in"));
        assert!(
            open == (status == 200) && (open || to_sign_in || (400..500).contains(&status)),
            "{method} {path}: {page:?}"
        );
    }
}

/// Ways of sending a form that is not ours, each of them refused.
async fn forge(browser: &Browser, form: &Form, other: &str) -> Vec<(&'static str, Page)> {
    let site = [("sec-fetch-site", "cross-site")];
    vec![
        (
            "no token",
            browser.submit(&form.clone().without("csrf")).await,
        ),
        (
            "another session's token",
            browser.submit(&form.clone().forge("csrf", other)).await,
        ),
        (
            "a foreign origin",
            browser
                .submit_with(form, &[("origin", "https://evil.example")])
                .await,
        ),
        (
            "no origin at all",
            browser.submit_with(form, &[("origin", "null")]).await,
        ),
        ("from another site", browser.submit_with(form, &site).await),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_that_is_not_ours_changes_nothing() {
    let app = App::spawn().await;
    let (ana, bea) = (Browser::new(), Browser::new());
    let before = ana.get(&app.at("/sign-in")).await;
    let token_before = before.form("form[action='/sign-in/redtrust']");
    let token_before = token_before.value("csrf").unwrap().to_owned();
    let home = app
        .sign_in(&ana, "demo")
        .await
        .form("form[action='/sign-out']");
    let others = app.sign_in_directly(&bea, "ra-app").await;
    let others = others.form("form[action='/sign-out']");
    let others = others.value("csrf").unwrap();
    admin::make_admin(&app).await;
    let admin = admin::signed_in(&app).await;
    let desk = admin.get(&app.at("/admin")).await;
    let desk = desk.form("form[action='/admin/sign-out']");
    for (method, path) in routes() {
        if method != "POST" {
            continue;
        }
        let (browser, form) = match path.starts_with("/admin") {
            true => (&admin, &desk),
            false => (&ana, &home),
        };
        let form = form.clone().to(&app.at(&path));
        for (how, page) in forge(browser, &form, others).await {
            assert_eq!(page.status.as_u16(), 403, "{path}, {how}: {page:?}");
        }
        let stale = form.forge("csrf", &token_before);
        let page = browser.submit(&stale).await;
        let is_sign_in = path.starts_with("/sign-in/");
        assert!(
            is_sign_in || page.status == 403,
            "{path}, a token from before: {page:?}"
        );
    }
    assert!(ana.visit(&app.url).await.has("#signed-in-as"));
}
