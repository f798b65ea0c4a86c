//! Files of certificates: renewal by file, exact expiry dates, and requests
//! settled by the certificate that came of them.

use std::time::Duration;

use data_encoding::BASE64;
use rubrica::domain::certificate::{Certificate, Validity};
use rubrica::storage::certificates;
use serde_json::Value;

use crate::support::admin;
use crate::support::app::{App, sign_in_from, state_of, thumbprint_of};
use crate::support::browser::Browser;
use crate::support::lost::lost;
use crate::support::page::{Form, Page};
use crate::support::raw_server::TestCa;

const FIELD: &str = "certificate_file";

/// A certificate as the sandbox keeps it.
async fn pem(app: &App, thumbprint: &str) -> String {
    app.sandbox
        .text(&format!("certificates/{thumbprint}"))
        .await
}

fn der(pem: &str) -> Vec<u8> {
    let body = pem.lines().filter(|line| !line.starts_with("-----"));
    BASE64.decode(body.collect::<String>().as_bytes()).unwrap()
}

/// A file of `tests/vectors/make_certificates.sh`.
fn vector(name: &str) -> Vec<u8> {
    let all: Vec<Value> =
        serde_json::from_str(include_str!("../vectors/certificates.json")).unwrap();
    let case = all.iter().find(|case| case["name"] == name).unwrap();
    BASE64
        .decode(case["base64"].as_str().unwrap().as_bytes())
        .unwrap()
}

async fn stored(app: &App, thumbprint: &str) -> Certificate {
    let all = app.portal.connections.all().await.unwrap();
    let thumbprint = thumbprint.parse().unwrap();
    let found = certificates::by_thumbprint(&app.portal.storage, &all[0].id, &thumbprint).await;
    found.unwrap().unwrap()
}

