//! Issuing: `csr/create` and `csr/finalize`.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};
use x509_parser::pem::Pem;
use x509_parser::prelude::*;
use x509_parser::public_key::PublicKey;

use crate::support::sandbox::{TestSandbox, vendors_body, with};

fn der(pem: &str) -> Vec<u8> {
    Pem::iter_from_buffer(pem.as_bytes())
        .next()
        .unwrap()
        .unwrap()
        .contents
}

fn subject(name: &X509Name<'_>) -> Vec<(String, String)> {
    name.iter_attributes()
        .map(|pair| {
            (
                pair.attr_type().to_id_string(),
                pair.as_str().unwrap().to_owned(),
            )
        })
        .collect()
}

async fn certificate(sandbox: &TestSandbox, thumbprint: &Value) -> Vec<u8> {
    let path = format!("/sandbox/v1/certificates/{}", thumbprint.as_str().unwrap());
    der(&sandbox.get(&path).await.text)
}

#[tokio::test]
async fn the_vendors_two_calls_give_a_csr_and_a_certificate() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.token().await;
    let created = sandbox.create(&token, &vendors_body()).await.data();
    let csr = der(created["csr"].as_str().unwrap());
    let (_, csr) = X509CertificationRequest::from_der(&csr).unwrap();
    csr.verify_signature().unwrap();
    assert_eq!(
        csr.signature_algorithm.algorithm.to_id_string(),
        "1.2.840.113549.1.1.12"
    );
    let info = &csr.certification_request_info;
    assert_eq!(
        subject(&info.subject),
        [("2.5.4.3".into(), "HOLDER_NAME".into())]
    );
    assert!(
        matches!(info.subject_pki.parsed().unwrap(), PublicKey::RSA(key) if key.key_size() == 2048)
    );
    let done = sandbox
        .finalize(&token, &created["requestCode"])
        .await
        .data();
    assert!(done["idCertificate"].is_number());
    let thumbprint = done["thumbprint"].as_str().unwrap();
    assert!(thumbprint.len() == 40 && thumbprint.bytes().all(|b| b"0123456789ABCDEF".contains(&b)));
    let certificate = certificate(&sandbox, &done["thumbprint"]).await;
    let (_, certificate) = X509Certificate::from_der(&certificate).unwrap();
    assert_eq!(certificate.public_key().raw, info.subject_pki.raw);
    assert_eq!(certificate.subject().as_raw(), info.subject.as_raw());
    assert_eq!(
        sandbox.story().await[2..],
        [
            "call csr_create OK",
            "key_pair csr_create OK",
            "call csr_finalize OK",
            "certificate csr_finalize OK"
        ]
    );
    let last = sandbox.ledger().await.pop().unwrap();
    assert_eq!(last["request_code"], created["requestCode"]);
    assert_eq!(last["thumbprint"], done["thumbprint"]);
    assert_eq!(last["subject"], "CN=HOLDER_NAME");
    assert_eq!(last["user"], "ra-app");
}

#[tokio::test]
async fn only_the_name_and_the_hash_are_required() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.token().await;
    let least = json!({"dn": [{"attribute": "CN", "value": "x"}], "hashType": "SHA512"});
    sandbox.issue(&token, &least).await;
    for field in ["dn", "hashType"] {
        let mut body = least.clone();
        body.as_object_mut().unwrap().remove(field);
        assert_eq!(sandbox.create(&token, &body).await.error(), "MISSING_PARAM");
    }
}

#[tokio::test]
async fn every_field_is_checked() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.token().await;
    let dn = |attribute: &str, value: &str| json!([{"attribute": attribute, "value": value}]);
    for (field, value, code) in [
        ("dn", json!([]), "INVALID_PARAM"),
        ("dn", json!("cn=x"), "INVALID_PARAM"),
        ("dn", json!([{"attribute": "cn"}]), "INVALID_PARAM"),
        ("dn", dn("cn", ""), "INVALID_PARAM"),
        ("dn", dn("cn", "a\u{0}b"), "INVALID_PARAM"),
        ("dn", dn("c", "ESP"), "INVALID_PARAM"),
        ("dn", dn("colour", "red"), "INVALID_PARAM"),
        ("hashType", json!("MD5"), "INVALID_PARAM"),
        ("hashType", json!(256), "INVALID_PARAM"),
        ("keyType", json!("EC"), "INVALID_PARAM"),
        ("keyLength", json!(1024), "INVALID_PARAM"),
        ("keyLength", json!("2048"), "INVALID_PARAM"),
        ("provider", json!("OTHER"), "ERR_NOT_SUPPORTED"),
        ("info", json!("x"), "INVALID_PARAM"),
        ("groupIds", json!(["1"]), "INVALID_PARAM"),
        ("groupIds", json!(1), "INVALID_PARAM"),
        ("requestCode", json!("a b"), "INVALID_PARAM"),
        ("thumbprintToRenew", json!("00"), "ERR_NOT_FOUND_CERT"),
    ] {
        let answer = sandbox.create(&token, &with(field, value.clone())).await;
        assert_eq!(answer.error(), code, "{field} {value}");
    }
    assert_eq!(sandbox.count("key_pair").await, 0);
}

