//! The temporary token: its forms, its claims, its single use.

use std::time::Duration;

use data_encoding::BASE64URL_NOPAD;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::sandbox::{REDIRECT_URL, TestSandbox, mac};

fn part(token: &str, number: usize) -> Value {
    let text = token.split('.').nth(number).unwrap();
    serde_json::from_slice(&BASE64URL_NOPAD.decode(text.as_bytes()).unwrap()).unwrap()
}

#[tokio::test]
async fn it_is_exchanged_for_an_access_token_once() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.temp_token("demo").await;
    let data = sandbox.exchange(&token).await.data();
    let access = data["accessToken"].as_str().unwrap();
    assert_eq!(part(access, 1)["sub"], "demo");
    assert!(data["refreshToken"].is_string() && data["expiration"].is_string());
    assert_eq!(
        sandbox.create(access, &json!({})).await.error(),
        "MISSING_PARAM"
    );
    let again = sandbox.exchange(&token).await;
    assert_eq!(
        (again.status.as_u16(), again.error().as_str()),
        (401, "ERR_INVALID_AUTH")
    );
}

#[tokio::test]
async fn h03_of_fifty_exchanges_at_once_one_wins() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.temp_token("demo").await;
    let calls = (0..50).map(|_| sandbox.exchange(&token));
    let answers = futures_util::future::join_all(calls).await;
    assert_eq!(
        answers.iter().filter(|answer| answer.status == 200).count(),
        1
    );
    let story = sandbox.story().await;
    let count = |what: &str| story.iter().filter(|line| line.as_str() == what).count();
    assert_eq!(count("effect login_by_temp_token OK"), 1);
    assert_eq!(count("call login_by_temp_token ERR_INVALID_AUTH"), 49);
}

#[tokio::test]
async fn it_lives_120_seconds() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.temp_token("demo").await;
    sandbox.clock.advance(Duration::from_secs(120));
    assert_eq!(sandbox.exchange(&token).await.error(), "ERR_INVALID_AUTH");
}

#[tokio::test]
async fn signed_it_is_a_jws_of_the_shared_key_that_says_for_whom_it_is() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.temp_token("demo").await;
    let (signed, signature) = token.rsplit_once('.').unwrap();
    let expected = BASE64URL_NOPAD.encode(&mac(sandbox.key.as_bytes(), signed));
    assert_eq!(signature, expected);
    assert_eq!(part(&token, 0)["alg"], "HS256");
    let claims = part(&token, 1);
    let now = sandbox.clock.now().as_secs();
    assert_eq!(claims["iss"], sandbox.url.as_str());
    assert_eq!(claims["aud"], "RUBRICA-DEMO");
    assert_eq!(claims["sub"], "demo");
    assert_eq!(claims["redirect_url"], REDIRECT_URL);
    assert_eq!(claims["iat"], now);
    assert_eq!(claims["exp"], now + 120);
    assert!(!claims["jti"].as_str().unwrap().is_empty());
}

#[tokio::test]
async fn opaque_it_says_nothing() {
    let sandbox = TestSandbox::start().await;
    sandbox.set_dialect(json!({"temp_token": "opaque"})).await;
    let token = sandbox.temp_token("demo").await;
    assert!(!token.contains('.'));
    sandbox.exchange(&token).await.data();
}

#[tokio::test]
async fn the_name_of_its_field_is_a_setting() {
    let sandbox = TestSandbox::start().await;
    sandbox
        .set_dialect(json!({"temp_token_field": "tkn"}))
        .await;
    let token = sandbox.temp_token("demo").await;
    assert_eq!(sandbox.exchange(&token).await.error(), "MISSING_PARAM");
    let path = "/authapi/v1/login_by_temp_token";
    sandbox
        .send(Method::POST, path, &json!({"tkn": token}))
        .await
        .data();
}

#[tokio::test]
async fn one_that_was_never_made_is_refused() {
    let sandbox = TestSandbox::start().await;
    let mut token = sandbox.temp_token("demo").await;
    token.push('x');
    assert_eq!(sandbox.exchange(&token).await.error(), "ERR_INVALID_AUTH");
}
