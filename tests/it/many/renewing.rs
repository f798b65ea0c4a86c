//! Renewing many unchanged certificates in one go.

use std::time::Duration;

use futures_util::future::join_all;

use super::{choices, chosen, confirm, count, done, issued, renewals, run_state};
use crate::support::app::App;

const DAY: Duration = Duration::from_secs(24 * 3600);

#[tokio::test(flavor = "multi_thread")]
async fn forty_two_due_ones_are_renewed_with_four_clicks_from_the_dashboard() {
    let (app, ana) = App::spawn_signed_in().await;
    issued(&app, &ana, 42).await;
    app.clock.advance(DAY * 705);
    let home = app.sign_in(&ana, "demo").await;
    // 1: the button of the dashboard. 2: those that are due. 3 and 4: tick and confirm.
    let renew = home.attribute("main a[href='/renew']", "href").unwrap();
    let page = ana.visit(&app.at(&renew)).await.expect_status(200);
    assert!(page.text("#due button").contains("42"), "{page:?}");
    let check = ana.submit_and_follow(&page.form("form#due")).await;
    assert_eq!(check.attribute("#good", "data-count").unwrap(), "42");
    assert!(check.text("form#step button").contains("42"), "{check:?}");
    assert!(!check.has("#early"), "{check:?}");
    assert_eq!(renewals(&app).await.len(), 0, "nothing is sent yet");
    let page = confirm(&ana, &check).await;
    let page = done(&ana, &page).await;
    assert_eq!(count(&page, "issued"), 42, "{page:?}");

    let renewed = renewals(&app).await;
    assert_eq!(renewed.len(), 42);
    assert!(renewed.values().all(|times| *times == 1), "{renewed:?}");
    let csv = ana
        .get(&app.at(&page.attribute("#results", "href").unwrap()))
        .await;
    let lines: Vec<_> = csv.body.lines().skip(1).collect();
    assert_eq!(lines.len(), 42, "{csv:?}");
    for line in lines {
        let cells: Vec<_> = line.split("\",\"").collect();
        assert_eq!((cells[6], cells[7]), ("Issued", ""), "{line}");
        assert!(renewed.contains_key(cells[4]), "{line}");
        assert!(
            app.sandbox
                .text(&format!("certificates/{}", cells[9]))
                .await
                .contains("BEGIN")
        );
    }
    assert!(!ana.visit(&app.at("/renew")).await.has("#due"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_is_sent_many_times_and_from_two_tabs_renews_each_certificate_once() {
    let (app, ana) = App::spawn_signed_in().await;
    issued(&app, &ana, 3).await;
    let (_, all) = choices(&app, &ana).await;
    assert_eq!(all.len(), 3);
    let twice: Vec<_> = all.iter().chain(&all).cloned().collect();
    let tab = chosen(&app, &ana, &twice).await;
    let other = chosen(&app, &ana, &all).await;
    assert_eq!(tab.attribute("#good", "data-count").unwrap(), "3");
    let forms: Vec<_> = (0..6)
        .flat_map(|_| [&tab, &other])
        .map(|page| page.form("form#step").set("confirm", "yes"))
        .collect();
    join_all(forms.iter().map(|form| ana.submit(form))).await;
    for tab in [tab, other] {
        let page = ana.get(tab.url.as_str()).await;
        if page.has("#run-state") {
            let page = done(&ana, &page).await;
            assert_eq!(
                count(&page, "failed") + count(&page, "unknown"),
                0,
                "{page:?}"
            );
        }
    }
    let renewed = renewals(&app).await;
    assert_eq!(renewed.values().copied().collect::<Vec<_>>(), [1, 1, 1]);
    // What was left to the later one is gone: nothing to confirm.
    let late = chosen(&app, &ana, &all).await;
    assert_eq!(late.attribute("#bad", "data-count").unwrap(), "3");
    assert!(!late.has("form#step"), "{late:?}");
    assert!(late.text("#lines").contains("already been renewed"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_of_a_run_shows_its_lines_by_outcome_and_streams_what_changes() {
    let (app, ana) = App::spawn_signed_in().await;
    issued(&app, &ana, 2).await;
    let (_, all) = choices(&app, &ana).await;
    app.sandbox
        .fault("csr_create", "before", "delay", serde_json::json!(1_200), 0)
        .await;
    let page = confirm(&ana, &chosen(&app, &ana, &all).await).await;
    assert_eq!(run_state(&page), "working");
    assert!(page.body.contains("<noscript><meta http-equiv=\"refresh\""));
    let events = page.attribute("#totals", "data-events").unwrap();
    let stream = ana.get(&app.at(&events)).await.expect_status(200);
    assert_eq!(stream.header("content-type"), "text/event-stream");
    assert!(stream.body.contains("In progress"), "{stream:?}");
    assert!(stream.body.contains("\"id\":\"line-1\""), "{stream:?}");
    assert!(
        stream.body.ends_with("event: end\ndata: {}\n\n"),
        "{stream:?}"
    );
    let page = done(&ana, &page).await;
    assert!(!page.body.contains("<noscript"), "{page:?}");
    let only = |outcome: &str| app.at(&format!("{}?show={outcome}", page.url.path()));
    assert_eq!(
        ana.get(&only("issued"))
            .await
            .texts("#lines tbody tr")
            .len(),
        2
    );
    assert!(ana.get(&only("failed")).await.has("#empty"));
    assert_eq!(page.texts("#totals a"), ["Issued"], "{page:?}");
    let link = page.attribute("#lines tbody a", "href").unwrap();
    let one = ana.get(&app.at(&link)).await.expect_status(200);
    assert_eq!(crate::support::app::state_of(&one), "issued");
    let list = ana.visit(&app.at("/runs")).await.expect_status(200);
    assert_eq!(list.texts("#runs tbody tr").len(), 2, "{list:?}");
    assert!(list.text("#runs").contains("2 of 2"), "{list:?}");
}
