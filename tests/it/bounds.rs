//! What one person may cost or keep: what is unpacked and listed for an upload, whose a
//! thumbprint is, how many drafts, who waits for a sign-in; and what ends with a connection.

use std::io::Cursor;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::support::admin;
use crate::support::app::{App, state_of, thumbprint_of};
use crate::support::browser::Browser;
use crate::support::page::Page;
use crate::take_over::{outside, pem, sent, stored, taken, thumbprint};

/// A zip whose directory names one packed file of a mebibyte so many times, with a checksum
/// that is not its own.
fn named_often(times: u16) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    zip.start_file("a", options).unwrap();
    // Packs well, but not so well that it is not unpacked.
    let content: Vec<u8> = (0..1_000_000_u32)
        .map(|at| at.wrapping_mul(at / 37).to_le_bytes()[1] & 0x0F)
        .collect();
    std::io::Write::write_all(&mut zip, &content).unwrap();
    let one = zip.finish().unwrap().into_inner();
    let (rest, tail) = one.split_at(one.len() - 22);
    let at = u32::from_le_bytes(tail[16..20].try_into().unwrap());
    let (local, entry) = rest.split_at(usize::try_from(at).unwrap());
    let (mut zip, mut entry, mut tail) = (local.to_vec(), entry.to_vec(), tail.to_vec());
    (zip[14], entry[16], entry[28]) = (zip[14] ^ 1, entry[16] ^ 1, 5);
    for number in 0..times {
        zip.extend(&entry[..46]);
        zip.extend(format!("{number:05}").as_bytes());
        zip.extend(&entry[47..]);
    }
    let size = u32::try_from(zip.len()).unwrap() - at;
    for count in [8, 10] {
        tail[count..count + 2].copy_from_slice(&times.to_le_bytes());
    }
    tail[12..16].copy_from_slice(&size.to_le_bytes());
    [zip, tail].concat()
}

