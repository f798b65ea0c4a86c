//! Certificates that no call of the RA API led to: for tests and trials only.

use std::io::{Cursor, Read as _};

use reqwest::Method;
use serde_json::json;
use x509_parser::prelude::{FromDer as _, X509Certificate};

use crate::support::sandbox::TestSandbox;

const PATH: &str = "/sandbox/v1/certificates";

#[tokio::test(flavor = "multi_thread")]
async fn so_many_are_issued_as_are_asked_for_each_with_its_life() {
    let sandbox = TestSandbox::start().await;
    let before = sandbox.ledger().await.len();
    let body = json!({"count": 5, "validity_days": [20, 0, -3]});
    let request = sandbox.request(Method::POST, PATH).json(&body);
    let answer = request
        .header("accept", "application/zip")
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 201);
    let bytes = answer.bytes().await.unwrap();
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut left = Vec::new();
    for at in 0..zip.len() {
        let mut der = Vec::new();
        zip.by_index(at).unwrap().read_to_end(&mut der).unwrap();
        let (_, certificate) = X509Certificate::from_der(&der).unwrap();
        let until = certificate.validity().not_after.timestamp();
        left.push((until - sandbox.clock.now().as_secs() + 10).div_euclid(86_400));
    }
    assert_eq!(left, [20, 0, -3, 20, 0]);
    assert_eq!(sandbox.ledger().await.len(), before, "no call led to them");
}

#[tokio::test(flavor = "multi_thread")]
async fn names_and_users_are_those_that_were_asked_for_and_others_are_refused() {
    let sandbox = TestSandbox::start().await;
    let holder = json!([{"attribute": "cn", "value": "Ana"}]);
    let body = json!({"user": "ra-app", "holders": [holder]});
    let answer = sandbox.send(Method::POST, PATH, &body).await;
    assert_eq!(answer.status, 201, "{answer:#?}");
    assert_eq!(answer.json()["certificates"][0]["subject"], "CN=Ana");
    for (body, status) in [
        (json!({"user": "nobody"}), 404),
        (json!({"count": 0}), 422),
        (json!({"count": 1001}), 422),
        (json!({"validity_days": []}), 422),
        (
            json!({"holders": [[{"attribute": "x", "value": "Ana"}]]}),
            422,
        ),
    ] {
        let answer = sandbox.send(Method::POST, PATH, &body).await;
        assert_eq!(answer.status, status, "{body}: {answer:#?}");
    }
}
