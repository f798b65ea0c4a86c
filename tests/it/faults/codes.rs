//! Every error code that is known, at create and at finalize: what becomes of the
//! request, in what words, with which button, after how many calls; and once the fault
//! is gone, what the button leads to.

use rubrica::domain::connection::Group;

use super::code_classes::{Button, CLASSES, Class};
use super::{change, fault, ledger, resume, signed_in, stands};
use crate::support::app::App;
use crate::support::browser::Browser;
use crate::support::page::Page;

const SAYS: &str = "palabras de Redtrust";

/// What Redtrust said stands on the page with its code and language.
#[track_caller]
fn is_quoted(page: &Page, class: &str, code: &str) {
    let answer = "#redtrust-answer";
    assert_eq!(page.text(&format!("{answer} q")), SAYS, "{code}: {page:?}");
    let lang = page.attribute(&format!("{answer} q bdi"), "lang");
    assert_eq!(lang.as_deref(), Some("en"), "{code}");
    assert!(page.text(answer).contains(code), "{code}: {page:?}");
    let said = page.attribute(answer, "data-class");
    assert_eq!(said.as_deref(), Some(class), "{code}");
}

/// Calls of create and of finalize, refreshes, key pairs, certificates.
async fn calls(app: &App) -> [usize; 5] {
    let [create, finalize, keys, certificates] = ledger(app).await;
    let refresh = app.sandbox.count("call", "refresh_token").await;
    [create, finalize, refresh, keys, certificates]
}

fn since(before: [usize; 5], after: [usize; 5]) -> [usize; 5] {
    std::array::from_fn(|at| after[at] - before[at])
}

