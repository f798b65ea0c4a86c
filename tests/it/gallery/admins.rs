//! The admins' pages.

use rubrica::domain::millis::Millis;
use serde_json::json;

use super::{Gallery, HOSTILE};
use crate::support::admin::{self, PASSWORD, USERNAME, change_connection, send_key, tamper};
use crate::support::browser::Browser;
use crate::support::sandbox::mac;

/// 24 copies of each failed sign-in.
const FAILURES: &str = "\
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 24) \
    INSERT INTO sign_in_failures (id, connection_id, method, failed_at, cause, facts) \
    SELECT id || '-' || i, connection_id, method, failed_at - i, cause, facts \
    FROM n, sign_in_failures";

/// Signing in, connections, redirect URLs and the audit.
pub async fn walk(gallery: &mut Gallery) {
    let browser = gallery.browser();
    gallery
        .visit(&browser, "admin-setup-spent", "/admin/setup?link=x")
        .await;
    let form = admin::sign_in_form(&gallery.app, &browser).await;
    let page = browser.visit(&gallery.app.at("/admin/sign-in")).await;
    gallery.keep("admin-sign-in", page);
    let wrong = form.set("username", USERNAME).set("password", "wrong");
    gallery
        .submit(&browser, "admin-sign-in-wrong", &wrong, 422)
        .await;
    admin::sign_in(&gallery.app, &browser, USERNAME, PASSWORD)
        .await
        .expect_redirect_to("/admin");
    gallery.visit(&browser, "admin-home", "/admin").await;
    diagnostics(gallery, &browser).await;
    connections(gallery, &browser).await;
    keys(gallery, &browser).await;
    moved_url(gallery, &browser).await;
    left_file(gallery, &browser).await;
    redirect_urls(gallery, &browser).await;
    audit(gallery, &browser).await;
    gallery
        .visit(&browser, "admin-audit-verified", "/admin/audit?verify=yes")
        .await;
    sessions(gallery, &browser).await;
    long_name(gallery, &browser).await;
}

/// A name without a place to break, where it stands beside others.
async fn long_name(gallery: &mut Gallery, browser: &Browser) {
    change_connection(&gallery.app, "acme", |acme| {
        acme.settings.name =
            "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz".to_owned();
    })
    .await;
    for (name, path) in [
        ("admin-attention-long-name", "/attention"),
        ("admin-home-long-name", "/admin"),
    ] {
        gallery.visit(browser, name, path).await;
    }
}

/// All of it, a search that finds something, one that finds nothing, and a wrong one.
async fn audit(gallery: &mut Gallery, browser: &Browser) {
    let path = "/admin/audit";
    gallery.visit(browser, "admin-audit", path).await;
    let page = browser.visit(&gallery.app.at(path)).await;
    let form = page.form("form#filter");
    for (name, text, from, status) in [
        ("admin-audit-found", "acme", "", 200),
        ("admin-audit-none", HOSTILE, "", 200),
        ("admin-audit-error", "acme", "soon", 422),
    ] {
        let form = form.clone().set("q", text).set("from", from);
        let form = form.set("action", "connection.create");
        gallery.submit(browser, name, &form, status).await;
    }
}

/// Only this one; another of this admin, and those of others; one is ended.
async fn sessions(gallery: &mut Gallery, browser: &Browser) {
    let path = "/admin/sessions";
    gallery.visit(browser, "admin-sessions-one", path).await;
    admin::make(&gallery.app, "eva").await;
    let phone = Browser::calling_itself(
        "Mozilla/5.0 (iPad; CPU OS 18_7 like Mac OS X) Version/26.0 Safari/604.1",
    );
    for (browser, name) in [(&phone, USERNAME), (&gallery.browser(), "eva")] {
        admin::sign_in(&gallery.app, browser, name, PASSWORD)
            .await
            .expect_redirect_to("/admin");
    }
    let page = browser.visit(&gallery.app.at(path)).await;
    let end = page.form("#others ~ table form");
    let find = page.form("form#find-user");
    gallery.keep("admin-sessions", page);
    gallery
        .submit(browser, "admin-sessions-ended", &end, 200)
        .await;
    for (name, login) in [
        ("admin-sessions-of-user", "demo"),
        ("admin-sessions-of-nobody", HOSTILE),
    ] {
        let find = find.clone().set("login", login);
        gallery.submit(browser, name, &find, 200).await;
    }
}

