//! What exists already for the holders of a file: told by document and by name, as the form
//! for a single certificate tells it.

use serde_json::json;

use super::{confirm, count, done, until, upload};
use crate::support::app::{App, state_of};
use crate::support::browser::Browser;
use crate::support::page::Page;

/// Uploads a file of these people: given names, surname and DNI.
async fn people(app: &App, browser: &Browser, rows: &[&str]) -> Page {
    let file = format!("Nombre;Primer apellido;DNI\n{}\n", rows.join("\n"));
    upload(app, browser, "person", file.as_bytes())
        .await
        .expect_status(200)
}

#[track_caller]
fn row(page: &Page, line: &str) -> String {
    let rows = page.texts("#lines tbody tr");
    let found = rows.iter().find(|row| row.starts_with(line));
    found.unwrap_or_else(|| panic!("{line}: {rows:#?}")).clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_document_is_noticed_under_any_name_and_a_namesake_is_told_apart() {
    let (app, ana) = App::spawn_signed_in().await;
    let first = [
        "Begoña;Etxebarría-Goñi;00000000T",
        "Unai;Mendizabal;99999999R",
    ];
    let check = people(&app, &ana, &first).await;
    assert!(!check.has("#doubled"), "{check:?}");
    done(&ana, &confirm(&ana, &check).await).await;
    let check = people(
        &app,
        &ana,
        &[
            "BEGOÑA;ETXEBARRÍA-GOÑI;00000000T",
            "Begona;Etxebarria-Goni;00000000-t",
            "Unax;Otro;99.999.999-r",
            "unai;MENDIZÁBAL;12345678Z",
            "Josefa;Ruiz;54362315K",
        ],
    )
    .await;
    assert_eq!(check.attribute("#good", "data-count").unwrap(), "5");
    assert_eq!(check.attribute("#doubled", "data-count").unwrap(), "3");
    for (line, whose, document) in [
        ("2 ", "Begoña Etxebarría-Goñi", "*****000T"),
        ("3 ", "Begoña Etxebarría-Goñi", "*****000T"),
        ("4 ", "Unai Mendizabal", "*****999R"),
    ] {
        let said = row(&check, line);
        assert!(said.contains("may be a duplicate"), "{said}");
        assert!(
            said.contains(&format!("{whose} ({document}), expires on")),
            "{said}"
        );
        assert!(!said.contains("another document"), "{said}");
    }
    // The same document twice in one file, whatever it is called there.
    assert!(
        row(&check, "3 ").contains("row 2 of this file"),
        "{check:?}"
    );
    let namesake = row(&check, "5 ");
    assert!(
        namesake.contains("same name and another document"),
        "{namesake}"
    );
    assert!(
        namesake.contains("Unai Mendizabal (*****999R)"),
        "{namesake}"
    );
    assert!(!namesake.contains("may be a duplicate"), "{namesake}");
    let plain = row(&check, "6 ");
    assert!(
        !plain.contains("duplicate") && !plain.contains("document."),
        "{plain}"
    );
    let links = check.attributes("#lines a[href^='/certificates/']", "href");
    assert_eq!(links.len(), 4, "{check:?}");
    // Those that need a look come first.
    let rows = check.texts("#lines tbody tr");
    assert!(rows.last().unwrap().starts_with("6 "), "{rows:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_waits_in_another_batch_is_noticed_by_document() {
    let (app, ana) = App::spawn_signed_in().await;
    app.sandbox
        .fault("csr_create", "before", "delay", json!(1_500), 0)
        .await;
    let all = [
        "Uno;Ruiz;10000000Z",
        "Dos;Ruiz;10000001S",
        "Tres;Ruiz;10000002Q",
        "Cuatro;Ruiz;10000003V",
        "Cinco;Ruiz;10000004H",
        "Seis;Ruiz;10000005L",
    ];
    let page = confirm(&ana, &people(&app, &ana, &all).await).await;
    let page = until(&ana, &page, |page| count(page, "under_way") == 4).await;
    let page = ana.submit_and_follow(&page.form("form#pause")).await;
    let check = people(&app, &ana, &["Otro;Nombre;10000005L", "Uno;RUIZ;10000000Z"]).await;
    let waits = row(&check, "2 ");
    assert!(
        waits.contains("Seis Ruiz (*****005L), waiting in another batch, row 7"),
        "{waits}"
    );
    let link = format!("#lines a[href='{}']", page.url.path());
    assert!(check.has(&link), "{check:?}");
    assert!(row(&check, "3 ").contains("request under way"), "{check:?}");
    app.sandbox.mend().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_got_a_certificate_since_the_page_was_shown_is_told_before_anything_is_sent() {
    let (app, ana) = App::spawn_signed_in().await;
    let rows = ["Ana;Ruiz;12345678Z", "Otra;Persona;10000001S"];
    let first = people(&app, &ana, &rows[..1]).await;
    let second = people(&app, &ana, &rows).await;
    done(&ana, &confirm(&ana, &first).await).await;
    let asked = second.form("form#step").set("confirm", "yes");
    assert_eq!(asked.value("doubled"), Some("0"), "{second:?}");
    let again = ana.submit(&asked).await.expect_status(409);
    assert!(again.has("[role=alert]"), "{again:?}");
    assert_eq!(app.sandbox.count("call", "csr_create").await, 1);
    let page = done(&ana, &confirm(&ana, &again).await).await;
    assert_eq!(count(&page, "issued"), 2, "{page:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn giving_up_what_is_not_known_makes_it_known_to_nobody() {
    let (app, ana) = App::spawn_signed_in().await;
    app.sandbox
        .fault("csr_finalize", "after", "drop", json!(null), 1)
        .await;
    let check = people(&app, &ana, &["Ana;Ruiz;12345678Z"]).await;
    let page = done(&ana, &confirm(&ana, &check).await).await;
    assert_eq!(count(&page, "unknown"), 1, "{page:?}");
    let needs = page.text("#needs-attention");
    assert!(
        needs.contains("One certificate needs your attention"),
        "{page:?}"
    );
    let only = page.attribute("#needs-attention a", "href").unwrap();
    let only = ana.visit(&app.at(&only)).await;
    assert_eq!(only.texts("#lines tbody tr").len(), 1, "{only:?}");
    let one = ana
        .visit(&app.at(&page.attribute("#lines tbody a", "href").unwrap()))
        .await;
    let gone = ana.submit_and_follow(&one.form("#abandon form")).await;
    assert_eq!(state_of(&gone), "abandoned", "{gone:?}");
    let steps = gone.texts("#steps li");
    assert!(
        steps[0].contains("(done)") && steps[1].contains("(not known)"),
        "{steps:?}"
    );
    assert!(!steps.concat().contains("(not yet)"), "{steps:?}");
    assert!(gone.text("main").contains("it may exist there"), "{gone:?}");
    assert!(
        gone.has("main a[href='/certificates/take-over']"),
        "{gone:?}"
    );
    let page = ana.get(page.url.as_str()).await;
    assert_eq!(count(&page, "unknown"), 1, "{page:?}");
    assert!(
        !page.has("#needs-attention"),
        "nothing is left to do: {page:?}"
    );
    let check = people(&app, &ana, &["Anne;Otra;12345678Z"]).await;
    let said = row(&check, "2 ");
    assert!(said.contains("request with unknown outcome"), "{said}");
    let link = format!("#lines a[href='{}']", gone.url.path());
    assert!(check.has(&link), "{check:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn namesakes_are_told_apart_on_every_page_and_in_the_results() {
    let (app, ana) = App::spawn_signed_in().await;
    let file = "Tipo;Nombre;Primer apellido;DNI;Empresa;CIF\n\
        Persona;Ana;Ruiz;12345678Z;;\nVinculada;Ana;Ruiz;00000000T;Peña y Cía;A58818501\n";
    let check = upload(&app, &ana, "", file.as_bytes())
        .await
        .expect_status(200);
    let apart = ["*****678Z", "*****000T · Peña y Cía"];
    let facts = |page: &Page| page.texts("#lines .facts");
    let mut shown = facts(&check);
    shown.sort();
    assert_eq!(shown, [apart[1], apart[0]], "{check:?}");
    let page = done(&ana, &confirm(&ana, &check).await).await;
    assert_eq!(facts(&page), apart, "{page:?}");
    let (_, all) = super::choices(&app, &ana).await;
    let check = super::chosen(&app, &ana, &all).await;
    assert_eq!(facts(&check).len(), 2, "{check:?}");
    let page = done(&ana, &confirm(&ana, &check).await).await;
    let results = page.attribute("#results", "href").unwrap();
    let csv = ana.get(&app.at(&results)).await.expect_status(200).body;
    let lines: Vec<&str> = csv.lines().collect();
    assert!(lines[0].contains("\"Expiry of the previous one\""), "{csv}");
    assert!(csv.contains("\"*****678Z\",\"\","), "{csv}");
    assert!(csv.contains("\"*****000T\",\"Peña y Cía\","), "{csv}");
    assert!(!csv.contains("12345678Z"), "{csv}");
    let dated = lines[1..]
        .iter()
        .filter(|line| line.contains("\"2028-") || line.contains("\"2027-"));
    assert_eq!(dated.count(), 2, "{csv}");
}