#[tokio::test]
async fn the_subject_keeps_order_repeated_attributes_and_accents() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.token().await;
    let asked = [
        ("c", "2.5.4.6", "ES"),
        ("o", "2.5.4.10", "Acme, S.A."),
        ("ou", "2.5.4.11", "Uno"),
        ("ou", "2.5.4.11", "Dos"),
        ("organizationIdentifier", "2.5.4.97", "VATES-A58818501"),
        ("title", "2.5.4.12", "Jefa"),
        ("surname", "2.5.4.4", "O'Neill-Núñez"),
        ("givenName", "2.5.4.42", "María José"),
        ("serialNumber", "2.5.4.5", "IDCES-12345678Z"),
        ("2.5.4.13", "2.5.4.13", "Περιγραφή"),
        ("cn", "2.5.4.3", "María José O'Neill-Núñez"),
    ];
    let dn: Vec<Value> = asked
        .iter()
        .map(|(attribute, _, value)| json!({"attribute": attribute, "value": value}))
        .collect();
    let done = sandbox.issue(&token, &with("dn", json!(dn))).await;
    let certificate = certificate(&sandbox, &done["thumbprint"]).await;
    let (_, certificate) = X509Certificate::from_der(&certificate).unwrap();
    let expected: Vec<(String, String)> = asked
        .iter()
        .map(|(_, oid, value)| ((*oid).to_owned(), (*value).to_owned()))
        .collect();
    assert_eq!(subject(certificate.subject()), expected);
    let strings: Vec<u32> = certificate
        .subject()
        .iter_attributes()
        .map(|pair| pair.attr_value().tag().0)
        .collect();
    // PrintableString is 19, UTF8String 12.
    assert_eq!(strings, [19, 12, 12, 12, 12, 12, 12, 12, 19, 12, 12]);
}

#[tokio::test]
async fn h04_a_certificate_has_all_it_needs_and_nothing_it_was_not_given() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.token().await;
    let mut serials = Vec::new();
    for (hash, oid) in [("SHA256", 11), ("SHA384", 12), ("SHA512", 13)] {
        let done = sandbox.issue(&token, &with("hashType", json!(hash))).await;
        let der = certificate(&sandbox, &done["thumbprint"]).await;
        let (_, certificate) = X509Certificate::from_der(&der).unwrap();
        assert_eq!(
            certificate.signature_algorithm.algorithm.to_id_string(),
            format!("1.2.840.113549.1.1.{oid}")
        );
        let validity = certificate.validity();
        assert_eq!(
            validity.not_before.timestamp(),
            sandbox.clock.now().as_secs()
        );
        assert_eq!(
            validity.not_after.timestamp() - validity.not_before.timestamp(),
            730 * 86_400
        );
        assert!(!certificate.basic_constraints().unwrap().unwrap().value.ca);
        let usage = certificate.key_usage().unwrap().unwrap();
        assert!(usage.critical && usage.value.digital_signature() && usage.value.non_repudiation());
        assert!(!usage.value.key_cert_sign() && !usage.value.crl_sign());
        let extended = certificate.extended_key_usage().unwrap().unwrap().value;
        assert!(extended.client_auth && extended.email_protection && !extended.server_auth);
        let serial = certificate.raw_serial();
        assert!(serial.len() <= 20 && serial[0] < 0x80);
        serials.push(serial.to_vec());
    }
    serials.dedup();
    assert_eq!(serials.len(), 3);
}

#[tokio::test]
async fn longer_keys_are_as_long_as_asked() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.token().await;
    let created = sandbox
        .create(&token, &with("keyLength", json!(3072)))
        .await
        .data();
    let csr = der(created["csr"].as_str().unwrap());
    let (_, csr) = X509CertificationRequest::from_der(&csr).unwrap();
    let key = csr.certification_request_info.subject_pki.parsed().unwrap();
    assert!(matches!(key, PublicKey::RSA(key) if key.key_size() == 3072));
}

