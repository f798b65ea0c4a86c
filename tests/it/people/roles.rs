//! What each role may do, asked of every route.

use rubrica::services::accounts::Role;
use rubrica::web::ALL_ROUTES;
use rubrica::web::routes::{Guard, Route};

use crate::guards::filled;
use crate::support::admin;
use crate::support::app::App;
use crate::support::browser::Browser;
use crate::support::page::Page;
use crate::support::people::signed_in_as;

/// The routes with this method and guard, without those that end a session.
fn routes(guard: Guard) -> impl Iterator<Item = (&'static Route, String)> {
    let all = ALL_ROUTES.iter().copied().flatten();
    all.filter(move |route| route.guard == guard && !route.path.ends_with("sign-out"))
        .map(|route| (route, filled(route.path)))
}

/// What the route answers to somebody with a form of their own session.
async fn asked(app: &App, browser: &Browser, route: &Route, path: &str) -> Page {
    if route.method != "POST" {
        return browser.get(&app.at(path)).await;
    }
    let page = browser.visit(&app.at("/attention")).await;
    let form = page.form("form[action='/admin/sign-out']");
    browser.submit(&form.to(&app.at(path))).await
}

async fn is_refused(app: &App, browser: &Browser, guard: Guard) {
    for (route, path) in routes(guard) {
        let page = asked(app, browser, route, &path).await.expect_status(403);
        assert_eq!(page.problem(), "not_allowed", "{} {path}", route.method);
    }
}

async fn may_enter(app: &App, browser: &Browser, guard: Guard) {
    for (route, path) in routes(guard) {
        let page = asked(app, browser, route, &path).await;
        // What is made up is not found; nothing leads to the sign-in.
        let is_right = matches!(page.status.as_u16(), 200 | 204 | 303 | 404 | 422);
        let to = page.location().map(|to| to.path().to_owned());
        let is_out = to.as_deref() == Some("/admin/sign-in");
        assert!(is_right && !is_out, "{} {path}: {page:?}", route.method);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn i11_an_auditor_reads_what_admins_see_and_changes_nothing() {
    let app = admin::app().await;
    let eva = signed_in_as(&app, "eva", Role::Auditor, &[]).await;
    is_refused(&app, &eva, Guard::Admin).await;
    for guard in [Guard::Auditor, Guard::Officer, Guard::Account] {
        may_enter(&app, &eva, guard).await;
    }
    // Nothing to set up for somebody who may change nothing.
    let home = eva.visit(&app.at("/admin")).await;
    assert_eq!(home.text("main h1"), "State of the portal");
    let refused = eva.get(&app.at("/admin/connections/new")).await;
    assert!(refused.has("main a[href='/admin']"), "{refused:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn i11_an_auditor_is_shown_no_button_but_those_of_the_session() {
    let app = admin::app().await;
    let ana = admin::signed_in(&app).await;
    let eva = signed_in_as(&app, "eva", Role::Auditor, &[]).await;
    for path in [
        "/admin",
        "/admin/connections",
        "/admin/connections/demo",
        "/admin/redirect-urls",
        "/admin/diagnostics",
        "/admin/audit",
        "/admin/people",
        "/attention",
        "/attention/certificates",
    ] {
        let page = eva.visit(&app.at(path)).await.expect_status(200);
        let mut left = page.attributes("main form", "action");
        // They search the lists, and take the audit along.
        let reads = |action: &str| {
            action.starts_with("/admin/audit/")
                || (action.starts_with("/attention") && action.contains("/search"))
        };
        left.retain(|action| !reads(action));
        assert!(left.is_empty(), "{path}: {left:?}");
        for href in page.attributes("main a", "href") {
            let to = eva.visit(&app.at(&href)).await;
            assert_eq!(to.status.as_u16(), 200, "{path} -> {href}: {to:?}");
        }
    }
    let page = ana.visit(&app.at("/admin/connections/demo")).await;
    assert!(page.has("main form"), "the same page has forms for admins");
}

#[tokio::test(flavor = "multi_thread")]
async fn i11_an_officer_sees_the_officers_pages_only() {
    let app = admin::app().await;
    let leo = signed_in_as(&app, "leo", Role::Officer, &["demo"]).await;
    for guard in [Guard::Admin, Guard::Auditor] {
        is_refused(&app, &leo, guard).await;
    }
    for guard in [Guard::Officer, Guard::Account] {
        may_enter(&app, &leo, guard).await;
    }
    let refused = leo.get(&app.at("/admin")).await.expect_status(403);
    assert!(refused.has("main a[href='/attention']"), "{refused:?}");
    assert_eq!(
        refused.attributes(".site-nav a", "href"),
        ["/attention", "/attention/certificates"]
    );
    let again = leo.get(&app.at("/admin/sign-in")).await;
    again.expect_redirect_to("/attention");
}
