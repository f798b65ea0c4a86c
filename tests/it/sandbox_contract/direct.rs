//! The envelope; direct login, refresh, logout.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::sandbox::{TestSandbox, read, vendors_body};

const LOGIN: &str = "/raapi/v1/auth/login";
const REFRESH: &str = "/raapi/v1/auth/refresh-token";
const LOGOUT: &str = "/raapi/v1/auth/logout";

#[tokio::test]
async fn every_answer_has_the_envelope() {
    let sandbox = TestSandbox::start().await;
    let body = json!({"username": "ra-app", "password": "ra-app"});
    let good = sandbox.send(Method::POST, LOGIN, &body).await;
    let bad = sandbox.send(Method::POST, LOGIN, &json!({})).await;
    let none = sandbox.get("/raapi/v1/nothing").await;
    let method = sandbox.get(LOGIN).await;
    for answer in [&good, &bad, &none, &method] {
        let body = answer.json();
        let mut keys: Vec<&String> = body.as_object().unwrap().keys().collect();
        keys.sort();
        assert_eq!(keys, ["data", "errorCode", "message", "messageType"]);
        assert!(body["data"].is_object());
    }
    assert_eq!(bad.error(), "MISSING_PARAM");
    assert_eq!(
        (none.status.as_u16(), none.error()),
        (404, "ERR_NOT_SUPPORTED".into())
    );
    assert_eq!(
        (method.status.as_u16(), method.error()),
        (405, "ERR_NOT_SUPPORTED".into())
    );
    assert_eq!(method.headers["allow"], "POST");
}

#[tokio::test]
async fn a_body_that_is_no_json_object_or_too_large_is_refused_and_recorded() {
    let sandbox = TestSandbox::start().await;
    for (body, status, code) in [
        ("{".to_owned(), 400, "INVALID_PARAM"),
        ("[]".to_owned(), 400, "INVALID_PARAM"),
        ("x".repeat(70_000), 413, "INVALID_PARAM"),
    ] {
        let answer = read(sandbox.request(Method::POST, LOGIN).body(body)).await;
        assert_eq!(
            (answer.status.as_u16(), answer.error().as_str()),
            (status, code)
        );
    }
    assert_eq!(
        sandbox.story().await,
        [
            "call login INVALID_PARAM",
            "call login INVALID_PARAM",
            "call login INVALID_PARAM"
        ]
    );
}

#[tokio::test]
async fn a_direct_login_gives_both_tokens_and_the_expiration() {
    let sandbox = TestSandbox::start().await;
    let data = sandbox.login().await;
    let expires: jiff::Timestamp = data["expiration"].as_str().unwrap().parse().unwrap();
    let life = expires.as_second() - sandbox.clock.now().as_secs();
    assert_eq!(life, 900);
    assert_eq!(data["accessToken"].as_str().unwrap().split('.').count(), 3);
    assert!(data["refreshToken"].as_str().unwrap().len() >= 43);
    assert_eq!(sandbox.story().await, ["call login OK", "effect login OK"]);
}

#[tokio::test]
async fn the_domain_is_named_where_the_user_has_one() {
    let sandbox = TestSandbox::start().await;
    for (user, domain, accepted) in [
        ("demo", json!("demo"), true),
        ("demo", Value::Null, false),
        ("demo", json!("other"), false),
        ("ra-app", Value::Null, true),
        ("ra-app", json!(""), true),
        ("ra-app", json!("demo"), false),
        ("noperm", json!("demo"), true),
        ("noperm", Value::Null, true),
    ] {
        let body = json!({"username": user, "password": user, "domain": domain});
        let answer = sandbox.send(Method::POST, LOGIN, &body).await;
        assert_eq!(
            answer.status == 200,
            accepted,
            "{user} {domain}: {answer:#?}"
        );
    }
}

#[tokio::test]
async fn unknown_users_and_wrong_passwords_are_refused_alike() {
    let sandbox = TestSandbox::start().await;
    let mut answers = Vec::new();
    for (user, password) in [("ra-app", "wrong"), ("nobody", "wrong")] {
        let body = json!({"username": user, "password": password});
        let answer = sandbox.send(Method::POST, LOGIN, &body).await;
        assert_eq!(answer.status, 401);
        assert_eq!(answer.error(), "ERR_INVALID_PASSWORD");
        answers.push(answer.text);
    }
    assert_eq!(answers[0], answers[1]);
}

