//! Control characters in an address, a query or a form are refused where they enter,
//! on both engines alike.

use rubrica::web::ALL_ROUTES;

use super::raw::ask;
use crate::support::admin;
use crate::support::app::{App, fill};
use crate::support::browser::Browser;
use crate::support::database::{Database, on_both_engines};
use crate::support::page::Page;

on_both_engines! {
    i18_a_control_character_in_an_address_is_404,
    i18_a_control_character_in_a_field_is_the_senders_mistake,
    i18_a_login_name_is_bounded_and_visible,
}

async fn app_on(db: &Database) -> App {
    App::spawn_with(&db.url, |_| {}).await
}

async fn i18_a_control_character_in_an_address_is_404(db: Database) {
    let (app, ana) = (app_on(&db).await, Browser::new());
    app.sign_in(&ana, "demo").await;
    let admin = admin::signed_in(&app).await;
    for route in ALL_ROUTES.iter().copied().flatten() {
        let browser = match route.path.starts_with("/admin") {
            true => &admin,
            false => &ana,
        };
        let hidden = ["%00", "a%00b", "%0A", "%1b[1m", "%7F", "%C2%85"];
        for text in hidden {
            let in_path = ["{id}", "{slug}", "{step}", "{thumbprint}", "{file}"]
                .iter()
                .fold(route.path.to_owned(), |path, part| path.replace(part, text));
            let in_query = format!("{}?q={text}", route.path.replace(['{', '}'], ""));
            let method = route.method.as_str();
            if in_path != route.path {
                let page = ask(&app, browser, method, &in_path).await;
                assert_eq!(page.status, 404, "{method} {in_path}: {page:?}");
            }
            // The callback has pages of its own for whatever comes back.
            if !in_query.starts_with("/callback/") {
                let page = ask(&app, browser, method, &in_query).await;
                assert_eq!(page.status, 404, "{method} {in_query}: {page:?}");
            }
        }
    }
    for query in ["tkn=%00", "tkn=a%0D%0Ab", "%00=1&tkn=%00"] {
        let target = format!("/callback/demo?{query}");
        ask(&app, &ana, "GET", &target).await.expect_status(400);
    }
}

/// Submits every form of the page with `text` in each of its fields.
async fn spoil(browser: &Browser, page: &Page, text: &str) -> usize {
    let mut tried = 0;
    let actions = page.attributes("form[method=post]", "action");
    for action in actions.iter().filter(|action| !action.contains("sign-out")) {
        let selector = format!("form[action='{action}']");
        for name in page.attributes(&format!("{selector} [name]"), "name") {
            if name == "csrf" {
                continue;
            }
            let form = page.form(&selector).forge(&name, text);
            let answer = browser.submit(&form).await;
            assert!(answer.status.as_u16() < 500, "{action} {name}: {answer:?}");
            let end = browser.follow(answer).await;
            assert!(end.status.as_u16() < 500, "{action} {name}: {end:?}");
            tried += 1;
        }
    }
    tried
}

async fn i18_a_control_character_in_a_field_is_the_senders_mistake(db: Database) {
    let (app, ana, nobody) = (app_on(&db).await, Browser::new(), Browser::new());
    app.sign_in(&ana, "demo").await;
    let admin = admin::signed_in(&app).await;
    let mut tried = 0;
    for text in ["a\0b", "\u{1b}[1m\u{85}"] {
        for (browser, path) in [
            (&nobody, "/sign-in"),
            (&nobody, "/admin/sign-in"),
            (&ana, "/issuances"),
            (&ana, "/renew/choose"),
            (&admin, "/admin/connections/new"),
            (&admin, "/admin/connections/demo"),
            (&admin, "/admin/connections/demo/dialect"),
            (&admin, "/admin/connections/demo/next-key"),
            (&admin, "/admin/connections/demo/key"),
            (&admin, "/admin/redirect-urls"),
            (&admin, "/admin/diagnostics"),
        ] {
            let page = browser.visit(&app.at(path)).await.expect_status(200);
            tried += spoil(browser, &page, text).await;
        }
        let mut page = ana.visit(&app.at("/issue")).await;
        let answers = [
            ("kind", "representative"),
            ("given_names", "Ana"),
            ("first_surname", "Gil"),
            ("document_number", "12345678Z"),
            ("organisation_name", "Acme"),
            ("organisation_nif", "A58818501"),
        ];
        for _ in 0..10 {
            if page.has("#state") {
                break;
            }
            tried += spoil(&ana, &page, text).await;
            let form = fill(page.form("main form#step"), &answers);
            page = ana.submit_and_follow(&form).await;
        }
        assert!(page.has("#state"), "{page:?}");
    }
    assert!(tried > 100, "{tried}");
    let search = ana.get(&app.at("/issuances")).await.form("form#filter");
    let answer = ana.submit(&search.set("q", "a\0b")).await;
    let answer = answer.expect_status(422);
    assert!(answer.has("a[href='#q']"), "{answer:?}");
}

async fn i18_a_login_name_is_bounded_and_visible(db: Database) {
    let (app, ana) = (app_on(&db).await, Browser::new());
    let page = ana.get(&app.at("/sign-in")).await;
    let form = page.form("form[action='/sign-in/direct']");
    let form = form.set("username", "ra-app").set("password", "ra-app");
    let long = "a".repeat(256);
    for (field, text) in [
        ("username", "a\0b"),
        ("username", "a\nb"),
        ("username", "ra\u{200b}-app"),
        ("username", "ra-app\u{202e}"),
        ("username", &long),
        ("domain", "de\0mo"),
        ("domain", "de\u{feff}mo"),
        ("domain", &long),
    ] {
        let page = ana.submit(&form.clone().set(field, text)).await;
        let page = page.expect_status(422);
        assert!(
            page.has(&format!(".error-summary a[href='#{field}']")),
            "{page:?}"
        );
    }
    assert_eq!(app.sandbox.count("call", "login").await, 0);
    ana.submit(&form).await.expect_redirect_to("/");
}
