//! Diagnostics: why sign-ins failed, and what to do about it.

use std::time::Duration;

use rubrica::services::diagnostics::health;
use serde_json::{Value, json};

use crate::callback::{refused, way_back};
use crate::support::admin;
use crate::support::app::App;
use crate::support::browser::Browser;
use crate::support::page::Page;
use crate::support::postgres;

/// The page once everything that was going on is noted.
async fn diagnostics(app: &App, browser: &Browser) -> Page {
    app.portal.in_flight.idle().await;
    let page = browser.visit(&app.at("/admin/diagnostics")).await;
    page.expect_status(200)
}

/// The causes on the page, newest first.
fn causes(page: &Page) -> Vec<String> {
    page.attributes("tbody tr", "data-cause")
}

/// Comes back from Redtrust with this token, after an attempt of this browser.
async fn come_back(app: &App, query: &str) -> Page {
    let ana = Browser::new();
    app.go_to_redtrust(&ana).await;
    ana.get(&app.at(&format!("/callback/demo{query}"))).await
}

#[tokio::test(flavor = "multi_thread")]
async fn each_cause_is_named_with_what_to_do_and_what_is_known() {
    let app = admin::app().await;
    let eva = admin::signed_in(&app).await;
    assert!(causes(&diagnostics(&app, &eva).await).is_empty());
    // {"alg":"HS256"}
    let forged = "eyJhbGciOiJIUzI1NiJ9.e30.c2lnbmF0dXJl";
    for (query, status, cause, words) in [
        ("?error=access_denied", 400, "token_missing", vec!["error"]),
        (
            "?tkn=a%00canary",
            400,
            "token_shape",
            vec!["8 characters", "other characters"],
        ),
        (
            "?tkn=abcdef0123",
            400,
            "token_form",
            vec!["10 characters, 1 parts", "hexadecimal", "Opaque"],
        ),
        (
            &format!("?tkn={forged}"),
            400,
            "token_signature",
            vec![
                "37 characters, 3 parts",
                "HS256",
                "shared key",
                "missing character",
            ],
        ),
    ] {
        let page = come_back(&app, query).await;
        assert_eq!(page.status.as_u16(), status, "{page:?}");
        let page = diagnostics(&app, &eva).await;
        assert_eq!(causes(&page)[0], cause, "{page:?}");
        let said = page.text("tbody tr");
        for words in words {
            assert!(said.contains(words), "{words}: {said}");
        }
        for signed in [
            "Consumer",
            "RedirectUrl",
            "RUBRICA-DEMO",
            "(seconds)",
            "/callback/demo",
        ] {
            assert!(said.contains(signed), "{signed}: {said}");
        }
        for secret in ["canary", "abcdef0123", forged, "hmac"] {
            assert!(!page.body.contains(secret), "{secret}: {page:?}");
        }
    }
    let ana = Browser::new();
    let back = way_back(&app, &ana).await;
    app.clock.advance(Duration::from_secs(151));
    refused(ana.get(back.as_str()).await, 400, "token_expired");
    let page = diagnostics(&app, &eva).await;
    assert_eq!(causes(&page)[0], "token_expired");
    let spanish = eva.visit(&app.at("/admin/diagnostics?lang=es")).await;
    let said = spanish.text("tbody tr");
    assert!(said.contains("El token había caducado"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn clocks_that_differ_are_named_with_the_difference() {
    let app = App::spawn_behind(Duration::from_secs(120)).await;
    let (eva, ana) = (admin::signed_in(&app).await, Browser::new());
    let back = way_back(&app, &ana).await;
    refused(ana.get(back.as_str()).await, 400, "token_clock");
    let page = diagnostics(&app, &eva).await;
    assert_eq!(causes(&page), ["token_clock"]);
    assert!(page.text("tbody tr").contains("time server"), "{page:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_redtrust_said_is_shown_in_its_language() {
    let app = admin::app().await;
    let eva = admin::signed_in(&app).await;
    let said = json!({"message": "El token no <b>vale</b>", "messageType": "ERROR",
        "errorCode": "ERR_INVALID_AUTH", "data": {}});
    let fault = |action: &str, value: Value| {
        let sandbox = app.sandbox.clone();
        let action = action.to_owned();
        async move {
            sandbox
                .fault("login_by_temp_token", "before", &action, value, 1)
                .await;
        }
    };
    for (action, value, cause) in [
        ("body", json!(said.to_string()), "redtrust_rejected"),
        ("status", json!(503), "redtrust_bad_answer"),
        ("drop", json!(null), "redtrust_bad_answer"),
    ] {
        fault(action, value).await;
        let ana = Browser::new();
        let back = way_back(&app, &ana).await;
        ana.get(back.as_str()).await.expect_status(502);
        let page = diagnostics(&app, &eva).await;
        assert_eq!(causes(&page)[0], cause, "{page:?}");
    }
    let page = diagnostics(&app, &eva).await;
    assert!(page.text("tbody").contains("ERR_INVALID_AUTH"), "{page:?}");
    assert_eq!(page.texts("tbody q[lang=en]"), ["El token no <b>vale</b>"]);
    assert!(page.text("tbody").contains("status 503"), "{page:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_direct_sign_in_is_noted_without_the_users_name() {
    let app = admin::app().await;
    let eva = admin::signed_in(&app).await;
    let ana = Browser::new();
    let form = ana.visit(&app.at("/sign-in")).await;
    let form = form.form("form[action='/sign-in/direct']");
    let form = form.set("username", "canary-user").set("password", "no");
    ana.submit(&form).await.expect_status(422);
    let page = diagnostics(&app, &eva).await;
    assert_eq!(causes(&page), ["credentials"]);
    assert!(!page.body.contains("canary-user"), "{page:?}");
    let list = eva.visit(&app.at("/admin/connections")).await;
    assert!(
        !list.has("tbody .tag.bad"),
        "one person's mistake: {list:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn strangers_write_nothing_and_nobody_writes_much() {
    let app = admin::app().await;
    let eva = admin::signed_in(&app).await;
    let stranger = Browser::new();
    for number in 0..5 {
        let url = app.at(&format!("/callback/demo?tkn=a.b.{number}"));
        refused(stranger.get(&url).await, 400, "no_attempt");
    }
    assert!(causes(&diagnostics(&app, &eva).await).is_empty());
    let ana = Browser::new();
    app.go_to_redtrust(&ana).await;
    let flood = |times: usize| {
        let (app, ana) = (&app, &ana);
        async move {
            for _ in 0..times {
                ana.get(&app.at("/callback/demo?tkn=x")).await;
            }
        }
    };
    flood(30).await;
    assert_eq!(diagnostics(&app, &eva).await.text("#total"), "10 results");
    for _ in 0..5 {
        app.clock.advance(Duration::from_secs(61));
        flood(11).await;
    }
    let mut page = diagnostics(&app, &eva).await;
    assert_eq!(page.text("#total"), "50 results");
    let mut pages = vec![causes(&page).len()];
    while let Some(next) = page.attribute(".pagination a[rel=next]", "href") {
        page = eva.visit(&app.at(&next)).await;
        pages.push(causes(&page).len());
    }
    assert_eq!(pages, [8, 8, 8, 8, 8, 8, 2]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_connection_says_what_happened_last_on_every_node() {
    let Some(url) = postgres::migrated().await else {
        return;
    };
    let app = App::spawn_with(&url, |_| {}).await;
    let other = app.second_node(&url).await;
    let eva = admin::signed_in(&app).await;
    let state = async |tone: &str, words: &str| {
        app.portal.in_flight.idle().await;
        for path in ["/admin/connections", "/admin/connections/demo"] {
            let page = eva.visit(&app.at(path)).await.expect_status(200);
            assert!(page.has(&format!("main .tag.{tone}")), "{tone}: {page:?}");
            let said = page.text("main");
            assert!(said.contains(words), "{words}: {page:?}");
        }
        // The other one has a public URL of its own, for which no redirect URL is in use.
        let here = health(&app.portal).await.unwrap();
        assert_eq!(health(&other.portal).await.unwrap(), here);
    };
    state("info", "Nobody has signed in yet").await;
    app.sign_in(&Browser::new(), "demo").await;
    state("good", "Last sign-in just now").await;
    for clock in [&app.clock, &other.clock] {
        clock.advance(Duration::from_secs(180));
    }
    state("good", "Last sign-in 3 min ago").await;
    come_back(&app, "?tkn=abcdef").await;
    state(
        "bad",
        "Last sign-in failed just now: The token is of another kind",
    )
    .await;
    app.sign_in(&Browser::new(), "demo").await;
    state("good", "Last sign-in just now").await;
    for clock in [&app.clock, &other.clock] {
        clock.advance(Duration::from_secs(25 * 3600));
    }
    admin::sign_in(&app, &eva, admin::USERNAME, admin::PASSWORD).await;
    state("info", "Last sign-in 25 h ago").await;
}

/// The page that compares this URL, and the code of the first difference.
async fn compared(app: &App, eva: &Browser, url: &str) -> (Page, String) {
    let page = eva.visit(&app.at("/admin/diagnostics")).await;
    let form = page.form("main form#step");
    let form = form.set("connection", "demo").set("url", url);
    let page = eva.submit(&form).await.expect_status(200);
    let hmac = url.rsplit_once("hmac=").unwrap().1;
    let shown = page.text("#comparison");
    assert!(!shown.contains(hmac), "the signature is shown: {page:?}");
    let code = page.attribute("#difference", "data-difference").unwrap();
    (page, code)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_url_of_another_program_is_compared_part_by_part() {
    let app = admin::app().await;
    let eva = admin::signed_in(&app).await;
    let url = app.login_url(&Browser::new()).await;
    let (page, code) = compared(&app, &eva, &url).await;
    assert_eq!(code, "none", "{page:?}");
    let parts = page.text("#comparison");
    assert!(parts.contains("Order of the parameters"), "{parts}");
    assert!(parts.contains("The other URL is stamped"), "{parts}");
    let domain = page.texts("#comparison tbody tr");
    let domain = domain.iter().find(|row| row.starts_with("Domain"));
    assert!(domain.is_some_and(|row| row.contains("none")), "{page:?}");
    let slash = url.replace("%2Fdemo&", "%2Fdemo%2F&");
    let small = url.replace("%3A", "%3a").replace("%2F", "%2f");
    let second = url.split_once("timestamp=").unwrap().1;
    let second = second.split('&').next().unwrap();
    let millis = url.replace(second, &format!("{second}000"));
    for (pasted, code, words) in [
        (
            url.replace("=RUBRICA-DEMO", "=rubrica-demo"),
            "partner_case",
            "capital letters",
        ),
        (slash, "redirect_url_slash", "slash at the end"),
        (
            small,
            "escaping",
            "“How the redirect URL is escaped” to “As .NET does, in small letters (HttpUtility)” \
             (url_encoding = dotnet-lower)",
        ),
        (
            millis,
            "timestamp_unit",
            "“Unit of the timestamp” to “Milliseconds” (timestamp_unit = milliseconds)",
        ),
    ] {
        let (page, found) = compared(&app, &eva, &pasted).await;
        assert_eq!(found, code, "{page:?}");
        assert!(page.text("#difference").contains(words), "{page:?}");
        assert!(page.has("tbody .tag.warning"), "{page:?}");
        let finder = page.attribute("#comparison a", "href");
        assert_eq!(finder.as_deref(), Some("/admin/connections/demo/dialect"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_differs_in_the_signature_alone_is_named_with_the_setting() {
    let app = admin::app().await;
    let eva = admin::signed_in(&app).await;
    let url = app.login_url(&Browser::new()).await;
    for (setting, value, code, words) in [
        (
            "signature_encoding",
            "base64",
            "settings",
            "signature_encoding = hex",
        ),
        (
            "signed_message",
            "{partner}{timestamp}",
            "settings",
            "signed_message = query",
        ),
        ("key_encoding", "base64", "settings", "key_encoding = utf8"),
    ] {
        let stored = app.portal.connections.all().await.unwrap()[0].clone();
        crate::faults::change(&app, |connection| {
            let texts = [(setting.to_owned(), value.to_owned())].into();
            connection.settings = connection.settings.with(&texts).unwrap();
        })
        .await;
        let (page, found) = compared(&app, &eva, &url).await;
        assert_eq!(found, code, "{page:?}");
        assert!(page.text("#difference").contains(words), "{page:?}");
        crate::faults::change(&app, |connection| connection.settings = stored.settings).await;
    }
    let right = app.portal.connections.all().await.unwrap()[0].clone();
    let right = right.shared_key.expose().to_owned();
    let cut = right[..right.len() - 1].to_owned();
    for (key, code, words) in [
        (format!("{right} "), "key_blank", "without them"),
        (cut, "key_damaged", "an odd number: part of it is missing"),
        ("another key".to_owned(), "key", "a different one"),
    ] {
        crate::faults::change(&app, |connection| {
            connection.shared_key = rubrica::domain::secret::Secret::new(key);
        })
        .await;
        let (page, found) = compared(&app, &eva, &url).await;
        assert_eq!(found, code, "{page:?}");
        assert!(page.text("#difference").contains(words), "{page:?}");
        assert!(!page.body.contains(&right), "{page:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_compared_is_told_at_its_field() {
    let app = admin::app().await;
    let eva = admin::signed_in(&app).await;
    let url = app.login_url(&Browser::new()).await;
    let page = eva.visit(&app.at("/admin/diagnostics")).await;
    let form = page.form("main form#step").set("connection", "demo");
    for (form, field) in [
        (form.clone().set("url", ""), "url"),
        (form.clone().set("url", "hello"), "url"),
        (form.clone().set("url", "?timestamp=x&hmac=y"), "url"),
        (
            form.clone().set("url", &url).forge("connection", "x"),
            "connection",
        ),
    ] {
        let page = eva.submit(&form).await.expect_status(422);
        let link = format!("#error-summary a[href='#{field}']");
        assert!(page.has(&link), "{field}: {page:?}");
    }
    admin::move_url(&app, &eva, "demo", "disabled").await;
    let page = eva.submit(&form.set("url", &url)).await.expect_status(422);
    assert!(page.has("#error-summary a[href='#connection']"), "{page:?}");
}
