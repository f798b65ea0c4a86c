//! One Redtrust that is down or hangs is nobody else's trouble.

use std::io::ErrorKind;
use std::net::TcpListener;
use std::time::{Duration, Instant};

use futures_util::future::join_all;

use crate::support::app::{App, free_port};
use crate::support::browser::Browser;
use crate::support::page::Form;
use crate::support::raw_server::{RawServer, Reply};

/// So many sign-ins may be under way at one connection.
const PLACES: usize = 6;

/// Two connections: `acme` at `url`, `beta` at the sandbox.
async fn app(url: &str) -> App {
    App::spawn_from_toml(|redtrust, key, origin| {
        let connection = |slug: &str, base_url: &str| {
            format!(
                "[[connection]]\nslug = \"{slug}\"\nname = \"{slug}\"\nbase_url = \"{base_url}\"\n\
                 partner = \"RUBRICA-DEMO\"\nshared_key = \"{key}\"\n\
                 redirect_url = \"{origin}/callback/{slug}\"\ndirect_login = true\n"
            )
        };
        connection("acme", url) + &connection("beta", redtrust)
    })
    .await
}

async fn sign_in_form(app: &App, browser: &Browser, slug: &str) -> Form {
    let page = browser
        .visit(&app.at(&format!("/sign-in?connection={slug}")))
        .await;
    page.form("form[action='/sign-in/direct']")
        .set("username", "ra-app")
        .set("password", "ra-app")
}

#[tokio::test(flavor = "multi_thread")]
async fn e09_after_five_failures_nobody_waits_and_the_other_connection_does_not_care() {
    let port = free_port();
    let app = app(&format!("http://127.0.0.1:{port}")).await;
    let ana = Browser::new();
    let acme = sign_in_form(&app, &ana, "acme").await;
    for _ in 0..5 {
        ana.submit(&acme).await.expect_status(502);
    }
    // It is back, and nobody asks it yet.
    let server = TcpListener::bind(("127.0.0.1", port)).unwrap();
    server.set_nonblocking(true).unwrap();
    let refused = ana.submit(&acme).await.expect_status(503);
    assert!(
        refused.text("main").contains("nothing was sent"),
        "{refused:?}"
    );
    assert_eq!(server.accept().unwrap_err().kind(), ErrorKind::WouldBlock);
    let beta = sign_in_form(&app, &ana, "beta").await;
    let home = ana.submit_and_follow(&beta).await.expect_status(200);
    assert!(home.has("#signed-in-as"), "{home:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_is_down_leaves_the_other_alone() {
    let app = app(&format!("http://127.0.0.1:{}", free_port())).await;
    let ana = Browser::new();
    let acme = sign_in_form(&app, &ana, "acme").await;
    for _ in 0..8 {
        let page = ana.submit(&acme).await;
        assert!([502, 503].contains(&page.status.as_u16()), "{page:?}");
    }
    let beta = sign_in_form(&app, &ana, "beta").await;
    ana.submit_and_follow(&beta).await.expect_status(200);
    let page = app.issue(&ana, "ANA").await;
    assert_eq!(crate::support::app::state_of(&page), "issued", "{page:?}");
}

/// The time in which 99 of 100 pages came.
async fn p99(app: &App, browser: &Browser) -> Duration {
    let mut times = Vec::new();
    for _ in 0..100 {
        for path in ["/", "/issue/kind", "/issuances"] {
            let started = Instant::now();
            browser.get(&app.at(path)).await.expect_status(200);
            times.push(started.elapsed());
        }
    }
    times.sort();
    times[times.len() * 99 / 100]
}

#[tokio::test(flavor = "multi_thread")]
async fn with_all_places_for_sign_ins_hanging_the_next_is_refused_fast_and_pages_stay_quick() {
    let server = RawServer::start(vec![Reply::Hang]).await;
    let app = app(&server.url).await;
    let bea = Browser::new();
    let beta = sign_in_form(&app, &bea, "beta").await;
    bea.submit_and_follow(&beta).await.expect_status(200);
    let idle = p99(&app, &bea).await;

    let ana = Browser::new();
    let acme = sign_in_form(&app, &ana, "acme").await;
    let hanging = join_all((0..PLACES).map(|_| ana.submit(&acme)));
    let watched = async {
        while server.requests().len() < PLACES {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        let started = Instant::now();
        let next = ana.submit(&acme).await.expect_status(503);
        assert!(next.text("main").contains("nothing was sent"), "{next:?}");
        assert!(started.elapsed() < Duration::from_secs(1));
        p99(&app, &bea).await
    };
    let (answers, hung) = tokio::join!(hanging, watched);
    // On a machine that is busy with other things the idle portal is the measure.
    let bound = Duration::from_millis(100).max(idle * 2);
    assert!(hung < bound, "idle {idle:?}, hanging {hung:?}");
    for answer in answers {
        answer.expect_status(504);
    }
    assert_eq!(server.requests().len(), PLACES);
}
