//! Whose history somebody reads: the person whom the server names, on the way they came
//! in, and nobody whose name only looks alike.

use serde_json::json;

use crate::support::app::App;
use crate::support::browser::Browser;

/// A portal whose Redtrust also has these users, each with the name as password.
async fn with_users(users: &[(&str, Option<&str>)]) -> App {
    let app = App::spawn().await;
    for (name, domain) in users {
        let user = json!({"username": name, "password": name, "domain": domain});
        app.sandbox.post("users", user).await;
    }
    app
}

/// How many requests this person's history lists.
async fn listed(app: &App, browser: &Browser) -> usize {
    let page = browser.visit(&app.at("/issuances")).await;
    page.expect_status(200).texts("tbody tr").len()
}

#[tokio::test(flavor = "multi_thread")]
async fn i07_names_that_only_look_alike_are_other_people() {
    let alike = ["kim", "\u{212a}im", "\u{ff4b}im", "kim\u{a0}x", "k\u{131}m"];
    let app = with_users(&alike.map(|name| (name, None))).await;
    let kim = Browser::new();
    app.sign_in(&kim, "kim").await;
    let issued = app.issue(&kim, "Kim Lee").await;
    for other in &alike[1..] {
        let browser = Browser::new();
        app.sign_in(&browser, other).await;
        assert_eq!(listed(&app, &browser).await, 0, "{other:?}");
        browser.get(issued.url.as_str()).await.expect_status(404);
    }
    let again = Browser::new();
    app.sign_in(&again, "kim").await;
    assert_eq!(listed(&app, &again).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn i07_a_user_of_the_redirect_is_no_application_user_with_that_domain() {
    let app = with_users(&[("eva", Some("corp")), ("eva@corp", None)]).await;
    let page = Browser::new();
    app.sign_in(&page, "eva@corp").await;
    app.issue(&page, "Eva Redirect").await;
    let direct = Browser::new();
    let form = direct.visit(&app.at("/sign-in")).await;
    let form = form.form("form[action='/sign-in/direct']");
    let form = form.set("username", "eva@corp").set("password", "eva");
    direct.submit_and_follow(&form).await.expect_status(200);
    assert_eq!(listed(&app, &direct).await, 0);
    assert_eq!(listed(&app, &page).await, 1);
}
