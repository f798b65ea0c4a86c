//! The history's form and its file for spreadsheets: days, order, and a
//! search that leaves no name in any address.

use std::time::Duration;

use scraper::{Html, Selector};

use crate::support::app::App;
use crate::support::browser::Browser;
use crate::support::page::{Form, Page};

const DAY: Duration = Duration::from_secs(24 * 3600);

/// A portal at a Redtrust that refuses: each request ends quickly.
async fn refusing() -> App {
    let app = App::spawn().await;
    app.sandbox
        .refuse("csr_create", "NO_PERMISSION", "no")
        .await;
    app
}

async fn with_requests(names: &[&str]) -> (App, Browser) {
    let (app, ana) = (refusing().await, Browser::new());
    for name in names {
        app.sign_in(&ana, "noperm").await;
        app.issue(&ana, name).await;
        app.clock.advance(DAY);
    }
    app.sign_in(&ana, "noperm").await;
    (app, ana)
}

async fn form(app: &App, browser: &Browser) -> Form {
    let page = browser.get(&app.at("/issuances")).await.expect_status(200);
    page.form("form#filter")
}

fn holders(page: &Page) -> Vec<String> {
    page.texts("#issuances tbody th")
}

/// The day so many days from now, as a date field sends it.
fn day(app: &App, days: i64) -> String {
    let madrid = jiff::tz::TimeZone::get("Europe/Madrid").unwrap();
    let now = jiff::Timestamp::from_millisecond(app.clock.now().0).unwrap();
    let day = now.to_zoned(madrid).date();
    day.saturating_add(jiff::Span::new().days(days)).to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn days_include_both_ends_and_the_order_turns_round() {
    let (app, ana) = with_requests(&["UNO", "DOS", "TRES"]).await;
    let form = form(&app, &ana).await;
    let two = form
        .clone()
        .set("from", &day(&app, -2))
        .set("to", &day(&app, -1));
    let page = ana.submit_and_follow(&two).await.expect_status(200);
    assert_eq!(holders(&page), ["TRES", "DOS"], "{page:?}");
    let kept = page.form("form#filter");
    assert_eq!(kept.value("from"), Some(day(&app, -2).as_str()));
    let oldest = ana.submit_and_follow(&kept.set("sort", "oldest")).await;
    assert_eq!(holders(&oldest), ["DOS", "TRES"], "{oldest:?}");
    let by_holder = oldest.form("form#filter").set("sort", "holder");
    let by_holder = by_holder.set("from", "").set("to", "");
    let sorted = ana.submit_and_follow(&by_holder).await;
    assert_eq!(holders(&sorted), ["DOS", "TRES", "UNO"], "{sorted:?}");
    let all = oldest.form("form#filter").set("from", "").set("to", "");
    let all = ana.submit_and_follow(&all).await;
    assert_eq!(holders(&all), ["UNO", "DOS", "TRES"], "{all:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_day_that_is_none_is_told_at_its_field_and_what_was_typed_stays() {
    let (app, ana) = with_requests(&[]).await;
    let form = form(&app, &ana).await;
    let spanish = Browser::speaking("es");
    app.sign_in(&spanish, "noperm").await;
    let formulario = spanish.get(&app.at("/issuances")).await;
    let formulario = formulario.form("form#filter");
    for (from, to, field, words, palabras) in [
        (
            "soon",
            "",
            "from",
            "Enter the first day",
            "Escriba el primer día",
        ),
        (
            "",
            "31/02/2026",
            "to",
            "Enter the last day",
            "Escriba el último día",
        ),
        (
            "2026-02-02",
            "2026-02-01",
            "to",
            "must not be before",
            "no puede ser anterior",
        ),
    ] {
        let sent = formulario.clone().set("from", from).set("to", to);
        let page = spanish.submit(&sent).await.expect_status(422);
        let beside = page.text(&format!("#{field}-error"));
        assert!(beside.contains(palabras), "{page:?}");
        let sent = form.clone().set("from", from).set("to", to);
        let page = ana.submit(&sent.set("q", "núñez")).await.expect_status(422);
        assert!(page.text("title").starts_with("Error: "), "{page:?}");
        assert!(
            page.text(&format!("#{field}-error")).contains(words),
            "{page:?}"
        );
        assert!(page.has(&format!("#error-summary a[href='#{field}']")));
        let kept = page.form("form#filter");
        assert_eq!(kept.value("from"), Some(from));
        assert_eq!(kept.value("q"), Some("núñez"));
        assert!(!page.has("#empty"), "{page:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_was_looked_for_stands_in_no_address() {
    let names: Vec<_> = (0..21).map(|at| format!("ZUTANO {at:02}")).collect();
    let (app, ana) = (refusing().await, Browser::new());
    app.sign_in(&ana, "noperm").await;
    for name in &names {
        app.clock.advance(Duration::from_secs(1));
        app.issue(&ana, name).await;
    }
    app.issue(&ana, "MENGANO").await;
    let sent = form(&app, &ana).await.set("q", "zutáno");
    let answer = ana.submit(&sent).await.expect_redirect_to("/issuances");
    let first = ana.follow(answer).await;
    assert_eq!(first.form("form#filter").value("q"), Some("zutáno"));
    let next = first.attribute("a[rel=next]", "href").unwrap();
    let export = first.attribute("#export", "href").unwrap();
    let spanish = first.attribute("a[hreflang=es]", "href").unwrap();
    for address in [first.url.as_str(), &next, &export, &spanish] {
        assert!(address.contains("find="), "{address}");
        // Whole: three letters may stand in what is sealed by chance.
        for name in ["zutano", "zutáno", "zut%c3%a1no", "zut%"] {
            assert!(!address.to_lowercase().contains(name), "{address}");
        }
    }
    let second = ana.get(&app.at(&next)).await;
    assert_eq!(holders(&second), ["ZUTANO 00"], "{second:?}");
    assert!(!ana.get(&app.at(&export)).await.body.contains("MENGANO"));
    let ignored = ana.get(&app.at("/issuances?q=zutano")).await;
    assert!(
        holders(&ignored).contains(&"MENGANO".to_owned()),
        "{ignored:?}"
    );

    let bea = Browser::new();
    app.sign_in_directly(&bea, "ra-app").await;
    let stolen = bea.get(first.url.as_str()).await.expect_status(200);
    assert!(stolen.text(".banner").contains("has expired"), "{stolen:?}");
    assert_eq!(stolen.form("form#filter").value("q"), Some(""));
    bea.get(&app.at(&export)).await.expect_status(404);
    app.clock.advance(Duration::from_secs(3600));
    app.sign_in(&ana, "noperm").await;
    let stale = ana.get(first.url.as_str()).await.expect_status(200);
    assert!(stale.text(".banner").contains("has expired"), "{stale:?}");
    ana.get(&app.at(&export)).await.expect_status(404);
}

/// The lines of a CSV file, each cell as it was meant.
fn cells(file: &Page) -> Vec<Vec<String>> {
    let text = file
        .body
        .strip_prefix('\u{feff}')
        .unwrap_or_else(|| panic!("{file:?}"));
    let lines = text.strip_suffix("\r\n").unwrap().split("\r\n");
    let cell = |cell: &str| cell.replace("\"\"", "\"");
    lines
        .map(|line| {
            let inner = line
                .strip_prefix('"')
                .and_then(|line| line.strip_suffix('"'));
            let inner = inner.unwrap_or_else(|| panic!("{line}"));
            let separator = if inner.contains("\";\"") {
                "\";\""
            } else {
                "\",\""
            };
            inner.split(separator).map(cell).collect()
        })
        .collect()
}

/// As LibreOffice in Spain opens a file with both separators and every conversion on.
fn in_libreoffice(csv: &str, format: &str) -> String {
    let dir = tempfile::tempdir().unwrap();
    let (file, profile) = (dir.path().join("list.csv"), dir.path().join("profile"));
    std::fs::write(&file, csv).unwrap();
    let made = std::process::Command::new("soffice")
        .arg(format!(
            "-env:UserInstallation=file://{}",
            profile.display()
        ))
        .args([
            "--headless",
            "--infilter=CSV:59/44/9,34,76,1,,3082,false,true",
        ])
        .args(["--convert-to", format, "--outdir"])
        .args([dir.path(), &file])
        .output()
        .unwrap();
    let shown = dir.path().join(format!("list.{format}"));
    std::fs::read_to_string(shown).unwrap_or_else(|error| panic!("{error}: {made:?}"))
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs LibreOffice (soffice)"]
async fn i12_libreoffice_shows_one_column_per_heading_no_formula_and_the_same_names() {
    let names = [
        "=HYPERLINK(\"https://evil\")",
        "Núñez; Güell, María",
        "ANA, \"LA\" 12345678Z",
        "O'NEILL ZOË",
        "-1",
    ];
    let (app, ana) = with_requests(&names).await;
    let file = ana.get(&app.at("/issuances.csv?sort=oldest")).await;
    let wanted = cells(&file);
    assert!(!in_libreoffice(&file.body, "fods").contains("table:formula"));
    let page = Html::parse_document(&in_libreoffice(&file.body, "html"));
    let [row, cell] = ["tr", "td"].map(|one| Selector::parse(one).unwrap());
    let shown: Vec<Vec<String>> = page
        .select(&row)
        .map(|row| {
            let cells = row.select(&cell);
            cells.map(|one| one.text().collect::<String>()).collect()
        })
        .collect();
    assert_eq!(shown.len(), names.len() + 1, "{shown:?}");
    for (shown, wanted) in shown.iter().zip(&wanted) {
        assert_eq!(shown.len(), wanted.len(), "{shown:?}");
        let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(words(&shown[4]), words(&wanted[4]));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_choice_of_a_state_has_a_name_of_its_own() {
    let (app, ana) = (App::spawn().await, Browser::speaking("es"));
    app.sign_in(&ana, "demo").await;
    let page = ana.visit(&app.at("/issuances")).await;
    let states = page.texts("select[name=state] option");
    let names: std::collections::BTreeSet<_> = states.iter().collect();
    assert_eq!(names.len(), states.len(), "{states:?}");
    assert!(states.iter().any(|state| state == "En curso"), "{states:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_file_holds_what_is_filtered_and_no_formula() {
    let hostile = [
        "=HYPERLINK(\"https://evil\")",
        "+1",
        "-1",
        "@SUM(A1)",
        "ANA, \"LA\" 12345678Z",
    ];
    let (app, ana) = with_requests(&hostile).await;
    let page = ana.get(&app.at("/issuances?sort=oldest")).await;
    let href = page.attribute("#export", "href").unwrap();
    let file = ana.get(&app.at(&href)).await.expect_status(200);
    assert!(
        file.header("content-type")
            .starts_with("text/csv; charset=utf-8")
    );
    assert!(
        file.header("content-disposition")
            .contains("certificate-requests.csv")
    );
    let lines = cells(&file);
    assert_eq!(lines.len(), 6, "{file:?}");
    assert!(lines.iter().all(|line| line.len() == 18), "{file:?}");
    assert_eq!(lines[0][4], "Holder");
    let holders: Vec<_> = lines[1..].iter().map(|line| line[4].as_str()).collect();
    assert_eq!(
        holders,
        [
            "'=HYPERLINK(\"https://evil\")",
            "'+1",
            "'-1",
            "'@SUM(A1)",
            "ANA, \"LA\" *****678Z"
        ]
    );
    assert_eq!(lines[1][8], "NO_PERMISSION");
    assert!(lines[1][17].starts_with("Test certificate"), "{file:?}");
    assert_eq!(lines[1][2], "Refused");
    let none = ana.get(&app.at("/issuances.csv?state=issued")).await;
    assert_eq!(cells(&none).len(), 1, "{none:?}");
    let spanish = Browser::speaking("es");
    app.sign_in(&spanish, "noperm").await;
    let file = spanish.get(&app.at("/issuances.csv")).await;
    assert_eq!(cells(&file)[0][4], "Titular");
    let bea = Browser::new();
    bea.get(&app.at("/issuances.csv"))
        .await
        .expect_redirect_to("/sign-in");
    app.sign_in_directly(&bea, "ra-app").await;
    assert_eq!(cells(&bea.get(&app.at("/issuances.csv")).await).len(), 1);
}
