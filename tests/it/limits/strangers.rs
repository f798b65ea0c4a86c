//! What strangers make the portal call must not get in the way of those who are
//! signed in.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::json;

use super::{behind_a_proxy, must_wait, submit_from, users_form};
use crate::support::app::{App, acme, state_of};
use crate::support::browser::Browser;
use crate::support::page::Page;

async fn rows(app: &App, table: &'static str) -> i64 {
    let sql = sqlx::AssertSqlSafe(format!("SELECT COUNT(*) FROM {table}"));
    let count = sqlx::query_scalar(sql).fetch_one(app.portal.storage.pool());
    count.await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn i03_odd_sign_ins_stop_neither_issuing_nor_other_sign_ins() {
    let app = behind_a_proxy("").await;
    let (ana, eve) = (Browser::new(), Browser::new());
    app.sign_in_directly(&ana, "ra-app").await;
    let form = users_form(&app, &eve).await;
    app.sandbox
        .fault("login", "before", "status", json!(500), 0)
        .await;
    for at in 0..9 {
        let odd = form.clone().set("username", &format!("odd {at}"));
        submit_from(&eve, &odd, "10.0.0.1").await.expect_status(502);
    }
    let issued = app.issue(&ana, "TITULAR").await;
    assert_eq!(state_of(&issued), "issued", "{issued:?}");
    app.sandbox.mend().await;
    submit_from(&Browser::new(), &form, "10.0.0.2").await;
    let berta = Browser::new();
    let form = users_form(&app, &berta).await;
    submit_from(&berta, &form, "198.51.100.1")
        .await
        .expect_redirect_to("/");
}

#[tokio::test(flavor = "multi_thread")]
async fn i03_a_server_that_is_gone_for_strangers_does_not_stop_issuing_either() {
    let app = behind_a_proxy("").await;
    let (ana, eve) = (Browser::new(), Browser::new());
    app.sign_in_directly(&ana, "ra-app").await;
    let form = users_form(&app, &eve).await;
    app.sandbox
        .fault("login", "before", "drop", json!(null), 0)
        .await;
    for at in 0..9 {
        let page = submit_from(&eve, &form, &format!("10.0.{at}.1")).await;
        assert!(page.status.is_server_error(), "{page:?}");
    }
    // By now sign-ins are not even tried any more.
    let page = submit_from(&eve, &form, "10.0.9.1").await;
    assert_eq!(page.expect_status(503).problem(), "redtrust_busy");
    let issued = app.issue(&ana, "TITULAR").await;
    assert_eq!(state_of(&issued), "issued", "{issued:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn i03_slow_sign_ins_leave_places_to_those_who_issue() {
    let app = Arc::new(behind_a_proxy("").await);
    let (ana, eve) = (Browser::new(), Arc::new(Browser::new()));
    app.sign_in_directly(&ana, "ra-app").await;
    let form = users_form(&app, &eve).await;
    app.sandbox
        .fault("login", "before", "delay", json!(8_000), 0)
        .await;
    let (told, mut tell) = tokio::sync::mpsc::unbounded_channel::<Page>();
    let slow: Vec<_> = (0..34)
        .map(|at| {
            let (eve, form, told) = (Arc::clone(&eve), form.clone(), told.clone());
            tokio::spawn(async move {
                let page = submit_from(&eve, &form, &format!("10.0.{at}.1")).await;
                let _ = told.send(page);
            })
        })
        .collect();
    // Once two were turned away every place is taken.
    for _ in 0..2 {
        let page = tell.recv().await.unwrap();
        assert_eq!(page.expect_status(503).problem(), "redtrust_busy");
    }
    let issued = app.issue(&ana, "TITULAR").await;
    assert_eq!(state_of(&issued), "issued", "{issued:?}");
    for task in slow {
        task.abort();
    }
}

/// A portal whose tokens only Redtrust can read.
async fn with_opaque_tokens() -> App {
    let app = App::spawn_from_toml(|redtrust, key, origin| {
        format!(
            "trusted_proxies = \"127.0.0.1\"\n\
             {}direct_login = true\n[connection.dialect]\ntemp_token = \"opaque\"\n",
            acme(redtrust, key, origin)
        )
    })
    .await;
    let url = json!({"url": app.at("/callback/acme"), "partner": "RUBRICA-DEMO"});
    app.sandbox.post("redirect-urls", url).await;
    app.sandbox
        .put("dialect", json!({"temp_token": "opaque"}))
        .await;
    app
}

/// Comes back with made-up tokens, three to each sign-in that was begun; the last page.
async fn make_up(app: &App, eve: &Browser, tokens: usize) -> Page {
    // One that was used before is refused before anything is counted.
    static MADE_UP: AtomicUsize = AtomicUsize::new(0);
    let page = eve.visit(&app.at("/sign-in")).await;
    let form = page.form("form[action='/sign-in/redtrust']");
    let mut last = page;
    for at in 0..tokens {
        if at % 3 == 0 {
            eve.submit(&form).await.expect_status(303);
        }
        let number = MADE_UP.fetch_add(1, Ordering::Relaxed);
        let url = app.at(&format!("/callback/acme?tkn=made-up-{number}"));
        last = eve.get(&url).await;
    }
    last
}

#[tokio::test(flavor = "multi_thread")]
async fn i03_made_up_tokens_cost_no_more_than_a_few_calls_and_rows() {
    let app = with_opaque_tokens().await;
    let ana = Browser::new();
    app.sign_in(&ana, "demo").await;
    let last = make_up(&app, &Browser::new(), 120).await;
    must_wait(last);
    let calls = app.sandbox.count("call", "login_by_temp_token").await;
    assert_eq!(calls, 1 + 20);
    assert_eq!(rows(&app, "attempts").await, 1 + 20);
    // Somebody who has signed in with this browser before is none of them.
    let page = ana.visit(&app.url).await;
    ana.submit(&page.form("form[action='/sign-out']")).await;
    app.sign_in(&ana, "demo").await;
    app.clock.advance(Duration::from_secs(11));
    app.sign_in(&Browser::new(), "demo").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn i03_whoever_can_sign_in_has_no_more_made_up_tokens_for_each_cookie() {
    let app = with_opaque_tokens().await;
    let known = [(); 4].map(|()| Browser::new());
    for eve in &known {
        app.sign_in(eve, "demo").await;
        eve.forget_cookie(&app.url, "rubrica");
    }
    must_wait(make_up(&app, &Browser::new(), 30).await);
    for eve in &known {
        must_wait(make_up(&app, eve, 15).await);
    }
    let calls = app.sandbox.count("call", "login_by_temp_token").await;
    assert_eq!(calls, 4 + 20 + 10);
}

#[tokio::test(flavor = "multi_thread")]
async fn i03_strangers_write_few_rows_and_old_ones_are_swept() {
    let app = behind_a_proxy("").await;
    let eve = Browser::new();
    let form = users_form(&app, &eve).await;
    for at in 0..40 {
        let wrong = form.clone().set("username", &format!("name {at}"));
        submit_from(&eve, &wrong, "10.0.0.1").await;
    }
    // The address, and the ten names that were looked at.
    assert_eq!(rows(&app, "tries").await, 1 + 10);
    for _ in 0..200 {
        eve.get(&app.at("/sign-in")).await;
        eve.get(&app.at("/callback/demo?tkn=a")).await;
    }
    assert_eq!(rows(&app, "tries").await, 1 + 10);
    app.clock.advance(Duration::from_secs(601));
    rubrica::services::housekeeping::sweep(&app.portal)
        .await
        .unwrap();
    assert_eq!(rows(&app, "tries").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn i20_strangers_see_no_list_of_the_connections_and_come_in_by_name_or_link() {
    let app = App::spawn_with("", |config| config.hide_connections = true).await;
    let ana = Browser::new();
    let page = ana.visit(&app.at("/sign-in?go=issue")).await;
    assert!(
        !page.body.contains("demo") && !page.body.contains("Demo"),
        "{page:?}"
    );
    let form = page.form("main form#step");
    let unknown = ana.submit(&form.clone().set("connection", "nemo")).await;
    assert_eq!(unknown.expect_status(404).problem(), "no_connection");
    let page = ana.submit(&form.set("connection", " DEMO ")).await;
    let page = page.expect_status(200);
    assert!(
        page.has("a[href='/sign-in']"),
        "no way to another: {page:?}"
    );
    let form = page.form("form[action='/sign-in/direct']");
    assert_eq!(form.value("go"), Some("issue"));
    let form = form.set("username", "ra-app").set("password", "ra-app");
    ana.submit(&form).await.expect_redirect_to("/issue");
    // The browser remembers where its user signs in.
    let page = Browser::new()
        .visit(&app.at("/sign-in?connection=demo"))
        .await;
    assert!(page.has("form[action='/sign-in/direct']"), "{page:?}");
    ana.forget_cookie(&app.url, "rubrica");
    let page = ana.visit(&app.at("/sign-in")).await;
    assert_eq!(
        page.form("main form#step").value("connection"),
        Some("demo")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn i20_a_callback_does_not_tell_which_connections_exist() {
    let app = App::spawn().await;
    for query in ["", "?tkn=a", "?tkn=a.b.c", "?tkn=%00", "?error=x"] {
        let mut answers = Vec::new();
        for slug in ["demo", "nemo"] {
            let url = app.at(&format!("/callback/{slug}{query}"));
            let page = Browser::new().get(&url).await.expect_status(400);
            let id = page.text("#request-id");
            answers.push(page.body.replace(&id, "").replace(slug, "SLUG"));
        }
        assert_eq!(answers[0], answers[1], "{query}");
    }
}
