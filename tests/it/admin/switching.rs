//! Disabling a connection asks first, and says whom it concerns.

use crate::support::admin;
use crate::support::browser::Browser;

#[tokio::test(flavor = "multi_thread")]
async fn before_a_connection_is_disabled_the_page_says_how_many_it_concerns() {
    let app = admin::app().await;
    let ana = admin::signed_in(&app).await;
    let (one, two) = (Browser::new(), Browser::new());
    app.sign_in(&one, "demo").await;
    app.sign_in_directly(&two, "ra-app").await;
    app.issue(&one, "Ana").await;
    let kind = two.visit(&app.at("/issue")).await.form("form#step");
    two.submit_and_follow(&kind.set("kind", "name")).await;
    let page = ana.visit(&app.at("/admin/connections/demo")).await;
    assert!(!page.has("form#switch"), "it asks first: {page:?}");
    let ask = page.attribute("a[href$='/off']", "href").unwrap();
    let ask = ana.visit(&app.at(&ask)).await.expect_status(200);
    for (id, count) in [("signed-in", "2"), ("open", "1"), ("certificates", "1")] {
        assert_eq!(ask.text(&format!("#concerned-{id}")), count, "{ask:?}");
    }
    let state = |page: &crate::support::page::Page| {
        page.attribute("#connection-state", "data-state").unwrap()
    };
    let still = ana.visit(&app.at("/admin/connections/demo")).await;
    assert_eq!(state(&still), "enabled", "asking changes nothing");
    let off = admin::saved(&ana, &ask.form("form#switch")).await;
    assert_eq!(state(&off), "disabled");
    assert!(off.text(".banner.good").contains("disabled"), "{off:?}");
    ana.get(&app.at("/admin/connections/demo/off"))
        .await
        .expect_redirect_to("/admin/connections/demo");
    let on = admin::saved(&ana, &off.form("form#switch")).await;
    assert_eq!(state(&on), "enabled");
    assert!(on.text(".banner.good").contains("enabled"), "{on:?}");
}