/// The buttons of the page, besides those to give up or to show a certificate.
fn buttons(page: &Page) -> Button {
    let again = page.try_form("form#again").is_some();
    let to_check = page.has("main a.button[href$='/check']");
    match (again, to_check) {
        (true, false) => Button::Again(match page.text("form#again button").as_str() {
            "Begin a corrected request" => "Begin a corrected request",
            "Choose a group" => "Choose a group",
            _ => "Begin again with the same answers",
        }),
        (false, true) => Button::TryAgain,
        (false, false) => Button::None,
        (true, true) => panic!("two ways on: {page:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_code_at_create_has_its_state_words_button_and_calls() {
    let (app, ana) = signed_in().await;
    for class in CLASSES {
        let expected = &class.at_create;
        for code in class.codes {
            let before = calls(&app).await;
            app.sandbox.refuse("csr_create", code, SAYS).await;
            let page = app.issue(&ana, "ANA").await;
            stands(&page, expected.state, &[expected.words]);
            is_quoted(&page, class.name, code);
            assert_eq!(buttons(&page), expected.button, "{code}: {page:?}");
            assert!(!page.has("main a[href^='/sign-in']"), "{code}: {page:?}");
            assert!(!page.has("form#resume"), "{code}: {page:?}");
            let made = match class.name {
                "may_not_issue" => [2, 0, 1, 0, 0],
                _ => [1, 0, 0, 0, 0],
            };
            assert_eq!(since(before, calls(&app).await), made, "{code}");
            app.sandbox.mend().await;
            goes_on(&app, &ana, page, class).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_issue_is_told_before_anything_is_filled_in_and_can_try_again() {
    let (app, ana) = (App::spawn().await, Browser::new());
    app.sign_in(&ana, "noperm").await;
    let begin = ana.visit(&app.at("/issue")).await.expect_status(200);
    let draft = begin.form("form#step").set("kind", "name");
    let draft = ana.submit_and_follow(&draft).await.expect_status(200);
    for (path, then) in [("/issue", "/issue/kind"), ("/renew", "/renew/choose")] {
        let page = app.issue(&ana, "ANA").await;
        stands(&page, "refused", &["This user may not issue certificates"]);
        assert!(!page.has("main a[href^='/sign-in']"), "{page:?}");
        for begin in ["/issue", "/renew"] {
            let told = ana.visit(&app.at(begin)).await.expect_status(403);
            assert_eq!(told.problem(), "may_not_issue");
            assert!(told.text("#redtrust-answer").contains("UNAUTHORIZED"));
            assert!(!told.has("form#step"), "{told:?}");
        }
        let open = ana.get(draft.url.as_str()).await.expect_status(200);
        assert!(open.text(".banner").contains("does not allow this user"));
        let told = ana.visit(&app.at(path)).await;
        let next = ana.submit_and_follow(&told.form("form#try-again")).await;
        assert_eq!(next.expect_status(200).url.path(), then);
    }
    // Another sign-in is asked anew.
    app.issue(&ana, "ANA").await;
    app.sign_in(&ana, "noperm").await;
    ana.visit(&app.at("/issue")).await.expect_status(200);
    assert_eq!(app.sandbox.count("key_pair", "csr_create").await, 0);
}

/// Once the fault is gone, the way on of the page leads to a certificate.
async fn goes_on(app: &App, ana: &Browser, page: Page, class: &Class) {
    let check = match class.at_create.button {
        Button::TryAgain => page.attribute("main a[href$='/check']", "href").unwrap(),
        Button::Again(_) => {
            let check = ana.submit_and_follow(&page.form("form#again")).await;
            check.url.path().to_owned()
        }
        Button::None => {
            // Folded away, for when somebody else has acted.
            let later = page.form("#afterwards form#again-later");
            let check = ana.submit_and_follow(&later).await;
            check.url.path().to_owned()
        }
    };
    let keys = app.sandbox.count("key_pair", "csr_create").await;
    let page = app.walk(ana, &check, &[]).await;
    stands(&app.settled(ana, page).await, "issued", &[]);
    assert_eq!(app.sandbox.count("key_pair", "csr_create").await, keys + 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_code_at_finalize_keeps_the_keys_and_ends_in_one_certificate() {
    let (app, ana) = (App::spawn().await, Browser::speaking("es"));
    app.sign_in_directly(&ana, "ra-app").await;
    for class in CLASSES {
        let expected = &class.at_finalize;
        for code in class.codes {
            let before = calls(&app).await;
            app.sandbox.refuse("csr_finalize", code, SAYS).await;
            let page = app.issue(&ana, "ANA").await;
            stands(&page, expected.state, &[expected.words]);
            is_quoted(&page, class.name, code);
            assert!(page.has("#abandon form"), "{code}: {page:?}");
            assert!(!page.has("form#again"), "{code}: {page:?}");
            assert!(!page.has("main a[href^='/sign-in']"), "{code}: {page:?}");
            let request_code = page.text("#request-code");
            let made = match class.name {
                "may_not_issue" => [1, 2, 1, 1, 0],
                _ => [1, 1, 0, 1, 0],
            };
            assert_eq!(since(before, calls(&app).await), made, "{code}");
            app.sandbox.mend().await;
            let page = resume(&app, &ana, &page).await;
            stands(&page, "issued", &[]);
            assert_eq!(page.text("#request-code"), request_code, "{code}");
            let [create, finalize, refresh, ..] = made;
            let whole = [create, finalize + 1, refresh, 1, 1];
            assert_eq!(since(before, calls(&app).await), whole, "{code}");
        }
    }
}

/// It says no, but has issued it: who finds the certificate in Redtrust shows it.
#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_at_finalize_that_is_not_true_is_settled_by_the_certificate() {
    let (app, ana) = signed_in().await;
    let no = serde_json::json!({"message": SAYS, "messageType": "ERROR",
        "errorCode": "INVALID_PARAM", "data": {}});
    let no = serde_json::json!(no.to_string());
    fault(&app, "csr_finalize", "after", "body", no).await;
    let page = app.issue(&ana, "ANA").await;
    stands(&page, "key_created", &["Do you have the certificate?"]);
    let ledger = app.sandbox.ledger().await;
    let certificate = ledger.iter().find(|entry| entry["kind"] == "certificate");
    let thumbprint = certificate.unwrap()["thumbprint"].as_str().unwrap();
    let path = format!("certificates/{thumbprint}");
    let pem = app.sandbox.text(&path).await;
    let form = page.form("form#settle");
    let form = form.attach("certificate_file", "a.pem", pem.as_bytes());
    let page = ana.submit_and_follow(&form).await.expect_status(200);
    stands(&page, "issued", &["You showed the certificate"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn words_that_say_issued_already_count_more_than_the_code() {
    let (app, ana) = signed_in().await;
    for said in [
        "The request was already finalized",
        "Esta petición ya está finalizada",
        "El certificado ya ha sido emitido",
    ] {
        app.sandbox
            .refuse("csr_finalize", "INVALID_PARAM", said)
            .await;
        let page = app.issue(&ana, "ANA").await;
        stands(
            &page,
            "unknown",
            &["issued before. Look for it in Redtrust"],
        );
        assert!(page.has("form#resume"), "{page:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mandatory_group_is_chosen_where_the_portal_offers_groups() {
    let (app, ana) = signed_in().await;
    app.sandbox
        .put("dialect", serde_json::json!({"group_mandatory": true}))
        .await;
    change(&app, |connection| {
        connection.settings.request_options.groups = vec![Group {
            number: 7,
            name: "Ventas".into(),
        }];
    })
    .await;
    let page = app.issue(&ana, "ANA").await;
    stands(&page, "refused", &["requires a certificate group"]);
    assert_eq!(buttons(&page), Button::Again("Choose a group"));
    let options = ana.submit_and_follow(&page.form("form#again")).await;
    assert!(options.url.path().ends_with("/options"), "{options:?}");
    let path = format!("{}?then=check", options.url.path());
    let page = app.walk(&ana, &path, &[("group_ids", "7")]).await;
    stands(&app.settled(&ana, page).await, "issued", &[]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_warning_with_data_is_a_success_and_its_words_are_shown() {
    let (app, ana) = signed_in().await;
    let warning = serde_json::json!({"message": SAYS, "messageType": "WARNING",
        "errorCode": "SOON", "data": {"requestCode": "r-1"}});
    let body = serde_json::json!(warning.to_string());
    fault(&app, "csr_create", "before", "body", body).await;
    let page = app.issue(&ana, "ANA").await;
    // The sandbox has no such request; what was said before that is still shown.
    let texts = page.texts("#redtrust-answer q");
    assert_eq!(texts.first().map(String::as_str), Some(SAYS), "{page:?}");
    assert_eq!(page.text("#request-code"), "r-1");
}
