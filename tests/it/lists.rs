//! Finding one of many: search, filters, totals and files of certificates; drafts.

use std::time::Duration;

use crate::support::app::{App, thumbprint_of};
use crate::support::browser::Browser;
use crate::support::page::Page;

const DAY: Duration = Duration::from_secs(24 * 3600);

const PERSON: [(&str, &str); 7] = [
    ("kind", "linked"),
    ("given_names", "María"),
    ("first_surname", "Núñez"),
    ("document_type", "dni"),
    ("document_number", "12.345.678-Z"),
    ("organisation_name", "Notaría Güell"),
    ("organisation_nif", "A58818501"),
];

/// A portal with a certificate of María Núñez and one of Carmen Núñez.
async fn two(language: &'static str) -> (App, Browser, Page) {
    let (app, ana) = (App::spawn().await, Browser::speaking(language));
    app.sign_in(&ana, "demo").await;
    let page = app.walk(&ana, "/issue", &PERSON).await;
    let maria = app.settled(&ana, page).await;
    app.issue(&ana, "CARMEN NÚÑEZ").await;
    (app, ana, maria)
}

fn holders(page: &Page) -> Vec<String> {
    page.texts("#certificates tbody th a")
}

async fn search(app: &App, browser: &Browser, list: &str, text: &str) -> Page {
    let form = browser.get(&app.at(list)).await.form("form#filter");
    let answer = browser.submit(&form.set("q", text)).await;
    let address = answer.expect_status(303).location().unwrap();
    let typed = text.replace(' ', "");
    assert!(!address.as_str().contains(&typed), "{address}");
    browser.get(address.as_str()).await.expect_status(200)
}

