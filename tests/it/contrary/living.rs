//! A whole life at each contrary sandbox: sign-in both ways, certificates, lost answers,
//! renewals. What the server issued is in the portal, and nothing of it is called a
//! failure. One thing ends otherwise: where the answers to create and to finalize were
//! both lost, and the server does not repeat finalize, the portal knows no key that a
//! certificate could be compared with, and its owner can only give the request up.

use std::ops::RangeInclusive;

use futures_util::StreamExt as _;
use futures_util::stream;
use serde_json::{Value, json};

use super::finding::dialect_of;
use super::person::Person;
use crate::support::app::App;
use crate::support::controls::Controls;

/// A portal whose connection has the dialect that the finder finds; what no login URL
/// can tell comes from the server itself.
async fn connected_to(seed: u64) -> App {
    let dir = tempfile::tempdir().unwrap();
    let ca = dir.path().join("ca.pem");
    let app = App::spawn_contrary(seed, async |redtrust: &str, key: &str, origin: &str| {
        let sandbox = Controls::new(redtrust);
        let example = sandbox.get("example").await;
        let truth = sandbox.get("dialect").await;
        // A file settles an unknown outcome only if a known CA vouches for it.
        std::fs::write(&ca, sandbox.text("ca").await).unwrap();
        let url = example["url"].as_str().unwrap();
        let mut dialect = serde_json::to_value(dialect_of(url, key)).unwrap();
        for name in ["temp_token", "temp_token_field", "client_request_code"] {
            dialect[name] = truth[name].clone();
        }
        let mut connection = json!({
            "slug": "acme", "name": "Acme", "base_url": redtrust, "shared_key": key,
            "partner": example["partner"], "redirect_url": format!("{origin}/callback/acme"),
            "issuer_ca_file": ca, "direct_login": true, "lang": truth["lang"], "dialect": dialect,
        });
        if url.contains("&Domain=demo&") {
            connection["domain"] = json!("demo");
        }
        toml::to_string(&json!({"connection": [connection]})).unwrap()
    })
    .await;
    let url = json!({"url": app.at("/callback/acme")});
    app.sandbox.post("redirect-urls", url).await;
    app
}

async fn live_at(seed: u64) {
    eprintln!("seed {seed}");
    let app = connected_to(seed).await;
    let ana = Person::new(&app, "demo", false);
    let program = Person::new(&app, "ra-app", true);
    ana.sign_in().await;
    program.sign_in().await;
    let named = |name| [("kind", "name"), ("common_name", name)];
    let first = ana.certificate("/issue", &named("ANA")).await;
    for operation in ["csr_create", "csr_finalize"] {
        let fault = json!({"operation": operation, "effect": "after", "action": "drop"});
        app.sandbox.put("faults", json!({"faults": [fault]})).await;
        program.certificate("/issue", &named("PROGRAMA")).await;
    }
    let path = format!("/renew/{first}");
    let second = ana.certificate(&path, &[("data_changed", "no")]).await;
    let path = format!("/renew/{second}");
    let lost = json!({"operation": "csr_finalize", "effect": "after", "action": "drop"});
    app.sandbox.put("faults", json!({"faults": [lost]})).await;
    ana.certificate(&path, &[("data_changed", "no")]).await;
    nothing_is_lost(seed, &app, &[("demo", ana), ("ra-app", program)]).await;
}

async fn nothing_is_lost(seed: u64, app: &App, people: &[(&str, Person<'_>)]) {
    let ledger = app.sandbox.ledger().await;
    let issued = |entry: &&Value| entry["kind"] == "certificate";
    assert!(ledger.iter().filter(issued).count() >= 5);
    for (name, person) in people {
        let own = |entry: &&Value| issued(entry) && entry["user"] == *name;
        let orders = person.orders().await;
        for entry in ledger.iter().filter(own) {
            let thumbprint = entry["thumbprint"].as_str().unwrap();
            let code = entry["request_code"].as_str();
            let mut orders = orders.iter();
            let order = orders.find(|order| order.request_code.as_deref() == code);
            let order = order.unwrap_or_else(|| panic!("seed {seed}: not in the portal: {entry}"));
            if order.state == "abandoned" && !order.csr_is_known {
                eprintln!("both answers lost, and given up by its owner: {entry}");
                continue;
            }
            assert_eq!(order.state, "issued", "seed {seed}: {entry}: {order:?}");
            let page = person.visit(&format!("/certificates/{thumbprint}")).await;
            page.expect_status(200);
        }
    }
}

async fn live_at_each(seeds: RangeInclusive<u64>) {
    for seed in seeds {
        live_at(seed).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_lost_at_the_seeds_1_to_20() {
    live_at_each(1..=20).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_lost_at_the_seeds_21_to_40() {
    live_at_each(21..=40).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes minutes: 200 servers"]
async fn nothing_is_lost_at_the_seeds_41_to_240() {
    stream::iter(41..=240).for_each_concurrent(2, live_at).await;
}
