//! A private CA is read before it is trusted.

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, date_time_ymd};

use crate::support::admin;

pub fn certificate(ca: bool, until: i32) -> (String, String) {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    if ca {
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    }
    params.not_after = date_time_ymd(until, 1, 1);
    let key = KeyPair::generate().unwrap();
    (params.self_signed(&key).unwrap().pem(), key.serialize_pem())
}

/// A server's certificate that a CA has issued.
pub fn issued() -> String {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let issuer = Issuer::new(params, KeyPair::generate().unwrap());
    let mut params = CertificateParams::new(vec!["rt.example".to_owned()]).unwrap();
    params
        .distinguished_name
        .push(DnType::CommonName, "rt.example");
    let key = KeyPair::generate().unwrap();
    params.signed_by(&key, &issuer).unwrap().pem()
}

#[tokio::test(flavor = "multi_thread")]
async fn c09_only_cas_and_self_signed_certificates_in_force_are_taken_and_no_key_is_shown_again() {
    let app = admin::app().await;
    let ana = admin::signed_in(&app).await;
    let (ca, key) = certificate(true, 2999);
    let form = async || {
        let page = ana.visit(&app.at("/admin/connections/demo")).await;
        page.form("main form#step")
    };
    for bad in [
        "hello".to_owned(),
        ca.repeat(1000),
        issued(),
        certificate(true, 2001).0,
        format!("{ca}{key}"),
    ] {
        let page = ana.submit(&form().await.set("ca", &bad)).await;
        let page = page.expect_status(422);
        assert!(page.has("#error-summary a[href='#ca']"), "{page:?}");
        assert!(!page.body.contains("PRIVATE KEY"), "{page:?}");
        assert_eq!(form().await.value("ca").unwrap().trim(), "");
    }
    for good in [certificate(false, 2999).0, ca.clone()] {
        let page = ana.submit(&form().await.set("ca", &good)).await;
        let page = admin::led_on(&app, &ana, page).await;
        assert!(page.has(".banner.good"), "{page:?}");
        assert_eq!(form().await.value("ca").unwrap().trim(), good.trim());
    }
    let huge = ca.repeat(3000);
    ana.submit(&form().await.set("ca", &huge))
        .await
        .expect_status(413);
}
