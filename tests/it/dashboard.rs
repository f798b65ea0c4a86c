//! The page one begins with: what is urgent, what is half done, what expires
//! in which month.

use std::time::Duration;

use serde_json::json;

use crate::support::app::{App, state_of};
use crate::support::browser::Browser;
use crate::support::page::Page;
use crate::take_over::{outside, thumbprint};

const DAY: Duration = Duration::from_secs(24 * 3600);

async fn home(app: &App, browser: &Browser) -> Page {
    app.sign_in(browser, "demo").await;
    browser.get(&app.url).await.expect_status(200)
}

#[tokio::test(flavor = "multi_thread")]
async fn one_who_has_nothing_is_told_how_to_begin() {
    let (app, ana) = (App::spawn().await, Browser::new());
    let page = home(&app, &ana).await;
    assert!(
        page.text("#empty").contains("identity document"),
        "{page:?}"
    );
    assert!(page.has("main a[href='/issue']"), "{page:?}");
    assert!(!page.has("svg") && !page.has("#months"), "{page:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn certificates_move_from_later_to_expired_in_words() {
    let (app, ana) = (App::spawn().await, Browser::new());
    app.sign_in(&ana, "demo").await;
    let issued = app.issue(&ana, "<i>ANA</i> 12345678Z").await;
    assert_eq!(state_of(&issued), "issued");
    let validity = 730;
    let mut passed = 0;
    for (day, words) in [
        (0, "Expire in more than 60 days"),
        (validity - 59, "Expire in 31 to 60 days"),
        (validity - 29, "Expire in 8 to 30 days"),
        (validity - 6, "Expire within 7 days"),
        (validity + 1, "Expired"),
    ] {
        app.clock.advance(DAY * (day - passed));
        passed = day;
        let page = home(&app, &ana).await;
        assert_eq!(
            page.texts("main h3"),
            [format!("{words} 1 certificate")],
            "{page:?}"
        );
        assert_eq!(page.texts("main table.cards tbody tr").len(), 1);
        let why_not = page.text("main table.cards").contains("see why");
        assert_eq!(why_not, day > validity, "{page:?}");
        assert!(page.body.contains("*****678Z") && !page.body.contains("12345678Z"));
        assert!(!page.body.contains("<i>ANA"), "{page:?}");
        if day <= validity {
            assert_eq!(page.has("svg.chart rect"), day > 0, "{page:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_chart_and_its_table_say_the_same() {
    let (app, ana) = (App::spawn().await, Browser::speaking("es"));
    app.sign_in(&ana, "demo").await;
    for name in ["UNO", "DOS", "TRES"] {
        app.issue(&ana, name).await;
    }
    app.clock.advance(DAY * 500);
    let page = home(&app, &ana).await;
    let rows = page.texts("#months tbody td");
    assert_eq!(rows.len(), 12, "{page:?}");
    assert_eq!(rows.iter().filter(|row| row.as_str() == "3").count(), 1);
    assert_eq!(rows.iter().filter(|row| row.as_str() == "0").count(), 11);
    assert_eq!(page.texts("svg.chart rect").len(), 1, "{page:?}");
    let texts = page.texts("svg.chart text");
    assert_eq!(texts.len(), 13, "{page:?}");
    assert!(texts.contains(&"3".to_owned()) && texts.contains(&"ene".to_owned()));
    assert!(!page.body.contains(" style="), "{page:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn five_of_each_group_are_shown_and_the_rest_is_counted() {
    let (app, ana) = (App::spawn().await, Browser::new());
    app.sign_in(&ana, "demo").await;
    for at in 0..6 {
        app.issue(&ana, &format!("ANA {at}")).await;
    }
    let page = ana.get(&app.url).await;
    assert_eq!(
        page.texts("main h3"),
        ["Expire in more than 60 days 6 certificates"]
    );
    assert_eq!(page.texts("main table.cards tbody tr").len(), 5);
    assert!(
        page.has("main a[href='/certificates?due=later']"),
        "{page:?}"
    );
    let bea = Browser::new();
    app.sign_in_directly(&bea, "ra-app").await;
    let hers = bea.get(&app.url).await;
    assert!(
        hers.has("#empty") && !hers.body.contains("ANA 0"),
        "{hers:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_may_expire_tomorrow_is_not_said_to_expire_later() {
    let (app, ana) = (App::spawn().await, Browser::new());
    app.sign_in(&ana, "demo").await;
    app.issue(&ana, "ANA").await;
    let made = outside(&app, json!({"validity_days": 20})).await;
    let form = ana.visit(&app.at("/certificates/take-over")).await;
    let form = form.form("form#step");
    let form = form.set("thumbprint", thumbprint(&made[0]));
    ana.submit(&form).await.expect_status(200);
    let page = ana.get(&app.url).await;
    assert_eq!(
        page.texts("main h3"),
        [
            "Expire in more than 60 days 1 certificate",
            "Expiry date not known 1 certificate"
        ],
        "{page:?}"
    );
    assert_eq!(page.texts("main h3 .tag.good").len(), 1, "{page:?}");
    for (filter, rows) in [
        ("due=unknown", 1),
        ("due=later", 1),
        ("state=unknown", 1),
        ("state=valid", 1),
        ("sort=", 2),
    ] {
        let path = format!("/certificates?{filter}");
        let list = ana.visit(&app.at(&path)).await.expect_status(200);
        let found = list.texts("main tbody tr");
        assert_eq!(found.len(), rows, "{path}: {list:?}");
        let is_unknown = found.iter().any(|row| row.contains("not known"));
        assert_eq!(
            is_unknown,
            filter.contains("unknown") || rows == 2,
            "{path}"
        );
    }
    let link = "main h3 a[href='/certificates?due=unknown']";
    assert!(page.has(link), "{page:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_newest_drafts_are_offered_to_be_continued() {
    let (app, ana) = (App::spawn().await, Browser::new());
    app.sign_in(&ana, "demo").await;
    for _ in 0..4 {
        let kind = ana.visit(&app.at("/issue")).await;
        let form = kind.form("form#step").set("kind", "name");
        ana.submit_and_follow(&form).await.expect_status(200);
    }
    let page = ana.get(&app.url).await;
    assert_eq!(page.texts("#drafts li").len(), 3, "{page:?}");
    assert!(page.has("main a[href='/issuances/drafts']"), "{page:?}");
    assert!(!page.has("#open"), "{page:?}");
    let href = page.attribute("#drafts a", "href").unwrap();
    assert!(page.text("#drafts").contains("Draft"), "{page:?}");
    ana.visit(&app.at(&href)).await.expect_status(200);
}
