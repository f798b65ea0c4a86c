//! Many at once: choosing, checking, a run in each state.

use serde_json::json;

use super::{Gallery, HOSTILE};
use crate::support::browser::Browser;
use crate::support::page::Page;

pub async fn walk(gallery: &mut Gallery) {
    let browser = gallery.signed_in("demo").await;
    gallery.visit(&browser, "runs-empty", "/runs").await;
    let file = gallery.app.at("/issue/many");
    let page = browser.visit(&file).await;
    let form = page.form("form#step").set("kind", "name");
    gallery.keep("many-file", page);
    gallery
        .submit(&browser, "many-file-error", &form, 422)
        .await;
    // The hostile name, twice; one that is no name; a heading that is not known.
    let name = HOSTILE.replace('"', "\"\"").replace(['<', '>'], "");
    let rows = format!("cn;Teléfono\n\"{name}\";1\n\"{name}\";2\nÁngela de la Peña;3\n@;4\n");
    let form = form.attach("holders_file", "t.csv", rows.as_bytes());
    let check = browser.submit_and_follow(&form).await.expect_status(200);
    confirmed(gallery, &browser, "many-issue", check).await;
    renewing(gallery, &browser).await;
    gallery.visit(&browser, "runs", "/runs").await;
}

/// The check page, with its error, and the run while it goes on, paused and done.
async fn confirmed(gallery: &mut Gallery, browser: &Browser, name: &str, check: Page) {
    let form = check.form("form#step");
    gallery.keep(&format!("{name}-check"), check);
    gallery
        .submit(browser, &format!("{name}-check-error"), &form, 422)
        .await;
    let slow = json!(900);
    gallery
        .app
        .sandbox
        .fault("csr_create", "before", "delay", slow, 0)
        .await;
    let form = form.set("confirm", "yes");
    let page = browser.submit_and_follow(&form).await.expect_status(200);
    let pause = page.form("form#pause");
    let url = page.url.clone();
    gallery.keep(&format!("{name}-working"), page);
    let page = browser.submit_and_follow(&pause).await;
    let go_on = page.form("form#go_on");
    gallery.keep(&format!("{name}-paused"), page);
    gallery.app.sandbox.mend().await;
    browser.submit_and_follow(&go_on).await;
    for _ in 0..400 {
        let page = browser.get(url.as_str()).await;
        if page.attribute("#run-state", "data-state").as_deref() == Some("done") {
            return gallery.keep(&format!("{name}-done"), page);
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("{name} is never done");
}

async fn renewing(gallery: &mut Gallery, browser: &Browser) {
    let page = browser.visit(&gallery.app.at("/certificates")).await;
    let form = page.form("form#choose");
    let all = page.attributes("form#choose [name=thumbprint]", "value");
    gallery.keep("many-choose", page);
    gallery
        .submit(browser, "many-choose-error", &form, 422)
        .await;
    let unknown = form.clone().push("thumbprint", &"AB".repeat(20));
    let chosen = all
        .iter()
        .take(2)
        .fold(unknown, |form, one| form.push("thumbprint", one));
    let check = browser.submit_and_follow(&chosen).await.expect_status(200);
    confirmed(gallery, browser, "many-renew", check).await;
    let nothing = form.push("thumbprint", &"AB".repeat(20));
    gallery
        .submit(browser, "many-renew-nothing", &nothing, 200)
        .await;
}
