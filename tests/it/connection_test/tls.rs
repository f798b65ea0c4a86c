//! The certificate, in plain words.

use super::{Desk, Findings};
use crate::support::raw_server::{Identity, TestCa, TlsServer, self_signed};

/// What a test finds at a server that shows `identity`, while the connection trusts
/// `ca`.
async fn at(identity: Identity, ca: &str) -> Findings {
    let server = TlsServer::start(identity, "{}");
    let desk = Desk::new().await;
    desk.edit(&[("base_url", &server.url), ("ca", ca)]).await;
    desk.tested().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_good_certificate_passes_with_its_names_issuer_and_end() {
    let ca = TestCa::new();
    let found = at(ca.certify("localhost", 2999), &ca.pem).await;
    found.passes("tls", "by the private CA");
    found.passes("tls", "It is for localhost");
    found.passes("tls", "until 2999-01-01");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_name_is_told_with_the_right_ones() {
    let ca = TestCa::new();
    let found = at(ca.certify("elsewhere.example", 2999), &ca.pem).await;
    let cause = "not for localhost. It is for elsewhere.example";
    found.fails("tls", cause, "made for localhost");
    found.skips_all_after("tls", "the certificate");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_ca_is_told_with_its_name_and_what_to_enter() {
    let found = at(TestCa::new().certify("localhost", 2999), &TestCa::new().pem).await;
    let cause = "It was issued by CN=Test CA";
    found.fails("tls", cause, "enter it as private CA");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_expired_certificate_is_told_with_its_last_day() {
    let ca = TestCa::new();
    let found = at(ca.certify("localhost", 2001), &ca.pem).await;
    found.fails("tls", "expired on 2001-01-01", "renewed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_self_signed_certificate_given_as_private_ca_is_trusted() {
    for is_ca in [false, true] {
        let (identity, pem) = self_signed("localhost", 2999, is_ca);
        at(identity, &pem).await.passes("tls", "by the private CA");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn another_self_signed_certificate_is_told_by_its_fingerprint() {
    let other = self_signed("localhost", 2999, false).1;
    let (identity, pem) = self_signed("localhost", 2999, true);
    let found = at(identity, &other).await;
    let fingerprint = rubrica::domain::certificate_file::read_certificates(pem.as_bytes());
    let fingerprint = fingerprint.unwrap()[0].sha256.to_string();
    found.fails("tls", &fingerprint, "compare the fingerprint");
}

#[tokio::test(flavor = "multi_thread")]
async fn plain_http_where_tls_is_expected_is_named_and_the_other_way_round() {
    let desk = Desk::new().await;
    let plain = desk
        .app
        .sandbox
        .url
        .replace("http://127.0.0.1", "https://localhost");
    let ca = TestCa::new();
    desk.edit(&[("base_url", &plain), ("ca", &ca.pem)]).await;
    let found = desk.tested().await;
    found.fails("tls", "HTTP without TLS on port", "TLS switched on");

    let server = TlsServer::start(ca.certify("localhost", 2999), "{}");
    let url = server.url.replace("https://", "http://");
    desk.edit(&[("base_url", &url)]).await;
    let found = desk.tested().await;
    found.fails("tls", "uses TLS on port", "https://");
}