#[tokio::test]
async fn a_protected_call_needs_a_good_bearer_token() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.token().await;
    let path = "/raapi/v1/csr/create";
    let without = sandbox.send(Method::POST, path, &vendors_body()).await;
    assert_eq!(
        (without.status.as_u16(), without.error().as_str()),
        (401, "UNAUTHORIZED")
    );
    let mut forged = token.clone();
    forged.replace_range(..1, "f");
    for bad in ["x", &forged, &token[..token.len() - 2]] {
        assert_eq!(
            sandbox.create(bad, &vendors_body()).await.error(),
            "ERR_INVALID_AUTH"
        );
    }
    sandbox.clock.advance(Duration::from_secs(899));
    assert_eq!(
        sandbox.create(&token, &json!({})).await.error(),
        "MISSING_PARAM"
    );
    sandbox.clock.advance(Duration::from_secs(1));
    let expired = sandbox.create(&token, &vendors_body()).await;
    assert_eq!(
        (expired.status.as_u16(), expired.error().as_str()),
        (401, "UNAUTHORIZED")
    );
}

#[tokio::test]
async fn the_life_of_an_access_token_is_a_setting() {
    let sandbox = TestSandbox::start().await;
    sandbox.set_dialect(json!({"access_token_ttl": 5})).await;
    let token = sandbox.token().await;
    sandbox.clock.advance(Duration::from_secs(5));
    assert_eq!(
        sandbox.create(&token, &json!({})).await.error(),
        "UNAUTHORIZED"
    );
}

#[tokio::test]
async fn a_refresh_gives_three_new_fields_and_the_old_token_dies() {
    let sandbox = TestSandbox::start().await;
    let first = sandbox.login().await;
    sandbox.clock.advance(Duration::from_secs(3600));
    let old = json!({"refreshToken": first["refreshToken"]});
    let second = sandbox.send(Method::PUT, REFRESH, &old).await.data();
    assert_ne!(second["accessToken"], first["accessToken"]);
    assert_ne!(second["refreshToken"], first["refreshToken"]);
    let token = second["accessToken"].as_str().unwrap();
    assert_eq!(
        sandbox.create(token, &json!({})).await.error(),
        "MISSING_PARAM"
    );
    let again = sandbox.send(Method::PUT, REFRESH, &old).await;
    assert_eq!(
        (again.status.as_u16(), again.error().as_str()),
        (401, "ERR_INVALID_AUTH")
    );
    let new = json!({"refreshToken": second["refreshToken"]});
    sandbox.send(Method::PUT, REFRESH, &new).await.data();
}

#[tokio::test]
async fn of_twenty_refreshes_of_one_token_at_once_one_wins() {
    let sandbox = TestSandbox::start().await;
    let body = json!({"refreshToken": sandbox.login().await["refreshToken"]});
    let calls = (0..20).map(|_| sandbox.send(Method::PUT, REFRESH, &body));
    let answers = futures_util::future::join_all(calls).await;
    assert_eq!(
        answers.iter().filter(|answer| answer.status == 200).count(),
        1
    );
}

#[tokio::test]
async fn logging_out_ends_both_tokens() {
    let sandbox = TestSandbox::start().await;
    let other = sandbox.token().await;
    let data = sandbox.login().await;
    let token = data["accessToken"].as_str().unwrap();
    let logout = sandbox.request(Method::DELETE, LOGOUT).bearer_auth(token);
    assert_eq!(read(logout).await.data(), json!({}));
    let body = json!({"refreshToken": data["refreshToken"]});
    let refresh = sandbox.send(Method::PUT, REFRESH, &body).await;
    assert_eq!(refresh.error(), "ERR_INVALID_AUTH");
    assert_eq!(
        sandbox.create(token, &json!({})).await.error(),
        "ERR_INVALID_AUTH"
    );
    assert_eq!(
        sandbox.create(&other, &json!({})).await.error(),
        "MISSING_PARAM"
    );
    let again = sandbox.request(Method::DELETE, LOGOUT).bearer_auth(token);
    assert_eq!(read(again).await.error(), "ERR_INVALID_AUTH");
}