/// A mail that the server did not take, and that it is sent once more.
async fn mail_failed(gallery: &mut Gallery, browser: &Browser) {
    let failed = gallery.app.portal.storage.write(|conn| {
        Box::pin(async move {
            let sql = "UPDATE mail_outbox SET state = 'failed', said = '550 no such <user>'";
            sqlx::query(sql).execute(conn).await?;
            Ok(())
        })
    });
    failed.await.unwrap();
    let page = browser.visit(&gallery.app.at("/admin/mail")).await;
    let again = page.form("form[action='/admin/mail/again']");
    gallery.keep("admin-mail-failed", page);
    gallery
        .submit(browser, "admin-mail-again", &again, 200)
        .await;
}

async fn diagnostics(gallery: &mut Gallery, browser: &Browser) {
    gallery
        .visit(browser, "admin-diagnostics", "/admin/diagnostics")
        .await;
    let page = browser.visit(&gallery.app.at("/admin/diagnostics")).await;
    let form = page.form("main form#step").set("url", HOSTILE);
    gallery
        .submit(browser, "admin-compare-wrong", &form, 422)
        .await;
    let url = "https://r.example/authclient/auth/loginrequest?Consumer=RA_API&timestamp=1764360000&partner=<b>x</b>&hmac=0123456789";
    gallery
        .submit(browser, "admin-compare", &form.clone().set("url", url), 200)
        .await;
    let mail = browser.visit(&gallery.app.at("/admin/mail")).await;
    let test = mail.form("form[action='/admin/mail/test']");
    gallery.keep("admin-mail", mail);
    gallery.submit(browser, "admin-mail-test", &test, 200).await;
    mail_failed(gallery, browser).await;
    let login = gallery.app.login_url(&gallery.browser()).await;
    let (unsigned, _) = login.split_once("hmac=").unwrap();
    for (name, url) in [
        ("admin-compare-same", login.clone()),
        (
            "admin-compare-key",
            format!("{unsigned}hmac={}", "0".repeat(64)),
        ),
    ] {
        let form = form.clone().set("url", &url);
        gallery.submit(browser, name, &form, 200).await;
    }
    for token in ["abcdef0123", "eyJhbGciOiJIUzI1NiJ9.e30.c2lnbmF0dXJl"] {
        let user = gallery.browser();
        gallery.app.go_to_redtrust(&user).await;
        let back = gallery.app.at(&format!("/callback/demo?tkn={token}"));
        user.get(&back).await.expect_status(400);
    }
    gallery.app.portal.in_flight.idle().await;
    tamper(&gallery.app, FAILURES).await;
    gallery
        .visit(browser, "admin-diagnostics-failures", "/admin/diagnostics")
        .await;
}

