//! The history, and the page of one issuance in each of its states.

use rubrica::storage::issuances;
use serde_json::json;

use crate::support::app::{App, sign_in_from, state_of};
use crate::support::browser::Browser;
use crate::support::page::Page;

async fn signed_in_as(user: &str) -> (App, Browser) {
    let (app, browser) = (App::spawn().await, Browser::new());
    app.sign_in(&browser, user).await;
    (app, browser)
}

/// Submits an issue for just a name and stops at its page.
async fn submitted(app: &App, browser: &Browser, name: &str) -> Page {
    let answers = [("kind", "name"), ("common_name", name)];
    app.walk(browser, "/issue", &answers).await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_issued_one_shows_its_facts_its_story_and_its_csr() {
    let (app, ana) = signed_in_as("demo").await;
    let page = app.issue(&ana, "ANA").await;
    assert_eq!(state_of(&page), "issued", "{page:?}");
    assert_eq!(page.text("#reference").len(), 10);
    let id = page.url.path().rsplit('/').next().unwrap();
    let stored = issuances::by_id(&app.portal.storage, id).await;
    let stored = stored.unwrap().unwrap();
    assert_eq!(page.text("#reference"), stored.reference);
    assert_eq!(page.text("#certificate-id"), stored.certificate_id.unwrap());
    assert_eq!(page.text("#request-code"), stored.request_code.unwrap());
    assert!(page.text("#subject").contains("CN=ANA"), "{page:?}");
    assert_eq!(page.text("#thumbprint").split(' ').count(), 10, "{page:?}");
    assert_eq!(page.texts(".steps .done").len(), 3, "{page:?}");
    assert_eq!(page.texts("#timeline li").len(), 5, "{page:?}");
    assert!(!page.has("meta[http-equiv=refresh]"), "{page:?}");
    let thumbprint = page.text("#thumbprint").replace(' ', "");
    let certificate = format!("a[href='/certificates/{thumbprint}']");
    assert!(page.has(&certificate), "{page:?}");
    let href = page.attribute("a[href$='/request.csr']", "href").unwrap();
    let csr = ana.get(&app.at(&href)).await.expect_status(200);
    assert!(csr.header("content-type").starts_with("text/plain"));
    assert!(csr.header("content-disposition").starts_with("attachment"));
    assert!(
        csr.body
            .starts_with("-----BEGIN CERTIFICATE REQUEST-----\n")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn d06_somebody_elses_is_as_good_as_missing_whatever_is_tried() {
    let (app, ana) = signed_in_as("demo").await;
    let bea = Browser::new();
    app.sign_in_directly(&bea, "ra-app").await;
    let page = app.issue(&ana, "ANA").await;
    let url = page.url.as_str();
    bea.get(url).await.expect_status(404);
    bea.get(&format!("{url}/request.csr"))
        .await
        .expect_status(404);
    let form = bea.visit(&app.at("/issue")).await.form("form#step");
    for act in ["resume", "abandon", "discard", "again"] {
        let to = format!("{url}/{act}");
        bea.submit(&form.clone().to(&to)).await.expect_status(404);
        bea.get(&to).await.expect_status(404);
    }
    let missing = app.at("/issuances/0190c9a0-7b1e-7c3d-8a4b-0123456789ab");
    bea.get(&missing).await.expect_status(404);
    let still = ana.get(url).await;
    assert_eq!(state_of(&still), "issued");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_one_shows_progress_and_loads_itself_again() {
    let (app, ana) = signed_in_as("demo").await;
    app.sandbox
        .fault("csr_create", "before", "delay", json!(1500), 1)
        .await;
    let page = submitted(&app, &ana, "ANA").await;
    assert_eq!(state_of(&page), "creating", "{page:?}");
    assert!(page.has("meta[http-equiv=refresh]"), "{page:?}");
    assert!(page.has(".steps .now"), "{page:?}");
    assert!(!page.has("main form"), "{page:?}");
    app.clock.advance(std::time::Duration::from_secs(11));
    let waiting = ana.get(page.url.as_str()).await;
    assert!(waiting.text("h1").contains("Still waiting"), "{waiting:?}");
    assert_eq!(state_of(&app.settled(&ana, waiting).await), "issued");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_one_has_redtrusts_words_and_begins_again_with_the_same_answers() {
    let (app, ana) = signed_in_as("demo").await;
    app.sandbox
        .refuse("csr_create", "NO_PERMISSION", "no")
        .await;
    let page = app.issue(&ana, "ANA").await;
    assert_eq!(state_of(&page), "refused", "{page:?}");
    assert!(page.text("#subject").contains("ANA"), "{page:?}");
    assert!(
        page.texts("#redtrust-answer bdi")
            .contains(&"NO_PERMISSION".to_owned())
    );
    let again = page.form("form#again");
    let check = ana.submit_and_follow(&again).await.expect_status(200);
    assert!(check.text("#preview").contains("ANA"), "{check:?}");
    ana.submit(&again)
        .await
        .expect_redirect_to(check.url.path());
}

#[tokio::test(flavor = "multi_thread")]
async fn a13_markup_in_redtrusts_answer_stays_text() {
    let (app, ana) = signed_in_as("demo").await;
    let hostile = "<svg onload=alert(1)>";
    let answer =
        json!({"message": hostile, "messageType": "ERROR", "errorCode": hostile, "data": {}});
    let body = json!(answer.to_string());
    app.sandbox
        .fault("csr_create", "before", "body", body, 1)
        .await;
    let page = app.issue(&ana, "<script>ANA").await;
    assert_eq!(state_of(&page), "refused", "{page:?}");
    assert!(!page.body.contains(hostile) && !page.body.contains("<script>ANA"));
    assert_eq!(page.text("#redtrust-answer q"), hostile);
    assert_eq!(page.text("#holder"), "<script>ANA");
}

#[tokio::test(flavor = "multi_thread")]
async fn f06_a_lost_answer_at_finalize_is_unknown_and_resumes_with_the_same_keys() {
    let (app, ana) = signed_in_as("demo").await;
    app.sandbox
        .fault("csr_finalize", "after", "drop", json!(null), 1)
        .await;
    let page = app.issue(&ana, "ANA").await;
    assert_eq!(state_of(&page), "unknown", "{page:?}");
    assert!(!page.text("#request-code").is_empty());
    assert!(page.text("main").contains("safe to ask again"), "{page:?}");
    assert!(!page.has("form#again"), "{page:?}");
    let resume = page.form("form[action$='/resume']");
    let page = ana.submit_and_follow(&resume).await;
    let page = app.settled(&ana, page).await;
    assert_eq!(state_of(&page), "issued", "{page:?}");
    ana.submit(&resume)
        .await
        .expect_redirect_to(page.url.path());
    assert_eq!(app.sandbox.count("key_pair", "csr_create").await, 1);
    assert_eq!(app.sandbox.count("certificate", "csr_finalize").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_answer_at_create_says_plainly_to_start_again() {
    let (app, ana) = signed_in_as("demo").await;
    app.sandbox
        .fault("csr_create", "after", "drop", json!(null), 1)
        .await;
    let page = app.issue(&ana, "ANA").await;
    assert_eq!(state_of(&page), "unknown", "{page:?}");
    assert!(!page.has("#request-code") && !page.has("form[action$='/resume']"));
    assert!(page.text("main").contains("start again"), "{page:?}");
    assert!(page.has("form#again"), "{page:?}");
    let abandon = page.form("#abandon form");
    let page = ana.submit_and_follow(&abandon).await;
    assert_eq!(state_of(&page), "abandoned", "{page:?}");
    // No certificate was asked for: only the keys may exist.
    let steps = page.texts("#steps li");
    let words = ["(not known)", "(not done)", "(not done)"];
    assert_eq!(steps.len(), words.len(), "{page:?}");
    let said = steps
        .iter()
        .zip(words)
        .all(|(step, word)| step.contains(word));
    assert!(
        said && page.text("main").contains("may have created keys"),
        "{page:?}"
    );
    ana.submit(&abandon)
        .await
        .expect_redirect_to(page.url.path());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sign_in_that_has_ended_sends_nothing_and_leads_back_here() {
    let (app, ana) = signed_in_as("demo").await;
    let refuses = |operation: &str| {
        json!({"operation": operation, "effect": "before", "action": "status",
            "value": 401, "times": 1})
    };
    let faults = [refuses("csr_create"), refuses("refresh_token")];
    app.sandbox.put("faults", json!({"faults": faults})).await;
    let page = app.issue(&ana, "ANA").await;
    assert_eq!(state_of(&page), "draft", "{page:?}");
    assert!(page.text("h1").contains("Nothing was sent"), "{page:?}");
    let href = page.attribute("main a[href^='/sign-in']", "href").unwrap();
    let list = ana.get(&app.at("/issuances")).await;
    assert!(list.has("#issuances"), "{list:?}");
    let sign_in = ana.visit(&app.at(&href)).await;
    let back = sign_in_from(&ana, &sign_in).await;
    assert_eq!(back.url.path(), page.url.path(), "{back:?}");
    assert!(!back.has("main a[href^='/sign-in']"), "{back:?}");
    let check = back.attribute("main a[href$='/check']", "href").unwrap();
    let page = app.walk(&ana, &check, &[]).await;
    assert_eq!(state_of(&app.settled(&ana, page).await), "issued");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_history_is_filtered_searched_and_paged() {
    let (app, ana) = signed_in_as("demo").await;
    app.sandbox
        .refuse("csr_create", "NO_PERMISSION", "no")
        .await;
    let empty = ana.visit(&app.at("/issuances")).await;
    assert!(empty.has("#empty") && empty.has("main a[href='/issue']"));
    // No reference has a U in it, so none begins like the words that are searched for.
    for number in 0..21 {
        app.clock.advance(std::time::Duration::from_secs(1));
        app.issue(&ana, &format!("Núñez U{number:02}")).await;
    }
    let first = ana.get(&app.at("/issuances")).await;
    let holders = |page: &Page| page.texts("#issuances tbody th");
    assert_eq!(holders(&first).len(), 20, "{first:?}");
    assert_eq!(holders(&first)[0], "Núñez U20");
    let next = first.attribute("a[rel=next]", "href").unwrap();
    let second = ana.get(&app.at(&next)).await;
    assert_eq!(holders(&second), ["Núñez U00"], "{second:?}");
    assert!(!second.has("a[rel=next]"), "{second:?}");
    let reference = second.text("#issuances tbody code");
    for (query, found) in [
        ("state=issued", 0),
        ("state=refused", 20),
        ("kind=seal", 0),
        ("kind=name", 20),
        ("state=nonsense&page=%FF", 20),
    ] {
        let page = ana.get(&app.at(&format!("/issuances?{query}"))).await;
        let page = page.expect_status(200);
        assert_eq!(holders(&page).len(), found, "{query}: {page:?}");
        assert_eq!(page.has("#empty"), found == 0, "{query}");
    }
    for (text, found) in [
        ("nunez", 20),
        ("u07", 1),
        ("perez", 0),
        (&reference.to_lowercase(), 1),
        (&"AB".repeat(20), 0),
    ] {
        let page = ana
            .submit_and_follow(&first.form("form#filter").set("q", text))
            .await
            .expect_status(200);
        assert_eq!(holders(&page).len(), found, "{text}: {page:?}");
        assert_eq!(page.has("#empty"), found == 0, "{text}");
    }
    let form = first
        .form("form#filter")
        .set("q", "u07")
        .set("kind", "name");
    let found = ana.submit_and_follow(&form).await;
    assert_eq!(holders(&found), ["Núñez U07"]);
    assert_eq!(found.form("form#filter").value("kind"), Some("name"));
}

#[tokio::test(flavor = "multi_thread")]
async fn identity_numbers_are_hidden_in_the_list_and_shown_on_the_page() {
    let (app, ana) = signed_in_as("noperm").await;
    let page = app.issue(&ana, "NOMBRE ANA - NIF 12345678Z").await;
    assert!(page.text("#holder").contains("12345678Z"));
    let list = ana.get(&app.at("/issuances")).await;
    assert!(list.body.contains("*****678Z"), "{list:?}");
    assert!(!list.body.contains("12345678Z"), "{list:?}");
}
