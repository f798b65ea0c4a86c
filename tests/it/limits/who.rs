//! The log says who did what, and from where; the audit who signed in.

use serde_json::{Value, json};

use super::{behind_a_proxy, must_wait, submit_from, users_form};
use crate::support::admin::{self, audited, sign_in_form};
use crate::support::browser::Browser;
use crate::support::deployed::Deployed;
use crate::support::visitor::{Visitor, form_of};

/// The events in the log of a portal, oldest first.
fn logged(deployed: &Deployed) -> Vec<Value> {
    let text = std::fs::read_to_string(deployed.log_of(0)).unwrap();
    let lines = text.lines().filter(|line| line.starts_with('{'));
    lines
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// The first event of this name, once it is written.
async fn event(deployed: &Deployed, name: &str) -> Value {
    for _ in 0..400 {
        if let Some(found) = logged(deployed)
            .into_iter()
            .find(|line| line["event"] == name)
        {
            return found;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("no {name} in {:#?}", logged(deployed));
}

async fn deployed(proxies: &str) -> Deployed {
    let deployed = Deployed::start(None, 1).await;
    deployed.rewrite(0, "log = \"warn\"", &format!("log = \"info\"\n{proxies}"));
    deployed
}

#[tokio::test(flavor = "multi_thread")]
async fn i09_the_log_says_who_and_from_where() {
    let deployed = deployed("trusted_proxies = \"127.0.0.1\"").await;
    let _node = deployed.serve(0);
    let ana = Visitor::new(&deployed.origin(), "ra-app");
    let page = ana.visit("/sign-in").await.unwrap();
    let form = form_of(&page, "form[action='/sign-in/direct']").unwrap();
    let form = form.set("username", "ra-app");
    let from = [("x-forwarded-for", "203.0.113.7:4711")];
    let wrong = form.clone().set("password", "wrong");
    ana.browser
        .submit_with(&wrong, &from)
        .await
        .expect_status(422);
    let refused = event(&deployed, "sign_in_refused").await;
    assert_eq!(refused["span"]["from"], "203.0.113.7", "{refused}");
    let right = form.set("password", "ra-app");
    ana.browser
        .submit_with(&right, &from)
        .await
        .expect_status(303);
    let signed_in = event(&deployed, "signed_in").await;
    assert_eq!(signed_in["span"]["from"], "203.0.113.7", "{signed_in}");
    let own = signed_in["owner"].as_str().unwrap().to_owned();
    assert_eq!(own.len(), 12, "{signed_in}");
    let url = ana.at("/issuances/0000000000");
    ana.browser
        .get_with(&url, &[("x-forwarded-for", "[2001:db8::7]:443")])
        .await
        .expect_status(404);
    let home = ana.visit("/").await.unwrap();
    let out = form_of(&home, "form[action='/sign-out']").unwrap();
    ana.submit(&out).await.unwrap();
    let signed_out = event(&deployed, "signed_out").await;
    assert_eq!(signed_out["span"]["owner"], own, "{signed_out}");
    let lines = logged(&deployed);
    let line = |route: &str| {
        let found = lines.iter().find(|line| line["route"] == route);
        found
            .unwrap_or_else(|| panic!("{route} is not in {lines:#?}"))
            .clone()
    };
    let issuance = line("/issuances/{id}");
    assert_eq!(issuance["span"]["from"], "2001:db8::7", "{issuance}");
    assert_eq!(issuance["span"]["owner"], own, "{issuance}");
}

#[tokio::test(flavor = "multi_thread")]
async fn i09_what_belongs_to_somebody_else_is_told_from_what_is_missing_in_the_log_only() {
    let deployed = deployed("").await;
    let _node = deployed.serve(0);
    let ana = Visitor::new(&deployed.origin(), "ra-app");
    ana.sign_in().await.unwrap();
    let answers = [("kind", "name"), ("common_name", "Ana")];
    let last = ana.to_last_step("/issue", &answers).await.unwrap();
    let hers = ana.submit(&last).await.unwrap().url.path().to_owned();
    let eve = Visitor::new(&deployed.origin(), "demo");
    eve.sign_in_at_redtrust().await.unwrap();
    let missing = eve
        .visit("/issuances/0000000000000000000000")
        .await
        .unwrap();
    let others = eve.visit(&hers).await.unwrap().expect_status(404);
    let bare = |page: &crate::support::page::Page| {
        page.text("main").replace(&page.text("#request-id"), "")
    };
    assert_eq!(bare(&others), bare(&missing));
    let told = event(&deployed, "not_yours").await;
    assert!(told["span"]["owner"].is_string(), "{told}");
    // What is missing came first, and would stand before it.
    let lines = logged(&deployed);
    let times = lines.iter().filter(|line| line["event"] == "not_yours");
    assert_eq!(times.count(), 1, "{lines:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn i09_limits_are_logged_and_a_proxy_that_is_not_trusted_is_warned_of_once() {
    let deployed = deployed("").await;
    let _node = deployed.serve(0);
    let eve = Browser::new();
    let page = eve.visit(&format!("{}/sign-in", deployed.origin())).await;
    let form = page.form("form[action='/sign-in/direct']");
    let wrong = form.set("username", "canary-name").set("password", "wrong");
    let mut last = page;
    for at in 0..12 {
        last = submit_from(&eve, &wrong, &format!("10.0.0.{at}")).await;
    }
    must_wait(last);
    let limited = event(&deployed, "limit_reached").await;
    assert_eq!(limited["span"]["from"], "127.0.0.1", "{limited}");
    assert_eq!(limited["name"].as_str().unwrap().len(), 12, "{limited}");
    let lines = logged(&deployed);
    let warned = lines
        .iter()
        .filter(|line| line["event"] == "proxy_not_trusted");
    assert_eq!(warned.count(), 1, "{lines:#?}");
    assert!(!json!(lines).to_string().contains("canary"));
}

#[tokio::test(flavor = "multi_thread")]
async fn i09_the_audit_has_who_signed_in_and_only_so_many_refused_admins() {
    let app = behind_a_proxy("").await;
    admin::make_admin(&app).await;
    app.sign_in(&Browser::new(), "demo").await;
    let berta = Browser::new();
    let form = users_form(&app, &berta).await;
    submit_from(&berta, &form, "203.0.113.9")
        .await
        .expect_redirect_to("/");
    let eve = Browser::new();
    let form = sign_in_form(&app, &eve).await;
    for at in 0..60 {
        let name = if at % 2 == 0 { "ana" } else { "canary-name" };
        let wrong = form
            .clone()
            .set("username", name)
            .set("password", "wrong password");
        submit_from(&eve, &wrong, &format!("10.0.{at}.1")).await;
    }
    let browser = admin::signed_in(&app).await;
    let rows = audited(&app, &browser).await;
    let with = |words: &str| rows.iter().filter(|row| row.contains(words)).count();
    assert_eq!(with("User signed in"), 2, "{rows:#?}");
    assert_eq!(with("203.0.113.9"), 1, "{rows:#?}");
    let refused = with("Sign-in with a portal account refused");
    assert!((1..=10).contains(&refused), "{refused}: {rows:#?}");
    assert_eq!(with("canary"), 0, "{rows:#?}");
    app.clock.advance(std::time::Duration::from_secs(3600));
    let wrong = form
        .set("username", "ana")
        .set("password", "wrong password");
    submit_from(&eve, &wrong, "10.9.9.9").await;
    let browser = admin::signed_in(&app).await;
    let rows = audited(&app, &browser).await;
    let more = 60 - refused;
    let told = format!("More refused since the entry before: {more}");
    assert!(
        rows.iter().any(|row| row.contains(&told)),
        "{told}: {rows:#?}"
    );
}
