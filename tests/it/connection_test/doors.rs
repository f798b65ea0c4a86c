//! The button and the command themselves.

use std::time::{Duration, Instant};

use serde_json::json;

use super::{Desk, Findings};
use crate::support::admin;
use crate::support::raw_server::{RawServer, Reply};

#[tokio::test(flavor = "multi_thread")]
async fn a_test_is_in_the_audit_whichever_way_it_was_made() {
    let desk = Desk::new().await;
    desk.tested().await;
    let audited = admin::audited(&desk.app, &desk.ana).await;
    let tests: Vec<_> = audited
        .iter()
        .filter(|row| row.contains("Connection tested"))
        .collect();
    assert_eq!(tests.len(), 2, "{audited:#?}");
    assert!(tests.iter().any(|row| row.contains("system")), "{tests:#?}");
    assert!(
        tests.iter().any(|row| row.contains(admin::USERNAME)),
        "{tests:#?}"
    );
    assert!(
        tests.iter().all(|row| row.contains("Login URL")),
        "{tests:#?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_command_ends_with_0_1_or_2() {
    let desk = Desk::new().await;
    let (status, says, words) = desk.command(&[]).await;
    assert_eq!(status, Some(0), "{says} {words}");
    assert!(says.contains("pass  login_url"), "{says}");
    desk.edit(&[("partner", "NOBODY")]).await;
    let (status, says, words) = desk.command(&[]).await;
    assert_eq!(status, Some(1), "{says} {words}");
    assert!(
        says.contains("fail  login_url") && words.contains("1 of 7"),
        "{says} {words}"
    );
    let dir = desk.app.data_dir();
    let data_dir = dir.to_str().unwrap();
    for arguments in [
        &["doctor", "nobody", "--data-dir", data_dir][..],
        &["doctor", "No good", "--data-dir", data_dir],
        &["doctor"],
    ] {
        let output = crate::support::process::command(dir, arguments, &[]).output();
        assert_eq!(output.unwrap().status.code(), Some(2), "{arguments:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_is_tested_once_at_a_time() {
    let desk = Desk::new().await;
    let delay = json!(1000);
    desk.app
        .sandbox
        .fault("login_by_temp_token", "before", "delay", delay, 0)
        .await;
    let (first, second) = tokio::join!(desk.pressed(), desk.pressed());
    let mut statuses = [first.status.as_u16(), second.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409]);
    desk.app.sandbox.put("faults", json!({"faults": []})).await;
    desk.pressed().await.expect_status(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_never_answers_is_told_within_the_time_limit() {
    let server = RawServer::start(vec![Reply::Hang]).await;
    let desk = Desk::new().await;
    desk.edit(&[("base_url", &server.url)]).await;
    let started = Instant::now();
    let page = desk.pressed().await.expect_status(200);
    assert!(started.elapsed() < Duration::from_secs(20));
    let found = Findings::of_page(&page);
    found.passes("tcp", "answers");
    found.fails("api", "No answer was received in time", "again");
    found.fails("login_url", "No answer was received in time", "again");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_speaks_spanish_too() {
    let desk = Desk::new().await;
    desk.edit(&[("partner", "NOBODY")]).await;
    desk.ana.get(&desk.app.at("/admin?lang=es")).await;
    let page = desk.pressed().await.expect_status(200);
    assert!(
        page.text("#check-login_url")
            .contains("Redtrust no conoce al partner NOBODY")
    );
    assert!(
        page.text(".banner").contains("Ha fallado una comprobación"),
        "{page:?}"
    );
}