/// The page that a file leads to: 422 with these words beside the field, and a
/// link to it from the summary.
async fn told(browser: &Browser, form: &Form, file: &[u8], words: &str) -> Page {
    let form = form.clone().attach(FIELD, "a.cer", file);
    let page = browser.submit(&form).await.expect_status(422);
    let beside = page.text("#certificate_file-error");
    assert!(beside.contains(words), "{words}: {page:?}");
    let link = page.text("#error-summary a[href='#certificate_file']");
    assert!(beside.ends_with(&link), "{page:?}");
    assert!(page.text("title").starts_with("Error"), "{page:?}");
    page
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_is_renewed_by_its_file_and_its_expiry_is_exact_then() {
    let (app, ana) = App::spawn_signed_in().await;
    let old = thumbprint_of(&app.issue(&ana, "ANA").await);
    let link = format!("/renew/{old}");
    let estimated = ana.visit(&app.at(&link)).await;
    assert!(estimated.text("dl.summary").contains("(estimated)"));
    let pem = pem(&app, &old).await;
    let form = ana.visit(&app.at("/renew")).await.form("form#step");
    for file in [pem.clone().into_bytes(), der(&pem)] {
        let form = form.clone().attach(FIELD, "ana.cer", &file);
        ana.submit(&form).await.expect_redirect_to(&link);
    }
    let page = ana.visit(&app.at(&link)).await.expect_status(200);
    assert!(!page.text("dl.summary").contains("(estimated)"), "{page:?}");
    assert!(page.has("form#step [name=data_changed]"), "{page:?}");
    assert!(stored(&app, &old).await.validity.is_exact());
}

#[tokio::test(flavor = "multi_thread")]
async fn of_several_certificates_in_a_file_one_is_chosen_by_name() {
    let (app, ana) = App::spawn_signed_in().await;
    let one = thumbprint_of(&app.issue(&ana, "ANA").await);
    let two = thumbprint_of(&app.issue(&ana, "NOMBRE EVA - NIF 12345678Z").await);
    let file = [
        pem(&app, &one).await.into_bytes(),
        vector("chain"),
        pem(&app, &two).await.into_bytes(),
    ]
    .concat();
    let form = ana.visit(&app.at("/renew")).await.form("form#step");
    let which = ana.submit(&form.attach(FIELD, "all.pem", &file)).await;
    let which = which.expect_status(200);
    assert_eq!(
        which.texts("fieldset label"),
        ["ANA", "NOMBRE EVA - NIF *****678Z"]
    );
    assert_eq!(which.texts("#others li").len(), 2, "{which:?}");
    assert!(which.text("#others").contains("Test CA"), "{which:?}");
    let way = "main a[href='/certificates/take-over']";
    assert!(which.has(way), "they can be added: {which:?}");
    assert!(which.text("fieldset .hint").contains("Thumbprint"));
    let none = ana.submit(&which.form("form#step")).await;
    let none = none.expect_status(422);
    assert!(none.has("#thumbprint-error") && none.has("#error-summary a[href='#thumbprint']"));
    assert_eq!(none.texts("fieldset label").len(), 2, "{none:?}");
    let form = none.form("form#step").set("thumbprint", &two);
    ana.submit(&form)
        .await
        .expect_redirect_to(&format!("/renew/{two}"));
    // No more of them are looked for than one file may have.
    let form = none.form("form#step");
    let endless = form.set("among", &format!("{one} ").repeat(101));
    let page = ana.submit(&endless).await.expect_status(422);
    assert_eq!(page.texts("fieldset label").len(), 100);
    // Somebody else's cannot be put among the choices.
    let form = none.form("form#step").set("among", &"AB".repeat(20));
    ana.submit(&form).await.expect_status(404);
}

#[tokio::test(flavor = "multi_thread")]
async fn each_file_that_is_none_is_told_in_its_own_words_and_nothing_is_kept() {
    let (app, ana) = App::spawn_signed_in().await;
    let own = thumbprint_of(&app.issue(&ana, "ANA").await);
    let form = ana.visit(&app.at("/renew")).await.form("form#step");
    let many = vector("pem").repeat(2000);
    let with_own = [
        pem(&app, &own).await.into_bytes(),
        vector("pkcs8_password.pem"),
    ]
    .concat();
    let spanish = Browser::speaking("es");
    app.sign_in(&spanish, "demo").await;
    let formulario = spanish.visit(&app.at("/renew")).await.form("form#step");
    for (file, words, palabras) in [
        (b"".to_vec(), "is empty", "está vacío"),
        (b"hello".to_vec(), "no certificate", "ningún certificado"),
        (vector("both.p12"), "private key", "clave privada"),
        (with_own, "private key", "clave privada"),
        (vector("csr"), "request (CSR)", "petición"),
        (vector("damaged"), "damaged", "dañado"),
        (
            vector("pem"),
            "was not issued in this portal",
            "no se emitió en este portal",
        ),
        (vector("p7b"), "2 certificates", "2 certificados"),
    ] {
        told(&ana, &form, &file, words).await;
        told(&spanish, &formulario, &file, palabras).await;
    }
    let crowd: String = (0..101).map(|_| TestCa::new().pem).collect();
    told(&ana, &form, crowd.as_bytes(), "more than 100").await;
    told(&spanish, &formulario, crowd.as_bytes(), "más de 100").await;
    // The same one two thousand times is one, and over the size it is not read.
    told(
        &ana,
        &form,
        &many[..700_000],
        "was not issued in this portal",
    )
    .await;
    let large = form.clone().attach(FIELD, "a.pem", &many);
    let refused = ana.submit(&large).await.expect_status(413);
    assert!(
        refused
            .text("main")
            .contains("the limit of this page, 1 MB"),
        "{refused:?}"
    );
    let long = form.clone().set("thumbprint", &"A".repeat(17 * 1024));
    let refused = ana.submit(&long).await.expect_status(413);
    assert!(refused.text("main").contains("16 KB"), "{refused:?}");
    let unchosen = form.without("thumbprint").attach(FIELD, "", b"");
    let page = ana.submit(&unchosen).await.expect_status(422);
    assert!(page.text("#thumbprint-error").contains("choose its file"));
    let page = spanish.submit(&formulario).await.expect_status(422);
    assert!(page.text("#thumbprint-error").contains("elija su archivo"));
    assert!(!stored(&app, &own).await.validity.is_exact());
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_elses_file_is_as_good_as_an_unknown_one() {
    let (app, ana) = App::spawn_signed_in().await;
    let bea = Browser::new();
    app.sign_in_directly(&bea, "ra-app").await;
    let hers = thumbprint_of(&app.issue(&bea, "BEA").await);
    let file = pem(&app, &hers).await;
    let form = ana.visit(&app.at("/renew")).await.form("form#step");
    let foreign = told(&ana, &form, file.as_bytes(), "BEA").await;
    let unknown = told(&ana, &form, &vector("ec_der"), "Acme SL").await;
    let before_colon = |page: &Page| {
        let text = page.text("#certificate_file-error");
        text.rsplit_once(": ").unwrap().0.to_owned()
    };
    assert_eq!(before_colon(&foreign), before_colon(&unknown));
    assert!(!stored(&app, &hers).await.validity.is_exact());
    let to = app.at(&format!("/certificates/{hers}/file"));
    let form = form.to(&to).attach(FIELD, "a.pem", file.as_bytes());
    ana.submit(&form).await.expect_status(404);
    assert!(!stored(&app, &hers).await.validity.is_exact());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_estimated_expiry_is_made_exact_by_that_very_certificate_only() {
    let (app, ana) = App::spawn_signed_in().await;
    let own = thumbprint_of(&app.issue(&ana, "ANA").await);
    let other = thumbprint_of(&app.issue(&ana, "EVA").await);
    let url = app.at(&format!("/certificates/{own}"));
    let page = ana.get(&url).await.expect_status(200);
    let form = page.form("form#upload");
    let before = stored(&app, &own).await.validity;
    let file = pem(&app, &other).await;
    told(&ana, &form, file.as_bytes(), "another certificate: EVA").await;
    told(&ana, &form, &vector("chain"), "not among them").await;
    told(&ana, &form, &vector("pkcs1.der"), "private key").await;
    let unchosen = ana.submit(&form).await.expect_status(422);
    assert!(
        unchosen
            .text("#certificate_file-error")
            .contains("Choose the file")
    );
    let spanish = Browser::speaking("es");
    app.sign_in(&spanish, "demo").await;
    let formulario = spanish.get(&url).await.form("form#upload");
    for (file, palabras) in [
        (file.into_bytes(), "otro certificado: EVA"),
        (vector("chain"), "no está entre ellos"),
        (Vec::new(), "está vacío"),
    ] {
        told(&spanish, &formulario, &file, palabras).await;
    }
    let page = spanish.submit(&formulario).await.expect_status(422);
    let beside = page.text("#certificate_file-error");
    assert!(beside.contains("Elija el archivo"), "{page:?}");
    let still = stored(&app, &own).await;
    assert!(!still.validity.is_exact() && still.validity == before);
    let file = pem(&app, &own).await;
    let good = form.attach(FIELD, "ana.pem", file.as_bytes());
    let page = ana.submit_and_follow(&good).await.expect_status(200);
    assert_eq!(page.url.as_str(), url);
    assert!(!page.has("form#upload"), "{page:?}");
    assert!(!page.text("main").contains("(estimated)"), "{page:?}");
    let exact = stored(&app, &own).await;
    let read = rubrica::domain::certificate_file::read_certificates(file.as_bytes()).unwrap();
    assert_eq!(exact.validity, Validity::Exact(read[0].not_after));
    let list = ana.get(&app.at("/certificates")).await;
    let rows = list.texts("#certificates tbody tr");
    let is_estimated = |name: &str| {
        let row = rows.iter().find(|row| row.contains(name));
        row.unwrap().contains("(estimated)")
    };
    assert!(!is_estimated("ANA") && is_estimated("EVA"), "{list:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_outcome_is_settled_by_the_certificate_made_with_its_keys() {
    let (app, ana) = App::spawn_signed_in().await;
    let (page, made) = lost(&app, &ana, "ANA").await;
    let form = page.form("form#settle");
    let wrong = told(&ana, &form, &vector("pem"), "keys of this request").await;
    assert_eq!(state_of(&wrong), "unknown");
    told(&ana, &form, &vector("both.pem"), "private key").await;
    told(&ana, &form, &vector("chain"), "none of them belongs").await;
    let unchosen = ana.submit(&form).await.expect_status(422);
    assert!(unchosen.has("#certificate_file-error"), "{unchosen:?}");
    let spanish = Browser::speaking("es");
    app.sign_in(&spanish, "demo").await;
    let formulario = spanish.get(page.url.as_str()).await.form("form#settle");
    for (file, palabras) in [
        ("pem", "no corresponde a las claves"),
        ("chain", "ninguno de ellos corresponde"),
        ("both.pem", "clave privada"),
    ] {
        told(&spanish, &formulario, &vector(file), palabras).await;
    }
    let file = pem(&app, &made).await;
    let chain = [vector("chain"), file.clone().into_bytes()].concat();
    let good = form.clone().attach(FIELD, "a.pem", &chain);
    let settled = ana.submit_and_follow(&good).await.expect_status(200);
    assert_eq!(settled.url, page.url);
    assert_eq!(thumbprint_of(&settled), made);
    assert!(!settled.has("#certificate-id") && !settled.has("form#settle"));
    assert!(settled.text("main").contains("You showed the certificate"));
    assert_eq!(settled.texts(".steps .done").len(), 2, "{settled:?}");
    // Once is enough: a second time nothing happens.
    ana.submit(&good).await.expect_redirect_to(page.url.path());
    let certificate = stored(&app, &made).await;
    assert!(certificate.validity.is_exact() && certificate.certificate_id.is_none());
    let one = ana.get(&app.at(&format!("/certificates/{made}"))).await;
    assert!(one.text("main").contains("Not known here"), "{one:?}");
    assert_eq!(app.sandbox.count("call", "csr_finalize").await, 1);
    let root = admin::signed_in(&app).await;
    let audit = admin::audited(&app, &root).await;
    let acts = audit
        .iter()
        .filter(|row| row.contains("the requester showed the certificate"));
    assert_eq!(acts.count(), 1, "{audit:?}");
    // It is renewed as any other.
    let path = format!("/renew/{made}");
    let renewed = app.walk(&ana, &path, &[("data_changed", "no")]).await;
    thumbprint_of(&app.settled(&ana, renewed).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_that_belongs_to_another_request_settles_none() {
    let (app, ana) = App::spawn_signed_in().await;
    let own = thumbprint_of(&app.issue(&ana, "ANA").await);
    let (page, _) = lost(&app, &ana, "EVA").await;
    let id = page.url.path().rsplit('/').next().unwrap().to_owned();
    let print = own.clone();
    // As if both had been made with the same keys.
    let same_key = app.portal.storage.write(move |conn| {
        Box::pin(async move {
            sqlx::query(
                "UPDATE issuances SET csr_key = \
                 (SELECT csr_key FROM issuances WHERE thumbprint = $1) WHERE id = $2",
            )
            .bind(print)
            .bind(id)
            .execute(conn)
            .await?;
            Ok::<_, rubrica::storage::StorageError>(())
        })
    });
    same_key.await.unwrap();
    let file = pem(&app, &own).await.into_bytes();
    let form = page.form("form#settle");
    let told_so = told(&ana, &form, &file, "belongs to another request").await;
    assert_eq!(state_of(&told_so), "unknown");
    let spanish = Browser::speaking("es");
    app.sign_in(&spanish, "demo").await;
    let form = spanish.get(page.url.as_str()).await.form("form#settle");
    told(&spanish, &form, &file, "pertenece a otra solicitud").await;
    assert_eq!(stored(&app, &own).await.holder, "ANA");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_is_settled_by_its_owner_and_only_while_it_is_unknown() {
    let (app, ana) = App::spawn_signed_in().await;
    let bea = Browser::new();
    app.sign_in_directly(&bea, "ra-app").await;
    let (page, made) = lost(&app, &ana, "ANA").await;
    let file = pem(&app, &made).await;
    let form = bea.visit(&app.at("/issue")).await.form("form#step");
    let to = format!("{}/certificate", page.url);
    let foreign = form.to(&to).attach(FIELD, "a.pem", file.as_bytes());
    bea.submit(&foreign).await.expect_status(404);
    let settle = page.form("form#settle");
    let resume = page.form("form#resume");
    let resumed = ana.submit_and_follow(&resume).await;
    let issued = app.settled(&ana, resumed).await;
    assert_eq!(thumbprint_of(&issued), made);
    let id = issued.text("#certificate-id");
    let late = settle.attach(FIELD, "a.pem", file.as_bytes());
    ana.submit(&late).await.expect_redirect_to(page.url.path());
    assert_eq!(stored(&app, &made).await.certificate_id, Some(id));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_typed_beside_a_file_is_there_again_after_signing_in() {
    let (app, ana) = App::spawn_signed_in().await;
    let page = ana.visit(&app.at("/renew")).await;
    app.clock.advance(Duration::from_secs(16 * 60));
    let form = page.form("form#step").set("thumbprint", "12 34");
    let late = form.attach(FIELD, "a.pem", &vector("pem"));
    let sign_in = ana.submit_and_follow(&late).await.expect_status(200);
    let back = sign_in_from(&ana, &sign_in).await.expect_status(200);
    assert_eq!(back.url.path(), "/renew/choose", "{back:?}");
    let typed = back.form("form#step");
    assert_eq!(typed.value("thumbprint"), Some("12 34"), "{back:?}");
}
