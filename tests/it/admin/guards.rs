//! Nobody but an admin gets anywhere below `/admin`, and no form counts that
//! was not sent from our own page.

use crate::support::admin;
use crate::support::browser::Browser;

const PAGES: [&str; 17] = [
    "/admin",
    "/admin/connections",
    "/admin/connections/new",
    "/admin/connections/demo",
    "/admin/connections/demo/off",
    "/admin/connections/demo/key",
    "/admin/connections/demo/next-key",
    "/admin/redirect-urls",
    "/admin/audit",
    "/admin/audit?verify=yes",
    "/admin/diagnostics",
    "/admin/sessions",
    "/admin/mail",
    "/admin/people",
    "/admin/people/invite",
    "/attention",
    "/attention/certificates",
];

const ACTS: [&str; 23] = [
    "/admin/sign-out",
    "/admin/connections/new",
    "/admin/connections/demo",
    "/admin/connections/demo/server",
    "/admin/connections/demo/state",
    "/admin/connections/demo/key",
    "/admin/connections/demo/next-key",
    "/admin/connections/demo/next-key/use",
    "/admin/connections/demo/second-key/drop",
    "/admin/connections/demo/redirect-url",
    "/admin/connections/demo/hand-over",
    "/admin/session/keep",
    "/admin/redirect-urls",
    "/admin/redirect-urls/x/state",
    "/admin/audit/search",
    "/admin/audit/export",
    "/admin/sessions",
    "/admin/sessions/x/end",
    "/admin/sessions/end-others",
    "/admin/mail/test",
    "/admin/mail/again",
    "/admin/people/invite",
    "/admin/people/x",
];

#[tokio::test(flavor = "multi_thread")]
async fn b08_strangers_and_users_are_led_to_the_sign_in() {
    let app = admin::app().await;
    let (stranger, user) = (Browser::new(), Browser::new());
    app.sign_in_directly(&user, "ra-app").await;
    for browser in [&stranger, &user] {
        for path in PAGES {
            browser
                .get(&app.at(path))
                .await
                .expect_redirect_to("/admin/sign-in");
        }
        let form = admin::sign_in_form(&app, browser).await;
        for path in ACTS {
            let page = browser.submit(&form.clone().to(&app.at(path))).await;
            assert!(
                matches!(page.status.as_u16(), 303 | 403),
                "{path}: {page:?}"
            );
        }
    }
    for gone in ["/admin/peoples", "/admin/x"] {
        stranger.get(&app.at(gone)).await.expect_status(404);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a04_a_form_that_is_not_ours_changes_nothing() {
    let app = admin::app().await;
    let (ana, eve) = (admin::signed_in(&app).await, admin::signed_in(&app).await);
    let of_eve = eve.visit(&app.at("/admin/connections/new")).await;
    let of_eve = of_eve.form("main form#step");
    let before_sign_in = admin::sign_in_form(&app, &Browser::new()).await;
    let own = ana.visit(&app.at("/admin/connections/new")).await;
    let own = own.form("main form#step");
    let cross: [(&'static str, &str); 1] = [("sec-fetch-site", "cross-site")];
    let foreign: [(&'static str, &str); 1] = [("origin", "https://evil.example")];
    let null: [(&'static str, &str); 1] = [("origin", "null")];
    for path in ACTS {
        let at = app.at(path);
        for form in [
            own.clone().without("csrf"),
            own.clone().forge("csrf", "x"),
            of_eve.clone(),
            before_sign_in.clone(),
        ] {
            ana.submit(&form.to(&at)).await.expect_status(403);
        }
        for headers in [&cross, &foreign, &null] {
            ana.submit_with(&own.clone().to(&at), headers)
                .await
                .expect_status(403);
        }
    }
    let page = ana.visit(&app.at("/admin")).await.expect_status(200);
    assert_eq!(page.text("#signed-in-as"), admin::USERNAME);
}
