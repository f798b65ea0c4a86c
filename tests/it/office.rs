//! Working with hundreds: what is ticked stays ticked from page to page, Back leads to the
//! list as it was, what is typed survives, and a thousand certificates fit through.

use std::time::Duration;

use serde_json::json;

use crate::support::app::{App, sign_in_from, thumbprint_of};
use crate::support::browser::Browser;
use crate::support::page::{Form, Page};
use crate::take_over::{outside, packed, pem, taken, thumbprint};

const IDLE: Duration = Duration::from_secs(16 * 60);

/// Certificates of `demo` from one zip; each lasts a day longer than the one before.
async fn with(count: usize) -> (App, Browser) {
    let (app, ana) = App::spawn_signed_in().await;
    let days: Vec<usize> = (1..=count).collect();
    let all = outside(&app, json!({"count": count, "validity_days": days})).await;
    let file = |one| (format!("{}.pem", thumbprint(one)), pem(one).into());
    let zip = packed(&all.iter().map(file).collect::<Vec<_>>());
    taken(&app, &ana, &[("all.zip", &zip)]).await;
    (app, ana)
}

async fn get(app: &App, browser: &Browser, path: &str) -> Page {
    browser.get(&app.at(path)).await.expect_status(200)
}

/// Follows a link of a page, as a browser does: it says where it comes from.
async fn follow(app: &App, browser: &Browser, from: &Page, href: &str) -> Page {
    let from = [("referer", from.url.as_str())];
    let page = browser.get_with(&app.at(href), &from).await;
    page.expect_status(200)
}

fn boxes(page: &Page) -> Vec<String> {
    page.attributes("#choose [type=checkbox]", "value")
}

fn ticked(page: &Page) -> Vec<String> {
    page.attributes("#choose [type=checkbox][checked]", "value")
}

/// The form of a list with these ticked, sent where its link to another page leads.
fn to_page(app: &App, page: &Page, rel: &str, tick: &[String]) -> Form {
    let to = page.attribute(&format!("a[rel={rel}]"), "data-send");
    let form = page.form("form#choose").without("thumbprint");
    let form = form.to(&app.at(&to.unwrap_or_else(|| panic!("{page:?}"))));
    tick.iter()
        .fold(form, |form, one| form.push("thumbprint", one))
}

