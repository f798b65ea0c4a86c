//! A run whose node is killed, on one database with another node beside it.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use serde_json::json;

use super::{count, names, run_state};
use crate::support::deployed::Deployed;
use crate::support::page::Page;
use crate::support::postgres;
#[cfg(feature = "failpoints")]
use crate::support::process::Process;
use crate::support::visitor::{Visitor, form_of};
use crate::take_over::{packed, pem, thumbprint};

const PATIENCE: Duration = Duration::from_secs(60);

pub(super) async fn until(ana: &Visitor, page: &Page, wanted: impl Fn(&Page) -> bool) -> Page {
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

/// The check page of a run that renews this certificate alone.
#[cfg(feature = "failpoints")]
async fn one_renewal(ana: &Visitor, thumbprint: &str) -> Page {
    let page = ana.visit("/certificates").await.unwrap();
    let form = form_of(&page, "form#choose").unwrap();
    ana.submit(&form.push("thumbprint", thumbprint))
        .await
        .unwrap()
}

#[cfg(feature = "failpoints")]
#[tokio::test(flavor = "multi_thread")]
async fn a_draft_of_its_owner_that_a_run_has_sent_is_the_runs_whenever_its_node_dies() {
    let deployed = Deployed::start(None, 1).await;
    let mut node = deployed.serve(0);
    let ana = Visitor::new(&deployed.origin(), "ra-app");
    ana.sign_in().await.unwrap();
    let answers = [("kind", "name"), ("common_name", "ANA")];
    let last = ana.to_last_step("/issue", &answers).await.unwrap();
    let page = ana.submit(&last).await.unwrap();
    let page = ana.settled(page.url.path(), PATIENCE).await.unwrap();
    let old = crate::support::app::thumbprint_of(&page);
    // Begun by hand, and not sent.
    let page = ana.visit(&format!("/renew/{old}")).await.unwrap();
    let form = form_of(&page, "form#step")
        .unwrap()
        .set("data_changed", "no");
    ana.submit(&form).await.unwrap();
    let check = one_renewal(&ana, &old).await;
    assert_eq!(node.terminate(), Some(0));

    let dies = ("RUBRICA_CRASH_AT", "create.before_response:1");
    node = Process::try_start(deployed.serving(0, &[dies]), 1).unwrap();
    let form = form_of(&check, "form#step").unwrap().set("confirm", "yes");
    // It may die before it answers.
    let _answer = ana.submit(&form).await;
    let began = Instant::now();
    while node.status().is_none() {
        assert!(began.elapsed() < PATIENCE, "it lives");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let _node = deployed.serve(0);
    let page = until(&ana, &check, |page| run_state(page) == "done").await;
    assert_eq!(count(&page, "skipped"), 0, "{page:?}");
    assert_eq!(count(&page, "unknown"), 1, "{page:?}");
}

/// What the sandbox renewed: the old thumbprint and the new ones.
async fn renewed(deployed: &Deployed) -> BTreeMap<String, Vec<String>> {
    let mut found = BTreeMap::<_, Vec<_>>::new();
    for entry in deployed.controls.ledger().await {
        let text = |name: &str| entry[name].as_str().map(ToOwned::to_owned);
        if entry["kind"] == "certificate"
            && let (Some(old), Some(new)) = (text("renews"), text("thumbprint"))
        {
            found.entry(old).or_default().push(new);
        }
    }
    found
}

/// Settles what is half-made or unknown: finalizes again, or gives up what has no code.
async fn settle(ana: &Visitor) {
    for state in ["key_created", "unknown"] {
        let list = ana
            .visit(&format!("/issuances?state={state}"))
            .await
            .unwrap();
        for href in list.attributes("#issuances th a", "href") {
            let page = ana.visit(&href).await.unwrap();
            let way = ["form#resume", "#abandon form"];
            let form = way.iter().find_map(|css| page.try_form(css));
            ana.submit(&form.unwrap_or_else(|| panic!("{page:?}")))
                .await
                .unwrap();
            ana.settled(page.url.path(), PATIENCE).await.unwrap();
        }
    }
}

/// Starts a run of all that is due; `None` if nothing is.
async fn renew_due(ana: &Visitor) -> Option<Page> {
    let page = ana.visit("/renew").await.unwrap();
    let check = ana.submit(&page.try_form("form#due")?).await.unwrap();
    let form = check.try_form("form#step")?.set("confirm", "yes");
    Some(ana.submit(&form).await.unwrap())
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes minutes: 50 kills"]
async fn i12_after_50_kills_the_portal_and_the_ledger_agree_on_each_of_42_renewals() {
    let deployed = Deployed::start(None, 1).await;
    let mut node = deployed.serve(0);
    let ana = Visitor::new(&deployed.origin(), "demo");
    ana.sign_in_at_redtrust().await.unwrap();
    let days: Vec<usize> = (0..300)
        .map(|n| if n < 42 { 20 } else { 100 + n })
        .collect();
    let body = json!({"count": 300, "validity_days": days});
    let all = deployed.controls.post_for("certificates", body).await;
    let all = all["certificates"].as_array().unwrap().clone();
    let file = |one| (format!("{}.pem", thumbprint(one)), pem(one).into());
    let zip = packed(&all.iter().map(file).collect::<Vec<_>>());
    let page = ana.visit("/certificates/take-over").await.unwrap();
    let form = form_of(&page, "form#step").unwrap();
    let form = form.attach("certificate_file", "all.zip", &zip);
    let taken = ana.submit(&form).await.unwrap();
    assert!(taken.text("#taken-over").contains("300"), "{taken:?}");

    let delay = json!(120);
    deployed
        .controls
        .fault("csr_create", "before", "delay", delay, 0)
        .await;
    let mut run = renew_due(&ana).await.unwrap();
    for kill in 0..50_u64 {
        // At other moments each time; what the run has done by then differs too.
        tokio::time::sleep(Duration::from_millis(10 + kill * 37 % 250)).await;
        node.kill();
        node = deployed.serve(0);
        let page = ana.visit(run.url.path()).await;
        let page = match page {
            Ok(page) if page.has("#run-state") => page,
            _ => {
                ana.sign_in_at_redtrust().await.unwrap();
                ana.visit(run.url.path()).await.unwrap()
            }
        };
        if let Some(form) = page.try_form("form#go_on") {
            ana.submit(&form).await.unwrap();
        }
        if run_state(&page) == "done" {
            settle(&ana).await;
            run = renew_due(&ana).await.unwrap_or(run);
        }
    }
    deployed.controls.mend().await;
    for _ in 0..3 {
        until(&ana, &run, |page| run_state(page) == "done").await;
        settle(&ana).await;
        run = renew_due(&ana).await.unwrap_or(run);
    }
    until(&ana, &run, |page| run_state(page) == "done").await;

    let ledger = renewed(&deployed).await;
    assert_eq!(ledger.len(), 42, "{ledger:#?}");
    for one in &all[..42] {
        let news = &ledger[thumbprint(one)];
        assert_eq!(news.len(), 1, "{} was renewed as {news:?}", thumbprint(one));
        let page = ana
            .visit(&format!("/certificates/{}", thumbprint(one)))
            .await
            .unwrap();
        let next = format!("a[href*='/certificates/{}']", news[0]);
        assert!(page.has(&next), "{} is not there: {page:?}", news[0]);
    }
    for one in &all[42..] {
        assert!(!ledger.contains_key(thumbprint(one)));
    }
}
