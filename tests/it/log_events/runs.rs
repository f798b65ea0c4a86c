//! Batches whose worker meets a fault: they go on later from where they were.

use std::time::Duration;

use rubrica::domain::run::Hold;
use rubrica::storage::runs;
use serde_json::json;

use super::{make_unusable, meddle, refuse};
use crate::many::{confirm, held_by, names, until, upload};
use crate::support::app::App;
use crate::support::browser::Browser;
use crate::support::events::told;
use crate::support::page::Page;

/// A confirmed batch, and its id.
async fn begun(app: &App, ana: &Browser, lines: usize) -> (Page, String) {
    let check = upload(app, ana, "name", names(lines).as_bytes()).await;
    let page = confirm(ana, &check).await;
    let id = page.url.path_segments().unwrap().next_back().unwrap();
    let id = id.to_owned();
    (page, id)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_that_cannot_be_written_breaks_off_and_says_so() {
    let (app, ana) = App::spawn_signed_in().await;
    let line = refuse(&app, "UPDATE OF issuance_id ON run_lines").await;
    let back = "UPDATE OF lease_holder ON runs WHEN NEW.lease_holder IS NULL";
    let back = refuse(&app, back).await;
    let (_, id) = begun(&app, &ana, 1).await;
    let event = told("run_interrupted", ("run", &id)).await;
    assert_eq!(event["level"], "warn");
    assert!(event["error"].contains(&line), "{event:?}");
    let event = told("run_not_released", ("run", &id)).await;
    assert_eq!(event["level"], "warn");
    assert!(event["error"].contains(&back), "{event:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_cannot_keep_a_batch_leaves_it_to_the_one_who_took_it_over() {
    let (app, ana) = App::spawn_signed_in().await;
    let sandbox = &app.sandbox;
    sandbox
        .fault("csr_create", "before", "delay", json!(30_000), 1)
        .await;
    let change = "UPDATE OF lease_until ON runs WHEN OLD.lease_until > 0 AND NEW.lease_until > 0";
    let words = refuse(&app, change).await;
    let (_, id) = begun(&app, &ana, 1).await;
    let event = told("run_lease_not_extended", ("error", &words)).await;
    assert_eq!(event["level"], "warn");
    let taken = format!("UPDATE runs SET lease_holder = 'another' WHERE id = '{id}'");
    meddle(&app, taken).await;
    let name = change.replace(|letter: char| !letter.is_alphanumeric(), "_");
    meddle(&app, format!("DROP TRIGGER {name}")).await;
    let event = told("run_taken_over", ("run", &id)).await;
    assert_eq!(event["level"], "warn");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_waits_for_a_connection_that_cannot_be_used() {
    let (app, ana) = App::spawn_signed_in().await;
    let check = upload(&app, &ana, "name", names(1).as_bytes()).await;
    make_unusable(&app).await;
    let page = confirm(&ana, &check).await;
    let id = page.url.path_segments().unwrap().next_back().unwrap();
    let event = told("run_without_connection", ("run", id)).await;
    assert_eq!(event["level"], "warn");
    assert!(event["error"].contains("demo"), "{event:?}");
    until(&ana, &page, |page| held_by(page).is_some()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_waits_for_a_connection_whose_row_cannot_be_read() {
    let (app, ana) = App::spawn_signed_in().await;
    // The first four lines are at work meanwhile.
    app.sandbox
        .fault("csr_create", "before", "delay", json!(1_500), 4)
        .await;
    let (_, id) = begun(&app, &ana, 6).await;
    meddle(&app, "UPDATE connections SET shared_key = x'00'".to_owned()).await;
    app.portal.connections.changed();
    let event = told("run_without_connection", ("run", &id)).await;
    assert!(event["error"].contains("connections"), "{event:?}");
    let hold = async || {
        let run = runs::by_id(&app.portal.storage, &id).await;
        run.unwrap().unwrap().hold
    };
    while hold().await != Some(Hold::NoConnection) {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
