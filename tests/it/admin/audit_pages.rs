//! Searching the audit, turning its pages, and taking it away as a file.

use rubrica::storage::audit::list;

use crate::support::admin::{self, USERNAME, move_url, tamper};
use crate::support::app::App;
use crate::support::browser::Browser;
use crate::support::page::Page;

/// A portal in which Ana did things on two days: 24 and 25 November 2024, the second
/// of them after midnight in Madrid, which is still the day before in UTC.
async fn two_days() -> (App, Browser) {
    let app = admin::app().await;
    let ana = admin::signed_in(&app).await;
    tamper(&app, "UPDATE audit SET at = 1732478400000").await;
    move_url(&app, &ana, "demo", "disabled").await;
    move_url(&app, &ana, "demo", "registered").await;
    tamper(&app, "UPDATE audit SET at = 1732490405000 WHERE seq > 2").await;
    (app, ana)
}

async fn search(app: &App, browser: &Browser, fields: &[(&str, &str)]) -> Page {
    let page = browser.visit(&app.at("/admin/audit")).await;
    let mut form = page.form("form#filter");
    for (name, value) in fields {
        form = form.set(name, value);
    }
    browser.submit_and_follow(&form).await
}

async fn found(app: &App, browser: &Browser, fields: &[(&str, &str)]) -> Vec<String> {
    let page = search(app, browser, fields).await.expect_status(200);
    page.texts("tbody th")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_audit_is_searched_by_words_who_action_outcome_and_day() {
    let (app, ana) = two_days().await;
    let all = ["4", "3", "2", "1"];
    assert_eq!(found(&app, &ana, &[]).await, all);
    for (fields, numbers) in [
        (&[("q", "CALLBACK/demo")][..], &["4", "3"][..]),
        (&[("q", "ana admin")], &["2", "1"]),
        (&[("q", "%")], &[]),
        (&[("who", "ana")], &["4", "3", "2"]),
        (&[("who", "system")], &["1"]),
        (&[("who", "the system")], &["1"]),
        (&[("who", "an")], &[]),
        (&[("action", "redirect_url.disable")], &["3"]),
        (&[("outcome", "done")], &all),
        (&[("outcome", "refused")], &[]),
        (&[("from", "2024-11-25")], &["4", "3"]),
        (&[("to", "24/11/2024")], &["2", "1"]),
        (&[("from", "2024-11-24"), ("to", "2024-11-25")], &all),
        (
            &[("who", USERNAME), ("from", "2024-11-25"), ("q", "demo")],
            &["4", "3"],
        ),
    ] {
        assert_eq!(found(&app, &ana, fields).await, numbers, "{fields:?}");
    }
    let page = search(&app, &ana, &[("q", "ana"), ("who", "ana")]).await;
    assert_eq!(page.text("#total"), "3 entries");
    let label = page.attribute("tbody td:last-child", "data-label");
    assert_eq!(label.as_deref(), Some("Outcome"), "one line of a phone");
    let form = page.form("form#filter");
    assert_eq!(
        (form.value("q"), form.value("who")),
        (Some("ana"), Some("ana"))
    );
    assert!(!page.url.as_str().contains("ana"), "{}", page.url);
    let wrong = search(&app, &ana, &[("from", "2024-11-25"), ("to", "2024-11-24")]).await;
    assert!(wrong.expect_status(422).has("#error-summary a[href='#to']"));
}

#[tokio::test(flavor = "multi_thread")]
async fn entries_show_seconds_and_lead_to_what_they_are_about() {
    let (app, ana) = two_days().await;
    let page = ana.visit(&app.at("/admin/audit")).await;
    assert_eq!(page.text("#entry-4 time"), "25 November 2024, 00:20:05");
    let href = page.attribute("#entry-4 a", "href").unwrap();
    assert_eq!(href, "/admin/redirect-urls");
    let about = page.attribute("#entry-2 a", "href").unwrap();
    let about = ana.visit(&app.at(&about)).await;
    assert_eq!(about.form("form#filter").value("q"), Some("ana"));
    admin::disable(&app, &ana, "demo").await;
    let page = ana.visit(&app.at("/admin/audit")).await;
    let href = page.attribute("#entry-5 a", "href").unwrap();
    assert_eq!(href, "/admin/connections/demo");
    let spanish = Browser::speaking("es");
    admin::sign_in(&app, &spanish, USERNAME, admin::PASSWORD).await;
    let page = spanish.visit(&app.at("/admin/audit")).await;
    let row = page.text("#entry-5");
    assert!(row.contains("Conexión desactivada"), "{row}");
    assert!(row.contains("Conexión demo"), "{row}");
    let by_itself = page.text("#entry-1");
    assert!(by_itself.contains("El sistema"), "{by_itself}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_works_for_an_hour_and_for_who_made_it() {
    let (app, ana) = two_days().await;
    let page = search(&app, &ana, &[("q", "system")]).await;
    assert_eq!(page.texts("tbody th"), ["1"]);
    admin::make(&app, "eva").await;
    let eva = Browser::new();
    admin::sign_in(&app, &eva, "eva", admin::PASSWORD).await;
    let of_eva = eva.visit(page.url.as_str()).await;
    assert!(of_eva.has(".banner"), "{of_eva:?}");
    assert_eq!(of_eva.form("form#filter").value("q"), Some(""));
}

/// 50 entries by Ana, 25 of each action.
async fn many() -> (App, Browser) {
    let app = admin::app().await;
    let ana = admin::signed_in(&app).await;
    tamper(
        &app,
        "WITH RECURSIVE n(i) AS (SELECT 3 UNION ALL SELECT i + 1 FROM n WHERE i < 52) \
         INSERT INTO audit (seq, at, actor, origin, action, object, outcome, request_id, hash) \
         SELECT i, 1732478400000 + i / 10, 'ana', '', \
         CASE i % 2 WHEN 0 THEN 'connection.edit' ELSE 'connection.test' END, \
         'connection demo', 'done', '', x'00' FROM n",
    )
    .await;
    tamper(
        &app,
        "UPDATE audit SET hash = (SELECT hash FROM audit WHERE seq = 1)",
    )
    .await;
    tamper(&app, "UPDATE audit SET at = 1 WHERE seq < 3").await;
    (app, ana)
}

fn numbers(page: &Page) -> Vec<i64> {
    let texts = page.texts("tbody th");
    texts.iter().map(|text| text.parse().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_are_turned_both_ways_and_keep_the_search() {
    let (app, ana) = many().await;
    let turn = async |page: &Page, way: &str| {
        let href = page.attribute(&format!("a[rel={way}]"), "href").unwrap();
        ana.visit(&app.at(&href)).await.expect_status(200)
    };
    let first = ana.visit(&app.at("/admin/audit")).await;
    assert_eq!(first.text("#total"), "52 entries");
    let even = search(&app, &ana, &[("action", "connection.edit")]).await;
    let halves = (2..=26).rev().map(|half| half * 2);
    for (first, all) in [
        (first, (1..=52).rev().collect::<Vec<_>>()),
        (even, halves.collect()),
    ] {
        assert!(!first.has("a[rel=prev]"));
        let mut pages = vec![first];
        while let Some(page) = pages.last().filter(|page| page.has("a[rel=next]")) {
            let next = turn(page, "next").await;
            pages.push(next);
        }
        let found: Vec<_> = pages.iter().flat_map(numbers).collect();
        assert_eq!(found, all);
        let mut page = pages.pop().unwrap();
        while let Some(before) = pages.pop() {
            page = turn(&page, "prev").await;
            assert_eq!(numbers(&page), numbers(&before));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_word_that_stands_far_back_is_found_by_turning_the_page_and_by_the_export() {
    let app = admin::app().await;
    let ana = admin::signed_in(&app).await;
    tamper(
        &app,
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 120000) \
         INSERT INTO audit (seq, at, actor, origin, action, object, outcome, request_id, hash) \
         SELECT -i, 1732478400000 - i, 'ana', '', 'connection.edit', \
         CASE i WHEN 119990 THEN 'connection rara' ELSE 'connection demo' END, \
         'done', '', zeroblob(32) FROM n",
    )
    .await;
    let page = search(&app, &ana, &[("q", "rara")]).await;
    assert!(page.has("#empty") && numbers(&page).is_empty(), "{page:?}");
    assert!(
        page.text("#looked").contains("in 100,000 entries"),
        "{page:?}"
    );
    let next = page.attribute("a[rel=next]", "href").unwrap();
    let page = ana.visit(&app.at(&next)).await.expect_status(200);
    assert_eq!(numbers(&page), [-119990]);
    assert!(!page.has("#looked") && page.has("a[rel=prev]"), "{page:?}");
    let file = ana.submit(&page.form("form#export")).await;
    let lines: Vec<&str> = file.body.lines().collect();
    assert!(lines.len() == 2 && lines[1].contains("rara"), "{lines:?}");
    let page = search(&app, &ana, &[("q", "demo")]).await;
    assert_eq!(numbers(&page).len(), 12);
    assert_eq!(page.text("#total"), "At least 10,000 entries");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_found_is_exported_and_the_audit_has_that_it_was() {
    let (app, ana) = two_days().await;
    let page = search(&app, &ana, &[("who", "ana")]).await;
    let form = page.form("form#export");
    let csv = ana.submit(&form.clone().forge("format", "csv")).await;
    assert!(
        csv.header("content-type").starts_with("text/csv"),
        "{csv:?}"
    );
    assert!(csv.header("content-disposition").contains("audit.csv"));
    let lines: Vec<&str> = csv.body.trim_start_matches('\u{feff}').lines().collect();
    assert!(
        lines[0].starts_with("\"Number\",\"Time (UTC)\",\"Who\""),
        "{csv:?}"
    );
    assert!(
        lines[1].starts_with("\"2\",\"2024-11-24T20:00:00.000Z\",\"ana\""),
        "{csv:?}"
    );
    assert!(
        lines[1].contains("\"Signed in with a portal account\""),
        "{csv:?}"
    );
    // Ana's three acts; the export of them is the last.
    assert_eq!(lines.len(), 5, "{csv:?}");
    assert!(lines[4].contains("\"Audit exported\""), "{csv:?}");
    let json = ana.submit(&form.forge("format", "ndjson")).await;
    let lines: Vec<serde_json::Value> = json
        .body
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines.len(), 5, "{json:?}");
    let stored = list(&app.portal.storage, 0, 10).await.unwrap();
    for (line, entry) in lines.iter().zip(&stored[1..]) {
        let hash = data_encoding::HEXLOWER.encode(&entry.hash);
        assert_eq!(
            (&line["seq"], &line["hash"]),
            (&entry.seq.into(), &hash.into())
        );
    }
    let last = stored.last().unwrap();
    assert_eq!(last.what.action, "audit.export");
    let after = last.what.after.as_deref().unwrap();
    assert!(after.contains("\"searched\":true"), "{after}");
    assert!(!after.contains("ana"), "{after}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_of_a_search_that_has_lapsed_is_refused() {
    let (app, ana) = two_days().await;
    let page = search(&app, &ana, &[("q", "demo")]).await;
    let form = page.form("form#export").forge("find", "AAAA");
    ana.submit(&form).await.expect_status(404);
    let stored = list(&app.portal.storage, 0, 10).await.unwrap();
    assert_eq!(stored.len(), 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_of_redtrust_and_an_account_of_one_name_are_told_apart() {
    let app = admin::app().await;
    let (user, ana) = (Browser::new(), admin::signed_in(&app).await);
    app.sign_in_directly(&user, "ra-app").await;
    tamper(&app, "UPDATE audit SET actor = 'ana' WHERE seq = 3").await;
    let page = search(&app, &ana, &[("who", "ana")]).await;
    assert_eq!(page.texts("tbody th"), ["3", "2"]);
    let (of_user, of_account) = (page.text("#entry-3"), page.text("#entry-2"));
    assert!(of_user.contains("User of Redtrust"), "{of_user}");
    assert!(of_account.contains("Account"), "{of_account}");
    for (kind, numbers) in [
        ("user", &["3"][..]),
        ("account", &["2"]),
        ("portal", &["1"]),
        ("stranger", &[]),
    ] {
        assert_eq!(
            found(&app, &ana, &[("kind", kind)]).await,
            numbers,
            "{kind}"
        );
    }
    let page = search(&app, &ana, &[("who", "ana"), ("kind", "user")]).await;
    assert_eq!(page.form("form#filter").value("kind"), Some("user"));
    let form = page.form("form#export");
    let csv = ana.submit(&form.clone().forge("format", "csv")).await;
    assert_eq!(csv.body.lines().count(), 2, "{csv:?}");
    assert!(csv.body.contains("\"ana\",\"User of Redtrust\""), "{csv:?}");
    let json = ana.submit(&form.forge("format", "ndjson")).await;
    assert!(json.body.contains("\"actor_kind\":\"user\""), "{json:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_is_shown_and_found_by_its_reference() {
    let app = admin::app().await;
    let (user, ana) = (Browser::new(), admin::signed_in(&app).await);
    app.sign_in_directly(&user, "ra-app").await;
    let reference = app.issue(&user, "ANA").await.text("#reference");
    app.issue(&user, "BEA").await;
    let page = search(&app, &ana, &[("q", &reference.to_lowercase())]).await;
    let shown = page.texts("tbody td a");
    assert!(shown.len() >= 4, "{page:?}");
    assert!(shown.iter().all(|name| *name == reference), "{shown:?}");
    let csv = page.form("form#export").forge("format", "csv");
    let csv = ana.submit(&csv).await;
    assert!(
        csv.body.contains(&format!("\"issuance {reference}\"")),
        "{csv:?}"
    );
}
