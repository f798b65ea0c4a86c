//! What is kept: dashboard, history, certificates and renewals, full.

use std::time::Duration;

use super::{Gallery, files};
use crate::support::browser::Browser;

const DAY: Duration = Duration::from_secs(86_400);

/// Everything that shows what was issued, young and old.
pub async fn walk(gallery: &mut Gallery) {
    let browser = gallery.signed_in("demo").await;
    let issued = gallery.app.issue(&browser, "Ángela de la Peña").await;
    let thumbprint = issued.text("#thumbprint").replace(' ', "");
    gallery.visit(&browser, "home", "/").await;
    gallery.visit(&browser, "issuances", "/issuances").await;
    gallery
        .visit(&browser, "issuances-filtered", "/issuances?state=refused")
        .await;
    gallery
        .visit(&browser, "issuances-none", "/issuances?state=finalizing")
        .await;
    let list = browser.visit(&gallery.app.at("/issuances")).await;
    let filter = list.form("form#filter");
    let wrong = filter.clone().set("from", "soon").set("to", "later");
    gallery
        .submit(&browser, "issuances-error", &wrong, 422)
        .await;
    let found = filter.set("q", "peña").set("sort", "holder");
    gallery
        .submit(&browser, "issuances-found", &found, 200)
        .await;
    gallery
        .visit(&browser, "issuances-search-gone", "/issuances?find=x")
        .await;
    let receipt = format!("{}/receipt", issued.url.path());
    gallery.visit(&browser, "receipt", &receipt).await;
    let reference = browser
        .visit(&gallery.app.at(&receipt))
        .await
        .text("#reference");
    let verify = format!("/verify/{reference}");
    gallery.visit(&browser, "verify", &verify).await;
    gallery
        .visit(&browser, "certificates", "/certificates")
        .await;
    let one = format!("/certificates/{thumbprint}");
    gallery.visit(&browser, "certificate", &one).await;
    lists(gallery, &browser, &one).await;
    files::walk(gallery, &browser, &thumbprint).await;
    renewing(gallery, &browser, &thumbprint).await;
    gallery.visit(&browser, "certificate-replaced", &one).await;
    gallery
        .visit(&browser, "issuance-missing", "/issuances/none")
        .await;
    old_ones(gallery).await;
}

/// What is special about long lists: filters, errors, drafts, a note.
async fn lists(gallery: &mut Gallery, browser: &Browser, certificate: &str) {
    let list = browser.visit(&gallery.app.at("/certificates")).await;
    let filter = list.form("form#filter");
    let wrong = filter.clone().set("from", "soon");
    gallery
        .submit(browser, "certificates-error", &wrong, 422)
        .await;
    let choose = list.form("form#choose");
    gallery
        .submit(browser, "certificates-choose-error", &choose, 422)
        .await;
    let other = choose.clone().push("thumbprint", &"AB".repeat(20));
    let keep = other.to(&gallery.app.at("/certificates/tick"));
    gallery
        .submit(browser, "certificates-ticked", &keep, 200)
        .await;
    let none = choose.to(&gallery.app.at("/certificates/tick"));
    let none = none.forge("untick", "all");
    browser.submit(&none).await.expect_status(303);
    let found = filter.set("q", "peña").set("kind", "name");
    gallery
        .submit(browser, "certificates-found", &found, 200)
        .await;
    gallery
        .visit(browser, "drafts-none", "/issuances/drafts")
        .await;
    let begun = browser.visit(&gallery.app.at("/issue")).await;
    let begun = begun.form("form#step").set("kind", "name");
    browser.submit(&begun).await.expect_status(303);
    let drafts = browser.visit(&gallery.app.at("/issuances/drafts")).await;
    let discard = drafts.form("#drafts form");
    let search = drafts.form("form#filter");
    gallery.keep("drafts", drafts);
    let found = search.clone().set("q", "nobody");
    gallery
        .submit(browser, "drafts-none-found", &found, 200)
        .await;
    let wrong = search.set("q", "a\u{7}b");
    gallery
        .submit(browser, "drafts-search-error", &wrong, 422)
        .await;
    browser.submit(&discard).await.expect_status(303);
    let page = browser.visit(&gallery.app.at(certificate)).await;
    gallery
        .visit(browser, "calendar-none", "/account/calendar")
        .await;
    let none = browser.visit(&gallery.app.at("/account/calendar")).await;
    let make = none.form("main form");
    gallery.submit(browser, "calendar-made", &make, 200).await;
    let mail = browser.visit(&gallery.app.at("/account/mail")).await;
    let form = mail.form("main form#step").set("email", "ana");
    gallery.keep("account-mail", mail);
    gallery
        .submit(browser, "account-mail-error", &form, 422)
        .await;
    let form = form.set("email", "ana@example.com");
    gallery
        .submit(browser, "account-mail-saved", &form, 200)
        .await;
    let note = page.form("form#note-form").set("note", "a\u{202e}b");
    gallery.submit(browser, "note-error", &note, 422).await;
}

async fn renewing(gallery: &mut Gallery, browser: &Browser, thumbprint: &str) {
    let page = browser.visit(&gallery.app.at("/renew")).await;
    let typed = page.form("form#step").forge("thumbprint", "12");
    gallery.keep("renew-choose", page);
    gallery
        .submit(browser, "renew-choose-error", &typed, 422)
        .await;
    let begin = gallery.app.at(&format!("/renew/{thumbprint}"));
    let changed = browser.visit(&begin).await;
    let nothing = changed.form("form#step");
    gallery.keep("renew-changed", changed);
    gallery
        .submit(browser, "renew-changed-error", &nothing, 422)
        .await;
    let check = browser
        .submit_and_follow(&nothing.set("data_changed", "no"))
        .await
        .expect_status(200);
    let check_form = check.form("form#step");
    gallery.keep("renew-check", check);
    gallery
        .submit(browser, "renew-check-error", &check_form, 422)
        .await;
    let page = browser
        .submit_and_follow(&check_form.set("confirm", "yes"))
        .await;
    let page = gallery.app.settled(browser, page).await;
    gallery.keep("issuance-renewed", page);
}

/// Shortly before the assumed end of what was issued, and after it.
async fn old_ones(gallery: &mut Gallery) {
    for (days, name) in [(710, "near-expiry"), (25, "expired")] {
        gallery.app.clock.advance(DAY * days);
        let browser = gallery.signed_in("demo").await;
        gallery.visit(&browser, &format!("home-{name}"), "/").await;
        let list = browser.visit(&gallery.app.at("/certificates")).await;
        let one = list
            .attribute("table a[href^='/certificates/']", "href")
            .unwrap();
        gallery.keep(&format!("certificates-{name}"), list);
        gallery
            .visit(&browser, &format!("certificate-{name}"), &one)
            .await;
        let renew = one.replace("/certificates/", "/renew/");
        gallery
            .visit(&browser, &format!("renew-{name}"), &renew)
            .await;
        if days > 25 {
            reminders(gallery, &browser).await;
        }
    }
}

/// A certificate of which a reminder is due soon, and then none.
async fn reminders(gallery: &mut Gallery, browser: &Browser) {
    let page = browser.visit(&gallery.app.at("/account/mail")).await;
    let never = page.form("#upcoming form");
    gallery.keep("account-mail-upcoming", page);
    gallery
        .submit(browser, "account-mail-silent", &never, 200)
        .await;
}
