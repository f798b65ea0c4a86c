//! A certificate for an unknown request that its owner shows. Whoever holds the CSR can
//! have it signed by anybody, himself included: only a CA that issues for the connection
//! makes it "issued".

use std::time::{Duration, Instant};

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use rubrica::domain::certificate_trust::{Checks, is_issued_by};

use crate::support::app::{App, state_of, thumbprint_of};
use crate::support::browser::Browser;
use crate::support::forger::{forged, own_ca, shown};
use crate::support::lost::lost;
use crate::support::page::Page;

const FIELD: &str = "certificate_file";

/// A request whose answer was lost, and the file of its certificate.
async fn lost_with_file(app: &App, browser: &Browser, name: &str) -> (Page, String) {
    let (page, made) = lost(app, browser, name).await;
    let file = app.sandbox.text(&format!("certificates/{made}")).await;
    (page, file)
}

#[tokio::test(flavor = "multi_thread")]
async fn i06_a_certificate_that_its_owner_had_signed_is_not_issued() {
    let (app, ana) = App::spawn_signed_in().await;
    for name in [None, Some("Somebody Else")] {
        let (page, real) = lost_with_file(&app, &ana, "Ana").await;
        let page = shown(&ana, &page, &forged(&ana, &page, name).await).await;
        assert_eq!(state_of(&page), "unknown", "{page:?}");
        assert!(page.text("#state").contains("not confirmed"), "{page:?}");
        assert!(page.text("h1").contains("nobody has confirmed"), "{page:?}");
        let thumbprint = page.text("#thumbprint").replace(' ', "");
        let certificate = app.at(&format!("/certificates/{thumbprint}"));
        let receipt = format!("{}/receipt", page.url);
        let spanish = Browser::speaking("es");
        app.sign_in(&spanish, "demo").await;
        for (browser, words) in [(&ana, "not confirmed"), (&spanish, "confirmado")] {
            for path in [certificate.as_str(), receipt.as_str()] {
                let shown = browser.get(path).await.expect_status(200);
                let said = shown.text("main");
                assert!(said.contains(words), "{path}: {shown:?}");
                assert!(
                    !said.contains("and issued by")
                        && !said.contains("y lo emitió")
                        && !said.contains("Issued by")
                        && !said.contains("Emitido por")
                );
            }
        }
        for (browser, words) in [(&ana, "not confirmed"), (&spanish, "sin confirmar")] {
            for path in ["/issuances", "/issuances.csv", "/certificates", "/"] {
                let shown = browser.get(&app.at(path)).await.expect_status(200);
                assert!(shown.body.contains(words), "{path}: {shown:?}");
            }
        }
        // The real one takes its place.
        let issued = shown_again(&ana, &page, &real).await;
        thumbprint_of(&issued);
        ana.get(&certificate).await.expect_status(404);
    }
}

async fn shown_again(browser: &Browser, page: &Page, file: &str) -> Page {
    let page = browser.get(page.url.as_str()).await;
    shown(browser, &page, file).await
}

#[tokio::test(flavor = "multi_thread")]
async fn i06_what_redtrust_answers_later_takes_the_place_of_what_was_shown() {
    let (app, ana) = App::spawn_signed_in().await;
    let (page, _) = lost_with_file(&app, &ana, "Ana").await;
    let page = shown(&ana, &page, &forged(&ana, &page, None).await).await;
    let resumed = ana.submit_and_follow(&page.form("form#resume")).await;
    let issued = app.settled(&ana, resumed).await;
    thumbprint_of(&issued);
    assert!(!issued.text("main").contains("not confirmed"), "{issued:?}");
    let listed = ana.visit(&app.at("/certificates")).await;
    assert_eq!(listed.texts("tbody tr").len(), 1, "{listed:?}");
}

/// A portal whose connection names no CA that issues.
async fn without_issuer() -> App {
    App::spawn_acme("dialect = { temp_token = \"signed\" }").await
}

