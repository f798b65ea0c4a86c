//! Faults on order.

use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::sandbox::{TestSandbox, vendors_body};

fn fault(operation: &str, effect: &str, action: &str, value: Value, times: u64) -> Value {
    json!({"operation": operation, "effect": effect, "action": action, "value": value, "times": times})
}

#[tokio::test]
async fn a_dropped_answer_is_not_one_byte() {
    let sandbox = TestSandbox::start().await;
    for effect in ["before", "after"] {
        sandbox
            .set_faults(json!([fault("login", effect, "drop", Value::Null, 1)]))
            .await;
        let address = sandbox.url.strip_prefix("http://").unwrap();
        let mut stream = TcpStream::connect(address).await.unwrap();
        let body = r#"{"username":"ra-app","password":"ra-app"}"#;
        let request = format!(
            "POST /raapi/v1/auth/login HTTP/1.1\r\nHost: {address}\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        // A reset is as good as an end.
        let _ = stream.read_to_end(&mut answer).await;
        assert_eq!(String::from_utf8_lossy(&answer), "", "{effect}");
    }
    assert_eq!(
        sandbox.story().await,
        [
            "call login FAULT_INJECTED",
            "call login OK",
            "effect login OK"
        ]
    );
}

#[tokio::test]
async fn drop_after_finalize_loses_the_answer_and_not_the_certificate() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.token().await;
    let code = sandbox.create(&token, &vendors_body()).await.data()["requestCode"].take();
    sandbox
        .set_faults(json!([fault(
            "csr_finalize",
            "after",
            "drop",
            Value::Null,
            1
        )]))
        .await;
    let lost = sandbox
        .request(Method::PUT, "/raapi/v1/csr/finalize")
        .bearer_auth(&token)
        .json(&json!({"requestCode": code}))
        .send()
        .await;
    assert!(lost.is_err(), "{lost:?}");
    let last = sandbox.ledger().await.pop().unwrap();
    assert_eq!(last["kind"], "certificate");
    let again = sandbox.finalize(&token, &code).await.data();
    assert_eq!(again["thumbprint"], last["thumbprint"]);
}

#[tokio::test]
async fn a_status_or_a_body_takes_the_place_of_the_answer() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.token().await;
    sandbox
        .set_faults(json!([
            fault("csr_create", "before", "status", json!(503), 2),
            fault("csr_create", "after", "body", json!("not json"), 1),
            fault(
                "csr_create",
                "after",
                "body",
                json!({"messageType": "SUCCESS"}),
                1
            ),
        ]))
        .await;
    for _ in 0..2 {
        let answer = sandbox.create(&token, &vendors_body()).await;
        assert_eq!((answer.status.as_u16(), answer.text.as_str()), (503, ""));
    }
    let answer = sandbox.create(&token, &vendors_body()).await;
    assert_eq!(
        (answer.status.as_u16(), answer.text.as_str()),
        (200, "not json")
    );
    let answer = sandbox.create(&token, &vendors_body()).await;
    assert_eq!(answer.json(), json!({"messageType": "SUCCESS"}));
    sandbox.create(&token, &vendors_body()).await.data();
    let story = sandbox.story().await;
    let count = |what: &str| story.iter().filter(|line| line.as_str() == what).count();
    assert_eq!(count("call csr_create FAULT_INJECTED"), 2);
    assert_eq!(count("key_pair csr_create OK"), 3);
}

#[tokio::test]
async fn a_delay_delays_and_a_client_that_leaves_does_not_undo_the_call() {
    let sandbox = TestSandbox::start().await;
    sandbox
        .set_faults(json!([fault("login", "before", "delay", json!(300), 2)]))
        .await;
    let begun = Instant::now();
    sandbox.login().await;
    assert!(begun.elapsed() >= Duration::from_millis(300));
    let left = sandbox
        .request(Method::POST, "/raapi/v1/auth/login")
        .json(&json!({"username": "ra-app", "password": "ra-app"}))
        .timeout(Duration::from_millis(100))
        .send()
        .await;
    assert!(left.unwrap_err().is_timeout());
    let deadline = Instant::now() + Duration::from_secs(10);
    while sandbox.story().await.len() < 4 {
        assert!(Instant::now() < deadline, "the call was cut");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn a_call_whose_answer_is_delayed_is_in_the_ledger_meanwhile() {
    let sandbox = TestSandbox::start().await;
    sandbox
        .set_faults(json!([fault("login", "after", "delay", json!(3_000), 0)]))
        .await;
    let waiting = sandbox.login();
    let looking = async {
        while sandbox.story().await.len() < 2 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::select! {
        _ = waiting => panic!("the answer came before the ledger showed the call"),
        () = looking => {}
    }
}

#[tokio::test]
async fn the_list_is_replaced_shown_and_checked() {
    let sandbox = TestSandbox::start().await;
    let list = json!([
        fault("login", "before", "status", json!(500), 3),
        {"operation": "csr_create", "effect": "after", "action": "drop", "times": 0},
    ]);
    sandbox.set_faults(list.clone()).await;
    sandbox
        .send(Method::POST, "/raapi/v1/auth/login", &json!({}))
        .await;
    let mut left = list;
    left[0]["times"] = json!(2);
    assert_eq!(
        sandbox.get("/sandbox/v1/faults").await.json(),
        json!({"faults": left})
    );
    for bad in [
        fault("login", "before", "status", json!(42), 1),
        fault("login", "before", "delay", json!("long"), 1),
        fault("login", "sometime", "drop", Value::Null, 1),
        fault("lunch", "before", "drop", Value::Null, 1),
    ] {
        let answer = sandbox
            .send(Method::PUT, "/sandbox/v1/faults", &json!({"faults": [bad]}))
            .await;
        assert_eq!(answer.status, 422, "{answer:#?}");
    }
    assert_eq!(
        sandbox.get("/sandbox/v1/faults").await.json(),
        json!({"faults": left})
    );
    sandbox.set_faults(json!([])).await;
    sandbox.login().await;
}

#[tokio::test]
async fn faults_hold_for_pages_too() {
    let sandbox = TestSandbox::start().await;
    sandbox
        .set_faults(json!([fault(
            "login_request",
            "before",
            "status",
            json!(502),
            1
        )]))
        .await;
    assert_eq!(sandbox.get(&sandbox.login_path()).await.status, 502);
    sandbox.get(&sandbox.login_path()).await.ticket();
}
