//! On which devices somebody is signed in: listed, and ended one by one.

use std::time::Duration;

use rubrica::services::housekeeping;

use crate::support::admin::{self, PASSWORD};
use crate::support::app::App;
use crate::support::browser::Browser;
use crate::support::page::Page;
use crate::support::postgres;

const FIREFOX: &str = "Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0";
const IPHONE: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) AppleWebKit/605.1.15 \
    (KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1";

/// The same person at a desk and on a phone.
async fn desk_and_phone(app: &App) -> (Browser, Browser) {
    let both = (
        Browser::calling_itself(FIREFOX),
        Browser::calling_itself(IPHONE),
    );
    app.sign_in(&both.0, "demo").await;
    app.sign_in(&both.1, "demo").await;
    both
}

async fn account(app: &App, browser: &Browser) -> Page {
    let page = browser.get(&app.at("/account")).await;
    page.expect_status(200)
}

fn devices(page: &Page) -> Vec<String> {
    let mut devices = page.texts("table.sessions tbody th");
    devices.sort();
    devices
}

async fn is_in(app: &App, browser: &Browser) -> bool {
    browser.get(&app.at("/account")).await.status == 200
}

/// Waits until Redtrust was told of this many ends.
async fn told(app: &App, times: usize) {
    app.sandbox.reaches("effect", "logout", times).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn i11_a_person_sees_each_session_with_device_address_and_times() {
    let app = App::spawn().await;
    let (desk, _phone) = desk_and_phone(&app).await;
    let unnamed = Browser::new();
    app.sign_in(&unnamed, "demo").await;
    let page = account(&app, &desk).await;
    let all = ["Firefox on Windows", "Safari on iPhone", "Unknown browser"];
    assert_eq!(devices(&page), all, "{page:?}");
    assert_eq!(page.texts("tr[aria-current] th"), ["Firefox on Windows"]);
    assert!(!page.has("tr[aria-current] form"), "{page:?}");
    for row in page.texts("table.sessions tbody tr") {
        assert!(row.contains("127.0.0.1"), "{row}");
    }
    let times = |page: &Page| page.attributes("tr[aria-current] time", "datetime");
    let before = times(&page);
    app.clock.advance(Duration::from_secs(5 * 60));
    let after = times(&account(&app, &desk).await);
    // Begun and the end stay; its last use moves.
    assert_eq!((&before[0], &before[2]), (&after[0], &after[2]));
    assert_ne!(before[1], after[1]);
}

#[tokio::test(flavor = "multi_thread")]
async fn i11_ending_one_session_tells_redtrust_and_leaves_the_others() {
    let app = App::spawn().await;
    let (desk, phone) = desk_and_phone(&app).await;
    assert!(is_in(&app, &phone).await);
    let page = account(&app, &desk).await;
    let end = page.form("tr:not([aria-current]) form");
    let page = desk.submit_and_follow(&end).await.expect_status(200);
    assert!(page.has(".banner.good"), "{page:?}");
    assert_eq!(devices(&page), ["Firefox on Windows"]);
    assert!(!is_in(&app, &phone).await);
    told(&app, 1).await;
    let tokens = "SELECT COUNT(*) FROM sign_ins WHERE access_token IS NOT NULL";
    let tokens: i64 = sqlx::query_scalar(tokens)
        .fetch_one(app.portal.storage.pool())
        .await
        .unwrap();
    assert_eq!(tokens, 1);
    // Once more by the same form: it is gone.
    desk.submit(&end).await.expect_status(404);
}

#[tokio::test(flavor = "multi_thread")]
async fn i11_all_other_sessions_end_and_this_one_stays() {
    let app = App::spawn().await;
    let (desk, phone) = desk_and_phone(&app).await;
    let other = Browser::new();
    app.sign_in_directly(&other, "ra-app").await;
    let page = account(&app, &desk).await;
    let end = page.form("form[action='/account/sessions/end-others']");
    let page = desk.submit_and_follow(&end).await.expect_status(200);
    assert_eq!(devices(&page), ["Firefox on Windows"]);
    assert!(!page.has("form[action='/account/sessions/end-others']"));
    assert!(!is_in(&app, &phone).await);
    assert!(is_in(&app, &other).await);
    told(&app, 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_sessions_are_in_pages() {
    let app = App::spawn().await;
    let (desk, _phone) = desk_and_phone(&app).await;
    for _ in 0..10 {
        app.sign_in(&Browser::new(), "demo").await;
    }
    let page = account(&app, &desk).await;
    assert_eq!(devices(&page).len(), 10, "{page:?}");
    let next = page.attribute("a[rel=next]", "href").unwrap();
    let page = desk.visit(&app.at(&next)).await;
    assert_eq!(devices(&page).len(), 2, "{page:?}");
    assert!(page.has("form[action='/account/sessions/end-others']"));
}

#[tokio::test(flavor = "multi_thread")]
async fn i11_a_session_of_somebody_else_is_not_found_and_goes_on() {
    let app = App::spawn().await;
    let (desk, phone) = desk_and_phone(&app).await;
    let other = Browser::new();
    app.sign_in_directly(&other, "ra-app").await;
    let page = account(&app, &desk).await;
    let theirs = page.form("tr:not([aria-current]) form");
    let token = account(&app, &other).await.form("form");
    let forged = token.to(&app.at(theirs.path()));
    other.submit(&forged).await.expect_status(404);
    assert!(is_in(&app, &phone).await);
    // Neither the id nor the hash it is stored under can be read from the page.
    let hashes: Vec<Vec<u8>> = sqlx::query_scalar("SELECT id_hash FROM sessions")
        .fetch_all(app.portal.storage.pool())
        .await
        .unwrap();
    for hash in hashes {
        let hex = data_encoding::HEXLOWER.encode(&hash);
        assert!(!page.body.contains(&hex[..16]), "{page:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn i11_a_sign_in_on_another_node_shows_up_at_once_and_ends_from_here() {
    let Some(url) = postgres::migrated().await else {
        return;
    };
    let app = App::spawn_with(&url, |_| {}).await;
    let node = app.second_node(&url).await;
    let (desk, phone) = (
        Browser::calling_itself(FIREFOX),
        Browser::calling_itself(IPHONE),
    );
    app.sign_in_directly(&desk, "ra-app").await;
    assert_eq!(devices(&account(&app, &desk).await), ["Firefox on Windows"]);
    node.sign_in_directly(&phone, "ra-app").await;
    let page = account(&app, &desk).await;
    let both = ["Firefox on Windows", "Safari on iPhone"];
    assert_eq!(devices(&page), both, "{page:?}");
    let end = page.form("tr:not([aria-current]) form");
    desk.submit_and_follow(&end).await.expect_status(200);
    // The other node has it in its memory for half a second at the most.
    let since = std::time::Instant::now();
    while is_in(&node, &phone).await {
        let late = since.elapsed();
        assert!(late < Duration::from_secs(1), "still in after {late:?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn i22_address_and_device_are_gone_with_the_session() {
    let app = App::spawn().await;
    let (desk, _phone) = desk_and_phone(&app).await;
    let page = account(&app, &desk).await;
    let out = page.form("form[action='/sign-out/everywhere']");
    desk.submit(&out).await.expect_redirect_to("/sign-in");
    let left = async || {
        let sql = "SELECT COUNT(*) FROM sessions";
        let left = sqlx::query_scalar(sql).fetch_one(app.portal.storage.pool());
        let left: i64 = left.await.unwrap();
        left
    };
    assert_eq!(left().await, 0);
    app.sign_in(&desk, "demo").await;
    app.clock.advance(Duration::from_secs(48 * 3600));
    assert_eq!(left().await, 1);
    housekeeping::sweep(&app.portal).await.unwrap();
    assert_eq!(left().await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn i11_an_admin_ends_sessions_of_any_admin_and_the_audit_says_so() {
    let app = admin::app().await;
    let (desk, phone) = (
        Browser::calling_itself(FIREFOX),
        Browser::calling_itself(IPHONE),
    );
    for browser in [&desk, &phone] {
        admin::sign_in(&app, browser, admin::USERNAME, PASSWORD)
            .await
            .expect_redirect_to("/admin");
    }
    let (eva, user) = (Browser::new(), Browser::new());
    admin::make(&app, "eva").await;
    admin::sign_in(&app, &eva, "eva", PASSWORD)
        .await
        .expect_redirect_to("/admin");
    app.sign_in_directly(&user, "ra-app").await;
    let page = desk.visit(&app.at("/admin/sessions")).await;
    let all = [
        "anaFirefox on Windows",
        "anaSafari on iPhone",
        "evaUnknown browser",
    ];
    assert_eq!(devices(&page), all, "{page:?}");
    let of_eva = page.form("#others ~ table.sessions form");
    let page = desk.submit_and_follow(&of_eva).await.expect_status(200);
    let out = eva.get(&app.at("/admin")).await;
    out.expect_redirect_to("/admin/sign-in");
    let others = page.form("form[action='/admin/sessions/end-others']");
    desk.submit_and_follow(&others).await.expect_status(200);
    let out = phone.get(&app.at("/admin")).await;
    out.expect_redirect_to("/admin/sign-in");
    assert!(is_in(&app, &user).await);
    let rows = admin::audited(&app, &desk).await;
    for (row, words) in [
        (
            &rows[0],
            ["Other sessions of the same account ended", "Account ana"],
        ),
        (&rows[1], ["Session ended", "Account eva"]),
    ] {
        assert!(words.iter().all(|word| row.contains(word)), "{row}");
    }
    desk.submit(&of_eva).await.expect_status(404);
}

#[tokio::test(flavor = "multi_thread")]
async fn i11_an_admin_ends_the_session_of_a_user_and_redtrust_is_told() {
    let app = admin::app().await;
    let desk = admin::signed_in(&app).await;
    let (user, phone) = desk_and_phone(&app).await;
    let other = Browser::new();
    app.sign_in_directly(&other, "ra-app").await;
    let find = desk.visit(&app.at("/admin/sessions")).await;
    let find = find.form("form#find-user");
    let nobody = desk
        .submit_and_follow(&find.clone().set("login", "nobody"))
        .await;
    assert!(nobody.text("#empty").contains("nobody"), "{nobody:?}");
    let page = desk.submit_and_follow(&find.set("login", "demo")).await;
    assert!(!page.url.as_str().contains("demo"), "{}", page.url);
    let of_user = page.texts("#find-user ~ table.sessions tbody th");
    assert_eq!(of_user.len(), 2, "{page:?}");
    let rows = "#find-user ~ table.sessions tbody tr";
    let end = match of_user[0].contains("iPhone") {
        true => page.form(&format!("{rows}:first-child form")),
        false => page.form(&format!("{rows}:last-child form")),
    };
    // Without the name the mark is one of admins, of whom none has it.
    desk.submit(&end.clone().without("whose"))
        .await
        .expect_status(404);
    desk.submit_and_follow(&end).await.expect_status(200);
    assert!(!is_in(&app, &phone).await);
    assert!(is_in(&app, &user).await && is_in(&app, &other).await);
    told(&app, 1).await;
    let row = &admin::audited(&app, &desk).await[0];
    assert!(
        row.contains("Session ended") && row.contains("User demo"),
        "{row}"
    );
}
