//! Redtrust refuses, is gone or does not answer, in the midst of a run.

use std::time::Duration;

use rubrica::domain::audit::Action;
use rubrica::storage::audit::{self, Search};
use serde_json::json;

use super::{certificates, confirm, count, done, held_by, names, run_state, until, upload};
use crate::faults::change;
use crate::support::app::App;
use crate::support::gate::Gate;

#[tokio::test(flavor = "multi_thread")]
async fn what_was_refused_can_be_tried_again_and_is_made_once() {
    let (app, ana) = App::spawn_signed_in().await;
    app.sandbox
        .refuse("csr_create", "ERR_LICENSE_EXCEEDED", "No quedan licencias")
        .await;
    let check = upload(&app, &ana, "name", names(3).as_bytes()).await;
    let page = done(&ana, &confirm(&ana, &check).await).await;
    assert_eq!(count(&page, "failed"), 3, "{page:?}");
    assert!(page.text("#lines").contains("No quedan licencias"));
    // Each line says what to do, and nothing is offered first that cannot help.
    let advice = "Only the people who manage Redtrust";
    assert!(page.text("#lines").contains(advice), "{page:?}");
    assert!(page.has("#mend-first") && !page.has("form#retry"));
    let results = page.attribute("a#results", "href").unwrap();
    let csv = ana.get(&app.at(&results)).await.expect_status(200).body;
    assert_eq!(csv.matches(advice).count(), 3, "{csv}");
    app.sandbox.mend().await;
    let retry = page.form("#afterwards form");
    let page = ana.submit_and_follow(&retry).await;
    // Pressed again: it goes on already.
    ana.submit(&retry).await.expect_status(303);
    let page = done(&ana, &page).await;
    assert_eq!(count(&page, "issued"), 3, "{page:?}");
    assert!(!page.has("form#retry") && !page.has("#afterwards"));
    let made = certificates(&app).await;
    assert_eq!(made.values().copied().collect::<Vec<_>>(), [1, 1, 1]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_turned_back_goes_on_with_the_same_key_pair() {
    let (app, ana) = App::spawn_signed_in().await;
    app.sandbox
        .refuse(
            "csr_finalize",
            "ERR_LICENSE_EXCEEDED",
            "No quedan licencias",
        )
        .await;
    let check = upload(&app, &ana, "name", names(2).as_bytes()).await;
    let page = done(&ana, &confirm(&ana, &check).await).await;
    assert_eq!(count(&page, "half_made"), 2, "{page:?}");
    app.sandbox.mend().await;
    let page = ana.submit_and_follow(&page.form("#afterwards form")).await;
    let page = done(&ana, &page).await;
    assert_eq!(count(&page, "issued"), 2, "{page:?}");
    assert_eq!(app.sandbox.count("key_pair", "csr_create").await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_only_has_to_be_repeated_is_repeated_without_the_rest() {
    let (app, ana) = App::spawn_signed_in().await;
    let check = upload(&app, &ana, "name", names(2).as_bytes()).await;
    let refusal = |code: &str| {
        let answer =
            json!({"message": "no", "messageType": "ERROR", "errorCode": code, "data": {}});
        json!({"operation": "csr_create", "effect": "before", "action": "body",
            "value": answer.to_string(), "times": 1})
    };
    let faults = [refusal("ERR_LICENSE_EXCEEDED"), refusal("NO_LUCK")];
    app.sandbox.put("faults", json!({"faults": faults})).await;
    let page = done(&ana, &confirm(&ana, &check).await).await;
    assert_eq!(count(&page, "failed"), 2, "{page:?}");
    assert!(page.text("#mend-first").contains("One will not work"));
    let page = ana.submit_and_follow(&page.form("form#retry")).await;
    let page = done(&ana, &page).await;
    let counts = (count(&page, "issued"), count(&page, "failed"));
    assert_eq!(counts, (1, 1), "{page:?}");
    assert!(!page.has("form#retry") && page.has("#afterwards form"));
}

#[tokio::test(flavor = "multi_thread")]
async fn after_several_refusals_the_rest_is_not_sent() {
    let (app, ana) = App::spawn_signed_in().await;
    app.sandbox
        .refuse("csr_create", "ERR_LICENSE_EXCEEDED", "No quedan licencias")
        .await;
    let check = upload(&app, &ana, "name", names(30).as_bytes()).await;
    let page = confirm(&ana, &check).await;
    let page = until(&ana, &page, |page| run_state(page) == "paused").await;
    assert_eq!(held_by(&page).as_deref(), Some("refusals"));
    let page = until(&ana, &page, |page| count(page, "under_way") == 0).await;
    let (failed, waiting) = (count(&page, "failed"), count(&page, "waiting"));
    assert!((5..=9).contains(&failed), "{page:?}");
    assert_eq!(failed + waiting, 30);
    // Ended there: what was not sent is left out, which is said before.
    let said = page.text("details#end");
    assert!(said.contains(&waiting.to_string()), "{said}");
    let page = ana.submit_and_follow(&page.form("form#stop")).await;
    assert_eq!(run_state(&page), "done");
    assert_eq!(count(&page, "skipped"), waiting, "{page:?}");
    assert_eq!(app.sandbox.count("key_pair", "csr_create").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn after_several_outcomes_that_are_not_known_the_rest_is_not_sent() {
    let (app, ana) = App::spawn_signed_in().await;
    app.sandbox
        .fault("csr_finalize", "after", "drop", json!(null), 0)
        .await;
    let check = upload(&app, &ana, "name", names(30).as_bytes()).await;
    let page = confirm(&ana, &check).await;
    let page = until(&ana, &page, |page| run_state(page) == "paused").await;
    assert_eq!(held_by(&page).as_deref(), Some("unknown"));
    let page = until(&ana, &page, |page| count(page, "under_way") == 0).await;
    let (unknown, waiting) = (count(&page, "unknown"), count(&page, "waiting"));
    assert!((5..=9).contains(&unknown), "{page:?}");
    assert_eq!(unknown + waiting, 30);
    app.sandbox.mend().await;
    let page = ana.submit_and_follow(&page.form("form#go_on")).await;
    let page = done(&ana, &page).await;
    assert_eq!(count(&page, "issued"), waiting, "{page:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_outcome_that_is_not_known_stays_so_and_is_never_repeated() {
    let (app, ana) = App::spawn_signed_in().await;
    app.sandbox
        .fault("csr_finalize", "after", "drop", json!(null), 1)
        .await;
    let check = upload(&app, &ana, "name", names(3).as_bytes()).await;
    let page = done(&ana, &confirm(&ana, &check).await).await;
    assert_eq!((count(&page, "issued"), count(&page, "unknown")), (2, 1));
    assert!(!page.has("form#retry"), "{page:?}");
    // Nor by whoever sends that form all the same.
    let forged = ana
        .get(page.url.as_str())
        .await
        .form("form[action='/sign-out']");
    let forged = forged.to(page.url.as_str()).forge("act", "retry");
    ana.submit(&forged).await.expect_status(303);
    let page = ana.get(page.url.as_str()).await;
    assert_eq!(count(&page, "unknown"), 1);
    assert_eq!(app.sandbox.count("call", "csr_create").await, 3);
    assert_eq!(app.sandbox.count("certificate", "csr_finalize").await, 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_waits_while_redtrust_is_down_and_goes_on_by_itself() {
    let (app, ana) = App::spawn_signed_in().await;
    let mut gate = Gate::before(&app.sandbox.url).await;
    let url = gate.url.clone();
    change(&app, |connection| {
        connection.settings.base_url = url.parse().unwrap();
    })
    .await;
    let check = upload(&app, &ana, "name", names(6).as_bytes()).await;
    gate.shut().await;
    let page = confirm(&ana, &check).await;
    let page = until(&ana, &page, |page| held_by(page).is_some()).await;
    assert_eq!(run_state(&page), "working");
    assert_eq!(held_by(&page).as_deref(), Some("unreachable"));
    assert!(
        page.text("#run-hold").contains("Nothing is lost"),
        "{page:?}"
    );
    gate.open().await;
    let page = done(&ana, &page).await;
    assert_eq!(count(&page, "issued"), 6, "{page:?}");
    assert_eq!(app.sandbox.count("key_pair", "csr_create").await, 6);
}

#[tokio::test(flavor = "multi_thread")]
async fn while_redtrust_is_down_one_line_of_a_long_run_is_tried_at_a_time() {
    let (app, ana) = App::spawn_signed_in().await;
    let gate = Gate::before(&app.sandbox.url).await;
    let url = gate.url.clone();
    change(&app, |connection| {
        connection.settings.base_url = url.parse().unwrap();
    })
    .await;
    let check = upload(&app, &ana, "name", names(60).as_bytes()).await;
    drop(gate);
    let page = confirm(&ana, &check).await;
    let page = until(&ana, &page, |page| held_by(page).is_some()).await;
    tokio::time::sleep(Duration::from_secs(2)).await;
    let tried = Search {
        action: Some(Action::IssuanceCreateIntended),
        ..Search::default()
    };
    let (tried, _) = audit::count(&app.portal.storage, &tried, 100, 100)
        .await
        .unwrap();
    // Four at once, then one after half a second, one after a second more, and so on.
    assert!((4..=8).contains(&tried), "{tried} lines were tried");
    assert!(count(&page, "waiting") >= 50, "{page:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_who_may_not_issue_has_the_run_paused() {
    let app = App::spawn().await;
    let browser = crate::support::browser::Browser::new();
    app.sign_in(&browser, "noperm").await;
    let check = upload(&app, &browser, "name", names(8).as_bytes()).await;
    let page = confirm(&browser, &check).await;
    let page = until(&browser, &page, |page| run_state(page) == "paused").await;
    assert_eq!(held_by(&page).as_deref(), Some("may_not_issue"), "{page:?}");
    assert!(count(&page, "waiting") >= 4, "{page:?}");
    assert_eq!(app.sandbox.count("key_pair", "csr_create").await, 0);
}
