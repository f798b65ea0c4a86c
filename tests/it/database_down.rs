//! PostgreSQL goes away, or freezes: people are told soon, and all goes on by
//! itself once it is back. Whoever hangs up leaves no transaction behind.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use rubrica::storage::Storage;
use rubrica::storage::seal::KeyRing;
use sqlx::{Connection, PgConnection};

use crate::support::app::{App, fill};
use crate::support::browser::Browser;
use crate::support::database::MASTER_KEY;
use crate::support::page::Form;
use crate::support::postgres::{self, Cluster};

/// Longer than any answer may take.
const LONGEST: Duration = Duration::from_secs(30);

/// Somebody signed in, in the middle of a request.
struct Portal {
    app: App,
    ana: Browser,
    step: Form,
}

impl Portal {
    async fn on(url: &str) -> Self {
        let (app, ana) = (App::spawn_with(url, |_| {}).await, Browser::new());
        app.sign_in_directly(&ana, "ra-app").await;
        let page = ana.visit(&app.at("/issue")).await;
        let step = fill(page.form("main form#step"), &[("kind", "name")]);
        Self { app, ana, step }
    }

    /// Asks for a page; answers its status and how long it took.
    async fn get(&self, path: &str) -> (u16, Duration) {
        let begun = Instant::now();
        let url = self.app.at(path);
        let asked = tokio::time::timeout(LONGEST, self.ana.get(&url)).await;
        let page = asked.unwrap_or_else(|_| panic!("{path} is never answered"));
        (page.status.as_u16(), begun.elapsed())
    }

    /// Nothing but probes of life is answered well, and all within `limit`.
    async fn is_down(&self, limit: Duration) {
        for path in ["/", "/issuances", "/readyz"] {
            let (status, took) = self.get(path).await;
            assert_eq!(status, 503, "{path}");
            assert!(took < limit, "{path} took {took:?}");
        }
        let begun = Instant::now();
        let asked = tokio::time::timeout(LONGEST, self.ana.submit(&self.step)).await;
        let page = asked.expect("a form is never answered");
        let page = page.expect_status(503);
        let took = begun.elapsed();
        assert!(took < limit, "a form took {took:?}");
        assert!(!page.text("#request-id").is_empty(), "{page:?}");
        assert_eq!(self.get("/healthz").await.0, 200);
    }

    async fn is_back_within_five_seconds(&self) {
        let until = Instant::now() + Duration::from_secs(5);
        loop {
            let ready = self.get("/readyz").await.0;
            if ready == 200 && self.get("/issuances").await.0 == 200 {
                break;
            }
            assert!(Instant::now() < until, "not back in five seconds");
        }
        self.ana.submit(&self.step).await.expect_status(303);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn g04_a_database_that_is_down_is_said_in_two_seconds_and_back_in_five_without_a_restart() {
    let Some(cluster) = Cluster::start() else {
        return;
    };
    let portal = Portal::on(&cluster.create("down", "template1").await).await;
    cluster.stop();
    portal.is_down(Duration::from_secs(2)).await;
    cluster.start_again();
    portal.is_back_within_five_seconds().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_is_frozen_keeps_nobody_for_long() {
    let Some(cluster) = Cluster::start() else {
        return;
    };
    let portal = Portal::on(&cluster.create("frozen", "template1").await).await;
    let frozen = cluster.freeze();
    // More at once than there are connections.
    let begun = Instant::now();
    let asked = (0..40).map(|_| portal.get("/issuances"));
    for (status, took) in join_all(asked).await {
        assert_eq!(status, 503);
        assert!(took < Duration::from_secs(9), "a page took {took:?}");
    }
    assert!(begun.elapsed() < Duration::from_secs(9));
    portal.is_down(Duration::from_secs(9)).await;
    let (ready, took) = portal.get("/readyz").await;
    assert_eq!(ready, 503);
    assert!(took < Duration::from_millis(2500), "readyz took {took:?}");
    drop(frozen);
    portal.is_back_within_five_seconds().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_is_frozen_holds_up_no_stop() {
    let Some(cluster) = Cluster::start() else {
        return;
    };
    let url = cluster.create("frozen_at_the_end", "template1").await;
    let keys = KeyRing::new(MASTER_KEY);
    let storage = Storage::open(&url, &keys).await.unwrap();
    storage.ping().await.unwrap();
    let _frozen = cluster.freeze();
    let closed = tokio::time::timeout(Duration::from_secs(5), storage.close());
    assert!(closed.await.is_ok(), "it waits for the database");
}

/// Waits until none of them waits: one that is at work does for a moment, between two
/// statements.
async fn none_is_left_open(watcher: &mut PgConnection) {
    let until = Instant::now() + Duration::from_secs(8);
    while left_open(watcher).await > 0 {
        assert!(Instant::now() < until, "a transaction is left open");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// How many transactions of this database wait for their client.
async fn left_open(watcher: &mut PgConnection) -> i64 {
    sqlx::query_scalar(
        "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() \
         AND pid <> pg_backend_pid() AND state LIKE 'idle in transaction%'",
    )
    .fetch_one(watcher)
    .await
    .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_hangs_up_leaves_no_transaction_open() {
    let Some(url) = postgres::migrated().await else {
        return;
    };
    let portal = Portal::on(&url).await;
    let mut watcher = PgConnection::connect(&url).await.unwrap();
    let mut holder = PgConnection::connect(&url).await.unwrap();
    for round in 0..6_u64 {
        // Everything that writes or reads an issuance has to wait, so that
        // people hang up at whatever point they have come to.
        let lock = "BEGIN; LOCK TABLE issuances IN ACCESS EXCLUSIVE MODE";
        sqlx::raw_sql(lock).execute(&mut holder).await.unwrap();
        assert!(left_open(&mut watcher).await >= 1, "it finds nothing");
        let hang_up = |number: u64| {
            let patience = Duration::from_millis(1 + (number * 7 + round) % 60);
            let (portal, is_form) = (&portal, number.is_multiple_of(2));
            async move {
                let asked = async {
                    match is_form {
                        true => portal.ana.submit(&portal.step).await,
                        false => portal.ana.get(&portal.app.at("/issuances")).await,
                    }
                };
                tokio::time::timeout(patience, asked).await.is_err()
            }
        };
        let cut = join_all((0..30).map(hang_up)).await;
        assert!(cut.iter().filter(|cut| **cut).count() > 15, "{cut:?}");
        sqlx::raw_sql("ROLLBACK")
            .execute(&mut holder)
            .await
            .unwrap();
    }
    none_is_left_open(&mut watcher).await;
    assert_eq!(portal.get("/issuances").await.0, 200);
    // Nor does one come to light later, when connections are taken up again.
    join_all((0..40).map(|_| portal.get("/issuances"))).await;
    none_is_left_open(&mut watcher).await;
}
