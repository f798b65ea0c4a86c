//! A run whose node is killed, on one database with another node beside it.

use std::time::{Duration, Instant};

use serde_json::json;

use super::{count, names, run_state};
use crate::support::deployed::Deployed;
use crate::support::page::Page;
use crate::support::postgres;
use crate::support::visitor::{Visitor, form_of};

const PATIENCE: Duration = Duration::from_secs(60);

async fn until(ana: &Visitor, page: &Page, wanted: impl Fn(&Page) -> bool) -> Page {
    let began = Instant::now();
    loop {
        let now = ana.visit(page.url.path()).await;
        if let Ok(page) = now
            && page.has("#run-state")
            && wanted(&page)
        {
            return page;
        }
        assert!(
            began.elapsed() < PATIENCE,
            "never: {:?}",
            ana.visit(page.url.path()).await
        );
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn when_the_node_of_a_run_dies_the_other_one_goes_on_and_no_line_is_done_twice() {
    let Some(url) = postgres::migrated().await else {
        return;
    };
    let deployed = Deployed::start(Some(url), 2).await;
    let mut nodes = [deployed.serve(0), deployed.serve(1)];
    let ana = Visitor::new(&deployed.origin(), "demo");
    ana.sign_in_at_redtrust().await.unwrap();
    deployed
        .controls
        .fault("csr_create", "before", "delay", json!(300), 0)
        .await;
    let page = ana.visit("/issue/many").await.unwrap();
    let form = form_of(&page, "form#step").unwrap().set("kind", "name");
    let form = form.attach("holders_file", "t.csv", names(12).as_bytes());
    let check = ana.submit(&form).await.unwrap();
    // Confirmed at the first node, which is the one that works on it.
    deployed.balancer.send_only_to(&[deployed.ports[0]]);
    let form = form_of(&check, "form#step").unwrap().set("confirm", "yes");
    let page = ana.submit(&form).await.unwrap();
    let page = until(&ana, &page, |page| count(page, "issued") > 0).await;
    nodes[0].kill();
    deployed.balancer.send_only_to(&[deployed.ports[1]]);
    let page = until(&ana, &page, |page| run_state(page) == "done").await;
    let (issued, unknown) = (count(&page, "issued"), count(&page, "unknown"));
    assert_eq!(issued + unknown, 12, "{page:?}");
    assert!(unknown <= 4, "{page:?}");

    let entries = deployed.controls.ledger().await;
    let mut subjects: Vec<_> = entries
        .iter()
        .filter(|entry| entry["kind"] == "certificate")
        .map(|entry| entry["subject"].to_string())
        .collect();
    let made = subjects.len();
    subjects.sort();
    subjects.dedup();
    assert_eq!(subjects.len(), made, "{entries:#?}");
    assert!((issued..=12).contains(&made), "{made} {page:?}");
    let keys = deployed.controls.count("key_pair", "csr_create").await;
    assert!(keys <= 12, "{keys}");
}