#[tokio::test(flavor = "multi_thread")]
async fn i06_the_issuer_of_a_certificate_that_redtrust_vouched_for_is_learned() {
    let (app, ana) = (without_issuer().await, Browser::new());
    app.sign_in(&ana, "demo").await;
    let vouched = thumbprint_of(&app.issue(&ana, "Vouched").await);
    let (page, file) = lost_with_file(&app, &ana, "Ana").await;
    let not_yet = shown(&ana, &page, &file).await;
    assert_eq!(state_of(&not_yet), "unknown", "{not_yet:?}");
    // A file of the owner's own making teaches nothing.
    let (_, der) = own_ca("Camerfirma");
    let own = data_encoding::BASE64.encode(&der);
    let own = format!("-----BEGIN CERTIFICATE-----\n{own}\n-----END CERTIFICATE-----\n");
    let still = shown(&ana, &not_yet, &format!("{file}{own}")).await;
    assert_eq!(state_of(&still), "unknown", "{still:?}");
    let of_vouched = app.sandbox.text(&format!("certificates/{vouched}")).await;
    let ca = app.sandbox.text("ca").await;
    let one = ana
        .visit(&app.at(&format!("/certificates/{vouched}")))
        .await;
    let form = one.form("form#upload");
    let chain = format!("{of_vouched}{ca}");
    let form = form.attach(FIELD, "a.pem", chain.as_bytes());
    ana.submit_and_follow(&form).await.expect_status(200);
    let issued = shown(&ana, &still, &file).await;
    assert_eq!(state_of(&issued), "issued", "{issued:?}");
}

#[test]
fn i06_a_chain_is_followed_by_its_signatures_and_not_by_its_names() {
    let (root, root_der) = own_ca("Root");
    let (_, namesake) = own_ca("Root");
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params
        .distinguished_name
        .push(DnType::CommonName, "Between");
    let key = KeyPair::generate().unwrap();
    let between = params.signed_by(&key, &root).unwrap().der().to_vec();
    let issuer = Issuer::new(params, key);
    let leaf = |issuer: &Issuer<'static, KeyPair>| {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(Vec::new()).unwrap();
        params.signed_by(&key, issuer).unwrap().der().to_vec()
    };
    let (direct, over) = (leaf(&root), leaf(&issuer));
    let is_issued_by = |der: &[u8], between: &[&[u8]], trusted: &[&[u8]]| {
        is_issued_by(&mut Checks::default(), der, between, trusted)
    };
    assert!(is_issued_by(&direct, &[], &[&root_der]));
    assert!(is_issued_by(&over, &[&between], &[&root_der]));
    assert!(is_issued_by(&over, &[], &[&between]));
    for (der, in_file, trusted) in [
        (&direct, vec![], vec![]),
        (&direct, vec![root_der.as_slice()], vec![]),
        (&direct, vec![], vec![namesake.as_slice()]),
        (&over, vec![], vec![root_der.as_slice()]),
        (&over, vec![between.as_slice()], vec![namesake.as_slice()]),
        // No CA: it may sign nothing.
        (&over, vec![direct.as_slice()], vec![root_der.as_slice()]),
        (&between, vec![], vec![root_der.as_slice()]),
    ] {
        assert!(!is_issued_by(der, &in_file, &trusted));
    }
    let mut broken = direct.clone();
    *broken.last_mut().unwrap() ^= 1;
    assert!(!is_issued_by(&broken, &[], &[&root_der]));
}

#[test]
fn i06_a_file_with_a_hundred_certificates_of_one_ca_is_not_worth_a_minute() {
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.distinguished_name.push(DnType::CommonName, "Root");
    // Each of them has the name and the key of its own issuer.
    let between: Vec<_> = (0..100)
        .map(|serial: u8| {
            params.serial_number = Some(vec![1, serial].into());
            params.self_signed(&key).unwrap().der().to_vec()
        })
        .collect();
    let issuer = Issuer::new(params, key);
    let key = KeyPair::generate().unwrap();
    let leaf = CertificateParams::new(Vec::new()).unwrap();
    let leaf = leaf.signed_by(&key, &issuer).unwrap().der().to_vec();
    let between: Vec<_> = between.iter().map(Vec::as_slice).collect();
    let began = Instant::now();
    let trusted = own_ca("Root").1;
    assert!(!is_issued_by(
        &mut Checks::default(),
        &leaf,
        &between,
        &[&trusted]
    ));
    assert!(
        began.elapsed() < Duration::from_secs(5),
        "{:?}",
        began.elapsed()
    );
}
