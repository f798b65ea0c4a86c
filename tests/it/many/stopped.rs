//! A run whose node is stopped while Redtrust cannot be reached, and one whose node has few
//! connections to the database.

use std::sync::atomic::{AtomicBool, Ordering};

use futures_util::future::join_all;
use serde_json::json;

use super::killed::until;
use super::{count, held_by, names, run_state};
use crate::support::deployed::Deployed;
use crate::support::gate::Gate;
use crate::support::page::Page;
use crate::support::process::Process;
use crate::support::visitor::{Visitor, form_of};

/// Somebody who has uploaded a file with so many names, and the page on which to confirm it.
async fn uploaded(deployed: &Deployed, lines: usize) -> (Visitor, Page) {
    let ana = Visitor::new(&deployed.origin(), "ra-app");
    ana.sign_in().await.unwrap();
    let page = ana.visit("/issue/many").await.unwrap();
    let form = form_of(&page, "form#step").unwrap().set("kind", "name");
    let form = form.attach("holders_file", "t.csv", names(lines).as_bytes());
    let check = ana.submit(&form).await.unwrap();
    (ana, check)
}

async fn confirmed(ana: &Visitor, check: &Page) -> Page {
    let form = form_of(check, "form#step").unwrap().set("confirm", "yes");
    ana.submit(&form).await.unwrap()
}

/// A run of twelve lines whose node ends while Redtrust does not answer, which it does once
/// the next node is there. Returns the page of the run, some of whose lines are issued.
async fn outage(wanted: impl Fn(&Page) -> bool, end: impl FnOnce(&mut Process)) -> Page {
    let deployed = Deployed::start(None, 1).await;
    let mut gate = Gate::before(&deployed.controls.url).await;
    deployed.rewrite(0, &deployed.controls.url, &gate.url);
    let mut node = deployed.serve(0);
    let (ana, check) = uploaded(&deployed, 12).await;
    // The next process has no open connection.
    assert_eq!(node.terminate(), Some(0));
    node = deployed.serve(0);
    gate.hang().await;
    let page = confirmed(&ana, &check).await;
    let page = until(&ana, &page, wanted).await;
    end(&mut node);
    gate.open().await;
    deployed
        .controls
        .fault("csr_create", "before", "delay", json!(500), 0)
        .await;
    let _node = deployed.serve(0);
    let page = until(&ana, &page, |page| {
        run_state(page) != "working" || (count(page, "issued") > 0 && held_by(page).is_none())
    })
    .await;
    let done = until(&ana, &page, |page| run_state(page) != "working").await;
    let settled = count(&done, "issued") + count(&done, "unknown");
    assert_eq!(
        (run_state(&done).as_str(), settled),
        ("done", 12),
        "{done:?}"
    );
    page
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_that_is_stopped_while_redtrust_is_down_leaves_a_run_that_goes_on_by_itself() {
    let wanted = |page: &Page| count(page, "under_way") > 1;
    let page = outage(wanted, |node| assert_eq!(node.terminate(), Some(0))).await;
    assert_eq!(run_state(&page), "working", "{page:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_another_node_goes_on_with_no_longer_says_that_redtrust_is_down() {
    let wanted = |page: &Page| held_by(page).is_some();
    let page = outage(wanted, Process::kill).await;
    assert_eq!(run_state(&page), "working", "{page:?}");
}

/// Loads pages one after another, each with several questions to the database.
async fn look_on(ana: &Visitor, over: &AtomicBool) {
    while !over.load(Ordering::Relaxed) {
        ana.visit("/runs").await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_lines_of_a_run_do_not_keep_few_connections_from_each_other() {
    let deployed = Deployed::start(None, 1).await;
    let few = ("RUBRICA_POOL_SIZE", "2");
    let _node = Process::try_start(deployed.serving(0, &[few]), 1).unwrap();
    let (ana, check) = uploaded(&deployed, 60).await;
    let page = confirmed(&ana, &check).await;
    let over = AtomicBool::new(false);
    let run = async {
        let page = until(&ana, &page, |page| run_state(page) == "done").await;
        over.store(true, Ordering::Relaxed);
        page
    };
    let others = join_all((0..6).map(|_| look_on(&ana, &over)));
    let (page, _) = tokio::join!(run, others);
    assert_eq!(count(&page, "issued"), 60, "{page:?}");
    let log = std::fs::read_to_string(deployed.log_of(0)).unwrap();
    assert!(!log.contains("run_interrupted"), "{log}");
}
