//! What a page costs on the wire, where it asks, and that nothing jumps.

use serde_json::json;

use super::walker::{ANSWERS, Walker};
use super::{DESK, PHONE, issuing, look};

/// Everything that was fetched for this page: address and bytes on the wire.
const FETCHED: &str = "return performance.getEntriesByType('navigation') \
    .concat(performance.getEntriesByType('resource')) \
    .map(entry => [entry.name, entry.transferSize])";

/// How much moved after it was shown, what is inline, and what moved.
const JUMPED: &str = "const done = arguments[0]; let sum = 0; const moved = []; \
    new PerformanceObserver(list => { for (const one of list.getEntries()) { \
        sum += one.value; \
        moved.push(...one.sources.map(({node}) => node?.outerHTML?.slice(0, 60))); } }) \
    .observe({type: 'layout-shift', buffered: true}); \
    setTimeout(() => done([sum, document.querySelectorAll( \
    'style, [style], script:not([src]), [onclick], [onload]').length, moved]), 200);";

/// Where most of the time is spent.
const PAGES: [&str; 5] = ["/", "/issuances", "/certificates", "/renew", "/account"];

async fn fetched(walker: &Walker) -> Vec<(String, u64)> {
    let client = &walker.chromium.client;
    let fetched = client.execute(FETCHED, Vec::new()).await.unwrap();
    let fetched = fetched.as_array().unwrap();
    let entry = |entry: &serde_json::Value| {
        (
            entry[0].as_str().unwrap().to_owned(),
            entry[1].as_u64().unwrap(),
        )
    };
    fetched.iter().map(entry).collect()
}

async fn judge(walker: &Walker) {
    for (address, _) in fetched(walker).await {
        assert!(address.starts_with(&walker.app.url), "{address} is asked");
    }
    let client = &walker.chromium.client;
    let jumped = client.execute_async(JUMPED, Vec::new()).await.unwrap();
    let path = walker.chromium.path().await;
    assert_eq!(jumped[1], 0, "something inline on {path}");
    assert!(
        jumped[0].as_f64().unwrap() < 0.001,
        "{path} jumps: {jumped}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_page_is_light_and_no_page_asks_elsewhere_or_jumps() {
    let Some(walker) = Walker::start(look(true, "es", PHONE)).await else {
        return;
    };
    walker.visit("/").await;
    let fetched = fetched(&walker).await;
    let bytes: u64 = fetched.iter().map(|(_, bytes)| bytes).sum();
    let kinds = ["/sign-in", ".css", ".js"];
    let all = kinds.map(|kind| fetched.iter().any(|(name, _)| name.contains(kind)));
    assert_eq!(all, [true; 3], "{fetched:?}");
    assert!(bytes > 1000 && bytes < 30 * 1024, "{bytes}: {fetched:?}");
    judge(&walker).await;
    walker.sign_in().await;
    judge(&walker).await;
    issuing::choose(&walker, "person").await;
    while !walker.chromium.has("#state").await {
        judge(&walker).await;
        walker.go_on(&ANSWERS).await;
    }
    walker.issued().await;
    judge(&walker).await;
    for path in PAGES {
        walker.visit(path).await;
        judge(&walker).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_arrives_bit_by_bit_at_a_slow_machine_does_not_jump() {
    for width in [PHONE, DESK] {
        let Some(walker) = Walker::start(look(true, "es", width)).await else {
            return;
        };
        walker.sign_in().await;
        let net = json!({"offline": false, "latency": 0, "downloadThroughput": 20_000,
            "uploadThroughput": -1});
        let chromium = &walker.chromium;
        chromium
            .devtools("Network.emulateNetworkConditions", net)
            .await;
        let slow = json!({"rate": 12});
        chromium
            .devtools("Emulation.setCPUThrottlingRate", slow)
            .await;
        // Where the browser stops reading to show what it has differs each time.
        for path in PAGES.repeat(3) {
            walker.visit(path).await;
            judge(&walker).await;
        }
    }
}
