//! Renewing.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::sandbox::{TestSandbox, vendors_body, with};

async fn token_of(sandbox: &TestSandbox, user: &Value) -> String {
    let added = sandbox.send(Method::POST, "/sandbox/v1/users", user).await;
    assert_eq!(added.status, 201, "{added:#?}");
    let login = json!({"username": user["username"], "password": user["password"]});
    let data = sandbox
        .send(Method::POST, "/raapi/v1/auth/login", &login)
        .await
        .data();
    data["accessToken"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn the_same_two_calls_with_the_old_thumbprint_replace_the_certificate() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.token().await;
    let old = sandbox.issue(&token, &vendors_body()).await;
    let body = with("thumbprintToRenew", old["thumbprint"].clone());
    let new = sandbox.issue(&token, &body).await;
    assert_ne!(new["thumbprint"], old["thumbprint"]);
    assert_ne!(new["idCertificate"], old["idCertificate"]);
    let last = sandbox.ledger().await.pop().unwrap();
    assert_eq!(last["kind"], "certificate");
    assert_eq!(last["renews"], old["thumbprint"]);
    assert_eq!(last["thumbprint"], new["thumbprint"]);
    let again = sandbox.create(&token, &body).await;
    assert_eq!(
        (again.status.as_u16(), again.error().as_str()),
        (409, "ERR_INVALID_STATE")
    );
    sandbox
        .issue(
            &token,
            &with("thumbprintToRenew", new["thumbprint"].clone()),
        )
        .await;
}

#[tokio::test]
async fn a_thumbprint_is_understood_with_colons_and_in_lower_case() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.token().await;
    let old = sandbox.issue(&token, &vendors_body()).await;
    let pairs: Vec<String> = old["thumbprint"]
        .as_str()
        .unwrap()
        .to_lowercase()
        .as_bytes()
        .chunks(2)
        .map(|pair| String::from_utf8(pair.to_vec()).unwrap())
        .collect();
    sandbox
        .issue(&token, &with("thumbprintToRenew", json!(pairs.join(":"))))
        .await;
}

#[tokio::test]
async fn of_two_renewals_under_way_the_first_to_finish_wins() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.token().await;
    let old = sandbox.issue(&token, &vendors_body()).await;
    let body = with("thumbprintToRenew", old["thumbprint"].clone());
    let one = sandbox.create(&token, &body).await.data();
    let two = sandbox.create(&token, &body).await.data();
    sandbox.finalize(&token, &two["requestCode"]).await.data();
    let late = sandbox.finalize(&token, &one["requestCode"]).await;
    assert_eq!(late.error(), "ERR_INVALID_STATE");
}

#[tokio::test]
async fn only_the_owner_and_those_of_a_group_may_renew_and_associations_stay() {
    let sandbox = TestSandbox::start().await;
    let owner = sandbox.token().await;
    let friend = json!({"username": "friend", "password": "p", "groups": [7]});
    let friend = token_of(&sandbox, &friend).await;
    let stranger = token_of(&sandbox, &json!({"username": "stranger", "password": "p"})).await;
    let old = sandbox
        .issue(&owner, &with("groupIds", json!([7, 8])))
        .await;
    let body = with("thumbprintToRenew", old["thumbprint"].clone());
    assert_eq!(
        sandbox.create(&stranger, &body).await.error(),
        "ERR_NOT_FOUND_CERT"
    );
    let new = sandbox.issue(&friend, &body).await;
    // The new one is still the owner's, and still in the group.
    let body = with("thumbprintToRenew", new["thumbprint"].clone());
    let newer = sandbox.issue(&owner, &body).await;
    let body = with("thumbprintToRenew", newer["thumbprint"].clone());
    sandbox.issue(&friend, &body).await;
}
