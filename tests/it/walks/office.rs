//! A notary's office on its first day: what Redtrust holds already comes in one zip, and
//! what is due is renewed in one go.

use serde_json::json;

use super::walker::Walker;
use super::{DESK, PHONE, look};
use crate::many::renewals;
use crate::support::chromium::Look;
use crate::take_over::{packed, pem, thumbprint};

/// So many certificates, of which these are due within 30 days.
#[derive(Clone, Copy)]
struct Office {
    all: usize,
    due: usize,
}

/// A zip of certificates that were issued outside the portal.
async fn zip(walker: &Walker, office: Office) -> Vec<u8> {
    let days = |n: usize| if n < office.due { 10 + n % 15 } else { 100 + n };
    let days: Vec<usize> = (0..office.all).map(days).collect();
    let body = json!({"count": office.all, "validity_days": days});
    let answer = walker.app.sandbox.post_for("certificates", body).await;
    let all = answer["certificates"].as_array().unwrap();
    let file = |one| (format!("{}.pem", thumbprint(one)), pem(one).into());
    packed(&all.iter().map(file).collect::<Vec<_>>())
}

/// Nobody scrolls for ever, and the header leaves room.
async fn measure(walker: &Walker) {
    let script = "return [document.querySelector('.site-header').getBoundingClientRect().bottom, \
                  document.documentElement.scrollHeight]";
    let seen = walker
        .chromium
        .client
        .execute(script, Vec::new())
        .await
        .unwrap();
    let (header, page) = (seen[0].as_f64().unwrap(), seen[1].as_f64().unwrap());
    let path = walker.chromium.path().await;
    let room = if walker.width() == PHONE {
        120.0
    } else {
        160.0
    };
    assert!(header <= room, "{path}: the header ends at {header}");
    assert!(page <= 6_000.0, "{path} is {page} px long");
}

async fn press(walker: &Walker, css: &str) {
    walker.press(css).await;
    measure(walker).await;
}

async fn address(walker: &Walker) -> String {
    let url = walker.chromium.client.current_url().await.unwrap();
    url[url::Position::BeforePath..url::Position::AfterQuery].to_owned()
}

/// To the next page of a list, with what is ticked.
async fn next_page(walker: &Walker, look: Look) {
    let css = match look.javascript {
        true => "#choose a[rel=next]",
        false => "#choose noscript:last-of-type button",
    };
    press(walker, css).await;
}

async fn walk(look: Look, office: Office) {
    let Some(walker) = Walker::start(look).await else {
        return;
    };
    let chromium = &walker.chromium;
    walker.sign_in().await;
    measure(&walker).await;
    take_over(&walker, office).await;

    // The number of the dashboard leads to the list of what is due.
    walker.visit("/").await;
    measure(&walker).await;
    press(&walker, "main h3 a[href*='due=8_to_30']").await;
    let total = chromium.text("#total").await;
    assert!(total.starts_with(&office.due.to_string()), "{total}");
    let list = address(&walker).await;

    // What is ticked on the first page is there when one comes back from the second.
    chromium.click("#choose .pick .option").await;
    next_page(&walker, look).await;
    assert!(chromium.has("#elsewhere").await);
    let second = address(&walker).await;
    assert!(second.contains("due=8_to_30") && second != list, "{second}");
    press(&walker, "#certificates th a[href^='/certificates/']").await;
    press(&walker, "a.back").await;
    assert_eq!(address(&walker).await, second);
    assert!(chromium.has("#elsewhere").await);
    chromium.client.back().await.unwrap();
    chromium.wait_for("#note-form").await;
    chromium.client.back().await.unwrap();
    chromium.wait_for("#elsewhere").await;
    assert_eq!(address(&walker).await, second);

    // All that is due, from the dashboard in five clicks: number, all, tick, start.
    press(&walker, "#renew-all button").await;
    let good = chromium.text("#good").await;
    assert!(good.contains(&office.due.to_string()), "{good}");
    chromium.click("form#step [name=confirm]").await;
    press(&walker, "form#step button[type=submit]").await;
    chromium.wait_for("#run-state[data-state=done]").await;
    measure(&walker).await;
    results(&walker, office).await;
    press(&walker, "a.back").await;
    assert_eq!(address(&walker).await, second);
    assert!(!chromium.has("#elsewhere").await);
}

/// From the empty portal to a list of all.
async fn take_over(walker: &Walker, office: Office) {
    let chromium = &walker.chromium;
    assert!(chromium.has("#empty").await);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("certificados.zip");
    std::fs::write(&file, zip(walker, office).await).unwrap();
    press(walker, "#empty a[href='/certificates/take-over']").await;
    chromium
        .choose_file("form#step [name=certificate_file]", &file)
        .await;
    press(walker, "form#step button[type=submit]").await;
    let title = chromium.text("h2#taken-over").await;
    assert!(title.contains(&office.all.to_string()), "{title}");
    press(walker, "main .actions a[href='/certificates']").await;
    let total = chromium.text("#total").await;
    assert!(total.starts_with(&office.all.to_string()), "{total}");
}

/// The file of results has a line for each, and each was renewed once at the sandbox.
async fn results(walker: &Walker, office: Office) {
    let chromium = &walker.chromium;
    let issued = chromium.text("#totals [data-outcome=issued]").await;
    assert_eq!(issued, office.due.to_string());
    let link = "return document.querySelector('#results').href";
    let link = chromium.client.execute(link, Vec::new()).await.unwrap();
    let fetch = "const done = arguments[1]; fetch(arguments[0]).then(a => a.text()).then(done)";
    let file = chromium
        .client
        .execute_async(fetch, vec![link])
        .await
        .unwrap();
    let lines = file.as_str().unwrap().trim_end().lines().count();
    assert_eq!(lines, office.due + 1, "{file}");
    let renewed = renewals(&walker.app).await;
    assert_eq!(renewed.len(), office.due);
    assert!(renewed.values().all(|times| *times == 1), "{renewed:?}");
}

const SMALL: Office = Office { all: 45, due: 25 };

#[tokio::test(flavor = "multi_thread")]
async fn i12_an_office_with_scripts_in_spanish_on_a_phone() {
    walk(look(true, "es", PHONE), SMALL).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn i12_an_office_without_scripts_in_english_at_a_desk() {
    walk(look(false, "en", DESK), SMALL).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes minutes: an office with 400 certificates in every look"]
async fn i12_an_office_with_400_certificates_in_every_look() {
    for javascript in [true, false] {
        for language in ["es", "en"] {
            for width in [PHONE, DESK] {
                walk(
                    look(javascript, language, width),
                    Office { all: 400, due: 42 },
                )
                .await;
            }
        }
    }
}
