//! What goes wrong, and how people get on.

use serde_json::Value;

use super::issuing::choose;
use super::walker::{ANSWERS, Walker};

/// The answer of finalize is lost; the page's own button ends it.
pub async fn resume(walker: &Walker) {
    walker
        .app
        .sandbox
        .fault("csr_finalize", "after", "drop", Value::Null, 1)
        .await;
    choose(walker, "name").await;
    walker.finish(&ANSWERS).await;
    walker.chromium.wait_for("#state[data-state=unknown]").await;
    walker.look().await;
    let keys = walker.app.sandbox.count("key_pair", "csr_create").await;
    walker.press("form[action$='/resume'] button").await;
    walker.issued().await;
    let now = walker.app.sandbox.count("key_pair", "csr_create").await;
    assert_eq!(now, keys, "a second key pair was made");
}

/// The summary leads to the field, what was good is kept, and mended goes on.
pub async fn mistakes(walker: &Walker) {
    choose(walker, "person").await;
    let mut wrong = ANSWERS;
    for (name, value) in &mut wrong {
        if *name == "document_number" {
            *value = "12345678A";
        }
    }
    walker.go_on(&wrong).await;
    let title = walker.chromium.client.title().await.unwrap();
    assert!(title.starts_with("Error: "), "{title}");
    walker
        .chromium
        .click("#error-summary a[href='#document_number']")
        .await;
    let at = "return [document.activeElement.id, \
              document.querySelector('[name=given_names]').value, \
              document.querySelector('[name=document_number]').value]";
    let at = walker.chromium.client.execute(at, Vec::new()).await;
    assert_eq!(
        at.unwrap(),
        serde_json::json!(["document_number", "María José", "12345678A"])
    );
    walker.finish(&ANSWERS).await;
    walker.issued().await;
}