async fn connections(gallery: &mut Gallery, browser: &Browser) {
    gallery
        .visit(browser, "admin-connections", "/admin/connections")
        .await;
    let page = browser
        .visit(&gallery.app.at("/admin/connections/new"))
        .await;
    let wrong = page
        .form("form#step")
        .set("name", HOSTILE)
        .set("slug", "No good")
        .set("base_url", "https://redtrust.example/path")
        .set("validity_days", "0")
        .set("temp_token_field", "a b");
    gallery.keep("admin-connection-new", page);
    gallery
        .submit(browser, "admin-connection-new-error", &wrong, 422)
        .await;
    let right = wrong
        .set("slug", "acme")
        .set("base_url", &gallery.app.sandbox.url)
        .set("validity_days", "730")
        .set("temp_token_field", "tempToken")
        .set("partner", "acme-portal")
        .set("shared_key", "a key that nobody sees");
    let asked = browser.submit(&right).await.expect_status(200);
    let right = asked.form("form#step").set("password", PASSWORD);
    gallery
        .submit(browser, "admin-connection-made", &right, 200)
        .await;
    gallery
        .visit(browser, "admin-connection", "/admin/connections/demo")
        .await;
    other_server(gallery, browser).await;
    dialect(gallery, browser).await;
    connection_tests(gallery, browser).await;
    let chooser = gallery.browser();
    gallery.visit(&chooser, "sign-in-chooser", "/sign-in").await;
    chooser.set_cookie(&gallery.app.url, "rubrica-last", "demo");
    gallery
        .visit(&chooser, "sign-in-chooser-last", "/sign-in")
        .await;
}

/// The steps before a connection leads to another server.
async fn other_server(gallery: &mut Gallery, browser: &Browser) {
    let at = gallery.app.at("/admin/connections/acme");
    let form = browser.visit(&at).await.form("form#step");
    let form = form.set("base_url", "https://redtrust.other.example:8082");
    let page = browser.submit(&form).await.expect_status(200);
    let form = page.form("form#step");
    gallery.keep("admin-server", page);
    gallery
        .submit(browser, "admin-server-error", &form, 422)
        .await;
    let form = form.set("shared_key", "a key that nobody sees");
    let page = browser.submit(&form).await.expect_status(200);
    let form = page.form("form#step").set("password", "not it");
    gallery.keep("admin-confirm", page);
    gallery
        .submit(browser, "admin-confirm-error", &form, 422)
        .await;
}

/// The dialect finder: found, found with another key, not found, explained, refused.
async fn dialect(gallery: &mut Gallery, browser: &Browser) {
    let at = gallery.app.at("/admin/connections/acme/dialect");
    let page = browser.visit(&at).await;
    let form = page.form("form#step");
    gallery.keep("admin-dialect", page);
    let address = "https://redtrust.example:8082/authclient/auth/loginrequest";
    let signed = "Consumer=RA_API&RedirectUrl=https%3a%2f%2fp.example%2fc&timestamp=1764000000";
    let under = |key: &str, message: &str| {
        let hmac = data_encoding::BASE64.encode(&mac(key.as_bytes(), message));
        format!("{address}?{signed}&partner=ACME-PORTAL&hmac={hmac}")
    };
    let message = "1764000000 ACME-PORTAL https://p.example/c";
    let good = under("a key that nobody sees", message);
    let cases = [
        ("found", good.clone(), ""),
        (
            "found-key",
            under("quite another key", message),
            "quite another key",
        ),
        ("none", good.replace("p.example", "changed.example"), ""),
        ("explained", good.replace("=ACME", "=Acme"), ""),
    ];
    for (name, url, key) in cases {
        let filled = form.clone().set("example_url", &url).set("shared_key", key);
        let name = format!("admin-dialect-{name}");
        gallery.submit(browser, &name, &filled, 200).await;
    }
    let wrong = form.set("example_url", HOSTILE);
    gallery
        .submit(browser, "admin-dialect-error", &wrong, 422)
        .await;
}

