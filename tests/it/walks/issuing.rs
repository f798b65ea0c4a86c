//! Issues of each kind, and a draft that was left.

use super::walker::{ANSWERS, Walker};

/// From the first page to the certificate, in at most seven pages: the last
/// one shows it.
pub async fn issue(walker: &Walker, kind: &str) {
    choose(walker, kind).await;
    let asked = walker.finish(&ANSWERS).await;
    assert!(asked + 2 <= 7, "{kind} took {} pages", asked + 2);
    walker.issued().await;
    let holder = walker.chromium.text("#holder").await;
    let expected = match kind {
        "seal" | "name" => "ÁNGELA DE LA PEÑA",
        "representative" => "María José O'Neill-Núñez Pal·làs (R: A58818501)",
        _ => "María José O'Neill-Núñez Pal·làs",
    };
    assert_eq!(holder, expected, "{kind}");
}

/// Leaves after the holder's page and goes on from the overview.
pub async fn come_back(walker: &Walker) {
    choose(walker, "person").await;
    walker.go_on(&ANSWERS).await;
    walker.visit("/").await;
    walker.press(".card-list .card a").await;
    if walker.chromium.has("#state").await {
        walker.press("main a[href^='/issue/']").await;
    }
    walker.finish(&ANSWERS).await;
    walker.issued().await;
}

/// The first page: which kind.
pub async fn choose(walker: &Walker, kind: &str) {
    walker.visit("/issue").await;
    let choice = format!("[name=kind][value={kind}]");
    walker.chromium.click(&choice).await;
    walker.go_on(&[]).await;
}
