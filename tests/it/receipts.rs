//! What one keeps of a certificate: receipt, reminders, its chain of renewals.

use std::collections::BTreeMap;
use std::time::Duration;

use rubrica::storage::certificates;

use crate::support::app::{App, state_of};
use crate::support::browser::Browser;
use crate::support::page::Page;

async fn issued(user: &str, name: &str) -> (App, Browser, Page) {
    let (app, ana) = (App::spawn().await, Browser::new());
    app.sign_in(&ana, user).await;
    let page = app.issue(&ana, name).await;
    (app, ana, page)
}

fn thumbprint(page: &Page) -> String {
    page.text("#thumbprint").replace(' ', "")
}

/// The properties of each event of a calendar file, unfolded and unescaped.
fn calendar(file: &Page) -> Vec<BTreeMap<String, String>> {
    assert!(file.body.ends_with("\r\n"), "{file:?}");
    let lines: Vec<_> = file.body.split("\r\n").collect();
    assert!(lines.iter().all(|line| line.len() <= 75), "{file:?}");
    assert!(!file.body.replace("\r\n", "").contains('\n'), "{file:?}");
    let unfolded = file.body.replace("\r\n ", "");
    let (mut events, mut open) = (Vec::new(), Vec::new());
    for line in unfolded.split("\r\n").filter(|line| !line.is_empty()) {
        let (name, value) = line.split_once(':').unwrap_or_else(|| panic!("{line}"));
        match name {
            "BEGIN" => {
                open.push(value.to_owned());
                if value == "VEVENT" {
                    events.push(BTreeMap::new());
                }
            }
            "END" => assert_eq!(open.pop().as_deref(), Some(value), "{file:?}"),
            _ if open.last().is_some_and(|part| part == "VEVENT") => {
                let value = value.replace("\\,", ",").replace("\\;", ";");
                let event: &mut BTreeMap<_, _> = events.last_mut().unwrap();
                assert!(event.insert(name.to_owned(), value).is_none(), "{file:?}");
            }
            _ => {}
        }
    }
    assert!(open.is_empty(), "{file:?}");
    events
}

#[tokio::test(flavor = "multi_thread")]
async fn the_reminders_stand_30_and_7_days_before_the_expiry() {
    let (app, ana, page) = issued("demo", "NÚÑEZ; ANA, \\ 12345678Z").await;
    let href = page.attribute("a[href$='/expiry.ics']", "href").unwrap();
    let file = ana.get(&app.at(&href)).await.expect_status(200);
    assert!(file.header("content-type").starts_with("text/calendar"));
    assert!(file.header("content-disposition").ends_with(".ics\""));
    let events = calendar(&file);
    let connections = app.portal.connections.all().await.unwrap();
    let print = thumbprint(&page).parse().unwrap();
    let storage = &app.portal.storage;
    let found = certificates::by_thumbprint(storage, &connections[0].id, &print).await;
    let expires = found.unwrap().unwrap().not_after();
    let madrid = jiff::tz::TimeZone::get("Europe/Madrid").unwrap();
    let expires = jiff::Timestamp::from_millisecond(expires.0).unwrap();
    let expires = expires.to_zoned(madrid).date();
    assert_eq!(events.len(), 2, "{file:?}");
    for (event, days) in events.iter().zip([30, 7]) {
        let day: jiff::civil::Date = event["DTSTART;VALUE=DATE"].parse().unwrap();
        assert_eq!((expires - day).get_days(), days, "{file:?}");
        assert!(event["SUMMARY"].contains("NÚÑEZ; ANA"), "{file:?}");
        assert!(event["SUMMARY"].contains("*****678Z"), "{file:?}");
        let uid = &event["UID"];
        assert!(uid.starts_with(&format!("{}-{days}@", page.text("#reference"))));
        assert!(event["URL"].ends_with(&format!("/certificates/{}", thumbprint(&page))));
        assert!(event["DESCRIPTION"].contains("estimate"), "{file:?}");
    }
    app.clock.advance(Duration::from_secs(60));
    let later = calendar(&ana.get(&app.at(&href)).await);
    assert_eq!(later[0]["UID"], events[0]["UID"]);
    assert_ne!(later[0]["DTSTAMP"], events[0]["DTSTAMP"]);
    let spanish = Browser::speaking("es");
    app.sign_in(&spanish, "demo").await;
    let file = spanish.get(&app.at(&href)).await;
    assert!(calendar(&file)[0]["SUMMARY"].contains("caduca el"));
}

