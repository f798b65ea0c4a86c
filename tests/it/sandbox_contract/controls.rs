//! The sandbox's own controls, and what lives in its data directory.

use std::os::unix::fs::PermissionsExt;

use reqwest::Method;
use rubrica::clock::Clock;
use rubrica::sandbox::{Sandbox, SandboxError, read_shared_key};
use serde_json::{Value, json};

use crate::support::sandbox::{REDIRECT_URL, TestSandbox, read, settings, vendors_body};

#[tokio::test]
async fn the_ledger_counts_without_gaps_and_holds_no_secret() {
    let sandbox = TestSandbox::start().await;
    let temp_token = sandbox.temp_token("demo").await;
    let data = sandbox.exchange(&temp_token).await.data();
    let token = data["accessToken"].as_str().unwrap();
    sandbox.issue(token, &vendors_body()).await;
    sandbox.get("/sandbox").await;
    let entries = sandbox.ledger().await;
    assert!(entries.len() > 4, "{entries:#?}");
    for (at, entry) in entries.iter().enumerate() {
        assert_eq!(entry["seq"], at + 1);
        entry["at"]
            .as_str()
            .unwrap()
            .parse::<jiff::Timestamp>()
            .unwrap();
        assert!(
            entry
                .as_object()
                .unwrap()
                .values()
                .all(|value| !value.is_null())
        );
    }
    let text = Value::from(entries).to_string();
    for secret in [
        &temp_token,
        token,
        data["refreshToken"].as_str().unwrap(),
        &sandbox.key,
    ] {
        assert!(!text.contains(secret));
    }
}

#[tokio::test]
async fn the_database_holds_no_token() {
    let sandbox = TestSandbox::start().await;
    let temp_token = sandbox.temp_token("demo").await;
    let data = sandbox.exchange(&temp_token).await.data();
    let files = std::fs::read_dir(sandbox.data_dir()).unwrap();
    let files = files.map(|file| std::fs::read(file.unwrap().path()).unwrap());
    let all = files.collect::<Vec<_>>().concat();
    let holds = |text: &str| {
        let mut windows = all.windows(text.len());
        windows.any(|window| window == text.as_bytes())
    };
    assert!(holds("login_by_temp_token"), "the search finds nothing");
    for secret in [&temp_token, data["refreshToken"].as_str().unwrap()] {
        assert!(!holds(secret));
    }
}

#[tokio::test]
async fn nothing_is_lost_over_a_restart() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.token().await;
    let code = sandbox.create(&token, &vendors_body()).await.data()["requestCode"].take();
    sandbox.set_dialect(json!({"temp_token": "opaque"})).await;
    let user = json!({"username": "kept", "password": "kept"});
    sandbox.send(Method::POST, "/sandbox/v1/users", &user).await;
    let (before, key) = (sandbox.ledger().await, sandbox.key.clone());
    let sandbox = sandbox.restart().await;
    assert_eq!(sandbox.ledger().await, before);
    assert_eq!(sandbox.key, key);
    sandbox.finalize(&token, &code).await.data();
    sandbox
        .send(Method::POST, "/raapi/v1/auth/login", &user)
        .await
        .data();
    sandbox.get(&sandbox.login_path()).await.ticket();
    let dialect = sandbox.get("/sandbox/v1/dialect").await.json();
    assert_eq!(dialect["temp_token"], "opaque");
}

#[tokio::test]
async fn two_sandboxes_do_not_share_a_data_directory() {
    let sandbox = TestSandbox::start().await;
    let second = Sandbox::build(settings(sandbox.data_dir(), Clock::System)).await;
    assert!(matches!(second, Err(SandboxError::InUse(_))), "{second:?}");
}

#[tokio::test]
async fn h01_it_listens_on_this_machine_only_unless_told_otherwise() {
    let dir = tempfile::tempdir().unwrap();
    let mut settings = settings(dir.path(), Clock::System);
    settings.listen = "0.0.0.0:0".parse().unwrap();
    let refused = Sandbox::build(settings).await;
    assert!(
        matches!(refused, Err(SandboxError::NotLoopback(_))),
        "{refused:?}"
    );
}

#[tokio::test]
async fn the_shared_key_can_be_read_beside_a_running_sandbox() {
    let sandbox = TestSandbox::start().await;
    let key = read_shared_key(sandbox.data_dir()).unwrap();
    assert_eq!(key.expose(), sandbox.key);
    assert_eq!(format!("{key:?}"), "SharedKey");
    let empty = tempfile::tempdir().unwrap();
    let missing = read_shared_key(empty.path());
    assert!(matches!(missing, Err(SandboxError::NoSharedKey(_))));
}

