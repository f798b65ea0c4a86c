//! Answers that are not what was asked for: never shown as a success.

use rcgen::{CertificateParams, DnType, KeyPair, RsaKeySize};
use serde_json::{Value, json};

use super::{change, ledger, signed_in, stands};
use crate::support::app::App;
use crate::support::browser::Browser;
use crate::support::page::Page;
use rubrica::domain::dialect::ClientRequestCode;

/// A CSR of this key for this name.
fn csr(key: &KeyPair, name: &str) -> String {
    let mut params = CertificateParams::default();
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, name);
    params.serialize_request(key).unwrap().pem().unwrap()
}

fn rsa(size: RsaKeySize) -> KeyPair {
    KeyPair::generate_rsa_for(&rcgen::PKCS_RSA_SHA256, size).unwrap()
}

async fn answers(app: &App, operation: &str, data: Value) {
    let body = json!({"message": "", "messageType": "SUCCESS", "errorCode": "OK", "data": data});
    let body = json!(body.to_string());
    app.sandbox.fault(operation, "after", "body", body, 1).await;
}

/// No success, no way to go on with it, and nothing in the list of certificates.
async fn is_no_success(app: &App, ana: &Browser, page: &Page, why: &str) {
    stands(page, "mismatch", &["Do not use the result", why]);
    assert!(!page.has("form#resume"), "{page:?}");
    assert!(!page.has("a[href^='/certificates/']"), "{page:?}");
    let list = ana.visit(&app.at("/certificates")).await;
    assert!(!list.has("table a[href^='/certificates/']"), "{list:?}");
}

async fn with_csr(csr: String, why: &str) {
    let (app, ana) = signed_in().await;
    answers(
        &app,
        "csr_create",
        json!({"csr": csr, "requestCode": "r-9"}),
    )
    .await;
    let page = app.issue(&ana, "ANA").await;
    is_no_success(&app, &ana, &page, why).await;
    assert_eq!(ledger(&app).await, [1, 0, 1, 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn e08_a_key_of_another_type_is_a_mismatch() {
    let key = KeyPair::generate().unwrap();
    with_csr(csr(&key, "ANA"), "not of the kind requested").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn e08_a_key_of_another_size_is_a_mismatch() {
    let key = rsa(RsaKeySize::_3072);
    with_csr(csr(&key, "ANA"), "not of the kind requested").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn e08_a_csr_for_another_name_is_a_mismatch() {
    let key = rsa(RsaKeySize::_2048);
    with_csr(csr(&key, "EVA"), "not the one requested").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_request_code_than_the_one_we_chose_is_a_mismatch() {
    let (app, ana) = signed_in().await;
    change(&app, |connection| {
        connection.settings.dialect.client_request_code = ClientRequestCode::Send;
    })
    .await;
    answers(&app, "csr_create", json!({"requestCode": "r-9"})).await;
    let page = app.issue(&ana, "ANA").await;
    is_no_success(&app, &ana, &page, "belongs to another request").await;
    assert_eq!(ledger(&app).await, [1, 0, 1, 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thumbprint_that_another_issuance_owns_is_a_mismatch() {
    let (app, ana) = signed_in().await;
    let first = app.issue(&ana, "ANA").await;
    let thumbprint = first.text("#thumbprint").replace(' ', "");
    let data = json!({"idCertificate": 99, "thumbprint": thumbprint});
    answers(&app, "csr_finalize", data).await;
    let page = app.issue(&ana, "BEA").await;
    stands(
        &page,
        "mismatch",
        &["Do not use the result", "another request"],
    );
    assert!(!page.has("a[href^='/certificates/']"), "{page:?}");
    let list = ana.visit(&app.at("/certificates")).await;
    assert!(!list.body.contains("BEA"), "{list:?}");
    let first = ana.get(first.url.as_str()).await;
    stands(&first, "issued", &[]);
}