#[tokio::test]
async fn a_user_who_may_not_issue_is_told_so() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.temp_token("noperm").await;
    let data = sandbox.exchange(&token).await.data();
    let token = data["accessToken"].as_str().unwrap();
    assert_eq!(
        sandbox.create(token, &vendors_body()).await.error(),
        "UNAUTHORIZED"
    );
    assert_eq!(
        sandbox.finalize(token, &json!("x")).await.error(),
        "UNAUTHORIZED"
    );
    assert_eq!(
        sandbox.story().await.pop().unwrap(),
        "call csr_finalize UNAUTHORIZED"
    );
}

#[tokio::test]
async fn a_group_must_be_named_where_the_dialect_says_so() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.token().await;
    sandbox.set_dialect(json!({"group_mandatory": true})).await;
    for body in [vendors_body(), with("groupIds", json!([]))] {
        let answer = sandbox.create(&token, &body).await;
        assert_eq!(answer.error(), "ERR_CERTIFICATES_GROUP_MANDATORY");
    }
    let old = sandbox.issue(&token, &with("groupIds", json!([7]))).await;
    let renewal = with("thumbprintToRenew", old["thumbprint"].clone());
    sandbox.issue(&token, &renewal).await;
}

#[tokio::test]
async fn a_request_code_of_the_client_is_ignored_unless_the_dialect_takes_it() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.token().await;
    let body = with("requestCode", json!("mine-1"));
    let created = sandbox.create(&token, &body).await.data();
    assert_ne!(created["requestCode"], "mine-1");
    sandbox
        .set_dialect(json!({"client_request_code": "send"}))
        .await;
    let first = sandbox.create(&token, &body).await.data();
    assert_eq!(first["requestCode"], "mine-1");
    let second = sandbox.create(&token, &body).await.data();
    assert_eq!(first, second);
    let mut other = with("hashType", json!("SHA256"));
    other["requestCode"] = json!("mine-1");
    assert_eq!(
        sandbox.create(&token, &other).await.error(),
        "ERR_ALREADY_EXIST"
    );
    let own = sandbox.create(&token, &vendors_body()).await.data();
    assert!(own["requestCode"].as_str().unwrap().len() > 20);
    assert_eq!(sandbox.count("key_pair").await, 3);
}

#[tokio::test]
async fn parallel_creates_under_one_code_make_one_key_pair() {
    let sandbox = TestSandbox::start().await;
    sandbox
        .set_dialect(json!({"client_request_code": "send"}))
        .await;
    let token = sandbox.token().await;
    let body = with("requestCode", json!("mine-2"));
    let answers =
        futures_util::future::join_all((0..5).map(|_| sandbox.create(&token, &body))).await;
    let first = answers[0].data();
    assert!(answers.iter().all(|answer| answer.data() == first));
    assert_eq!(sandbox.count("key_pair").await, 1);
}

#[tokio::test]
async fn a_repeated_finalize_answers_the_same_or_that_it_is_done() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.token().await;
    let code = sandbox.create(&token, &vendors_body()).await.data()["requestCode"].take();
    let answers =
        futures_util::future::join_all((0..5).map(|_| sandbox.finalize(&token, &code))).await;
    let first = answers[0].data();
    assert!(answers.iter().all(|answer| answer.data() == first));
    sandbox
        .set_dialect(json!({"finalize_repeat": "already_finalized"}))
        .await;
    let again = sandbox.finalize(&token, &code).await;
    assert_eq!(
        (again.status.as_u16(), again.error().as_str()),
        (409, "ERR_ALREADY_EXIST")
    );
    assert_eq!(sandbox.count("certificate").await, 1);
}

#[tokio::test]
async fn a_request_code_is_its_users_and_dies_in_time() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.token().await;
    let code = sandbox.create(&token, &vendors_body()).await.data()["requestCode"].take();
    let login = json!({"username": "demo", "password": "demo", "domain": "demo"});
    let other = sandbox
        .send(Method::POST, "/raapi/v1/auth/login", &login)
        .await
        .data();
    let other = other["accessToken"].as_str().unwrap();
    assert_eq!(
        sandbox.finalize(other, &code).await.error(),
        "ERR_NOT_FOUND"
    );
    assert_eq!(
        sandbox.finalize(&token, &json!("none")).await.error(),
        "ERR_NOT_FOUND"
    );
    assert_eq!(
        sandbox.finalize(&token, &Value::Null).await.error(),
        "MISSING_PARAM"
    );
    sandbox.set_dialect(json!({"request_code_ttl": 60})).await;
    sandbox.clock.advance(Duration::from_secs(60));
    let late = sandbox.finalize(&token, &code).await;
    assert_eq!(
        (late.status.as_u16(), late.error().as_str()),
        (410, "ERR_INVALID_STATE")
    );
}
