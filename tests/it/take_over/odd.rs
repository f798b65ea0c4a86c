//! Odd certificates, the other digest, chains, and what time does.

use std::time::Duration;

use data_encoding::BASE64;
use serde_json::json;

use super::{FIELD, lines, outside, pem, taken, thumbprint};
use crate::support::app::{App, thumbprint_of};
use crate::support::browser::Browser;

const DAY: Duration = Duration::from_secs(24 * 3600);

#[tokio::test(flavor = "multi_thread")]
async fn odd_certificates_are_told_as_what_they_are() {
    let (app, ana) = App::spawn_signed_in().await;
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors/field/");
    let names = [
        "b01_printable_accent_latin1.cer",
        "b11_empty_subject.cer",
        "b20_year_9999.cer",
        "b26_gen_no_z.cer",
        "b45_bidi_cn.cer",
    ];
    let files = names.map(|name| std::fs::read(format!("{folder}{name}")).unwrap());
    let chosen: Vec<_> = names
        .iter()
        .zip(&files)
        .map(|(name, file)| (*name, file.as_slice()))
        .collect();
    let page = taken(&app, &ana, &chosen).await;
    assert_eq!(lines(&page, "taken-over"), 4, "{page:?}");
    let new = page.text("[data-group=taken-over]");
    assert!(
        new.contains("MARÍA NÚÑEZ PRUEBA") && new.contains("No expiry date"),
        "{new}"
    );
    assert!(
        new.contains("[U+202E]") && !new.contains('\u{202E}'),
        "{new}"
    );
    let nobody = "A certificate without a name";
    assert!(new.contains(nobody), "{new}");
    let list = ana.visit(&app.at("/certificates")).await;
    assert!(list.text("#certificates").contains(nobody), "{list:?}");
    assert!(
        page.text("[data-group=not-read]").contains("damaged"),
        "{page:?}"
    );
    // One that names nobody is renewed by asking for the holder.
    let links = page.attributes("[data-group=taken-over] a[href^='/renew/']", "href");
    let (mut asked, mut endless) = (0, 0);
    for link in links {
        let certificate = ana
            .visit(&app.at(&link.replace("/renew/", "/certificates/")))
            .await;
        endless += usize::from(certificate.text("main").contains("No expiry date"));
        assert!(!certificate.has("a[href$='.ics']"), "{certificate:?}");
        assert!(!certificate.has(".erased"), "{certificate:?}");
        let question = ana.visit(&app.at(&link)).await.expect_status(200);
        let form = question.form("form#step").set("data_changed", "no");
        let next = ana.submit_and_follow(&form).await.expect_status(200);
        asked += usize::from(next.url.path().starts_with("/issue/"));
    }
    assert_eq!((asked, endless), (2, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_other_digest_finds_a_certificate_once_its_file_was_seen() {
    let (app, ana) = App::spawn_signed_in().await;
    let own = thumbprint_of(&app.issue(&ana, "ANA").await);
    let pem = app.sandbox.text(&format!("certificates/{own}")).await;
    let body: String = pem.lines().filter(|line| !line.starts_with("--")).collect();
    let der = BASE64.decode(body.as_bytes()).unwrap();
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, &der);
    let other = data_encoding::HEXUPPER.encode(digest.as_ref());
    let choose = ana.visit(&app.at("/renew")).await.form("form#step");
    let wanted = ana.submit(&choose.clone().set("thumbprint", &other)).await;
    let words = wanted.expect_status(422).text("#thumbprint-error");
    assert!(
        words.contains("SHA-256") && words.contains("SHA-1"),
        "{words}"
    );
    let page = ana.visit(&app.at(&format!("/certificates/{own}"))).await;
    let upload = page
        .form("form#upload")
        .attach(FIELD, "a.pem", pem.as_bytes());
    ana.submit(&upload).await.expect_status(303);
    let page = ana.visit(&app.at(&format!("/certificates/{own}"))).await;
    assert_eq!(page.text("#sha256").replace(' ', ""), other);
    assert!(!page.has("form#upload") && page.has("#files"), "{page:?}");
    let found = ana.submit(&choose.set("thumbprint", &other)).await;
    found.expect_redirect_to(&format!("/renew/{other}"));
    ana.visit(&app.at(&format!("/renew/{other}")))
        .await
        .expect_status(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_ones_own_certificate_and_its_chain_nobody_is_asked_which() {
    let (app, ana) = App::spawn_signed_in().await;
    let own = thumbprint_of(&app.issue(&ana, "ANA").await);
    let pem = app.sandbox.text(&format!("certificates/{own}")).await;
    let ca = app.sandbox.text("ca").await;
    let form = ana.visit(&app.at("/renew")).await.form("form#step");
    let form = form.attach(FIELD, "chain.pem", [ca, pem].concat().as_bytes());
    let page = ana.submit(&form).await;
    page.expect_redirect_to(&format!("/renew/{own}"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_taken_over_expires_as_time_passes() {
    let (app, ana) = App::spawn_signed_in().await;
    let all = outside(&app, json!({"validity_days": 40})).await;
    taken(&app, &ana, &[("a.pem", pem(&all[0]).as_bytes())]).await;
    let mut words = Vec::new();
    for _ in 0..3 {
        let one = format!("/certificates/{}", thumbprint(&all[0]));
        let ana = Browser::new();
        app.sign_in(&ana, "demo").await;
        words.push(ana.visit(&app.at(&one)).await.text("#status"));
        app.clock.advance(20 * DAY);
    }
    assert_eq!(words, ["Valid", "Expires soon", "Expired"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_valid_yet_is_told_with_its_date_in_lists_and_before_a_renewal() {
    let key = rcgen::KeyPair::generate().unwrap();
    let mut params = rcgen::CertificateParams::new(["ana.example".to_owned()]).unwrap();
    params.not_before = rcgen::date_time_ymd(2090, 1, 2);
    params.not_after = rcgen::date_time_ymd(2091, 1, 2);
    let file = params.self_signed(&key).unwrap().pem();
    for (language, filter, word, warning) in [
        (
            "en",
            "Valid, or not valid yet",
            "Not valid yet: from 2 January 2090",
            "not valid until 2 January 2090",
        ),
        (
            "es",
            "Vigente o aún no vigente",
            "Aún no vigente: desde el 2 de enero de 2090",
            "válido hasta el 2 de enero de 2090",
        ),
    ] {
        let (app, ana) = (App::spawn().await, Browser::speaking(language));
        app.sign_in(&ana, "demo").await;
        let page = taken(&app, &ana, &[("a.pem", file.as_bytes())]).await;
        let renew = page.attribute("[data-group=taken-over] a[href^='/renew/']", "href");
        let renew = renew.unwrap();
        let list = ana.visit(&app.at("/certificates?state=valid")).await;
        assert_eq!(list.text("option[value=valid]"), filter, "{list:?}");
        assert_eq!(list.text("#certificates .tag"), word, "{list:?}");
        let one = app.at(&renew.replace("/renew/", "/certificates/"));
        assert_eq!(ana.visit(&one).await.text("#status"), word);
        let table = ana.get(&app.at("/certificates.csv")).await;
        let state = word.split_once(':').unwrap().0;
        assert!(table.body.contains(state), "{table:?}");
        for path in ["/renew/choose", renew.as_str()] {
            let page = ana.visit(&app.at(path)).await.expect_status(200);
            assert!(page.text("main").contains(warning), "{path}: {page:?}");
        }
        let check = ana.submit_and_follow(&list.form("form#renew-all")).await;
        let lines = check.text("#lines");
        assert!(lines.contains(warning), "{check:?}");
    }
}
