//! Renewals, by each way to say which certificate.

use super::issuing::choose;
use super::walker::Walker;

const NAME: [(&str, &str); 1] = [("common_name", "ANA")];

async fn one_to_renew(walker: &Walker) -> String {
    choose(walker, "name").await;
    walker.finish(&NAME).await;
    walker.issued().await
}

/// The link beside the certificate in the list.
pub async fn from_list(walker: &Walker) {
    let old = one_to_renew(walker).await;
    walker.visit("/renew").await;
    walker.press(&format!("main a[href='/renew/{old}']")).await;
    to_the_end(walker, &old).await;
}

/// The thumbprint, typed in groups and in lower case as other programs show it.
pub async fn by_thumbprint(walker: &Walker) {
    let old = one_to_renew(walker).await;
    walker.visit("/renew").await;
    let typed = old
        .to_lowercase()
        .as_bytes()
        .chunks(2)
        .fold(String::new(), |typed, pair| {
            typed + std::str::from_utf8(pair).unwrap() + ":"
        });
    let typed = typed.trim_end_matches(':');
    walker.go_on(&[("thumbprint", typed)]).await;
    to_the_end(walker, &old).await;
}

/// The certificate's file, as Redtrust lets it be saved.
pub async fn by_file(walker: &Walker) {
    let old = one_to_renew(walker).await;
    let pem = format!("certificates/{old}");
    let pem = walker.app.sandbox.text(&pem).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("certificado de Ana.pem");
    std::fs::write(&file, pem).unwrap();
    walker.visit("/renew").await;
    walker
        .chromium
        .choose_file("form#step [name=certificate_file]", &file)
        .await;
    walker.go_on(&[]).await;
    to_the_end(walker, &old).await;
}

async fn to_the_end(walker: &Walker, old: &str) {
    walker.finish(&[]).await;
    let new = walker.issued().await;
    assert_ne!(new, old);
    let ledger = walker.app.sandbox.ledger().await;
    let renewed = ledger.iter().any(|entry| {
        entry["kind"] == "certificate" && entry["renews"] == old && entry["thumbprint"] == new
    });
    assert!(renewed, "{ledger:#?}");
}
