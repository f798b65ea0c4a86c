//! Pages that take the file of a certificate: a good file with several in it,
//! and one that is refused.

use data_encoding::BASE64;
use serde_json::Value;

use super::Gallery;
use crate::support::browser::Browser;

/// A file of `tests/vectors/make_certificates.sh`.
fn vector(name: &str) -> Vec<u8> {
    let all: Vec<Value> =
        serde_json::from_str(include_str!("../../vectors/certificates.json")).unwrap();
    let case = all.iter().find(|case| case["name"] == name).unwrap();
    let file = BASE64.decode(case["base64"].as_str().unwrap().as_bytes());
    file.unwrap()
}

/// With the certificate of this thumbprint, whose expiry is an estimate still.
pub async fn walk(gallery: &mut Gallery, browser: &Browser, thumbprint: &str) {
    let one = gallery.app.at(&format!("/certificates/{thumbprint}"));
    let wrong = browser.visit(&one).await.form("form#upload");
    let wrong = wrong.attach("certificate_file", "a.pem", &vector("both.pem"));
    gallery
        .submit(browser, "certificate-file-error", &wrong, 422)
        .await;
    let own = format!("certificates/{thumbprint}");
    let own = gallery.app.sandbox.text(&own).await;
    let several = [own.as_bytes(), &vector("chain")].concat();
    let choose = browser.visit(&gallery.app.at("/renew")).await;
    let form = choose.form("form#step");
    let foreign = form
        .clone()
        .attach("certificate_file", "a.pem", &vector("pem"));
    gallery
        .submit(browser, "renew-file-error", &foreign, 422)
        .await;
    let several = form.attach("certificate_file", "a.pem", &several);
    let which = browser.submit(&several).await.expect_status(200);
    let none = which.form("form#step");
    gallery.keep("renew-which", which);
    gallery
        .submit(browser, "renew-which-error", &none, 422)
        .await;
}