/// Changing a shared key, and asking before a connection is disabled.
async fn keys(gallery: &mut Gallery, browser: &Browser) {
    for (name, page) in [("", "key"), ("-next", "next-key")] {
        let path = format!("/admin/connections/acme/{page}");
        let page = browser.visit(&gallery.app.at(&path)).await;
        let form = page.form("form#step");
        gallery.keep(&format!("admin-key{name}"), page);
        let wrong = form.set("shared_key", " blank");
        let name = format!("admin-key{name}-error");
        gallery.submit(browser, &name, &wrong, 422).await;
    }
    let page = send_key(&gallery.app, browser, ("acme", "next-key"), "the next key").await;
    let use_it = page.form("form#use-next-key");
    gallery.keep("admin-connection-next-key", page);
    let used = admin::saved(browser, &use_it).await.expect_status(200);
    gallery.keep("admin-connection-previous-key", used);
    gallery
        .visit(browser, "admin-key-previous", "/admin/connections/acme/key")
        .await;
    gallery
        .visit(
            browser,
            "admin-connection-off",
            "/admin/connections/acme/off",
        )
        .await;
    let off = admin::disable(&gallery.app, browser, "acme").await;
    gallery.keep("admin-connection-disabled", off);
}

/// The public URL has changed.
async fn moved_url(gallery: &mut Gallery, browser: &Browser) {
    tamper(
        &gallery.app,
        "UPDATE redirect_urls SET url = 'https://old.example/callback/demo'",
    )
    .await;
    for (name, path) in [
        ("admin-home-moved", "/admin"),
        ("admin-connections-moved", "/admin/connections"),
        ("admin-connection-moved", "/admin/connections/demo"),
        ("admin-redirect-urls-moved", "/admin/redirect-urls"),
    ] {
        gallery.visit(browser, name, path).await;
    }
    let page = browser
        .visit(&gallery.app.at("/admin/connections/demo"))
        .await;
    let register = page.form("form[action$='/redirect-url']");
    gallery
        .submit(browser, "admin-connection-registered", &register, 200)
        .await;
}

/// A connection of the configuration file, and one that is no longer in it.
async fn left_file(gallery: &mut Gallery, browser: &Browser) {
    let path = "/admin/connections/acme";
    change_connection(&gallery.app, "acme", |acme| acme.from_file = true).await;
    gallery
        .visit(browser, "admin-connection-from-file", path)
        .await;
    gallery
        .visit(browser, "admin-key-from-file", &format!("{path}/key"))
        .await;
    change_connection(&gallery.app, "acme", |acme| {
        acme.left_file_at = Some(Millis(1_750_000_000_000));
    })
    .await;
    gallery
        .visit(browser, "admin-connection-left-file", path)
        .await;
    gallery
        .visit(browser, "admin-connections-left-file", "/admin/connections")
        .await;
}

/// All well; a form not filled in; a partner that nobody knows; a key cut short.
async fn connection_tests(gallery: &mut Gallery, browser: &Browser) {
    for (name, slug) in [
        ("admin-connection-tested", "demo"),
        ("admin-connection-test-failed", "acme"),
    ] {
        let page = format!("/admin/connections/{slug}");
        let page = browser.visit(&gallery.app.at(&page)).await;
        let form = page.form("form[action$='/test']");
        let page = browser.submit(&form).await.expect_status(200);
        let again = page.form("form#step").set("username", HOSTILE);
        gallery.keep(name, page);
        if slug == "demo" {
            let name = "admin-connection-test-error";
            gallery.submit(browser, name, &again, 422).await;
        }
    }
    let partner = json!({"name": "ACME-PORTAL", "shared_key": "another key"});
    gallery.app.sandbox.post("partners", partner).await;
    let cut = "0123456789abcdef".repeat(4)[1..].to_owned();
    let page = send_key(&gallery.app, browser, ("acme", "key"), &cut).await;
    let test = page.form("form[action$='/test']");
    gallery.keep("admin-connection-key-replaced", page);
    gallery
        .submit(browser, "admin-connection-test-key-cut", &test, 200)
        .await;
}

async fn redirect_urls(gallery: &mut Gallery, browser: &Browser) {
    let page = browser.visit(&gallery.app.at("/admin/redirect-urls")).await;
    let wrong = page.form("form#step").set("url", "http://portal.example/");
    gallery.keep("admin-redirect-urls", page);
    gallery
        .submit(browser, "admin-redirect-urls-error", &wrong, 422)
        .await;
}