#[tokio::test(flavor = "multi_thread")]
async fn i12_a_certificate_and_its_request_are_found_by_number_organisation_note_and_thumbprint() {
    let (app, ana, maria) = two("en").await;
    let print = thumbprint_of(&maria);
    let one = ana.get(&app.at(&format!("/certificates/{print}"))).await;
    let note = one.form("form#note-form");
    let wrong = note.clone().set("note", "a\u{202e}b").set("tags", "x");
    let tab = note.clone().set("note", "a\tb");
    let refused = ana.submit(&tab).await.expect_status(422);
    assert!(
        !refused.text("#note-error").contains("line break"),
        "{refused:?}"
    );
    let refused = ana.submit(&wrong).await.expect_status(422);
    assert!(refused.has("#error-summary a[href='#note']"), "{refused:?}");
    let kept = refused.form("form#note-form");
    assert_eq!(kept.value("tags"), Some("x"));
    let note = note
        .set("note", "Segunda\r\nventanilla")
        .set("tags", "sanidad; exp 2024/123");
    let saved = ana.submit_and_follow(&note).await.expect_status(200);
    assert!(saved.text(".banner").contains("are saved"), "{saved:?}");
    let kept = saved.form("form#note-form");
    assert_eq!(kept.value("note"), Some("Segunda\nventanilla"));
    assert_eq!(kept.value("tags"), Some("sanidad, exp 2024/123"));
    for text in [
        "12345678Z",
        "12 345 678 z",
        "A58818501",
        "guell notaria",
        "Núñez, María",
        "ventanilla",
        "2024/123",
        &maria.text("#reference"),
        &print.to_lowercase(),
        &format!("{} {} {}", &print[..4], &print[4..8], &print[8..12]),
        &format!(
            "{}:{}:{}:{}",
            &print[..2],
            &print[2..4],
            &print[4..6],
            &print[6..8]
        ),
    ] {
        let found = search(&app, &ana, "/certificates", text).await;
        assert_eq!(holders(&found).len(), 1, "{text}: {found:?}");
        assert_eq!(found.text("#total"), "1 result");
        let facts = ["*****678Z · Notaría Güell"];
        assert_eq!(found.texts("#certificates .facts"), facts);
        let found = search(&app, &ana, "/issuances", text).await;
        assert_eq!(found.texts("#issuances .facts"), facts);
        let found = found.attributes("#issuances tbody th a", "href");
        assert_eq!(found, [maria.url.path()], "{text}");
    }
    let both = search(&app, &ana, "/certificates", "nunez").await;
    assert_eq!(both.text("#total"), "2 results");
    let none = search(&app, &ana, "/certificates", "carmen maria").await;
    assert!(none.has("#empty") && holders(&none).is_empty(), "{none:?}");
    let bea = Browser::new();
    app.sign_in_directly(&bea, "ra-app").await;
    let hers = search(&app, &bea, "/certificates", "12345678Z").await;
    assert!(holders(&hers).is_empty(), "{hers:?}");
    let forged = note.to(&app.at(&format!("/certificates/{print}/note")));
    let forged = forged.forge("csrf", both.form("form#filter").value("csrf").unwrap());
    assert_ne!(bea.submit(&forged).await.status, 303);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_note_that_was_written_in_another_window_is_not_lost() {
    let (app, ana, maria) = two("en").await;
    let path = format!("/certificates/{}", thumbprint_of(&maria));
    let stale = ana.get(&app.at(&path)).await.form("form#note-form");
    let first = stale.clone().set("note", "first").set("tags", "one");
    ana.submit(&first).await.expect_status(303);
    ana.submit(&first).await.expect_status(303);
    let both = stale.set("note", "second");
    let page = ana.submit(&both).await.expect_status(409);
    assert!(page.text("#note-error").contains("first"), "{page:?}");
    assert!(page.text(".banner.info").contains("Tags"), "{page:?}");
    let joined = page.form("form#note-form");
    assert_eq!(joined.value("note"), Some("second"));
    assert_eq!(joined.value("tags"), Some("one"));
    let stored = ana.get(&app.at(&path)).await.form("form#note-form");
    assert_eq!(stored.value("note"), Some("first"));
    let saved = ana.submit_and_follow(&joined).await.expect_status(200);
    let stored = saved.form("form#note-form");
    assert_eq!(stored.value("note"), Some("second"));
    assert_eq!(stored.value("tags"), Some("one"));
}

#[tokio::test(flavor = "multi_thread")]
async fn i12_the_file_of_certificates_says_what_expires_when_and_whose_it_is() {
    let (app, ana, maria) = two("es").await;
    let page = ana
        .get(&app.at("/certificates?sort=holder&kind=linked"))
        .await;
    let href = page.attribute("#export", "href").unwrap();
    let file = ana.get(&app.at(&href)).await.expect_status(200);
    let lines: Vec<&str> = file.body.trim_end().split("\r\n").collect();
    assert_eq!(lines.len(), 2, "{file:?}");
    let columns = |line: &str| line.matches("\";\"").count() + 1;
    // The last one says in each line that the certificate is a play one.
    assert_eq!((columns(lines[0]), columns(lines[1])), (24, 24), "{file:?}");
    assert!(lines[1].contains("Certificado de prueba"), "{file:?}");
    let reference = maria.text("#reference");
    let print = thumbprint_of(&maria);
    for part in [
        "12345678Z",
        "Notaría Güell",
        "A58818501",
        "demo",
        &reference,
        &print,
    ] {
        assert!(
            lines[1].contains(&format!("\"{part}\"")),
            "{part}: {file:?}"
        );
    }
    let history = ana.get(&app.at("/issuances.csv?kind=linked")).await;
    for part in [
        "12345678Z",
        "Notaría Güell",
        "A58818501",
        "demo",
        "estimada",
    ] {
        assert!(
            history.body.contains(&format!("\"{part}\"")),
            "{part}: {history:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn i12_each_number_of_the_start_page_leads_to_as_many() {
    let (app, ana, _) = two("en").await;
    for (days, standing) in [(0, "Valid"), (729, "Expires soon"), (3, "Expired")] {
        app.clock.advance(DAY * days);
        app.sign_in(&ana, "demo").await;
        let home = ana.get(&app.url).await.expect_status(200);
        let links = home.attributes("main h3 a, #months td a", "href");
        assert!(!links.is_empty(), "{home:?}");
        for link in links {
            let list = ana.get(&app.at(&link)).await.expect_status(200);
            assert_eq!(list.text("#total"), "2 results", "{link}: {list:?}");
            let tag = list.text("#certificates .tag");
            assert!(tag.contains(standing), "{link}: {tag}");
        }
    }
    let gone = ana.get(&app.at("/certificates?state=valid")).await;
    assert!(gone.has("#empty"), "{gone:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn i12_drafts_have_a_list_with_their_age_and_are_discarded_there() {
    let (app, ana) = (App::spawn().await, Browser::new());
    app.sign_in(&ana, "demo").await;
    for click in ["/issue", "/issue/kind"] {
        ana.visit(&app.at(click)).await.expect_status(200);
    }
    let none = ana
        .get(&app.at("/issuances/drafts"))
        .await
        .expect_status(200);
    assert!(none.has("#empty"), "a click alone makes no draft: {none:?}");
    let form = ana.visit(&app.at("/issue")).await.form("form#step");
    ana.submit(&form.set("kind", "name"))
        .await
        .expect_status(303);
    let list = ana.get(&app.at("/issuances/drafts")).await;
    let changed = list.text("#drafts time");
    assert!(changed.starts_with("today, "), "{changed}");
    assert_eq!(list.attribute("a.back", "href").as_deref(), Some("/"));
    app.clock.advance(DAY * 3);
    app.sign_in(&ana, "demo").await;
    let home = ana.get(&app.url).await;
    let href = home
        .attribute("main a[href='/issuances/drafts']", "href")
        .unwrap();
    let list = ana.get(&app.at(&href)).await;
    assert_eq!(list.text("#total"), "1 result");
    assert_eq!(list.text("#drafts time"), "3 days ago");
    let button = list.text("#drafts button");
    assert!(button.contains("Request without a name yet, "), "{button}");
    let discard = list.form("#drafts form");
    ana.submit(&discard).await.expect_status(303);
    let none = ana.get(&app.at("/issuances/drafts")).await;
    assert!(none.has("#empty"), "{none:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn i12_a_date_typed_short_or_before_1970_filters_as_it_says() {
    let (app, ana, _) = two("en").await;
    let year = jiff::Timestamp::from_millisecond(app.clock.now().0).unwrap();
    let year = year.to_zoned(jiff::tz::TimeZone::UTC).year();
    let short = format!("{:04}-01-01", year - 2000);
    for (query, rows) in [
        (format!("from={short}"), 2),
        (format!("to={short}"), 0),
        ("from=1960-01-01".to_owned(), 2),
        ("to=1960-01-01".to_owned(), 0),
    ] {
        let list = ana.get(&app.at(&format!("/issuances?{query}"))).await;
        assert_eq!(
            list.texts("#issuances tbody tr").len(),
            rows,
            "{query}: {list:?}"
        );
        let list = ana.get(&app.at(&format!("/certificates?{query}"))).await;
        assert_eq!(holders(&list).len(), rows, "{query}: {list:?}");
    }
}
