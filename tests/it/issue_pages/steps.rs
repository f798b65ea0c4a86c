//! The way through the steps: forwards, back, skipped, twice, from two tabs.

use super::{PERSON, refused_at, signed_in, up_to};
use crate::support::app::state_of;
use crate::support::browser::Browser;

#[tokio::test(flavor = "multi_thread")]
async fn every_kind_of_holder_gets_to_the_end() {
    let (app, ana) = signed_in("es").await;
    let organisation = [
        ("organisation_name", "Acme, S.L."),
        ("organisation_nif", "ES-A58818501"),
        ("department", "Ventas"),
        ("position", "Directora"),
        ("email", "ana@acme.example"),
    ];
    for (kind, name) in [
        ("person", "María José O'Neill-Núñez Pal·làs"),
        ("linked", "María José O'Neill-Núñez Pal·làs"),
        (
            "representative",
            "María José O'Neill-Núñez Pal·làs (R: A58818501)",
        ),
        ("seal", "Sello de Acme"),
        ("name", "Solo Un Nombre"),
    ] {
        let mut answers = vec![("kind", kind)];
        answers.extend(PERSON);
        answers.extend(organisation);
        match kind {
            "seal" | "name" => answers.push(("common_name", name)),
            _ => {}
        }
        let page = app.walk(&ana, "/issue", &answers).await;
        let page = app.settled(&ana, page).await;
        assert_eq!(state_of(&page), "issued", "{page:?}");
        assert_eq!(page.text("#holder"), name);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_chosen_on_the_first_page_is_told_and_the_form_makes_one_draft() {
    let (app, ana) = signed_in("en").await;
    let first = ana.get(&app.at("/issue")).await;
    let page = ana.follow(first.expect_redirect_to("/issue/kind")).await;
    let form = page.form("form#step");
    refused_at(&ana.submit(&form).await, "kind", "Choose who");
    let form = form.set("kind", "name");
    let once = ana.submit(&form).await.expect_status(303).location();
    let twice = ana.submit(&form).await.expect_status(303).location();
    assert_eq!(once, twice);
    // Back, and another kind: the same draft.
    let other = ana
        .submit(&form.set("kind", "seal"))
        .await
        .expect_status(303);
    let path = other.location().unwrap().path().to_owned();
    assert_eq!(path, once.unwrap().path().replace("holder", "organisation"));
    let home = ana.visit(&app.url).await;
    assert_eq!(
        home.texts("#drafts a[href^='/issuances/']").len(),
        1,
        "{home:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn d07_who_skips_a_step_is_led_back_and_a_step_that_is_not_asked_leads_on() {
    let (app, ana) = signed_in("en").await;
    let page = up_to(&app, &ana, "/holder", &[("kind", "name")]).await;
    let holder = page.url.path().to_owned();
    let at = |step: &str| app.at(&holder.replace("holder", step));
    for step in ["check", "options", "organisation"] {
        ana.get(&at(step)).await.expect_redirect_to(&holder);
    }
    ana.get(&at("elsewhere")).await.expect_status(404);
    let form = page.form("form#step").set("common_name", "ANA");
    ana.submit(&form).await.expect_status(303);
    let options = holder.replace("holder", "options");
    ana.get(&at("organisation"))
        .await
        .expect_redirect_to(&options);
    ana.get(&at("check")).await.expect_status(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn f03_an_edit_from_another_tab_is_not_overwritten_by_surprise() {
    let (app, ana) = signed_in("en").await;
    let first = up_to(&app, &ana, "/holder", &[("kind", "name")]).await;
    let second = ana.get(first.url.as_str()).await;
    let form = first.form("form#step").set("common_name", "ANA");
    ana.submit(&form).await.expect_status(303);
    // The same answer again loses nothing.
    ana.submit(&form).await.expect_status(303);
    let late = second.form("form#step").set("common_name", "BEA");
    let stale = ana.submit(&late).await.expect_status(409);
    assert_eq!(stale.texts(".banner td"), ["ANA", "BEA"], "{stale:?}");
    let kept = stale.form("form#step");
    assert_eq!(kept.value("common_name"), Some("BEA"));
    ana.submit(&kept).await.expect_status(303);
    let now = ana.get(first.url.as_str()).await;
    assert_eq!(now.form("form#step").value("common_name"), Some("BEA"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_check_page_shows_all_leads_to_each_step_and_back_and_asks_to_confirm() {
    let (app, ana) = signed_in("en").await;
    let mut answers = vec![("kind", "person")];
    answers.extend(PERSON);
    let check = up_to(&app, &ana, "/check", &answers).await;
    let preview = check.text("#preview");
    for part in [
        "CN=María José O'Neill-Núñez Pal·làs",
        "IDCES-12345678Z",
        "C=ES",
    ] {
        assert!(preview.contains(part), "{part} is not in {preview}");
    }
    let change = check
        .attribute("a[href*='/holder?then=check']", "href")
        .unwrap();
    let holder = ana.get(&app.at(&change)).await.expect_status(200);
    let form = holder.form("form#step").set("common_name", "MARÍA JOSÉ");
    let check = ana.submit_and_follow(&form).await.expect_status(200);
    assert!(check.url.path().ends_with("/check"), "{check:?}");
    assert!(
        check.text("#preview").starts_with("CN=MARÍA JOSÉ,"),
        "{check:?}"
    );
    let form = check.form("form#step");
    refused_at(&ana.submit(&form).await, "confirm", "Confirm");
    assert_eq!(app.sandbox.count("call", "csr_create").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_check_page_that_is_out_of_date_orders_nothing() {
    let (app, ana) = signed_in("en").await;
    let answers = [("kind", "name"), ("common_name", "ANA")];
    let old = up_to(&app, &ana, "/check", &answers).await;
    let holder = old.url.as_str().replace("/check", "/holder");
    let form = ana.get(&holder).await.form("form#step");
    ana.submit(&form.set("common_name", "BEA"))
        .await
        .expect_status(303);
    let stale = ana
        .submit(&old.form("form#step").set("confirm", "yes"))
        .await;
    let stale = stale.expect_status(409);
    assert!(stale.text("#preview").contains("BEA"), "{stale:?}");
    assert_eq!(stale.texts(".banner td"), ["BEA", "ANA"], "{stale:?}");
    assert_eq!(app.sandbox.count("call", "csr_create").await, 0);
    let again = stale.form("form#step").set("confirm", "yes");
    let page = ana.submit_and_follow(&again).await;
    assert_eq!(page.text("#holder"), "BEA");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_changed_since_the_check_page_was_shown_is_said_in_words() {
    let (app, ana) = signed_in("es").await;
    let mut answers = vec![("kind", "person"), ("document_country", "")];
    answers.extend(PERSON);
    let old = up_to(&app, &ana, "/check", &answers).await;
    let at = |step: &str| old.url.as_str().replace("/check", step);
    let holder = ana.get(&at("/holder")).await.form("form#step");
    let holder = holder
        .set("document_type", "passport")
        .set("document_number", "<b>XDA1</b>")
        .set("document_country", "FR");
    let refused = ana.submit(&holder).await.expect_status(422);
    let holder = refused
        .form("form#step")
        .set("document_number", "XDA123456");
    ana.submit(&holder).await.expect_status(303);
    let options = ana.get(&at("/options")).await.form("form#step");
    let options = options.set("key_length", "4096");
    ana.submit(&options).await.expect_status(303);
    let late = old.form("form#step").set("confirm", "yes");
    let stale = ana.submit(&late).await.expect_status(409);
    let answers = stale.texts(".banner tbody td");
    let (now, then): (Vec<_>, Vec<_>) = answers.chunks(2).map(|row| (&row[0], &row[1])).unzip();
    assert_eq!(now, ["Pasaporte", "XDA123456", "FR", "4096"], "{stale:?}");
    assert_eq!(then, ["DNI", "12345678Z", "", "2048"], "{stale:?}");
    assert_eq!(
        stale.texts(".banner thead th"),
        ["Campo", "Guardado ahora", "Lo que mostraba esta página"]
    );
    // What a page claims to have shown is nobody's markup, and may be nonsense.
    let forged = r#"{"given_names":"<b>EVE</b>","kind":"x"}"#;
    for (seen, shown) in [(forged, true), ("", false), ("[1]", false)] {
        let page = ana.submit(&late.clone().set("seen", seen)).await;
        let page = page.expect_status(409);
        assert_eq!(page.has(".banner table"), shown, "{page:?}");
        assert!(!page.body.contains("<b>EVE"), "{page:?}");
    }
    assert_eq!(app.sandbox.count("call", "csr_create").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_submitted_draft_has_no_steps_any_more_and_a_second_of_the_name_is_noticed() {
    let (app, ana) = signed_in("en").await;
    let answers = [("kind", "name"), ("common_name", "ANA")];
    let check = up_to(&app, &ana, "/check", &answers).await;
    assert!(!check.has("#duplicates"), "{check:?}");
    let submit = check.form("form#step").set("confirm", "yes");
    let page = ana.submit_and_follow(&submit).await.expect_status(200);
    let issuance = page.url.path().to_owned();
    for step in ["kind", "holder", "options", "check"] {
        let path = check.url.as_str().replace("/check", &format!("/{step}"));
        ana.get(&path).await.expect_redirect_to(&issuance);
    }
    ana.submit(&submit).await.expect_redirect_to(&issuance);
    app.settled(&ana, page).await;
    let again = up_to(&app, &ana, "/check", &answers).await;
    assert!(
        again.has("#duplicates a[href^='/certificates/']"),
        "{again:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_elses_draft_is_as_good_as_missing() {
    let (app, ana) = signed_in("en").await;
    let bea = Browser::new();
    app.sign_in_directly(&bea, "ra-app").await;
    let hers = up_to(&app, &ana, "/holder", &[("kind", "name")]).await;
    let own = up_to(&app, &bea, "/holder", &[("kind", "name")]).await;
    for step in ["kind", "holder", "options", "check"] {
        let url = hers.url.as_str().replace("/holder", &format!("/{step}"));
        bea.get(&url).await.expect_status(404);
        let form = own.form("form#step").set("common_name", "EVE").to(&url);
        bea.submit(&form.forge("confirm", "yes"))
            .await
            .expect_status(404);
    }
    let missing = app.at("/issue/0190c9a0-7b1e-7c3d-8a4b-0123456789ab/holder");
    bea.get(&missing).await.expect_status(404);
    // Nor can it be taken over by the first page.
    let id = hers.url.path().split('/').nth(2).unwrap().to_owned();
    let first = bea.visit(&app.at("/issue")).await.form("form#step");
    let forged = first.set("kind", "name").set("draft", &id);
    bea.submit(&forged).await.expect_status(400);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_that_is_discarded_is_gone_from_the_overview() {
    let (app, ana) = signed_in("en").await;
    let answers = [("kind", "name"), ("common_name", "ANA")];
    let check = up_to(&app, &ana, "/check", &answers).await;
    let home = ana.visit(&app.url).await;
    let link = home
        .attribute("main a[href^='/issuances/']", "href")
        .unwrap();
    let draft = ana.get(&app.at(&link)).await.expect_status(200);
    assert_eq!(state_of(&draft), "draft");
    assert!(draft.has("main a[href$='/check']"), "{draft:?}");
    let home = ana
        .submit_and_follow(&check.form("form[action$='/discard']"))
        .await;
    assert_eq!(home.url.path(), "/");
    let links = home.attributes("main a[href^='/issuances/']", "href");
    assert_eq!(links, [draft.url.path()], "{home:?}");
    assert!(home.text("#discarded").contains("ANA"), "{home:?}");
    let page = ana.get(&app.at(&links[0])).await;
    let anew = ana.submit_and_follow(&page.form("form#again")).await;
    assert!(anew.url.path().ends_with("/check"), "{anew:?}");
    assert!(anew.text("main").contains("ANA"), "{anew:?}");
    let home = ana.visit(&app.url).await;
    assert!(!home.has("#discarded"), "{home:?}");
    let list = ana.get(&app.at("/issuances")).await;
    assert!(list.has("#empty"), "{list:?}");
}
