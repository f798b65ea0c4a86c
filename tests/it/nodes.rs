//! Two nodes on one PostgreSQL, each a process of its own: any request may land
//! on either, and either may freeze or die.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::support::app::state_of;
use crate::support::browser::Browser;
use crate::support::deployed::Deployed;
use crate::support::page::Page;
use crate::support::postgres;
use crate::support::process::Process;
use crate::support::visitor::{Visitor, form_of};

/// How long an issuance may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// Two nodes behind a balancer that gives each request to the other one in turn.
struct Two {
    nodes: [Process; 2],
    deployed: Deployed,
    ana: Visitor,
}

impl Two {
    async fn start() -> Option<Self> {
        let url = postgres::migrated().await?;
        let deployed = Deployed::start(Some(url), 2).await;
        let nodes = [deployed.serve(0), deployed.serve(1)];
        let ana = Visitor::new(&deployed.origin(), "demo");
        ana.sign_in_at_redtrust().await.unwrap();
        Some(Self {
            nodes,
            deployed,
            ana,
        })
    }

    /// From now on only this node gets requests.
    fn only(&self, node: usize) {
        self.deployed
            .balancer
            .send_only_to(&[self.deployed.ports[node]]);
    }

    /// Submits an issue for just a name.
    async fn submit(&self, name: &str) -> Page {
        let answers = [("kind", "name"), ("common_name", name)];
        let last = self.ana.to_last_step("/issue", &answers).await.unwrap();
        self.ana.submit(&last).await.unwrap()
    }

    async fn settled(&self, page: &Page) -> Page {
        let path = page.url.path();
        self.ana.settled(path, PATIENCE).await.unwrap()
    }

    /// Loads the page until it stands so.
    async fn until(&self, page: &Page, wanted: &str) -> Page {
        let until = Instant::now() + PATIENCE;
        loop {
            let page = self.ana.visit(page.url.path()).await.unwrap();
            if state_of(&page) == wanted {
                return page;
            }
            assert!(Instant::now() < until, "never {wanted}: {page:?}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Waits until this node has logged the event.
    async fn logged(&self, node: usize, event: &str) {
        let until = Instant::now() + PATIENCE;
        loop {
            let log = std::fs::read_to_string(self.deployed.log_of(node)).unwrap();
            if log.contains(event) {
                return;
            }
            assert!(Instant::now() < until, "no {event} in {log}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_request_may_land_on_the_other_node() {
    let Some(two) = Two::start().await else {
        return;
    };
    let page = two.submit("DE NODO EN NODO").await;
    let issued = two.settled(&page).await;
    assert_eq!(state_of(&issued), "issued", "{issued:?}");
    let thumbprint = issued.text("#thumbprint").replace(' ', "");
    let path = format!("/renew/{thumbprint}");
    let unchanged = [("data_changed", "no")];
    let last = two.ana.to_last_step(&path, &unchanged).await.unwrap();
    let page = two.ana.submit(&last).await.unwrap();
    let renewed = two.settled(&page).await;
    assert_eq!(state_of(&renewed), "issued", "{renewed:?}");
    let controls = &two.deployed.controls;
    assert_eq!(controls.count("certificate", "csr_finalize").await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn b07_signing_out_works_on_the_other_node_within_a_second() {
    let Some(two) = Two::start().await else {
        return;
    };
    // A copy of the cookie, as a thief would have it, in use on the other node.
    let thief = Browser::new();
    let home = two.ana.at("/");
    let cookie = two.ana.browser.cookie(&home, "rubrica").unwrap();
    thief.set_cookie(&home, "rubrica", &cookie);
    two.only(1);
    thief.get(&home).await.expect_status(200);
    two.only(0);
    let page = two.ana.visit("/").await.unwrap();
    let form = form_of(&page, "form[action='/sign-out']").unwrap();
    two.only(1);
    thief.get(&home).await.expect_status(200);
    two.only(0);
    let out = two.ana.browser.submit(&form).await;
    out.expect_redirect_to("/sign-in");
    let since = Instant::now();
    two.only(1);
    while thief.get(&home).await.status == 200 {
        let late = since.elapsed();
        assert!(late < Duration::from_secs(1), "still in after {late:?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn f04_a_node_that_froze_after_its_intent_writes_too_late_and_is_refused() {
    let Some(two) = Two::start().await else {
        return;
    };
    let controls = &two.deployed.controls;
    two.only(0);
    controls
        .fault("csr_finalize", "before", "delay", json!(2_000), 1)
        .await;
    let page = two.submit("HELADA").await;
    let page = two.until(&page, "finalizing").await;
    let code = page.text("#request-code");
    two.nodes[0].signal("STOP");
    two.only(1);
    let page = two.until(&page, "unknown").await;
    assert_eq!(page.text("#request-code"), code);
    let resume = form_of(&page, "form[action$='/resume']").unwrap();
    let page = two.ana.submit(&resume).await.unwrap();
    let issued = two.settled(&page).await;
    assert_eq!(state_of(&issued), "issued", "{issued:?}");

    two.nodes[0].signal("CONT");
    two.logged(0, "late_write_refused").await;
    let after = two.ana.visit(page.url.path()).await.unwrap();
    let facts = |page: &Page| ["#thumbprint", "#certificate-id"].map(|id| page.text(id));
    assert_eq!(facts(&after), facts(&issued));
    let lines = |page: &Page| page.texts("#timeline li").len();
    assert_eq!(lines(&after), lines(&issued), "{after:?}");
    assert_eq!(controls.count("key_pair", "csr_create").await, 1);
    assert_eq!(controls.count("certificate", "csr_finalize").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn when_a_node_dies_in_the_middle_the_person_goes_on_at_the_other() {
    let Some(mut two) = Two::start().await else {
        return;
    };
    let answers = [("kind", "name"), ("common_name", "SIGUE")];
    let last = two.ana.to_last_step("/issue", &answers).await.unwrap();
    two.nodes[0].kill();
    let page = two.ana.submit(&last).await.unwrap();
    let issued = two.settled(&page).await;
    assert_eq!(state_of(&issued), "issued", "{issued:?}");
    assert_eq!(issued.text("#holder"), "SIGUE");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reload_that_lands_on_the_other_node_gets_the_session_of_the_first() {
    let Some(two) = Two::start().await else {
        return;
    };
    let controls = &two.deployed.controls;
    let before = controls.count("call", "login_by_temp_token").await;
    let eva = Browser::new();
    let page = eva.visit(&two.ana.at("/sign-in")).await;
    let form = page.form("form[action='/sign-in/redtrust']");
    let form = eva.submit_and_follow(&form).await.form("form");
    let form = form.set("username", "demo").set("password", "demo");
    let back = eva.submit(&form).await.location().unwrap();
    controls
        .fault("login_by_temp_token", "before", "delay", json!(1_500), 1)
        .await;
    two.only(0);
    let lost = eva.twin();
    let soon = Duration::from_millis(400);
    let given_up = tokio::time::timeout(soon, lost.get(back.as_str())).await;
    assert!(given_up.is_err(), "{given_up:?}");
    two.only(1);
    eva.get(back.as_str()).await.expect_redirect_to("/");
    two.only(0);
    let home = eva.get(&two.ana.at("/")).await.expect_status(200);
    assert!(home.text("#signed-in-as").contains("demo"), "{home:?}");
    let after = controls.count("call", "login_by_temp_token").await;
    assert_eq!(after - before, 1);
}