fn not_read(page: &Page) -> Vec<String> {
    page.texts("[data-group=not-read] li")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_small_zip_is_not_worth_seconds_of_work() {
    let (app, ana) = App::spawn_signed_in().await;
    let zip = named_often(200);
    let begun = Instant::now();
    let page = sent(&app, &ana, &[("a.zip", &zip)]).await;
    let page = page.expect_status(422);
    // Nothing is told of each of its files.
    let lines = not_read(&page).len();
    assert_eq!(lines, 0, "{lines} lines, {:?}", begun.elapsed());
    let why = page.text("#certificate_file-error");
    assert!(why.contains("damaged"), "{why}");
    // Nor where a certificate is renewed by its file.
    let form = ana.visit(&app.at("/renew")).await.form("form#step");
    let form = form.attach("certificate_file", "a.zip", &zip);
    let page = ana.submit(&form).await.expect_status(422);
    assert!(
        page.text("#certificate_file-error").contains("damaged"),
        "{page:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_files_of_an_upload_are_counted_together_and_the_rest_is_told() {
    let (app, ana) = App::spawn_signed_in().await;
    let zip = |from: usize| {
        let files: Vec<_> = (from..from + 999)
            .map(|at| (format!("{at}.cer"), vec![b'x']))
            .collect();
        stored(&files)
    };
    let zips = [zip(0), zip(1_000), zip(2_000)];
    let single = b"not a certificate".as_slice();
    let page = sent(
        &app,
        &ana,
        &[
            ("a.zip", &zips[0]),
            ("b.zip", &zips[1]),
            ("c.zip", &zips[2]),
            ("d.cer", single),
            ("e.cer", single),
            ("f.cer", single),
            ("g.cer", single),
        ],
    )
    .await
    .expect_status(422);
    let lines = not_read(&page);
    let too_much = lines.iter().filter(|line| line.contains("holds too much"));
    assert_eq!((lines.len(), too_much.count()), (2_002, 1));
    let last = lines.last().unwrap();
    assert!(
        last.starts_with("2 more files") && last.contains("2,000"),
        "{last}"
    );
}

async fn name(app: &App, browser: &Browser, print: &str) -> Page {
    let page = browser.visit(&app.at("/certificates/take-over")).await;
    let form = page.form("form#step").set("thumbprint", print);
    browser.submit(&form).await
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_only_names_a_thumbprint_keeps_nobody_from_it() {
    let (app, squatter) = App::spawn_signed_in().await;
    let bea = Browser::new();
    app.sign_in_directly(&bea, "ra-app").await;
    let of_bea = outside(
        &app,
        json!({"user": "ra-app", "count": 2, "validity_days": 20}),
    )
    .await;
    for one in &of_bea {
        name(&app, &squatter, thumbprint(one))
            .await
            .expect_status(200);
    }
    // By thumbprint both have it, and Redtrust decides who may renew it.
    let first = thumbprint(&of_bea[0]);
    let named = name(&app, &bea, first).await.expect_status(200);
    assert_eq!(
        named.texts("[data-group=taken-over] li").len(),
        1,
        "{named:?}"
    );
    let (path, answers) = (
        format!("/renew/{first}"),
        [("kind", "name"), ("common_name", "Bea")],
    );
    let refused = app.walk(&squatter, &path, &answers).await;
    let refused = app.settled(&squatter, refused).await;
    assert_ne!(state_of(&refused), "issued", "{refused:?}");
    let issued = app.walk(&bea, &path, &answers).await;
    let issued = app.settled(&bea, issued).await;
    assert_eq!(state_of(&issued), "issued", "{issued:?}");
    let old = app.at(&format!("/certificates/{first}"));
    assert_eq!(bea.visit(&old).await.text("#status"), "Replaced");
    squatter.get(&old).await.expect_status(404);
    // Who shows the file has it alone.
    let page = taken(&app, &bea, &[("b.pem", pem(&of_bea[1]).as_bytes())]).await;
    assert_eq!(
        page.texts("[data-group=taken-over] li").len(),
        1,
        "{page:?}"
    );
    let second = thumbprint(&of_bea[1]);
    let list = squatter.visit(&app.at("/certificates")).await;
    assert!(!list.body.contains(second), "{list:?}");
    let page = name(&app, &squatter, second).await.expect_status(422);
    assert!(
        page.text("#thumbprint-error").contains("somebody else"),
        "{page:?}"
    );
    assert_eq!(thumbprint_of(&issued).len(), first.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_name_shown_and_searched_is_the_one_that_the_server_says() {
    let app = admin::app().await;
    let user = json!({"username": "newuser", "password": "p"});
    app.sandbox.post("users", user).await;
    let browser = Browser::new();
    let form = browser.visit(&app.at("/sign-in")).await;
    let form = form.form("form[action='/sign-in/direct']");
    let form = form.set("username", "NEWUser").set("password", "p");
    let home = browser.submit_and_follow(&form).await.expect_status(200);
    let shown = home.text("#signed-in-as");
    assert!(
        shown.contains("newuser") && !shown.contains("NEWUser"),
        "{shown}"
    );
    let desk = admin::signed_in(&app).await;
    for typed in ["newuser", "NEWUser"] {
        let find = desk.visit(&app.at("/admin/sessions")).await;
        let find = find.form("form#find-user").set("login", typed);
        let page = desk.submit_and_follow(&find).await;
        let found = page.texts("#find-user ~ table.sessions tbody th");
        assert_eq!(found.len(), 1, "{typed}: {page:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_calendar_is_read_no_more_once_its_connection_is_disabled() {
    let app = admin::app().await;
    let ana = Browser::new();
    app.sign_in(&ana, "demo").await;
    let page = ana.get(&app.at("/account/calendar")).await;
    let made = ana.submit(&page.form("main form")).await.expect_status(200);
    let (reader, address) = (Browser::new(), made.text("#feed-address"));
    reader.get(&address).await.expect_status(200);
    let desk = admin::signed_in(&app).await;
    admin::disable(&app, &desk, "demo").await;
    reader.get(&address).await.expect_status(404);
}

#[tokio::test(flavor = "multi_thread")]
async fn there_is_an_end_to_the_drafts_of_one_person() {
    let (app, ana) = App::spawn_signed_in().await;
    let begin = async || {
        let page = ana.visit(&app.at("/issue/kind")).await;
        let form = page.form("main form#step").set("kind", "name");
        ana.submit(&form).await
    };
    begin().await.expect_status(303);
    let copies = app.portal.storage.write(|conn| {
        Box::pin(async move {
            sqlx::query(
                "WITH RECURSIVE n (k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM n WHERE k < 999) \
                 INSERT INTO issuances (id, reference, owner_id, connection_id, sign_in_id, kind, \
                 state, attempt, answers, holder, code_from_client, lease_until, created_at, \
                 updated_at, cursor) SELECT 'd' || k, 'R' || k, owner_id, connection_id, \
                 sign_in_id, kind, state, attempt, answers, holder, 0, 0, created_at, updated_at, \
                 CAST('c' || k AS BLOB) FROM issuances, n WHERE issuances.state = 'draft'",
            )
            .execute(conn)
            .await?;
            Ok::<_, rubrica::storage::StorageError>(())
        })
    });
    copies.await.unwrap();
    let page = begin().await.expect_status(409);
    assert!(page.text("h1").contains("too many drafts"), "{page:?}");
    let spanish = ana.visit(&app.at("/issue/kind?lang=es")).await;
    let form = spanish.form("main form#step").set("kind", "name");
    let page = ana.submit(&form).await.expect_status(409);
    assert!(
        page.text("h1").contains("demasiados borradores"),
        "{page:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn few_wait_for_a_sign_in_that_another_request_has_begun() {
    let (app, ana) = (App::spawn().await, Browser::new());
    let form = app.go_to_redtrust(&ana).await.form("form");
    let form = form.set("username", "demo").set("password", "demo");
    let back = ana.submit(&form).await.location().unwrap();
    app.sandbox
        .fault("login_by_temp_token", "before", "delay", json!(2_000), 0)
        .await;
    let twins: Vec<_> = (0..8).map(|_| ana.twin()).collect();
    let answers = twins.iter().map(|twin| twin.get(back.as_str()));
    let answers = futures_util::future::join_all(answers).await;
    let of = |status: u16| answers.iter().filter(|page| page.status == status).count();
    // The one that makes the exchange, and four that wait for it.
    assert_eq!((of(303), of(429)), (5, 3));
    let begun = Instant::now();
    ana.get(back.as_str()).await.expect_redirect_to("/");
    assert!(begun.elapsed() < Duration::from_secs(2));
}
