//! What officers see of their connections.

use rubrica::services::accounts::Role;
use serde_json::json;

use crate::support::admin::{self, tamper};
use crate::support::app::{App, state_of, thumbprint_of};
use crate::support::browser::Browser;
use crate::support::people::signed_in_as;
use crate::take_over::{outside, pem, taken, thumbprint};

/// Two people with a request each, one of which has an outcome that is not known.
async fn two_requests(app: &App) -> [String; 2] {
    let (demo, other) = (Browser::new(), Browser::new());
    app.sign_in(&demo, "demo").await;
    app.sign_in_directly(&other, "ra-app").await;
    let issued = app.issue(&demo, "ANA PÉREZ").await;
    assert_eq!(state_of(&issued), "issued", "{issued:?}");
    let lost = json!({"faults": [
        {"operation": "csr_create", "effect": "after", "action": "drop", "times": 0},
    ]});
    app.sandbox.put("faults", lost).await;
    let unknown = app.issue(&other, "EVA RUIZ").await;
    assert_eq!(state_of(&unknown), "unknown", "{unknown:?}");
    [issued, unknown].map(|page| page.url.path().rsplit('/').next().unwrap().to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn i11_an_officer_reads_everybodys_requests_and_certificates_on_own_connections() {
    let app = admin::app().await;
    let [issued, unknown] = two_requests(&app).await;
    let leo = signed_in_as(&app, "leo", Role::Officer, &["demo"]).await;
    let page = leo.visit(&app.at("/attention")).await.expect_status(200);
    let unfinished = page.texts("#unfinished tbody tr");
    assert_eq!(unfinished.len(), 1, "{page:?}");
    for word in ["EVA RUIZ", "ra-app"] {
        assert!(unfinished[0].contains(word), "{unfinished:?}");
    }
    let history = page.texts("#issuances tbody tr");
    assert_eq!(history.len(), 2, "{page:?}");
    assert!(history[1].contains("ANA PÉREZ") && history[1].contains("demo"));
    for (id, state, owner) in [(&issued, "issued", "demo"), (&unknown, "unknown", "ra-app")] {
        let page = leo.visit(&app.at(&format!("/attention/{id}"))).await;
        assert_eq!(state_of(&page), state, "{page:?}");
        assert_eq!(page.text("#owner"), owner);
        assert!(page.has("#timeline li"), "{page:?}");
        let tells = page.has("#left-to-owner");
        assert_eq!(tells, state == "unknown", "{page:?}");
        assert!(
            !page.has("main form") && !page.has("main a.button"),
            "{page:?}"
        );
    }
    let page = leo.visit(&app.at("/attention/certificates")).await;
    let rows = page.texts("#certificates tbody tr");
    assert_eq!(rows.len(), 1, "{page:?}");
    assert!(rows[0].contains("ANA PÉREZ"), "{rows:?}");
    let href = page.attribute("#certificates tbody a", "href").unwrap();
    assert_eq!(href, format!("/attention/{issued}"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_officer_reads_what_stands_beside_a_certificate_without_a_request() {
    let (app, ana) = (admin::app().await, Browser::new());
    app.sign_in(&ana, "demo").await;
    let all = outside(&app, json!({"count": 1})).await;
    taken(&app, &ana, &[("a.pem", pem(&all[0]).as_bytes())]).await;
    let there = format!("/certificates/{}", thumbprint(&all[0]));
    let page = ana.get(&app.at(&there)).await.expect_status(200);
    let note = page.form("form#note-form").set("note", "Ventanilla");
    ana.submit_and_follow(&note.set("tags", "sanidad")).await;
    let leo = signed_in_as(&app, "leo", Role::Officer, &["demo"]).await;
    let list = leo.visit(&app.at("/attention/certificates")).await;
    let said = list.text("#certificates tbody details");
    let serial = page.text("#serial");
    for word in ["Ventanilla", "sanidad", "Valid from", serial.as_str()] {
        assert!(said.contains(word), "{word}: {said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_officer_reads_the_note_and_what_tells_namesakes_apart() {
    let (app, ana) = (admin::app().await, Browser::new());
    app.sign_in(&ana, "demo").await;
    let answers = [
        ("kind", "person"),
        ("given_names", "Ana"),
        ("first_surname", "Ruiz"),
        ("document_type", "dni"),
        ("document_number", "12345678Z"),
    ];
    let page = app.walk(&ana, "/issue", &answers).await;
    let issued = app.settled(&ana, page).await;
    let there = format!("/certificates/{}", thumbprint_of(&issued));
    let note = ana.get(&app.at(&there)).await.form("form#note-form");
    let note = note.set("note", "Ventanilla").set("tags", "sanidad");
    ana.submit(&note).await.expect_status(303);
    let leo = signed_in_as(&app, "leo", Role::Officer, &["demo"]).await;
    for list in ["/attention", "/attention/certificates"] {
        let page = leo.visit(&app.at(list)).await.expect_status(200);
        assert_eq!(page.texts("main table .facts"), ["*****678Z"], "{page:?}");
        assert!(!page.body.contains("12345678Z"), "{page:?}");
    }
    let id = issued.url.path().rsplit('/').next().unwrap();
    let page = leo.visit(&app.at(&format!("/attention/{id}"))).await;
    let said = (page.text("#note"), page.text("#tags"));
    assert_eq!(said, ("Ventanilla".to_owned(), "sanidad".to_owned()));
    assert_eq!(page.text("#document"), "*****678Z");
    assert!(
        page.has("#expires time") && !page.has("#replaced-by"),
        "{page:?}"
    );
    let path = format!("/renew/{}", thumbprint_of(&issued));
    let renewed = app.walk(&ana, &path, &[("data_changed", "no")]).await;
    let renewed = app.settled(&ana, renewed).await;
    let page = leo.visit(page.url.as_str()).await;
    let there = renewed.url.path().replace("/issuances/", "/attention/");
    let href = page.attribute("#replaced-by a", "href");
    assert_eq!(href, Some(there), "{page:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn i11_an_officer_sees_nothing_of_other_connections() {
    let app = admin::app().await;
    let [issued, _] = two_requests(&app).await;
    let none = signed_in_as(&app, "nil", Role::Officer, &[]).await;
    let page = none.visit(&app.at("/attention")).await.expect_status(200);
    assert!(!page.has("table"), "{page:?}");
    none.get(&app.at(&format!("/attention/{issued}")))
        .await
        .expect_status(404);
    for page in ["/attention", "/attention/certificates"] {
        let at = app.at(&format!("{page}?connection=demo"));
        none.get(&at).await.expect_status(404);
    }
    let eva = signed_in_as(&app, "eva", Role::Auditor, &[]).await;
    let page = eva.visit(&app.at("/attention?connection=demo")).await;
    assert_eq!(page.texts("#issuances tbody tr").len(), 2, "{page:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn i07_two_people_whose_names_look_alike_are_marked_where_they_stand_together() {
    let app = admin::app().await;
    two_requests(&app).await;
    let leo = signed_in_as(&app, "leo", Role::Officer, &["demo"]).await;
    let marked = async || {
        let page = leo.visit(&app.at("/attention")).await.expect_status(200);
        let rows = page.texts("#issuances tbody tr");
        let is_marked = |row: &&String| row.contains("Looks like another user");
        (rows.len(), rows.iter().filter(is_marked).count())
    };
    assert_eq!(marked().await, (2, 0));
    tamper(
        &app,
        "UPDATE owners SET login = 'dem0' WHERE login = 'ra-app'",
    )
    .await;
    assert_eq!(marked().await, (2, 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_is_its_owners_own() {
    let app = admin::app().await;
    let demo = Browser::new();
    app.sign_in(&demo, "demo").await;
    let page = demo.visit(&app.at("/issue")).await;
    let form = page.form("main form#step").set("kind", "name");
    let page = demo.submit_and_follow(&form).await.expect_status(200);
    let id = page.url.path().split('/').nth(2).unwrap();
    let leo = signed_in_as(&app, "leo", Role::Officer, &["demo"]).await;
    let page = leo.visit(&app.at("/attention")).await;
    assert!(!page.has("table"), "{page:?}");
    leo.get(&app.at(&format!("/attention/{id}")))
        .await
        .expect_status(404);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_typed_into_a_request_that_was_turned_back_is_its_owners_alone() {
    let (app, user) = (admin::app().await, Browser::new());
    app.sign_in(&user, "demo").await;
    let sandbox = &app.sandbox;
    sandbox
        .refuse("csr_create", "ERR_CONNECTIVITY", "later")
        .await;
    let page = app.issue(&user, "ANA PÉREZ").await;
    assert_eq!(state_of(&page), "draft", "{page:?}");
    let id = page.url.path().rsplit('/').next().unwrap().to_owned();
    let step = user.visit(&app.at(&format!("/issue/{id}/holder"))).await;
    let form = step.form("main form#step").set("common_name", "LUIS GIL");
    user.submit_and_follow(&form).await.expect_status(200);
    let own = user.visit(&app.at("/issuances")).await;
    assert!(own.body.contains("LUIS GIL"), "{own:?}");
    let leo = signed_in_as(&app, "leo", Role::Officer, &["demo"]).await;
    for path in ["/attention".to_owned(), format!("/attention/{id}")] {
        let seen = leo.visit(&app.at(&path)).await.expect_status(200);
        assert!(seen.body.contains("ANA PÉREZ"), "{seen:?}");
        assert!(!seen.body.contains("LUIS GIL"), "{seen:?}");
    }
    for (browser, path, text, rows) in [
        (&leo, "/attention", "LUIS", 0),
        (&leo, "/attention", "ANA", 1),
        (&user, "/issuances", "LUIS", 1),
        (&user, "/issuances", "ANA", 1),
    ] {
        let list = browser.visit(&app.at(path)).await;
        let search = list.form("form#filter").set("q", text);
        let found = browser.submit_and_follow(&search).await;
        let found = found.expect_status(200).texts("#issuances tbody tr");
        assert_eq!(found.len(), rows, "{path} {text}: {found:?}");
    }
    let step = user.visit(&app.at("/issue/kind")).await;
    let form = step.form("main form#step").set("kind", "seal");
    let sent = user.submit(&form.set("draft", &id)).await;
    sent.expect_status(303);
    for (kind, rows) in [("name", 1), ("seal", 0)] {
        let list = leo.visit(&app.at("/attention")).await;
        let search = list.form("form#filter").set("kind", kind);
        let found = leo.submit_and_follow(&search).await;
        let found = found.expect_status(200).texts("#issuances tbody tr");
        assert_eq!(found.len(), rows, "{kind}: {found:?}");
    }
    let page = user.visit(&app.at("/issuances/drafts")).await;
    let discard = page.form("form[action$='/discard']");
    user.submit(&discard).await.expect_status(303);
    for path in ["/attention".to_owned(), format!("/attention/{id}")] {
        let seen = leo.visit(&app.at(&path)).await.expect_status(200);
        assert!(seen.body.contains("ANA PÉREZ"), "{seen:?}");
        assert!(!seen.body.contains("LUIS GIL"), "{seen:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_history_of_many_goes_on_from_page_to_page() {
    let app = admin::app().await;
    let demo = Browser::new();
    app.sign_in(&demo, "demo").await;
    app.issue(&demo, "ANA PÉREZ").await;
    tamper(&app, COPIES).await;
    let leo = signed_in_as(&app, "leo", Role::Officer, &["demo"]).await;
    let mut page = leo.visit(&app.at("/attention")).await;
    let mut seen = page.attributes("#issuances tbody a", "href");
    while let Some(next) = page.attribute("a[rel='next']", "href") {
        page = leo.visit(&app.at(&next)).await.expect_status(200);
        seen.extend(page.attributes("#issuances tbody a", "href"));
    }
    let found = seen.len();
    seen.sort();
    seen.dedup();
    assert_eq!((found, seen.len()), (46, 46));
    assert!(
        page.has(".pagination a"),
        "the last page leads to the first"
    );
}

/// 45 more requests like the first.
const COPIES: &str = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 45) \
    INSERT INTO issuances (id, reference, owner_id, connection_id, sign_in_id, kind, state, \
    attempt, answers, request, holder, code_from_client, lease_until, created_at, submitted_at, \
    updated_at, cursor) SELECT id || '-' || i, reference || i, owner_id, connection_id, \
    sign_in_id, kind, 'refused', attempt, answers, request, holder, code_from_client, lease_until, \
    created_at, submitted_at, updated_at, CAST(printf('%08d', i) AS BLOB) FROM issuances, n";