fn good(check: &Page) -> String {
    check
        .attribute("#good", "data-count")
        .unwrap_or_else(|| panic!("{check:?}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn i12_what_is_ticked_stays_ticked_on_every_page_until_its_renewal_starts() {
    let (app, ana) = with(45).await;
    let first = get(&app, &ana, "/certificates?sort=last").await;
    assert_eq!((boxes(&first).len(), ticked(&first).len()), (20, 0));
    let two = boxes(&first)[..2].to_vec();
    let second = ana
        .submit_and_follow(&to_page(&app, &first, "next", &two))
        .await;
    assert!(
        second.url.query().unwrap().contains("sort=last"),
        "{second:?}"
    );
    assert_eq!(
        second.text("#elsewhere"),
        "2 more are chosen on other pages."
    );
    let third = boxes(&second)[..1].to_vec();
    let chosen = second.form("form#choose").push("thumbprint", &third[0]);
    let check = ana.submit_and_follow(&chosen).await;
    assert_eq!(good(&check), "3");

    // Back to the same page of the same list, from there to the first one by a link.
    let back = get(&app, &ana, &check.attribute("a.back", "href").unwrap()).await;
    assert_eq!(
        (back.url.query(), ticked(&back)),
        (second.url.query(), third)
    );
    let again = get(&app, &ana, &back.attribute("a[rel=prev]", "href").unwrap()).await;
    assert_eq!(ticked(&again), two);
    let one = &two[..1];
    let unticked = ana
        .submit_and_follow(&to_page(&app, &again, "next", one))
        .await;
    assert_eq!(
        unticked.text("#elsewhere"),
        "1 more is chosen on another page."
    );
    let check = ana.submit_and_follow(&unticked.form("form#choose")).await;
    assert_eq!(good(&check), "2");
    let all = ana
        .submit_and_follow(&unticked.form("form#renew-all"))
        .await;
    assert_eq!(good(&all), "45", "all of the list, whatever is ticked");

    let start = check.form("form#step").set("confirm", "yes");
    ana.submit(&start).await.expect_status(303);
    let after = get(&app, &ana, "/certificates").await;
    assert!(
        ticked(&after).is_empty() && !after.has("#elsewhere"),
        "{after:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn i12_nothing_ticked_is_said_in_the_list_and_all_can_be_unticked_at_once() {
    let (app, ana) = with(22).await;
    let list = get(&app, &ana, "/certificates?sort=last").await;
    let told = ana
        .submit(&list.form("form#choose"))
        .await
        .expect_status(422);
    assert!(
        told.text("#error-summary").contains("Choose at least one"),
        "{told:?}"
    );
    assert_eq!(boxes(&told), boxes(&list));
    let two = boxes(&list)[..2].to_vec();
    let next = ana
        .submit_and_follow(&to_page(&app, &list, "next", &two))
        .await;
    let untick = next.attribute("button[name=untick]", "formaction").unwrap();
    let untick = next
        .form("form#choose")
        .to(&app.at(&untick))
        .forge("untick", "all");
    let none = ana.submit_and_follow(&untick).await;
    assert_eq!(none.url.query(), next.url.query());
    assert!(
        !none.has("#elsewhere") && !none.has("button[name=untick]"),
        "{none:?}"
    );
    // Nobody else has it in their list.
    let bea = Browser::new();
    app.sign_in_directly(&bea, "ra-app").await;
    ana.submit(&to_page(&app, &list, "next", &two))
        .await
        .expect_status(303);
    let hers = get(&app, &bea, "/certificates").await;
    assert!(!hers.has("#elsewhere"), "{hers:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn i12_back_leads_from_a_certificate_to_the_list_with_its_filters_page_and_row() {
    let (app, ana) = with(30).await;
    let list = get(&app, &ana, "/certificates").await;
    let filter = list.form("form#filter").set("sort", "holder").set("q", "a");
    let found = ana.submit_and_follow(&filter).await.expect_status(200);
    let page = match found.attribute("a[rel=next]", "href") {
        Some(next) => get(&app, &ana, &next).await,
        None => found,
    };
    let rows = page.attributes("#certificates th a[href^='/certificates/']", "href");
    let one = follow(&app, &ana, &page, &rows[1]).await;
    let leads_back = |from: &Page| {
        let href = from.attribute("a.back", "href").unwrap();
        let (address, row) = href.split_once('#').unwrap();
        assert_eq!(app.at(address), page.url.as_str(), "{from:?}");
        assert!(page.has(&format!("tr#{row}")), "{row}: {page:?}");
    };
    leads_back(&one);
    let note = one.form("form#note-form");
    let refused = ana.submit(&note.clone().set("note", "a\u{202e}b")).await;
    let once_more = get(&app, &ana, &refused.attribute("a.back", "href").unwrap()).await;
    leads_back(&once_more);
    let saved = ana.submit_and_follow(&note.set("note", "Ventanilla")).await;
    leads_back(&saved);
    let english = saved.attribute(".languages a[lang=es]", "href").unwrap();
    leads_back(&ana.visit(&app.at(&english)).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn i12_back_leads_from_a_request_and_its_receipt_to_the_history_as_it_was() {
    let (app, ana) = App::spawn_signed_in().await;
    let issued = app.issue(&ana, "ANA").await;
    let list = get(&app, &ana, "/issuances?state=issued&sort=holder").await;
    let one = list.attribute("#issuances th a", "href").unwrap();
    let one = follow(&app, &ana, &list, &one).await;
    let receipt = one.attribute("a[href*='/receipt']", "href").unwrap();
    let receipt = get(&app, &ana, &receipt).await;
    let again = get(&app, &ana, &receipt.attribute("a.back", "href").unwrap()).await;
    let of_certificate = format!("a[href*='/certificates/{}']", thumbprint_of(&issued));
    let certificate = again.attribute(&of_certificate, "href").unwrap();
    let certificate = get(&app, &ana, &certificate).await;
    for page in [one, again, certificate] {
        let back = page.attribute("a.back", "href").unwrap();
        let (address, _) = back.split_once('#').unwrap();
        assert_eq!(app.at(address), list.url.as_str());
    }
    // Whoever comes otherwise is led to the whole list.
    let direct = get(&app, &ana, issued.url.path()).await;
    assert_eq!(direct.attribute("a.back", "href").unwrap(), "/issuances");
}

#[tokio::test(flavor = "multi_thread")]
async fn i12_drafts_are_found_by_name_and_document_and_discarding_leads_back_to_them() {
    let (app, ana) = App::spawn_signed_in().await;
    for (name, number) in [("María", "12345678Z"), ("Carmen", "00000000T")] {
        let kind = ana.visit(&app.at("/issue")).await.form("form#step");
        let step = ana.submit_and_follow(&kind.set("kind", "person")).await;
        let form = step.form("form#step").set("given_names", name);
        let form = form
            .set("first_surname", "Núñez")
            .set("document_number", number);
        ana.submit(&form).await.expect_status(303);
    }
    for (text, found) in [
        ("nunez", 2),
        ("núñez, maría", 1),
        ("00.000.000-T", 1),
        ("carmen 12345678Z", 0),
    ] {
        let form = get(&app, &ana, "/issuances/drafts")
            .await
            .form("form#filter");
        let page = ana.submit(&form.set("q", text)).await.expect_status(303);
        let page = ana.visit(page.location().unwrap().as_str()).await;
        assert_eq!(
            page.texts("#drafts tbody tr").len(),
            found,
            "{text}: {page:?}"
        );
        assert!(!page.url.as_str().contains("nunez"));
        let history = get(&app, &ana, "/issuances").await;
        assert!(history.has("#empty"), "{history:?}");
        if found == 1 {
            let from = [("referer", page.url.as_str())];
            let left = ana.submit_with(&page.form("#drafts form"), &from).await;
            assert!(
                left.location()
                    .unwrap()
                    .as_str()
                    .starts_with(page.url.as_str())
            );
        }
    }
    let form = get(&app, &ana, "/issuances/drafts")
        .await
        .form("form#filter");
    ana.submit(&form.set("q", "a\u{7}b"))
        .await
        .expect_status(422);
}

#[tokio::test(flavor = "multi_thread")]
async fn i12_without_scripts_a_button_of_the_form_changes_the_language_and_keeps_what_is_typed() {
    let (app, ana) = App::spawn_signed_in().await;
    let kind = ana.visit(&app.at("/issue")).await.form("form#step");
    let step = ana.submit_and_follow(&kind.set("kind", "name")).await;
    let typed = step.form("form#step").set("common_name", "Núñez & co");
    // A parser with scripts on takes what is in <noscript> for text.
    let (_, button) = step.body.split_once("formaction=\"").unwrap();
    let (action, _) = button.split_once('"').unwrap();
    let to = action.replace("&amp;", "&").replace("&#38;", "&");
    let page = ana
        .submit_and_follow(&typed.clone().to(&app.at(&to)))
        .await
        .expect_status(200);
    assert_eq!(page.url.path(), step.url.path());
    assert!(page.body.contains("<html lang=\"es\""), "{page:?}");
    assert_eq!(
        page.form("form#step").value("common_name"),
        Some("Núñez & co")
    );
    let elsewhere = typed.to(&app.at("/session/keep?place=//evil&language=es"));
    ana.submit(&elsewhere).await.expect_status(404);
}

#[tokio::test(flavor = "multi_thread")]
async fn i12_files_that_come_when_the_session_is_over_are_said_to_be_lost_and_nothing_else_is() {
    let (app, ana) = App::spawn_signed_in().await;
    let all = outside(&app, json!({"count": 1})).await;
    let form = ana
        .visit(&app.at("/certificates/take-over"))
        .await
        .form("form#step");
    let form = form.set("thumbprint", &"AB".repeat(20));
    let form = form.attach("certificate_file", "a.pem", pem(&all[0]).as_bytes());
    app.clock.advance(IDLE);
    let late = ana.submit(&form).await.expect_status(303);
    let sign_in = ana.follow(late).await.expect_status(200);
    let said = sign_in.text(".banner");
    assert!(said.contains("choose them again"), "{sign_in:?}");
    let back = sign_in_from(&ana, &sign_in).await;
    assert_eq!(back.url.path(), "/certificates/take-over", "{back:?}");
    assert!(back.text(".banner").contains("not kept"), "{back:?}");
    let typed = back.form("form#step");
    assert_eq!(typed.value("thumbprint"), Some("AB".repeat(20).as_str()));
    let list = get(&app, &ana, "/certificates").await;
    assert!(!list.has("#certificates"), "{list:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn i12_a_zip_of_a_thousand_goes_through_and_one_that_is_larger_is_refused() {
    let (app, ana) = App::spawn_signed_in().await;
    // As large as those of Camerfirma, each of another key and name.
    let padded = |n: usize| {
        let key = rcgen::KeyPair::generate().unwrap();
        let mut asked = rcgen::CertificateParams::default();
        let name = format!("Titular {n:04}");
        asked
            .distinguished_name
            .push(rcgen::DnType::CommonName, name);
        let own = asked.self_signed(&key).unwrap().pem();
        let text = [own, format!("{n:08}").repeat(350)].concat();
        (format!("{n}.pem"), text.into_bytes())
    };
    let zip = |count| crate::take_over::stored(&(0..count).map(padded).collect::<Vec<_>>());
    let zip_of_1000 = zip(1_000);
    assert!(zip_of_1000.len() > 3_000_000, "{}", zip_of_1000.len());
    let page = taken(&app, &ana, &[("all.zip", &zip_of_1000)]).await;
    let taken = page.texts("[data-group=taken-over] li").len();
    assert_eq!(taken, 1_000, "{}", page.text("main"));
    let form = ana
        .visit(&app.at("/certificates/take-over"))
        .await
        .form("form#step");
    let form = form.attach("certificate_file", "all.zip", &zip(1_300));
    let refused = ana.submit(&form).await.expect_status(413);
    assert!(refused.text("main").contains("4 MB in all"), "{refused:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn i12_each_certificate_says_how_to_have_it_revoked() {
    let app = App::spawn_acme(
        "direct_login = true\nrevocation_text = \"Llame al 900 000 000 <b>\"\n\
         revocation_url = \"https://ra.example/revocar\"",
    )
    .await;
    let ana = Browser::new();
    app.sign_in_directly(&ana, "ra-app").await;
    let print = thumbprint_of(&app.issue(&ana, "ANA").await);
    let page = get(&app, &ana, &format!("/certificates/{print}")).await;
    assert!(
        page.text("#revocation")
            .contains("Llame al 900 000 000 <b>"),
        "{page:?}"
    );
    let link = page.attribute("#revocation a", "href");
    assert_eq!(link.as_deref(), Some("https://ra.example/revocar"));
    let (demo, bea) = App::spawn_signed_in().await;
    let print = thumbprint_of(&demo.issue(&bea, "BEA").await);
    let page = get(&demo, &bea, &format!("/certificates/{print}")).await;
    assert!(
        page.text("#revocation")
            .contains("Ask whoever runs this service"),
        "{page:?}"
    );
}
