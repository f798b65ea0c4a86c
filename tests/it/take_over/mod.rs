//! Certificates that exist already: taken over by file and by thumbprint, renewed, shown
//! and downloaded.

mod nothing;
mod odd;
mod renewing;

use std::io::{Cursor, Write as _};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::support::app::{App, thumbprint_of};
use crate::support::browser::Browser;
use crate::support::page::{Form, Page};

const FIELD: &str = "certificate_file";

/// Certificates that the sandbox issued outside the portal, with what it says of each.
pub async fn outside(app: &App, body: Value) -> Vec<Value> {
    let answer = app.sandbox.post_for("certificates", body).await;
    answer["certificates"].as_array().unwrap().clone()
}

pub fn pem(one: &Value) -> &str {
    one["pem"].as_str().unwrap()
}

pub fn thumbprint(one: &Value) -> &str {
    one["thumbprint"].as_str().unwrap()
}

/// A file of each of these certificates, under its thumbprint.
pub fn files_of(all: &[Value]) -> Vec<(String, Vec<u8>)> {
    let file = |one: &Value| (format!("{}.pem", thumbprint(one)), pem(one).into());
    all.iter().map(file).collect()
}

pub fn packed(files: &[(String, Vec<u8>)]) -> Vec<u8> {
    zipped(files, CompressionMethod::Deflated)
}

/// Not packed at all.
pub fn stored(files: &[(String, Vec<u8>)]) -> Vec<u8> {
    zipped(files, CompressionMethod::Stored)
}

