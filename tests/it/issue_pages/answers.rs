//! Answers that cannot stand: said beside their field, the others kept, and
//! nothing sent.

use super::{PERSON, filled, refused_at, signed_in, up_to};
use crate::support::browser::Browser;

#[tokio::test(flavor = "multi_thread")]
async fn d02_what_is_wrong_is_said_beside_its_field_in_both_languages_and_the_rest_is_kept() {
    let cases = [
        ("given_names", "Ana\u{200B}", "invisible", "invisibles"),
        (
            "given_names",
            "Ana\u{202E}",
            "turn the text around",
            "invierten",
        ),
        ("given_names", "Ana\tB", "control character", "control"),
        (
            "given_names",
            "A\u{430}na",
            "different alphabets",
            "alfabetos distintos",
        ),
        ("given_names", "Ana@", "“@”", "«@»"),
        (
            "given_names",
            " ",
            "Enter the given names",
            "Escriba el nombre",
        ),
        (
            "first_surname",
            "",
            "Enter the first surname",
            "primer apellido",
        ),
        (
            "document_number",
            "",
            "Enter the document number",
            "Escriba el número",
        ),
        (
            "document_number",
            "12345678A",
            "Check both",
            "Compruebe ambos",
        ),
        (
            "document_number",
            "X5253868R",
            "This is a NIE",
            "Esto es un NIE",
        ),
        (
            "document_number",
            "A58818501",
            "company NIF",
            "NIF de una empresa",
        ),
        ("document_number", "1234567", "there are 7", "hay 7"),
        (
            "document_number",
            "1234567L",
            "put zeros in front",
            "ceros por delante",
        ),
        (
            "first_surname",
            "Jose´",
            "as it is in the identity document",
            "como figura en el documento",
        ),
        (
            "document_number",
            "1234567ñZ",
            "letters from A to Z",
            "letras de la A a la Z",
        ),
    ];
    let (app, english) = signed_in("en").await;
    let spanish = Browser::speaking("es");
    app.sign_in(&spanish, "demo").await;
    let page_en = up_to(&app, &english, "/holder", &[("kind", "person")]).await;
    let page_es = up_to(&app, &spanish, "/holder", &[("kind", "person")]).await;
    for (field, value, in_english, in_spanish) in cases {
        for (browser, page, words) in [
            (&english, &page_en, in_english),
            (&spanish, &page_es, in_spanish),
        ] {
            let form = filled(page, &PERSON).set(field, value);
            let answer = browser.submit(&form).await;
            refused_at(&answer, field, words);
            let kept = answer.form("form#step");
            assert_eq!(kept.value(field), Some(value));
            assert_eq!(kept.value("second_surname"), Some("Pal·làs"));
        }
    }
    assert_eq!(app.sandbox.count("call", "csr_create").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_passport_needs_a_country_and_nothing_else_does() {
    let (app, ana) = signed_in("en").await;
    let page = up_to(&app, &ana, "/holder", &[("kind", "person")]).await;
    let form = filled(&page, &PERSON)
        .set("document_type", "passport")
        .set("document_number", "X 1234567");
    refused_at(&ana.submit(&form).await, "document_country", "two letters");
    for (code, words) in [
        ("UK", "Enter GB"),
        ("el", "Enter GR"),
        ("XX", "No country has this code"),
    ] {
        let answer = ana
            .submit(&form.clone().set("document_country", code))
            .await;
        refused_at(&answer, "document_country", words);
    }
    let form = form.set("document_country", "fr");
    let page = ana.submit_and_follow(&form).await.expect_status(200);
    let check = ana.submit_and_follow(&page.form("form#step")).await;
    assert!(
        check.text("#preview").contains("PASFR-X1234567"),
        "{check:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_people_write_with_the_keys_they_have_is_read_as_they_mean_it() {
    let (app, ana) = signed_in("es").await;
    let answers = [
        ("kind", "person"),
        ("given_names", "M° Carmen"),
        ("first_surname", "O´Neill–Ｇａｒｃíａ"),
        ("second_surname", "Pal•làs"),
        ("document_type", "nie"),
        ("document_number", "N.I.E. X01234567L"),
        ("email", "mailto:<ana@ejemplo.es>;"),
    ];
    let check = up_to(&app, &ana, "/check", &answers).await;
    let name = check.text("#preview");
    for part in ["Mª Carmen O'Neill-García Pal·làs", "IDCES-X1234567L"] {
        assert!(name.contains(part), "{part} is not in {name}");
    }
    assert!(
        check.texts("dd bdi").contains(&"ana@ejemplo.es".to_owned()),
        "{check:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_with_one_name_only_says_so() {
    let (app, ana) = signed_in("en").await;
    let page = up_to(&app, &ana, "/holder", &[("kind", "person")]).await;
    let one = [("given_names", "Suharto"), ("document_number", "12345678Z")];
    let form = filled(&page, &one);
    refused_at(&ana.submit(&form).await, "first_surname", "first surname");
    let form = form.set("one_name", "yes");
    let neither = form.clone().set("given_names", " ");
    refused_at(
        &ana.submit(&neither).await,
        "given_names",
        "given name or the surname",
    );
    let both = form.clone().set("first_surname", "Suharto");
    refused_at(&ana.submit(&both).await, "one_name", "more than one");
    let mut page = ana.submit_and_follow(&form).await.expect_status(200);
    while !page.url.path().ends_with("/check") {
        page = ana.submit_and_follow(&page.form("form#step")).await;
    }
    let name = page.text("#preview");
    assert!(
        name.contains("Suharto") && !name.contains("surname"),
        "{name}"
    );
    // The tick is kept, and can be taken away.
    let holder = page.url.path().replace("/check", "/holder");
    let back = ana.visit(&app.at(&holder)).await.expect_status(200);
    assert_eq!(back.attribute("#one_name", "checked"), Some(String::new()));
    let without = back.form("form#step").set("one_name", "");
    refused_at(
        &ana.submit(&without).await,
        "first_surname",
        "first surname",
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_organisation_is_checked_too() {
    let (app, ana) = signed_in("en").await;
    let mut answers = vec![("kind", "representative")];
    answers.extend(PERSON);
    let page = up_to(&app, &ana, "/organisation", &answers).await;
    assert!(!page.form("form#step").has("department"), "{page:?}");
    let good = filled(
        &page,
        &[
            ("organisation_name", "Acme"),
            ("organisation_nif", "A58818501"),
        ],
    );
    let long = "x".repeat(65);
    for (field, value, words) in [
        ("organisation_name", "", "name of the organisation"),
        ("organisation_nif", "J99216583x", "there are 10"),
        ("organisation_nif", "J99216583", "last character"),
        ("organisation_nif", "12345678Z", "number of a person"),
        ("position", long.as_str(), "at most 64"),
    ] {
        let answer = ana.submit(&good.clone().set(field, value)).await;
        refused_at(&answer, field, words);
        let other = "organisation_name";
        if field != other {
            assert_eq!(answer.form("form#step").value(other), Some("Acme"));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn d04_settings_that_are_not_offered_are_refused_and_nothing_is_sent() {
    let (app, ana) = signed_in("en").await;
    let answers = [("kind", "name"), ("common_name", "ANA")];
    let page = up_to(&app, &ana, "/options", &answers).await;
    let before = app.sandbox.ledger().await.len();
    for (field, value) in [
        ("hash_type", "MD5"),
        ("key_length", "512"),
        ("provider", "OTHER"),
        ("group_ids", "7"),
        ("thumbprint", "AB"),
        ("email", "ana"),
        ("email", "ana@ejemplo"),
        ("email", "ana\u{200B}@ejemplo.es"),
    ] {
        let form = page.form("form#step").forge(field, value);
        let answer = ana.submit(&form).await.expect_status(422);
        let link = format!("#error-summary a[href='#{field}']");
        assert!(answer.has(&link), "{answer:?}");
        assert!(answer.has(&format!("#{field}")), "{field}: {answer:?}");
    }
    let check = ana.submit_and_follow(&page.form("form#step")).await;
    let forged = check.form("form#step").set("confirm", "yes");
    let forged = forged.forge("thumbprint", &"AB".repeat(20));
    ana.submit(&forged).await.expect_status(422);
    assert_eq!(app.sandbox.ledger().await.len(), before);
}
