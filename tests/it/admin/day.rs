//! The overview once people can sign in: the last day, and what fails.

use std::time::Duration;

use serde_json::json;

use crate::support::admin;
use crate::support::app::App;
use crate::support::browser::Browser;

#[tokio::test(flavor = "multi_thread")]
async fn the_overview_counts_the_last_day_once_people_can_sign_in() {
    let app = App::spawn().await;
    let head = admin::signed_in(&app).await;
    let home = head.visit(&app.at("/admin")).await;
    assert!(!home.has("#day"), "nobody has signed in yet: {home:?}");
    let (ana, noperm) = (Browser::new(), Browser::new());
    app.sign_in(&ana, "demo").await;
    app.issue(&ana, "ANA").await;
    app.sandbox
        .fault("csr_finalize", "after", "drop", json!(null), 1)
        .await;
    app.issue(&ana, "BEA").await;
    app.sign_in(&noperm, "noperm").await;
    app.issue(&noperm, "NO").await;
    let counted = async |expected: [&str; 4]| {
        let home = head.visit(&app.at("/admin")).await;
        let ids = ["day-sign-ins", "day-issued", "day-refused", "day-unknown"];
        let shown = ids.map(|id| home.text(&format!("#{id}")));
        assert_eq!(shown, expected, "{home:?}");
        home
    };
    let home = counted(["2", "1", "1", "1"]).await;
    assert_eq!(home.text("#day-failing"), "None", "{home:?}");
    app.sandbox
        .fault("login", "before", "status", json!(503), 1)
        .await;
    let page = ana.visit(&app.at("/sign-in")).await;
    let form = page.form("form[action='/sign-in/direct']");
    let form = form.set("username", "ra-app").set("password", "ra-app");
    ana.submit(&form).await;
    let home = head.visit(&app.at("/admin")).await;
    assert!(
        home.has("#day-failing a[href='/admin/connections/demo']"),
        "{home:?}"
    );
    app.clock.advance(Duration::from_secs(25 * 3600));
    let head = admin::signed_in(&app).await;
    let home = head.visit(&app.at("/admin")).await;
    assert_eq!(home.text("#day-issued"), "0", "{home:?}");
    assert_eq!(home.text("#day-unknown"), "1", "{home:?}");
    assert!(home.has("#day-unknown a[href='/attention']"), "{home:?}");
}