#[tokio::test(flavor = "multi_thread")]
async fn i12_reminders_ring_before_their_day_and_are_silent_once_they_are_over() {
    let (app, ana, page) = issued("demo", "ANA").await;
    let href = page.attribute("a[href$='/expiry.ics']", "href").unwrap();
    let file = ana.get(&app.at(&href)).await.expect_status(200);
    assert_eq!(
        file.body.matches("TRIGGER:-PT15H\r\n").count(),
        2,
        "{file:?}"
    );
    for event in calendar(&file) {
        assert_eq!(event["SEQUENCE"], "0");
        assert_eq!(event["LAST-MODIFIED"], event["DTSTAMP"]);
    }
    app.clock.advance(Duration::from_secs(725 * 24 * 3600));
    app.sign_in(&ana, "demo").await;
    let file = ana.get(&app.at(&href)).await.expect_status(200);
    let events = calendar(&file);
    assert_eq!(events.len(), 1, "{file:?}");
    let today = jiff::Timestamp::from_millisecond(app.clock.now().0).unwrap();
    let madrid = jiff::tz::TimeZone::get("Europe/Madrid").unwrap();
    let today = today.to_zoned(madrid).date();
    let day: jiff::civil::Date = events[0]["DTSTART;VALUE=DATE"].parse().unwrap();
    assert!(day > today, "{file:?}");
    assert!(file.body.contains("TRIGGER:-PT15H"), "{file:?}");
    app.clock.advance(Duration::from_secs(10 * 24 * 3600));
    app.sign_in(&ana, "demo").await;
    ana.get(&app.at(&href)).await.expect_status(404);
    let page = ana.get(page.url.as_str()).await.expect_status(200);
    assert!(!page.has("a[href$='/expiry.ics']"), "{page:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn i12_a_calendar_reads_a_secret_address_until_it_is_revoked() {
    let (app, ana, page) = issued("demo", "ANA").await;
    let make = async || {
        let form = ana
            .get(&app.at("/account/calendar"))
            .await
            .form("main form");
        let made = ana.submit(&form).await.expect_status(200);
        made.text("#feed-address")
    };
    let first = make().await;
    let reader = Browser::new();
    let empty = reader.get(&first).await.expect_status(200);
    assert!(
        calendar(&empty).is_empty(),
        "it expires in two years: {empty:?}"
    );
    app.clock.advance(Duration::from_secs(600 * 24 * 3600));
    let file = reader.get(&first).await.expect_status(200);
    assert_eq!(file.header("cache-control"), "no-store");
    assert!(file.header("set-cookie").is_empty());
    let events = calendar(&file);
    assert_eq!(events.len(), 2, "{file:?}");
    let uid = format!("{}-30@", page.text("#reference"));
    assert!(events[0]["UID"].starts_with(&uid), "{events:?}");
    app.sign_in(&ana, "demo").await;
    let second = make().await;
    assert_ne!(first, second);
    reader.get(&first).await.expect_status(404);
    reader.get(&second).await.expect_status(200);
    let page = ana.get(&app.at("/account/calendar")).await;
    assert!(
        page.has("#feed-since") && !page.has("#feed-address"),
        "{page:?}"
    );
    let revoke = page.form("form[action='/account/calendar/revoke']");
    ana.submit(&revoke).await.expect_status(303);
    reader.get(&second).await.expect_status(404);
}

#[tokio::test(flavor = "multi_thread")]
async fn i12_each_event_of_a_play_certificate_says_so_in_the_language_of_its_calendar() {
    let (app, _, _) = issued("demo", "ANA").await;
    app.clock.advance(Duration::from_secs(600 * 24 * 3600));
    for (language, mark, notice) in [
        ("en", "TEST: ", "Test certificate, not valid for anything."),
        (
            "es",
            "PRUEBA: ",
            "Certificado de prueba, sin ninguna validez.",
        ),
    ] {
        let ana = Browser::speaking(language);
        app.sign_in(&ana, "demo").await;
        let page = ana.get(&app.at("/account/calendar")).await;
        let made = ana.submit(&page.form("main form")).await.expect_status(200);
        let file = Browser::new().get(&made.text("#feed-address")).await;
        let events = calendar(&file);
        assert_eq!(events.len(), 2, "{file:?}");
        for event in events {
            assert!(event["SUMMARY"].starts_with(mark), "{event:?}");
            assert!(event["DESCRIPTION"].starts_with(notice), "{event:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_receipt_says_what_was_issued_to_whom_by_whom_and_when() {
    let (app, ana, page) = issued("demo", "<b>ANA</b> & CÍA").await;
    let href = page.attribute("a[href$='/receipt']", "href").unwrap();
    let receipt = ana.get(&app.at(&href)).await.expect_status(200);
    for id in ["reference", "holder", "thumbprint", "certificate-id"] {
        let id = format!("#{id}");
        assert_eq!(receipt.text(&id), page.text(&id), "{receipt:?}");
    }
    let text = receipt.text("main");
    for part in [
        &page.text("#request-code"),
        "demo",
        "Date of issue",
        "(estimated)",
    ] {
        assert!(text.contains(part), "{part}: {receipt:?}");
    }
    assert!(!receipt.body.contains("<b>ANA"), "{receipt:?}");
    assert!(receipt.has("[data-print][hidden]"), "{receipt:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn there_is_no_receipt_for_another_and_none_before_there_is_a_certificate() {
    let (app, ana, page) = issued("demo", "ANA").await;
    let (bea, noperm) = (Browser::new(), Browser::new());
    app.sign_in_directly(&bea, "ra-app").await;
    app.sign_in(&noperm, "noperm").await;
    let refused = app.issue(&noperm, "NO").await;
    assert_eq!(state_of(&refused), "refused");
    for what in ["receipt", "expiry.ics"] {
        let of = |page: &Page| format!("{}/{what}", page.url);
        ana.get(&of(&page)).await.expect_status(200);
        bea.get(&of(&page)).await.expect_status(404);
        noperm.get(&of(&refused)).await.expect_status(404);
        assert!(!refused.has(&format!("a[href$='/{what}']")), "{refused:?}");
        let nobody = Browser::new();
        nobody.get(&of(&page)).await.expect_redirect_to("/sign-in");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_shows_its_chain_of_renewals_from_wherever_one_looks() {
    let (app, ana, first) = issued("demo", "ANA").await;
    let mut prints = vec![thumbprint(&first)];
    for _ in 0..2 {
        app.clock.advance(Duration::from_secs(24 * 3600));
        app.sign_in(&ana, "demo").await;
        let from = format!("/renew/{}", prints.last().unwrap());
        let page = app.walk(&ana, &from, &[("data_changed", "no")]).await;
        let page = app.settled(&ana, page).await;
        assert_eq!(state_of(&page), "issued", "{page:?}");
        prints.push(thumbprint(&page));
    }
    for (at, print) in prints.iter().enumerate() {
        let page = ana.get(&app.at(&format!("/certificates/{print}"))).await;
        assert_eq!(page.texts("#chain li").len(), 3, "{page:?}");
        let this = page.texts("#chain li");
        let place = this
            .iter()
            .position(|line| line.contains("This certificate"));
        assert_eq!(place, Some(2 - at), "the newest first: {page:?}");
        for other in prints.iter().filter(|other| *other != print) {
            let link = format!("#chain a[href='/certificates/{other}']");
            assert!(page.has(&link), "{page:?}");
        }
        assert!(page.has("a[href$='/receipt']"), "{page:?}");
        // Nobody is reminded of one that was replaced.
        let is_newest = at + 1 == prints.len();
        assert_eq!(page.has("a[href$='/expiry.ics']"), is_newest, "{page:?}");
    }
    let alone = app.issue(&ana, "BEA").await;
    let page = app.at(&format!("/certificates/{}", thumbprint(&alone)));
    assert!(!ana.get(&page).await.has("#chain"));
}