#[tokio::test]
async fn h05_files_with_secrets_are_their_owners_only() {
    let sandbox = TestSandbox::start().await;
    for file in ["ca.key", "shared.key", "tokens.key", "sandbox.db"] {
        let metadata = std::fs::metadata(sandbox.data_dir().join(file)).unwrap();
        assert_eq!(metadata.permissions().mode() & 0o777, 0o600, "{file}");
    }
}

#[tokio::test]
async fn the_dialect_is_changed_key_by_key() {
    let sandbox = TestSandbox::start().await;
    let before = sandbox.get("/sandbox/v1/dialect").await.json();
    assert_eq!(before["temp_token"], "signed");
    assert_eq!(before["finalize_repeat"], "replay");
    let changed = sandbox
        .send(
            Method::PUT,
            "/sandbox/v1/dialect",
            &json!({"request_code_ttl": 7}),
        )
        .await;
    let mut expected = before;
    expected["request_code_ttl"] = json!(7);
    assert_eq!(changed.json(), expected);
    for bad in [json!({"x": 1}), json!({"temp_token": "x"}), json!([1])] {
        let answer = sandbox.send(Method::PUT, "/sandbox/v1/dialect", &bad).await;
        assert_eq!(answer.status, 422);
        assert!(answer.json()["error"].is_string());
    }
    assert_eq!(sandbox.get("/sandbox/v1/dialect").await.json(), expected);
}

#[tokio::test]
async fn redirect_urls_are_registered_listed_and_removed() {
    let sandbox = TestSandbox::start().await;
    let path = "/sandbox/v1/redirect-urls";
    let body = json!({"url": "https://p.example/cb", "partner": "RUBRICA-DEMO"});
    assert_eq!(sandbox.send(Method::POST, path, &body).await.status, 201);
    assert_eq!(sandbox.send(Method::POST, path, &body).await.status, 200);
    let list = sandbox.get(path).await.json();
    let first = json!({"url": REDIRECT_URL, "partner": "RUBRICA-DEMO"});
    assert_eq!(list, json!({"redirect_urls": [first, body]}));
    assert_eq!(sandbox.send(Method::DELETE, path, &body).await.status, 204);
    assert_eq!(sandbox.send(Method::DELETE, path, &body).await.status, 404);
    for (url, partner) in [
        ("/relative", "RUBRICA-DEMO"),
        ("ftp://p.example/", "RUBRICA-DEMO"),
        ("https://p.example/#x", "RUBRICA-DEMO"),
        ("https://u@p.example/", "RUBRICA-DEMO"),
        ("https://*.example/", "RUBRICA-DEMO"),
        ("https://p.example/a\r\nb", "RUBRICA-DEMO"),
        ("https://p.example/", "OTHER"),
    ] {
        let body = json!({"url": url, "partner": partner});
        assert_eq!(
            sandbox.send(Method::POST, path, &body).await.status,
            422,
            "{url}"
        );
    }
}

#[tokio::test]
async fn the_page_shows_what_an_integrator_needs() {
    let sandbox = TestSandbox::start().await;
    sandbox.token().await;
    let page = sandbox.get("/sandbox").await;
    assert!(page.element(".sandbox-bar").contains("Sandbox"));
    assert_eq!(page.element("#partner"), "RUBRICA-DEMO");
    assert_eq!(page.element("#shared-key"), sandbox.key);
    assert!(page.element("#users").contains("noperm"));
    assert!(page.element("#redirect-urls").contains(REDIRECT_URL));
    assert!(page.element("#ledger").contains("login"));
    assert_eq!(sandbox.get("/").await.location(), "/sandbox");
    let css = sandbox.get("/static/app.css").await;
    assert!(
        css.headers["content-type"]
            .to_str()
            .unwrap()
            .starts_with("text/css")
    );
}

#[tokio::test]
async fn the_controls_are_for_callers_on_this_machine_and_no_web_page() {
    let sandbox = TestSandbox::start().await;
    for path in ["/sandbox", "/sandbox/v1/ledger"] {
        for (header, value) in [
            ("host", "evil.example"),
            ("x-forwarded-for", "203.0.113.9"),
            ("forwarded", "for=203.0.113.9"),
            ("origin", "https://evil.example"),
        ] {
            let answer = read(sandbox.request(Method::GET, path).header(header, value)).await;
            assert_eq!(answer.status, 403, "{path} {header}");
            assert!(!answer.text.contains(&sandbox.key));
        }
    }
    let unknown = sandbox.get("/sandbox/v1/nothing").await;
    assert_eq!(unknown.status, 404);
    assert!(unknown.json()["error"].is_string());
}

