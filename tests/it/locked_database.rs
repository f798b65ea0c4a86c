//! Another process holds the SQLite file: people wait for a while, never long,
//! and never for a page that writes nothing.

use std::time::{Duration, Instant};

use sqlx::{AnyConnection, Connection};
use tempfile::TempDir;

use crate::support::app::{App, fill};
use crate::support::browser::Browser;
use crate::support::page::Form;

struct Locked {
    app: App,
    ana: Browser,
    /// A step that writes.
    step: Form,
    foreign: AnyConnection,
    _dir: TempDir,
}

impl Locked {
    /// Somebody in the middle of a request, and a foreign process that has
    /// begun to write.
    async fn start() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", dir.path().join("rubrica.db").display());
        let (app, ana) = (App::spawn_with(&url, |_| {}).await, Browser::new());
        app.sign_in_directly(&ana, "ra-app").await;
        let page = ana.visit(&app.at("/issue")).await;
        let step = fill(page.form("main form#step"), &[("kind", "name")]);
        let mut foreign = AnyConnection::connect(&url).await.unwrap();
        run(&mut foreign, "BEGIN IMMEDIATE").await;
        Self {
            app,
            ana,
            step,
            foreign,
            _dir: dir,
        }
    }
}

async fn run(foreign: &mut AnyConnection, sql: &'static str) {
    sqlx::raw_sql(sql).execute(foreign).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn g02_a_lock_of_four_seconds_is_waited_for() {
    let mut locked = Locked::start().await;
    let begun = Instant::now();
    let release = async {
        tokio::time::sleep(Duration::from_secs(4)).await;
        run(&mut locked.foreign, "COMMIT").await;
    };
    let submit = async {
        let page = locked.ana.submit(&locked.step).await;
        (page, begun.elapsed())
    };
    let ((page, waited), ()) = tokio::join!(submit, release);
    page.expect_status(303);
    assert!(waited >= Duration::from_secs(4), "{waited:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn g02_a_lock_of_thirty_seconds_is_refused_within_six_and_keeps_nobody_from_reading() {
    let mut locked = Locked::start().await;
    // So that the session itself would have something to write as well.
    locked.app.clock.advance(Duration::from_secs(120));
    let begun = Instant::now();
    let page = locked.ana.submit(&locked.step).await;
    let waited = begun.elapsed();
    let page = page.expect_status(503);
    assert!(waited < Duration::from_secs(6), "{waited:?}: {page:?}");
    assert!(!page.text("#request-id").is_empty(), "{page:?}");
    let begun = Instant::now();
    for path in ["/", "/issuances", "/readyz"] {
        locked
            .ana
            .get(&locked.app.at(path))
            .await
            .expect_status(200);
    }
    let waited = begun.elapsed();
    assert!(waited < Duration::from_secs(4), "reading took {waited:?}");
    run(&mut locked.foreign, "ROLLBACK").await;
    locked.ana.submit(&locked.step).await.expect_status(303);
}
