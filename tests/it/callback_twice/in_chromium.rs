//! A double click at Redtrust, and a reload of the way back, while the exchange of
//! the token takes its time: people end signed in, and no token is exchanged twice.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::browser::Browser;
use crate::walks::walker::Walker;
use crate::walks::{DESK, look};

/// How long an exchange takes, in milliseconds.
const DELAYS: [u64; 4] = [0, 300, 1_000, 5_000];

/// Between two clicks or loads, in milliseconds: some come before the first has
/// reached the portal, some while it waits, some when the answer is under way.
const GAPS: [u64; 5] = [0, 40, 150, 320, 1_020];

async fn script(walker: &Walker, text: &str, argument: Value) {
    let client = &walker.chromium.client;
    client.execute(text, vec![argument]).await.unwrap();
}

/// Goes to Redtrust's sign-in page, signed out.
async fn to_redtrust(walker: &Walker) {
    let chromium = &walker.chromium;
    chromium.goto(&walker.app.at("/sign-in")).await;
    if chromium.has("form[action='/sign-out'] button").await {
        chromium.press("form[action='/sign-out'] button").await;
    }
    chromium
        .press("form[action='/sign-in/redtrust'] button")
        .await;
}

/// Waits until the start page says who is signed in.
async fn expect_signed_in(walker: &Walker) {
    let seen = "return [location.port, location.pathname, \
                document.getElementById('signed-in-as')?.textContent]";
    let port = walker.app.url.rsplit(':').next().unwrap();
    let wanted = json!([port, "/", "demo"]);
    let mut last = Value::Null;
    for _ in 0..400 {
        // Between two pages there may be no document to ask.
        if let Ok(found) = walker.chromium.client.execute(seen, Vec::new()).await {
            if found == wanted {
                return;
            }
            last = found;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("not signed in: {last}");
}

async fn double_click(walker: &Walker, gap: u64) {
    to_redtrust(walker).await;
    walker.chromium.fill("[name=username]", "demo").await;
    walker.chromium.fill("[name=password]", "demo").await;
    let clicks = "const button = document.querySelector('#sign-in button'); \
                  button.click(); setTimeout(() => button.click(), arguments[0]);";
    script(walker, clicks, json!(gap)).await;
    expect_signed_in(walker).await;
}

async fn reload(walker: &Walker, gap: u64) {
    to_redtrust(walker).await;
    // Another client signs in on this page, so that the way back is known here.
    let page = walker.chromium.client.current_url().await.unwrap();
    let elsewhere = Browser::new();
    let form = elsewhere.visit(page.as_str()).await.form("form#sign-in");
    let form = form.set("username", "demo").set("password", "demo");
    let back = elsewhere.submit(&form).await.location().unwrap();
    let loads = "const [back, gap] = arguments[0]; location.href = back; \
                 setTimeout(() => { location.href = back; }, gap);";
    script(walker, loads, json!([back.as_str(), gap])).await;
    expect_signed_in(walker).await;
    // Once more when all is over.
    walker.chromium.goto(back.as_str()).await;
    expect_signed_in(walker).await;
}

/// Does both so many times for each delay, and looks at what Redtrust saw.
async fn all_end_signed_in(times: usize) {
    let Some(walker) = Walker::start(look(true, "en", DESK)).await else {
        return;
    };
    for delay in DELAYS {
        let fault = ("login_by_temp_token", "before", "delay", json!(delay));
        walker
            .app
            .sandbox
            .fault(fault.0, fault.1, fault.2, fault.3, 0)
            .await;
        for gap in GAPS.iter().cycle().take(times) {
            double_click(&walker, *gap).await;
            reload(&walker, *gap).await;
        }
    }
    tokio::time::timeout(Duration::from_secs(20), walker.app.portal.in_flight.idle())
        .await
        .unwrap();
    let ledger = walker.app.sandbox.ledger().await;
    let of = |kind: &str, operation: &str| {
        let (kind, operation) = (kind.to_owned(), operation.to_owned());
        let entries = ledger.iter();
        entries
            .filter(move |entry| entry["kind"] == kind && entry["operation"] == operation)
            .collect::<Vec<_>>()
    };
    let exchanges = of("call", "login_by_temp_token");
    let tokens = of("effect", "sign_in").len();
    // Redtrust refuses a token that it has exchanged before.
    for exchange in &exchanges {
        assert_eq!(exchange["result"], "OK", "{exchange}");
    }
    assert!(exchanges.len() <= tokens, "{} of {tokens}", exchanges.len());
    assert!(exchanges.len() >= 2 * times * DELAYS.len());
    eprintln!("{} exchanges of {tokens} tokens", exchanges.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_double_click_and_a_reload_end_signed_in_however_slow_the_exchange_is() {
    all_end_signed_in(5).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes minutes: twenty double clicks and reloads at each speed"]
async fn twenty_double_clicks_and_twenty_reloads_at_each_speed_end_signed_in() {
    all_end_signed_in(20).await;
}
