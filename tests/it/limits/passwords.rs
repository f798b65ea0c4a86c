//! Wrong passwords, on both forms: an address has only so many, and nobody can keep
//! the right person out.

use std::time::{Duration, Instant};

use serde_json::json;
use sqlx::{AnyConnection, Connection as _};

use super::{behind_a_proxy, must_wait, submit_from, users_form};
use crate::support::admin::{self, PASSWORD, USERNAME, sign_in_form};
use crate::support::app::App;
use crate::support::browser::Browser;
use crate::support::page::Form;
use crate::support::postgres;

/// The admins' form with the right password.
async fn admins_form(app: &App, browser: &Browser) -> Form {
    let form = sign_in_form(app, browser).await;
    form.set("username", USERNAME).set("password", PASSWORD)
}

/// Tries `tries` wrong passwords in turn from these addresses; how many were looked
/// at, all others had to wait.
async fn try_wrong(browser: &Browser, form: &Form, tries: usize, addresses: &[String]) -> usize {
    let mut looked_at = 0;
    for (at, address) in (0..tries).zip(addresses.iter().cycle()) {
        let wrong = form
            .clone()
            .set("password", &format!("wrong password {at}"));
        let page = submit_from(browser, &wrong, address).await;
        match page.status.as_u16() {
            422 => looked_at += 1,
            _ => drop(must_wait(page)),
        }
    }
    looked_at
}

fn addresses(count: usize) -> Vec<String> {
    (0..count)
        .map(|at| format!("10.{}.{}.{}", at / 250 / 250, at / 250 % 250, at % 250 + 1))
        .collect()
}

