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
    taking_over(gallery, browser).await;
}

/// Certificates that exist already, as far as they are taken over.
async fn taking_over(gallery: &mut Gallery, browser: &Browser) {
    let path = "/certificates/take-over";
    gallery.visit(browser, "take-over", path).await;
    let form = browser.visit(&gallery.app.at(path)).await.form("form#step");
    let wrong = form.clone().set("thumbprint", "12");
    gallery
        .submit(browser, "take-over-error", &wrong, 422)
        .await;
    let mut files = form.clone();
    for (name, content) in [
        ("chain.p7b", vector("p7b")),
        ("clave.p12", vector("both.p12")),
        ("dos.pem", vector("pem")),
    ] {
        files = files.attach("certificate_file", name, &content);
    }
    let page = browser.submit(&files).await.expect_status(200);
    let one = page.attribute("[data-group=taken-over] a", "href");
    gallery.keep("taken-over", page);
    let one = one.unwrap();
    gallery.visit(browser, "certificate-taken-over", &one).await;
    let bare = form.set("thumbprint", &"0D".repeat(20));
    browser.submit(&bare).await.expect_status(200);
    let kind = format!("/renew/{}/kind", "0D".repeat(20));
    gallery.visit(browser, "renew-kind", &kind).await;
}
