//! What each form takes: its content type, and how much of it.

use std::time::Duration;

use futures_util::future::join_all;
use rubrica::web::csrf::{FILE_LIMIT, FORM_LIMIT, MANY_FILES_LIMIT, PEM_FORM_LIMIT};
use rubrica::web::routes::TAKE_OVER;

use super::rows::{Desk, Row, rows};
use crate::support::page::Form;
use crate::support::raw_client::{Answer, Then, multipart};
use crate::web_frame::headers::expect_headers;

const SOON: Duration = Duration::from_secs(20);
const URLENCODED: &str = "application/x-www-form-urlencoded";
/// The fields and the heads of the parts.
const BESIDE_FILES: usize = FORM_LIMIT + 8 * 1024;

fn forms() -> impl Iterator<Item = Row> {
    rows().into_iter().filter(|row| row.method == "POST")
}

fn form_limit(row: &Row) -> usize {
    match row.body {
        "pem" => PEM_FORM_LIMIT,
        _ => FORM_LIMIT,
    }
}

/// The files of a form together.
fn files_limit(row: &Row) -> usize {
    match row.path {
        TAKE_OVER => MANY_FILES_LIMIT,
        _ => FILE_LIMIT,
    }
}

/// Sends a body with an announced length, which may be another than its own.
async fn send(desk: &Desk, row: &Row, (kind, length): (&str, usize), body: &[u8]) -> Answer {
    let (client, path) = (desk.client(row), desk.filled(row));
    let head = client.form_head(&path, kind, length);
    let bytes = [head.as_bytes(), body].concat();
    let answer = client.exchange(&bytes, Then::Wait, SOON).await;
    let answer = answer.unwrap_or_else(|| panic!("{path} with {kind}"));
    expect_headers(&answer.headers(), row.path);
    assert_eq!(answer.headers()["cache-control"], "no-store");
    answer
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_of_a_kind_that_a_form_does_not_take_is_415() {
    let desk = Desk::new().await;
    let empty = Form::empty("http://localhost/");
    let (with_file, file) = multipart(&empty, "file", b"x");
    for row in forms() {
        let bodies: [(&str, &[u8]); 4] = [
            ("application/json", b"{}"),
            ("text/plain", b"csrf=x"),
            ("", b"csrf=x"),
            (&with_file, &file),
        ];
        for (kind, body) in bodies {
            let is_taken = row.body == "file" && kind == with_file;
            let expected = if is_taken { 403 } else { 415 };
            let answer = send(&desk, &row, (kind, body.len()), body).await;
            assert_eq!(answer.status(), expected, "{} {kind}: {answer:?}", row.path);
        }
    }
    desk.assert_signed_in().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_longer_than_a_form_takes_is_413_before_it_is_read_and_no_shorter_one() {
    let desk = &Desk::new().await;
    // All at once: the rest of what was announced is waited for, for a second each.
    let too_long = forms().map(|row| async move {
        let announced = (URLENCODED, form_limit(&row) + 1);
        let answer = send(desk, &row, announced, b"").await;
        assert_eq!(answer.status(), 413, "{}: {answer:?}", row.path);
        if row.body == "file" {
            let limit = files_limit(&row) + BESIDE_FILES;
            let announced = ("multipart/form-data; boundary=x", limit + 1);
            let answer = send(desk, &row, announced, b"").await;
            assert_eq!(answer.status(), 413, "{}: {answer:?}", row.path);
        }
    });
    join_all(too_long).await;
    for row in forms() {
        // As long as it may be: refused only because it has no token.
        let limit = form_limit(&row);
        let answer = send(desk, &row, (URLENCODED, limit), &vec![b'a'; limit]).await;
        assert_eq!(answer.status(), 403, "{}: {answer:?}", row.path);
        if row.body == "file" {
            let empty = Form::empty("http://localhost/");
            let (kind, longest) = multipart(&empty, "file", &vec![b'a'; files_limit(&row)]);
            let answer = send(desk, &row, (&kind, longest.len()), &longest).await;
            assert_eq!(answer.status(), 403, "{}: {answer:?}", row.path);
        }
    }
    desk.assert_signed_in().await;
}