/// All that is kept is when the allowance is whole again: that of the sign-in just made.
async fn as_if_a_thousand_times(app: &App) {
    let spend = "UPDATE tries SET whole_at = whole_at + 999 * 10000 \
        WHERE whole_at = (SELECT MAX(whole_at) FROM tries)";
    let url = format!("sqlite://{}/rubrica.db", app.data_dir().display());
    let mut database = AnyConnection::connect(&url).await.unwrap();
    let spent = sqlx::query(spend).execute(&mut database).await.unwrap();
    assert_eq!(spent.rows_affected(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_signs_in_only_so_often_with_a_right_password() {
    let app = behind_a_proxy("").await;
    admin::make_admin(&app).await;
    let right = async || {
        let browser = Browser::new();
        let form = admins_form(&app, &browser).await;
        submit_from(&browser, &form, "10.0.0.1").await
    };
    right().await.expect_redirect_to("/admin");
    as_if_a_thousand_times(&app).await;
    must_wait(right().await);
    app.clock.advance(Duration::from_secs(11));
    right().await.expect_redirect_to("/admin");
}

/// Each leaves an entry in the audit, which is never pruned.
#[tokio::test(flavor = "multi_thread")]
async fn one_person_signs_in_only_so_often_with_a_right_password() {
    let app = behind_a_proxy("").await;
    let right = async || {
        let browser = Browser::new();
        let form = users_form(&app, &browser).await;
        submit_from(&browser, &form, "10.0.0.1").await
    };
    right().await.expect_redirect_to("/");
    as_if_a_thousand_times(&app).await;
    must_wait(right().await);
    app.sign_in(&Browser::new(), "demo").await;
    app.clock.advance(Duration::from_secs(11));
    right().await.expect_redirect_to("/");
}

#[tokio::test(flavor = "multi_thread")]
async fn i04_what_redtrust_did_not_judge_is_no_wrong_password() {
    let app = behind_a_proxy("").await;
    let ana = Browser::new();
    let form = users_form(&app, &ana).await;
    app.sandbox
        .fault("login", "before", "status", json!(503), 0)
        .await;
    for _ in 0..12 {
        let page = submit_from(&ana, &form, "10.0.0.1").await;
        page.expect_status(502);
    }
    app.sandbox.mend().await;
    submit_from(&ana, &form, "10.0.0.1")
        .await
        .expect_redirect_to("/");
}

#[tokio::test(flavor = "multi_thread")]
async fn i04_one_address_has_a_few_passwords_at_the_users_form_and_others_go_on() {
    let app = behind_a_proxy("").await;
    let eve = Browser::new();
    let form = users_form(&app, &eve).await;
    let looked_at = try_wrong(&eve, &form, 30, &addresses(1)).await;
    assert_eq!(looked_at, 10);
    assert_eq!(app.sandbox.count("call", "login").await, 10);
    must_wait(submit_from(&eve, &form, "10.0.0.1").await);
    submit_from(&eve, &form, "198.51.100.9")
        .await
        .expect_redirect_to("/");
    app.clock.advance(Duration::from_secs(61));
    submit_from(&eve, &form, "10.0.0.1")
        .await
        .expect_redirect_to("/");
}

#[tokio::test(flavor = "multi_thread")]
async fn i04_a_name_is_the_same_however_it_is_written() {
    let app = behind_a_proxy("").await;
    let eve = Browser::new();
    let form = users_form(&app, &eve).await;
    // After twenty tries at one name an address has three of its own at it.
    for (at, name) in ["ra-app", "RA-App ", "\u{ff52}a-app"]
        .iter()
        .cycle()
        .take(30)
        .enumerate()
    {
        let wrong = form.clone().set("username", name).set("password", "wrong");
        submit_from(&eve, &wrong, &format!("10.0.{at}.1")).await;
    }
    let again = try_wrong(&eve, &form, 5, &["10.9.9.9".to_owned()]).await;
    assert_eq!(again, 3);
    let other = form.clone().set("username", "somebody");
    let again = try_wrong(&eve, &other, 5, &["10.9.9.10".to_owned()]).await;
    assert_eq!(again, 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn i04_addresses_of_one_ipv6_network_count_together() {
    let app = behind_a_proxy("").await;
    let eve = Browser::new();
    let form = users_form(&app, &eve).await;
    let of_one_64: Vec<_> = (0..20).map(|at| format!("2001:db8:0:1::{at:x}")).collect();
    assert_eq!(try_wrong(&eve, &form, 20, &of_one_64).await, 10);
    let of_one_48: Vec<_> = (2..200).map(|at| format!("2001:db8:0:{at:x}::1")).collect();
    let looked_at = try_wrong(&eve, &form, 198, &of_one_48).await;
    assert_eq!(looked_at, 40, "fifty of one /48, ten of them before");
    submit_from(&eve, &form, "2001:db8:1::1")
        .await
        .expect_redirect_to("/");
}

#[tokio::test(flavor = "multi_thread")]
async fn i04_a_browser_that_signed_in_before_gets_in_from_the_attackers_own_address() {
    let app = behind_a_proxy("").await;
    admin::make_admin(&app).await;
    let (ana, eve) = (Browser::new(), Browser::new());
    let (hers, users) = (admins_form(&app, &ana).await, users_form(&app, &ana).await);
    submit_from(&ana, &hers, "10.0.0.1")
        .await
        .expect_redirect_to("/admin");
    submit_from(&ana, &users, "10.0.0.1")
        .await
        .expect_redirect_to("/");
    for (form, to) in [
        (admins_form(&app, &eve).await, "/admin"),
        (users_form(&app, &eve).await, "/"),
    ] {
        try_wrong(&eve, &form, 12, &addresses(1)).await;
        must_wait(submit_from(&eve, &form, "10.0.0.1").await);
        let hers = if to == "/" { &users } else { &hers };
        submit_from(&ana, hers, "10.0.0.1")
            .await
            .expect_redirect_to(to);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn i04_a_known_browser_has_only_so_many_tries_too() {
    let app = behind_a_proxy("").await;
    let thief = Browser::new();
    let form = users_form(&app, &thief).await;
    submit_from(&thief, &form, "10.0.0.1")
        .await
        .expect_redirect_to("/");
    // Ten of the browser's own, and then those of anybody's address.
    assert_eq!(try_wrong(&thief, &form, 40, &addresses(1)).await, 20);
}

#[tokio::test(flavor = "multi_thread")]
async fn c02_the_right_admin_and_user_get_in_while_wrong_passwords_come_from_many_addresses() {
    let app = behind_a_proxy("").await;
    admin::make_admin(&app).await;
    let (eve, ana) = (Browser::new(), Browser::new());
    let forms = [
        (
            admins_form(&app, &eve).await,
            admins_form(&app, &ana).await,
            "/admin",
        ),
        (
            users_form(&app, &eve).await,
            users_form(&app, &ana).await,
            "/",
        ),
    ];
    for (wrong, right, to) in &forms {
        let looked_at = try_wrong(&eve, wrong, 120, &addresses(20)).await;
        assert_eq!(looked_at, 20 + 20 * 3, "{to}");
        submit_from(&ana, right, "198.51.100.1")
            .await
            .expect_redirect_to(to);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn i04_nodes_count_together_and_the_database_holds_no_name() {
    let Some(url) = postgres::migrated().await else {
        return;
    };
    let app = behind_a_proxy(&url).await;
    let other = app.second_node(&url).await;
    let (here, there) = (Browser::new(), Browser::new());
    let name = "canary.of.a.name";
    let form = users_form(&app, &here).await.set("username", name);
    assert_eq!(
        try_wrong(&here, &form, 10, &["127.0.0.1".to_owned()]).await,
        10
    );
    let form = users_form(&other, &there).await.set("username", name);
    must_wait(there.submit(&form).await);
    let tables = "SELECT string_agg(t.*::text, ' ') FROM tries AS t";
    let rows: Option<String> = sqlx::query_scalar(tables)
        .fetch_one(app.portal.storage.pool())
        .await
        .unwrap();
    let rows = rows.unwrap();
    assert!(!rows.is_empty() && !rows.contains("canary"), "{rows}");
}

/// The whole of section C: slow, and its times mean something only in a release build.
/// `cargo test --release --test it c_a_thousand -- --ignored --nocapture`
#[tokio::test(flavor = "multi_thread")]
#[ignore = "a measurement"]
async fn c02_a_thousand_wrong_passwords_keep_nobody_out_for_a_second() {
    let app = behind_a_proxy("").await;
    admin::make_admin(&app).await;
    let mut fresh = 0;
    for door in ["/admin", "/"] {
        for count in [1, 100, 1_000] {
            let eve = std::sync::Arc::new(Browser::new());
            let form = match door {
                "/admin" => admins_form(&app, &eve).await,
                _ => users_form(&app, &eve).await,
            };
            let before = resident();
            let attack = tokio::spawn({
                let (eve, form) = (std::sync::Arc::clone(&eve), form.clone());
                async move { storm(&eve, &form, count).await }
            });
            let mut slowest = Duration::ZERO;
            while !attack.is_finished() {
                fresh += 1;
                let ana = Browser::new();
                let right = match door {
                    "/admin" => admins_form(&app, &ana).await,
                    _ => users_form(&app, &ana).await,
                };
                let began = Instant::now();
                submit_from(
                    &ana,
                    &right,
                    &format!("198.51.{}.{}", fresh / 250, fresh % 250 + 1),
                )
                .await
                .expect_redirect_to(door);
                slowest = slowest.max(began.elapsed());
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
            let looked_at = attack.await.unwrap();
            let grown = resident().saturating_sub(before) / 1024;
            eprintln!(
                "{door}, {count} addresses: {looked_at} of 1000 looked at, slowest right one {slowest:?}, +{grown} MB"
            );
            assert!(slowest < Duration::from_secs(1), "{slowest:?}");
            assert!(grown < 30, "{grown} MB");
        }
    }
}

/// A thousand wrong passwords, sixteen at once.
async fn storm(browser: &Browser, form: &Form, count: usize) -> usize {
    let addresses = addresses(count);
    let shares = (0..16).map(|share| {
        let mine: Vec<_> = addresses
            .iter()
            .skip(share % count.max(1))
            .step_by(16)
            .cloned()
            .collect();
        let mine = if mine.is_empty() {
            addresses.clone()
        } else {
            mine
        };
        async move { try_wrong(browser, form, 1_000 / 16, &mine).await }
    });
    futures_util::future::join_all(shares)
        .await
        .into_iter()
        .sum()
}

/// Memory of this process in KiB; the portal runs in it.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status
        .lines()
        .find(|line| line.starts_with("VmRSS"))
        .unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}
