//! Issuing to the holders of a file: what is read, what is said about it, what is made.

use rubrica::domain::run::RunLine;
use rubrica::storage::runs;

use super::{certificates, confirm, count, done, names, upload};
use crate::support::admin;
use crate::support::app::App;
use crate::support::browser::Browser;
use crate::support::page::Page;

fn row<'a>(rows: &'a [String], holder: &str) -> &'a str {
    let found = rows.iter().find(|row| row.contains(holder));
    found.unwrap_or_else(|| panic!("no {holder} in {rows:#?}"))
}

/// The words of the form for the same mistake.
async fn words_of_the_form(app: &App, browser: &Browser) -> String {
    let page = browser.visit(&app.at("/issue")).await;
    let form = page.form("form#step").set("kind", "person");
    let page = browser.submit_and_follow(&form).await;
    let form = page.form("form#step").set("given_names", "Ana");
    let form = form.set("first_surname", "Ruiz");
    let form = form.set("document_number", "12345678A");
    let page = browser.submit(&form).await.expect_status(422);
    page.text("#document_number-error").replace("Error: ", "")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_of_spanish_excel_is_checked_line_by_line_in_the_words_of_the_form() {
    let (app, ana) = App::spawn_signed_in().await;
    app.issue(&ana, "SELLO DE PRUEBA").await;
    let words = words_of_the_form(&app, &ana).await;
    let text = "Tipo;Nombre;Primer apellido;DNI;Nombre en el certificado;Empresa;CIF;Teléfono\r\n\
        Persona;María José;Núñez;12345678Z;;;;600\r\n\
        Persona;Ana;Ruiz;12345678A;;;;\r\n\
        ;Eva;\"Sin\r\ntipo\";;;;;\r\n\
        Persona;María José;Núñez;12.345.678-z;;;;\r\n\
        Sello;;;;SELLO DE PRUEBA;Peña y Cía;A58818501;\r\n\
        ;;;;;;;\r\n";
    let windows_1252: Vec<u8> = text
        .chars()
        .map(|c| u8::try_from(u32::from(c)).unwrap())
        .collect();
    let check = upload(&app, &ana, "", &windows_1252)
        .await
        .expect_status(200);
    assert_eq!(
        check.attribute("#good", "data-count").unwrap(),
        "2",
        "{check:?}"
    );
    assert_eq!(check.attribute("#bad", "data-count").unwrap(), "3");
    assert!(check.text("#ignored").contains("Teléfono"), "{check:?}");
    let rows = check.texts("#lines tbody tr");
    assert!(row(&rows, "Ana Ruiz").contains(&words), "{words} {rows:#?}");
    assert!(row(&rows, "Ana Ruiz").starts_with("3 "), "{rows:#?}");
    let mistakes = check.texts("#lines td div");
    let of_ana = format!("Document number: {words}");
    assert!(mistakes.contains(&of_ana), "{of_ana} {mistakes:#?}");
    let eva = row(&rows, "Eva");
    assert!(eva.starts_with("4 "), "{rows:#?}");
    assert!(eva.contains("does not say the kind of holder"), "{eva}");
    assert!(row(&rows, "same as row 2").starts_with("5 "), "{rows:#?}");
    assert!(row(&rows, "SELLO DE PRUEBA").contains("may be a duplicate"));
    let page = done(&ana, &confirm(&ana, &check).await).await;
    assert_eq!((count(&page, "issued"), count(&page, "skipped")), (2, 3));
    let made = certificates(&app).await;
    let person = made
        .keys()
        .find(|subject| subject.contains("Núñez"))
        .unwrap();
    assert!(
        person.contains("IDCES-12345678Z") && person.contains("María José"),
        "{person}"
    );
    assert!(
        !page.body.contains("12345678"),
        "numbers are not shown in lists: {page:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn columns_that_the_kind_of_holder_does_not_have_are_named_and_not_shown_as_used() {
    let (app, ana) = App::spawn_signed_in().await;
    let file = "Nombre;Apellidos;DNI;Empresa;CIF\nAna;Ruiz;12345678Z;Ajuntament;A58818501\n";
    let check = upload(&app, &ana, "person", file.as_bytes()).await;
    let check = check.expect_status(200);
    let unused = check.text("#unused");
    let named = "Name of the organisation, NIF of the organisation";
    assert!(unused.ends_with(named), "{unused}");
    assert!(!check.text("#lines tbody tr").contains("Ajuntament"));
    let file = "Nombre;Apellidos;DNI;Empresa;CIF;Cargo;Departamento\n\
        Ana;Ruiz;12345678Z;Ajuntament;A58818501;Jefa;Ventas\n";
    let check = upload(&app, &ana, "representative", file.as_bytes()).await;
    let unused = check.text("#unused");
    assert!(unused.ends_with("used: Department"), "{unused}");
    assert!(check.text("#lines tbody tr").contains("Ajuntament"));
    let check = upload(&app, &ana, "linked", file.as_bytes()).await;
    assert!(!check.has("#unused"), "{check:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_told_to_go_on_without_the_only_row() {
    let (app, ana) = App::spawn_signed_in().await;
    let check = upload(&app, &ana, "", b"Tipo;cn\nautonomo;Eva\n").await;
    let check = check.expect_status(200);
    let bad = check.text("#bad");
    assert!(bad.contains("only row") && !bad.contains("go on"), "{bad}");
    assert_eq!(check.text("#lines thead th"), "Row");
    let eva = check.text("#lines tbody tr");
    assert!(eva.contains("“autonomo” is not a kind of holder"), "{eva}");
    assert!(eva.contains("Known are: A person; "), "{eva}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_cannot_be_used_is_told_and_nothing_is_kept() {
    let (app, ana) = App::spawn_signed_in().await;
    let long = names(1001);
    for (content, words) in [
        (&b""[..], "Choose a file"),
        (b"common_name\n", "no row below"),
        (b"PK\x03\x04\x14\0", "workbook"),
        (b"a;b\n1;2\n", "none of the columns"),
        (b"cn\n\"Ana\n", "row 2"),
        (
            b"cn\nMu\xA4oz\n",
            "Save it in Excel as \u{201c}CSV UTF-8\u{201d}",
        ),
        (b"cn;cn\nAna;Bea\n", "same thing"),
        (b"cn\nAna;Bea\n", "Row 2"),
        (long.as_bytes(), "at most"),
    ] {
        let name = String::from_utf8_lossy(&content[..content.len().min(20)]).into_owned();
        let page = match content {
            b"" => {
                let page = ana.visit(&app.at("/issue/many")).await;
                ana.submit(&page.form("form#step")).await
            }
            content => upload(&app, &ana, "name", content).await,
        };
        let page = page.expect_status(422);
        let said = page.text("#holders_file-error");
        assert!(said.contains(words), "{name:?}: {said}");
    }
    let list = ana.visit(&app.at("/runs")).await;
    assert!(list.has("#empty"), "{list:?}");
    let most = upload(&app, &ana, "name", names(1000).as_bytes()).await;
    assert_eq!(most.attribute("#good", "data-count").unwrap(), "1000");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_template_can_be_filled_in_and_uploaded_in_each_language() {
    let app = App::spawn().await;
    for language in ["es", "en"] {
        let browser = Browser::speaking(language);
        app.sign_in(&browser, "demo").await;
        let page: Page = browser.visit(&app.at("/issue/many")).await;
        let href = page.attribute("#template", "href").unwrap();
        let template = browser.get(&app.at(&href)).await.expect_status(200);
        let separator = if language == "es" { ";" } else { "," };
        let headings: Vec<_> = template.body.trim_end().split(separator).collect();
        assert_eq!(headings.len(), 18, "{template:?}");
        let mut cells = vec![""; headings.len()];
        cells[1] = "Ana";
        cells[2] = "Ruiz";
        cells[6] = "12345678Z";
        let file = format!("{}{}\r\n", template.body, cells.join(separator));
        let check = upload(&app, &browser, "person", file.as_bytes()).await;
        assert_eq!(
            check.attribute("#good", "data-count").unwrap(),
            "1",
            "{check:?}"
        );
        assert!(!check.has("#ignored"), "{check:?}");
    }
}

const LINKED: [(&str, &str); 9] = [
    ("kind", "linked"),
    ("given_names", "María"),
    ("first_surname", "Núñez"),
    ("second_surname", "Güell"),
    ("document_type", "dni"),
    ("document_number", "12345678Z"),
    ("organisation_name", "Notaría Güell"),
    ("organisation_nif", "A58818501"),
    ("position", "Notaria"),
];

const FOREIGN: [(&str, &str); 6] = [
    ("kind", "person"),
    ("given_names", "Zoë"),
    ("first_surname", "Martin"),
    ("document_type", "passport"),
    ("document_number", "12AB34567"),
    ("document_country", "FR"),
];

#[tokio::test(flavor = "multi_thread")]
async fn the_file_of_certificates_can_be_sent_to_issue_them_anew_in_each_language() {
    for language in ["es", "en"] {
        let (app, ana) = (App::spawn().await, Browser::speaking(language));
        app.sign_in(&ana, "demo").await;
        for holder in [LINKED.as_slice(), &FOREIGN] {
            let page = app.walk(&ana, "/issue", holder).await;
            app.settled(&ana, page).await;
        }
        app.issue(&ana, "SOLO UN NOMBRE").await;
        let list = ana.get(&app.at("/certificates.csv")).await;
        let list = list.expect_status(200);
        let check = upload(&app, &ana, "", list.body.as_bytes()).await;
        let check = check.expect_status(200);
        let good = check.attribute("#good", "data-count");
        assert_eq!(good.as_deref(), Some("3"), "{check:?}");
        assert!(!check.has("#unused"), "{check:?}");
        let page = done(&ana, &confirm(&ana, &check).await).await;
        assert_eq!(count(&page, "issued"), 3, "{page:?}");
        let made = certificates(&app).await;
        assert!(
            made.len() == 3 && made.values().all(|n| *n == 2),
            "{made:#?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_wrong_with_a_row_is_still_told_once_the_row_is_gone() {
    let (app, ana) = App::spawn_signed_in().await;
    let words = words_of_the_form(&app, &ana).await;
    let file = "Tipo;Nombre;Primer apellido;DNI\n\
        Persona;Ana;Ruiz;12345678A\n\
        autonomo;Eva;Sanz;00000000T\n\
        Persona;Bea;Otra;12345678Z\n\
        Persona;Bea;Otra;12345678Z\n";
    let check = upload(&app, &ana, "", file.as_bytes()).await;
    let page = done(&ana, &confirm(&ana, &check).await).await;
    let rows = page.texts("#lines tbody tr");
    assert!(row(&rows, "Ana Ruiz").contains(&words), "{words} {rows:#?}");
    let eva = row(&rows, "Eva");
    assert!(
        eva.contains("kind of holder in the row is not one"),
        "{eva}"
    );
    assert!(!page.body.contains("autonomo"), "{page:?}");
    assert!(row(&rows, "same as row 4").starts_with("5 "), "{rows:#?}");
    let results = page.attribute("#results", "href").unwrap();
    let csv = ana.get(&app.at(&results)).await.expect_status(200).body;
    assert!(csv.contains(&words), "{csv}");
    let spanish = page.attribute(".languages a[lang=es]", "href").unwrap();
    let spanish = ana.visit(&app.at(&spanish)).await.expect_status(200);
    let rows = spanish.texts("#lines tbody tr");
    let said = row(&rows, "Ana Ruiz");
    assert!(said.contains("La letra no corresponde al número"), "{said}");
    // As an older version left it.
    admin::tamper(&app, "UPDATE run_lines SET faults = NULL").await;
    let old = ana.visit(spanish.url.as_str()).await.expect_status(200);
    let rows = old.texts("#lines tbody tr");
    let said = row(&rows, "Ana Ruiz");
    assert!(said.contains("Hay algo que corregir."), "{said}");
    assert!(!said.contains("letra"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_people_typed_is_not_kept_beside_the_request() {
    let (app, ana) = App::spawn_signed_in().await;
    let file = "kind;given_names;first_surname;document_number\nperson;Ana;Ruiz;12345678Z\nperson;Bea;;1\n";
    let check = upload(&app, &ana, "", file.as_bytes()).await;
    let id = check.url.path().rsplit('/').next().unwrap().to_owned();
    let are_kept = async || {
        let lines = runs::lines(&app.portal.storage, &id).await.unwrap();
        let is_kept = |line: &RunLine| line.answers.is_some();
        lines.iter().map(is_kept).collect::<Vec<_>>()
    };
    assert_eq!(are_kept().await, [true, true]);
    done(&ana, &confirm(&ana, &check).await).await;
    assert_eq!(are_kept().await, [false, false]);
}