fn zipped(files: &[(String, Vec<u8>)], method: CompressionMethod) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in files {
        let options = SimpleFileOptions::default().compression_method(method);
        zip.start_file(name, options).unwrap();
        zip.write_all(content).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

async fn form(app: &App, browser: &Browser) -> Form {
    let page = browser.visit(&app.at("/certificates/take-over")).await;
    page.expect_status(200).form("form#step")
}

/// The answer to these files, whatever became of them.
pub async fn sent(app: &App, browser: &Browser, files: &[(&str, &[u8])]) -> Page {
    let mut form = form(app, browser).await;
    for (name, content) in files {
        form = form.attach(FIELD, name, content);
    }
    browser.submit(&form).await
}

/// The page that says what became of these files.
pub async fn taken(app: &App, browser: &Browser, files: &[(&str, &[u8])]) -> Page {
    sent(app, browser, files).await.expect_status(200)
}

/// How many lines the page has in this group.
fn lines(page: &Page, group: &str) -> usize {
    page.texts(&format!("[data-group={group}] li")).len()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_zip_of_three_hundred_is_listed_at_once_with_exact_dates_and_each_only_once() {
    let (app, ana) = App::spawn_signed_in().await;
    let days: Vec<i64> = (1..=300).collect();
    let all = outside(&app, json!({"count": 300, "validity_days": days})).await;
    let zip = packed(&files_of(&all));
    let begun = Instant::now();
    let page = taken(&app, &ana, &[("all.zip", &zip)]).await;
    assert!(
        begun.elapsed() < Duration::from_secs(20),
        "{:?}",
        begun.elapsed()
    );
    assert_eq!(lines(&page, "taken-over"), 300);
    assert!(
        page.text("#taken-over").contains("300 certificates added"),
        "{page:?}"
    );
    // A long list is folded: nobody scrolls past three hundred lines.
    assert!(!page.has("details[open]"), "{page:?}");
    let again = taken(&app, &ana, &[("all.zip", &zip)]).await;
    assert_eq!(
        (lines(&again, "taken-over"), lines(&again, "here")),
        (0, 300)
    );
    let list = ana.visit(&app.at("/certificates")).await;
    let first = list.texts("table.cards tbody tr")[0].clone();
    assert!(
        first.contains("added") && !first.contains("estimated"),
        "{first}"
    );
    let one = format!("/certificates/{}", thumbprint(&all[9]));
    let page = ana.visit(&app.at(&one)).await.expect_status(200);
    assert_eq!(page.text("#status"), "Expires soon");
    assert_eq!(
        page.text("#thumbprint").replace(' ', ""),
        thumbprint(&all[9])
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn each_line_says_what_became_of_it() {
    let (app, ana) = App::spawn_signed_in().await;
    let bea = Browser::new();
    app.sign_in_directly(&bea, "ra-app").await;
    let all = outside(&app, json!({"count": 3})).await;
    let of_bea = outside(&app, json!({"user": "ra-app"})).await;
    taken(&app, &bea, &[("b.pem", pem(&of_bea[0]).as_bytes())]).await;
    let own = thumbprint_of(&app.issue(&ana, "ANA").await);
    let own = app.sandbox.text(&format!("certificates/{own}")).await;
    let ca = app.sandbox.text("ca").await;
    let key = rcgen::KeyPair::generate().unwrap().serialize_pem();
    let inner = packed(&[("x.pem".to_owned(), pem(&all[2]).into())]);
    let zip = packed(&[
        ("1.pem".to_owned(), pem(&all[0]).into()),
        ("key.pem".to_owned(), key.clone().into_bytes()),
        (
            "with_key.pem".to_owned(),
            [pem(&all[2]), &key].concat().into_bytes(),
        ),
        ("readme.txt".to_owned(), b"hello".to_vec()),
        ("inner.zip".to_owned(), inner),
    ]);
    let page = taken(
        &app,
        &ana,
        &[
            ("a\u{202E}b.zip", &zip),
            ("2.pem", pem(&all[1]).as_bytes()),
            ("same.pem", pem(&all[1]).as_bytes()),
            ("own.pem", own.as_bytes()),
            ("ca.pem", ca.as_bytes()),
            ("of_bea.pem", pem(&of_bea[0]).as_bytes()),
        ],
    )
    .await;
    let count = |group| lines(&page, group);
    assert_eq!(
        (count("taken-over"), count("here"), count("others")),
        (2, 1, 1),
        "{page:?}"
    );
    assert_eq!((count("of-cas"), count("not-read")), (1, 4), "{page:?}");
    let not_read = page.texts("[data-group=not-read] li");
    for (file, words) in [
        ("key.pem", "private key"),
        ("with_key.pem", "private key"),
        ("readme.txt", "no certificate"),
        ("inner.zip", ".zip inside another"),
    ] {
        let line = not_read
            .iter()
            .find(|line| line.contains(&format!(": {file}")));
        let line = line.unwrap_or_else(|| panic!("{file}: {not_read:?}"));
        assert!(line.contains(words) && line.contains("[U+202E]"), "{line}");
    }
    let unknown = format!("/certificates/{}", thumbprint(&all[2]));
    ana.get(&app.at(&unknown)).await.expect_status(404);
    let others = format!("/certificates/{}", thumbprint(&of_bea[0]));
    ana.get(&app.at(&others)).await.expect_status(404);
    // The download has the CA that was shown with it.
    let one = format!("/certificates/{}", thumbprint(&all[1]));
    let chain = ana
        .get(&app.at(&format!("{one}/chain.pem")))
        .await
        .expect_status(200);
    assert_eq!(chain.body, [pem(&all[1]), ca.as_str()].concat());
    let der = ana
        .get(&app.at(&format!("{one}/certificate.cer")))
        .await
        .expect_status(200);
    assert_eq!(der.header("content-type"), "application/pkix-cert");
    for path in ["certificate.cer", "chain.pem"] {
        let theirs = bea.get(&app.at(&format!("{one}/{path}"))).await;
        theirs.expect_status(404);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_tabs_that_take_over_the_same_at_once_make_no_duplicates() {
    let (app, ana) = App::spawn_signed_in().await;
    let all = outside(&app, json!({"count": 40})).await;
    let files: String = all.iter().map(pem).collect();
    let form = form(&app, &ana)
        .await
        .attach(FIELD, "all.pem", files.as_bytes());
    let tabs = futures_util::future::join_all((0..4).map(|_| ana.submit(&form))).await;
    let new: usize = tabs.iter().map(|page| lines(page, "taken-over")).sum();
    let here: usize = tabs.iter().map(|page| lines(page, "here")).sum();
    assert_eq!((new, here), (40, 120));
}
