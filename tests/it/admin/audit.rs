//! Every change leaves a row, and the chain holds.

use crate::support::admin::{self, audited, move_url, tamper};

#[tokio::test(flavor = "multi_thread")]
async fn every_change_stands_in_the_audit_and_the_chain_holds() {
    let app = admin::app().await;
    let ana = admin::signed_in(&app).await;
    let page = ana.visit(&app.at("/admin/connections/demo")).await;
    let form = page.form("main form#step").set("name", "Demo <b>two</b>");
    admin::saved(&ana, &form).await.expect_status(200);
    admin::disable(&app, &ana, "demo").await;
    move_url(&app, &ana, "demo", "disabled")
        .await
        .expect_status(200);
    let rows = audited(&app, &ana).await;
    for (number, words) in [
        ["Redirect URL disabled", "/callback/demo"],
        ["Connection disabled", "Connection demo"],
        ["Connection changed", "Demo <b>two</b>"],
        ["Signed in with a portal account", "Account ana"],
        ["Account created", "Account ana"],
    ]
    .iter()
    .enumerate()
    {
        let row = &rows[number];
        assert!(
            words.iter().all(|word| row.contains(word)),
            "{words:?}: {row}"
        );
    }
    assert!(
        rows[0].contains("ana") && rows[0].contains("127.0.0.1"),
        "{}",
        rows[0]
    );
    let verified = ana.visit(&app.at("/admin/audit?verify=yes")).await;
    assert!(
        verified.text(".banner.good").contains("intact"),
        "{verified:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn c14_a_changed_entry_is_named() {
    let app = admin::app().await;
    let ana = admin::signed_in(&app).await;
    tamper(
        &app,
        "UPDATE audit SET actor = 'somebody else' WHERE seq = 2",
    )
    .await;
    let page = ana.visit(&app.at("/admin/audit?verify=yes")).await;
    assert!(page.text(".banner.bad").contains('2'), "{page:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn older_entries_stand_on_further_pages() {
    let app = admin::app().await;
    let ana = admin::signed_in(&app).await;
    for _ in 0..10 {
        for to in ["disabled", "registered"] {
            move_url(&app, &ana, "demo", to).await.expect_status(200);
        }
    }
    let first = ana.visit(&app.at("/admin/audit")).await;
    let older = first.attribute("a[rel=next]", "href").unwrap();
    let second = ana.visit(&app.at(&older)).await;
    let numbers: Vec<i64> = [first.texts("tbody th"), second.texts("tbody th")]
        .concat()
        .iter()
        .map(|number| number.parse().unwrap())
        .collect();
    assert_eq!(numbers, (1..=22).rev().collect::<Vec<_>>());
    assert!(!second.has("a[rel=next]") && second.has("a[rel=prev]"));
}