#[tokio::test]
async fn i16_the_controls_are_for_direct_callers_that_name_this_machine_and_its_port() {
    let sandbox = TestSandbox::start().await;
    let port = sandbox.url.rsplit(':').next().unwrap();
    let (elsewhere, other_port) = (format!("evil.example:{port}"), "127.0.0.1:9");
    for path in ["/sandbox", "/sandbox/v1/ledger", "/sandbox/v1/example"] {
        for (header, value) in [
            ("x-real-ip", "203.0.113.9"),
            ("via", "1.1 proxy"),
            ("x-forwarded-host", "portal.example"),
            ("x-forwarded-proto", "https"),
            ("x-forwarded-anything", "1"),
            ("x-client-ip", "203.0.113.9"),
            ("x-original-url", "/"),
            ("true-client-ip", "203.0.113.9"),
            ("cf-connecting-ip", "203.0.113.9"),
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-site", "same-site"),
            ("host", &elsewhere),
            ("host", other_port),
            ("host", "localhost"),
        ] {
            let answer = read(sandbox.request(Method::GET, path).header(header, value)).await;
            assert_eq!(answer.status, 403, "{path} {header}: {value}");
            assert!(!answer.text.contains(&sandbox.key));
        }
        let named = format!("localhost:{port}");
        for (header, value) in [
            ("host", named.as_str()),
            ("sec-fetch-site", "none"),
            ("sec-fetch-site", "same-origin"),
        ] {
            let answer = read(sandbox.request(Method::GET, path).header(header, value)).await;
            assert_eq!(answer.status, 200, "{path} {header}: {value}");
        }
    }
}

#[tokio::test]
async fn i16_no_call_is_answered_under_a_name_that_somebody_else_owns() {
    let sandbox = TestSandbox::start().await;
    let login = sandbox.login_path();
    for (method, path) in [
        (Method::GET, login.as_str()),
        (Method::POST, "/authclient/auth/signin"),
        (Method::POST, "/authapi/v1/login_by_temp_token"),
        (Method::POST, "/raapi/v1/auth/login"),
        (Method::POST, "/raapi/v1/csr/create"),
    ] {
        for host in ["evil.example:8082", "127.0.0.1.evil.example", "10.0.0.1"] {
            let request = sandbox.request(method.clone(), path).header("host", host);
            let answer = read(request).await;
            assert_eq!(answer.status, 421, "{path} {host}: {answer:#?}");
        }
    }
    assert!(sandbox.ledger().await.is_empty());
    let by_name = sandbox.request(Method::GET, &login);
    let answer = read(by_name.header("host", "localhost:1")).await;
    assert_eq!(answer.status, 200, "{answer:#?}");
}

#[tokio::test]
async fn i16_where_other_machines_may_ask_the_controls_need_the_printed_token() {
    let (sandbox, token) = TestSandbox::start_for_all().await;
    for path in ["/sandbox", "/sandbox/v1/ledger"] {
        let asked = |token: &str| {
            let request = sandbox.request(Method::GET, path);
            let request = request.header("host", "redtrust.example");
            read(request.header("authorization", format!("Bearer {token}")))
        };
        assert_eq!(asked(&token).await.status, 200);
        assert_eq!(asked("wrong").await.status, 401);
        let without = sandbox.get(path).await;
        assert_eq!(without.status, 401);
        assert!(!without.text.contains(&sandbox.key));
    }
    // Its names are not known here, so calls are answered by any.
    let call = sandbox.request(Method::GET, &sandbox.login_path());
    let answer = read(call.header("host", "redtrust.example")).await;
    assert_ne!(answer.status, 421, "{answer:#?}");
}

#[tokio::test]
async fn the_description_names_every_path_that_the_documents_name() {
    let sandbox = TestSandbox::start().await;
    let paths = sandbox.get("/sandbox/v1/openapi.json").await.json()["paths"].take();
    for (path, method) in [
        ("/authclient/auth/loginrequest", "get"),
        ("/authapi/v1/login_by_temp_token", "post"),
        ("/raapi/v1/auth/login", "post"),
        ("/raapi/v1/auth/refresh-token", "put"),
        ("/raapi/v1/auth/logout", "delete"),
        ("/raapi/v1/csr/create", "post"),
        ("/raapi/v1/csr/finalize", "put"),
        ("/sandbox/v1/ledger", "get"),
        ("/sandbox/v1/dialect", "put"),
        ("/sandbox/v1/faults", "put"),
    ] {
        assert!(paths[path][method].is_object(), "{method} {path}");
    }
}

#[tokio::test]
async fn every_answer_carries_the_headers() {
    let sandbox = TestSandbox::start().await;
    for path in [
        "/",
        "/sandbox",
        "/sandbox/v1/ca",
        "/nothing",
        "/static/app.css",
        "/raapi/v1/csr/create",
    ] {
        let answer = sandbox.get(path).await;
        for (name, value) in [
            ("cache-control", "no-store"),
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "same-origin"),
        ] {
            assert_eq!(answer.headers[name], value, "{path}");
        }
        let policy = answer.headers["content-security-policy"].to_str().unwrap();
        assert!(
            policy.starts_with("default-src 'none'") && policy.contains("frame-ancestors 'none'")
        );
    }
}
