//! A receipt as a stranger would file it: who issued it to whom, where it can be checked,
//! and that a play certificate says so in every language.

use crate::faults::change;
use crate::support::app::App;
use crate::support::browser::Browser;
use crate::support::page::Page;

const REPRESENTATIVE: [(&str, &str); 7] = [
    ("kind", "representative"),
    ("given_names", "María José"),
    ("first_surname", "O'Neill-Núñez"),
    ("document_type", "dni"),
    ("document_number", "12.345.678-Z"),
    ("organisation_name", "Construcciones del Mediterráneo, S.L."),
    ("organisation_nif", "A58818501"),
];

async fn at_a_partners_portal() -> (App, Browser) {
    let app = App::spawn_with("", |config| {
        config.data.partner_name = "Gestoría Pérez".to_owned();
        config.branding.partner_name = "Gestoría Pérez".to_owned();
        config.branding.partner_nif = Some("B64717838".to_owned());
        config.branding.partner_address = Some("Calle Mayor 1, 28013 Madrid".to_owned());
        config.branding.support_contact = Some("915 000 000, de 9 a 14 h".to_owned());
    })
    .await;
    let ana = Browser::speaking("es");
    app.sign_in(&ana, "demo").await;
    (app, ana)
}

async fn receipt(app: &App, browser: &Browser, answers: &[(&str, &str)]) -> Page {
    let page = app.walk(browser, "/issue", answers).await;
    let page = app.settled(browser, page).await;
    let href = page.attribute("a[href$='/receipt']", "href").unwrap();
    browser.get(&app.at(&href)).await.expect_status(200)
}

/// What marks a play certificate, in both languages.
const PLAY: [&str; 2] = ["Certificado de prueba", "Test certificate"];

#[tokio::test(flavor = "multi_thread")]
async fn it_names_issuer_partner_numbers_and_requester_and_a_real_one_wears_no_mark() {
    let (app, ana) = at_a_partners_portal().await;
    change(&app, |connection| connection.sandbox = false).await;
    let receipt = receipt(&app, &ana, &REPRESENTATIVE).await;
    let text = receipt.text("main");
    for part in [
        "Camerfirma, a través de Redtrust",
        "DNI",
        "12345678Z",
        "Construcciones del Mediterráneo, S.L.",
        "A58818501",
        "Gestoría Pérez",
        "B64717838",
        "Calle Mayor 1, 28013 Madrid",
        "Fecha de solicitud",
        "Fecha de emisión",
    ] {
        assert!(text.contains(part), "{part}: {receipt:?}");
    }
    assert_eq!(receipt.text("#requester"), "demo");
    assert!(
        !receipt.has("#play") && !receipt.has(".play"),
        "{receipt:?}"
    );
    assert!(!PLAY.iter().any(|mark| text.contains(mark)), "{receipt:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_play_certificate_says_so_on_every_page_and_in_both_languages_on_its_receipt() {
    for (language, mark) in [("es", "de prueba, sin validez"), ("en", "not valid")] {
        let (app, ana) = (App::spawn().await, Browser::speaking(language));
        let before = ana.visit(&app.at("/sign-in")).await;
        app.sign_in(&ana, "demo").await;
        let receipt = receipt(&app, &ana, &REPRESENTATIVE).await;
        let list = ana.visit(&app.at("/certificates")).await;
        let print = receipt.text("#thumbprint").replace(' ', "");
        let one = ana.visit(&app.at(&format!("/certificates/{print}"))).await;
        for page in [&before, &receipt, &list, &one] {
            assert!(page.text(".site-header .play").contains(mark), "{page:?}");
        }
        let said = receipt.texts("#play p");
        for mark in PLAY {
            assert!(said.iter().any(|text| text.contains(mark)), "{receipt:?}");
        }
        assert!(
            !receipt.text("main").contains("Camerfirma, "),
            "{receipt:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_has_the_paper_can_check_its_reference_and_learns_no_name() {
    let (app, ana) = at_a_partners_portal().await;
    let receipt = receipt(&app, &ana, &REPRESENTATIVE).await;
    let address = receipt.attribute("#verify", "href").unwrap();
    let reference = receipt.text("#reference");
    assert_eq!(address, app.at(&format!("/verify/{reference}")));
    assert!(receipt.has("#verify-qr path"), "{receipt:?}");
    let stranger = Browser::speaking("es");
    let typed = app.at(&format!("/verify/{}", reference.to_lowercase()));
    for address in [address, typed] {
        let found = stranger.get(&address).await.expect_status(200);
        assert_eq!(found.text("#reference"), reference);
        assert_eq!(found.text("#thumbprint"), receipt.text("#thumbprint"));
        for name in ["María", "O'Neill", "O&#39;Neill", "12345678Z", "A58818501"] {
            assert!(!found.body.contains(name), "{name}: {found:?}");
        }
        assert!(found.has("#play"), "{found:?}");
    }
    let none = stranger.get(&app.at("/verify/0000000000")).await;
    let none = none.expect_status(404);
    let code = none.attribute("#problem", "data-code");
    assert_eq!(code.as_deref(), Some("unknown_reference"), "{none:?}");
    // A request without a certificate is as unknown as none.
    let draft = ana.visit(&app.at("/issue")).await.form("form#step");
    ana.submit(&draft.set("kind", "name")).await;
    let reference: String = sqlx::query_scalar("SELECT reference FROM issuances ORDER BY id DESC")
        .fetch_one(app.portal.storage.pool())
        .await
        .unwrap();
    let draft = stranger.get(&app.at(&format!("/verify/{reference}"))).await;
    draft.expect_status(404);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_help_page_is_one_link_away_everywhere_and_says_whom_to_ask() {
    let (app, ana) = at_a_partners_portal().await;
    let stranger = Browser::speaking("es");
    for (browser, path) in [(&ana, "/"), (&stranger, "/sign-in")] {
        let page = browser.visit(&app.at(path)).await;
        assert!(page.has(".site-footer a[href='/help']"), "{page:?}");
        let help = browser.get(&app.at("/help")).await.expect_status(200);
        assert_eq!(help.text("#contact"), "915 000 000, de 9 a 14 h");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_out_says_so_and_that_redtrusts_session_may_go_on() {
    let (app, ana) = at_a_partners_portal().await;
    let account = ana.visit(&app.at("/account")).await;
    for (act, words) in [
        ("/sign-out", "en este portal"),
        ("/sign-out/everywhere", "en todos los navegadores"),
    ] {
        app.sign_in(&ana, "demo").await;
        let page = ana.visit(&app.at("/account")).await;
        let form = page.form(&format!("form[action='{act}']"));
        let out = ana.submit_and_follow(&form).await.expect_status(200);
        let said = out.text(".banner.good");
        assert!(said.contains(words), "{act}: {out:?}");
        assert!(said.contains("Redtrust puede seguir abierta"), "{out:?}");
        assert!(
            out.has("form[action='/sign-in/redtrust'] button"),
            "{out:?}"
        );
    }
    assert!(!account.has(".banner.good"), "{account:?}");
}
