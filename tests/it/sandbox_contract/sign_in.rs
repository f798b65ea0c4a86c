//! The login request and the sign-in page.

use std::time::Duration;

use data_encoding::{BASE64, BASE64URL_NOPAD, HEXLOWER, HEXUPPER};
use reqwest::Method;
use serde_json::json;

use crate::support::sandbox::{
    Answer, REDIRECT_URL, TestSandbox, login_path, mac, percent_encode, read,
};

#[track_caller]
fn assert_refused(answer: &Answer, code: &str) {
    assert_eq!(answer.element("#error-code"), code, "{answer:#?}");
    assert!(answer.status.is_client_error(), "{answer:#?}");
    assert!(!answer.text.contains("<form"), "{answer:#?}");
}

#[tokio::test]
async fn a_signed_login_request_leads_to_the_sign_in_page_and_back_with_a_token() {
    let sandbox = TestSandbox::start().await;
    let page = sandbox.get(&sandbox.login_path()).await;
    assert_eq!(page.status, 200);
    assert!(page.element(".sandbox-bar").contains("Sandbox"));
    let ticket = page.ticket();
    let fields = [
        ("request", ticket.as_str()),
        ("username", "demo"),
        ("password", "demo"),
    ];
    let back = sandbox.submit(&fields).await;
    let token = back
        .location()
        .strip_prefix(&format!("{REDIRECT_URL}&tkn="))
        .unwrap();
    assert!(
        token
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"-_.~".contains(&b))
    );
    assert_eq!(
        sandbox.story().await,
        [
            "call login_request OK",
            "call sign_in OK",
            "effect sign_in OK"
        ]
    );
    assert_eq!(sandbox.ledger().await[2]["user"], "demo");
}

#[tokio::test]
async fn h02_each_thing_wrong_with_a_login_request_has_its_own_code() {
    let sandbox = TestSandbox::start().await;
    let query = sandbox.login_query();
    let other_url = percent_encode(&format!("{REDIRECT_URL}&y=2"));
    for (path, code) in [
        (login_path(&query, "00"), "INVALID_HMAC"),
        (
            login_path(&query, &HEXLOWER.encode(&mac(b"other", &query))),
            "INVALID_HMAC",
        ),
        (
            sandbox.signed(&query).replace("x%3D1", "x%3D2"),
            "INVALID_HMAC",
        ),
        (
            sandbox.signed(&query.replace("RA_API", "SIGN_API")),
            "UNKNOWN_CONSUMER",
        ),
        (
            sandbox.signed(&query.replace("RUBRICA-DEMO", "OTHER")),
            "UNKNOWN_PARTNER",
        ),
        (
            sandbox.signed(&query.replace("RUBRICA-DEMO", "rubrica-demo")),
            "UNKNOWN_PARTNER",
        ),
        (
            sandbox.signed(&query.replace(&percent_encode(REDIRECT_URL), &other_url)),
            "UNREGISTERED_REDIRECT_URL",
        ),
        (
            sandbox.signed(&query.replace("RA_API", "RA_API&Domain=")),
            "MALFORMED_LOGIN_REQUEST",
        ),
        (
            sandbox.signed(&query.replace("&partner", "&x=1&partner")),
            "MALFORMED_LOGIN_REQUEST",
        ),
        (sandbox.signed(&query) + "&x=1", "MALFORMED_LOGIN_REQUEST"),
        (
            "/authclient/auth/loginrequest".to_owned(),
            "MALFORMED_LOGIN_REQUEST",
        ),
    ] {
        let answer = sandbox.get(&path).await;
        assert_refused(&answer, code);
        let last = sandbox.ledger().await.pop().unwrap();
        assert_eq!(last["result"], code, "{path}");
        assert_eq!(last["kind"], "call");
    }
}

#[tokio::test]
async fn the_timestamp_may_be_300_seconds_away_and_no_more() {
    let sandbox = TestSandbox::start().await;
    let now = sandbox.clock.now().as_secs();
    let query = sandbox.login_query();
    for (away, accepted) in [(-300, true), (300, true), (-301, false), (301, false)] {
        let other = query.replace(&now.to_string(), &(now + away).to_string());
        let answer = sandbox.get(&sandbox.signed(&other)).await;
        if accepted {
            answer.ticket();
        } else {
            assert_refused(&answer, "STALE_TIMESTAMP");
        }
    }
}

#[tokio::test]
async fn h02_a_redirect_url_counts_only_while_it_is_registered() {
    let sandbox = TestSandbox::start().await;
    let ticket = sandbox.get(&sandbox.login_path()).await.ticket();
    let body = json!({"url": REDIRECT_URL});
    let gone = sandbox
        .send(Method::DELETE, "/sandbox/v1/redirect-urls", &body)
        .await;
    assert_eq!(gone.status, 204);
    assert_refused(
        &sandbox.get(&sandbox.login_path()).await,
        "UNREGISTERED_REDIRECT_URL",
    );
    let fields = [
        ("request", ticket.as_str()),
        ("username", "demo"),
        ("password", "demo"),
    ];
    assert_refused(&sandbox.submit(&fields).await, "UNREGISTERED_REDIRECT_URL");
}

#[tokio::test]
async fn every_form_of_the_signature_is_understood() {
    let sandbox = TestSandbox::start().await;
    let query = sandbox.login_query();
    let signature = mac(sandbox.key.as_bytes(), &query);
    for (encoding, text) in [
        ("hex", HEXLOWER.encode(&signature)),
        ("HEX", HEXUPPER.encode(&signature)),
        ("base64", BASE64.encode(&signature)),
        ("base64url", BASE64URL_NOPAD.encode(&signature)),
    ] {
        sandbox
            .set_dialect(json!({"signature_encoding": encoding}))
            .await;
        sandbox.get(&login_path(&query, &text)).await.ticket();
    }
    let wrong = login_path(&query, &HEXLOWER.encode(&signature));
    assert_refused(&sandbox.get(&wrong).await, "INVALID_HMAC");
}

#[tokio::test]
async fn every_form_of_the_key_and_the_timestamp_is_understood() {
    let sandbox = TestSandbox::start().await;
    let query = sandbox.login_query();
    for (encoding, key) in [
        ("hex", HEXLOWER.decode(sandbox.key.as_bytes()).unwrap()),
        ("base64", BASE64.decode(sandbox.key.as_bytes()).unwrap()),
        (
            "utf16le",
            sandbox.key.bytes().flat_map(|b| [b, 0]).collect(),
        ),
    ] {
        sandbox.set_dialect(json!({"key_encoding": encoding})).await;
        let signature = HEXLOWER.encode(&mac(&key, &query));
        sandbox.get(&login_path(&query, &signature)).await.ticket();
    }
    sandbox
        .set_dialect(json!({"key_encoding": "utf8", "timestamp_unit": "milliseconds"}))
        .await;
    assert_refused(&sandbox.get(&sandbox.login_path()).await, "STALE_TIMESTAMP");
    let now = sandbox.clock.now();
    let query = query.replace(&now.as_secs().to_string(), &now.0.to_string());
    sandbox.get(&sandbox.signed(&query)).await.ticket();
}

#[tokio::test]
async fn a_template_says_what_is_signed() {
    let sandbox = TestSandbox::start().await;
    let template =
        "{partner}:{consumer}:{domain}:{redirect_url}:{redirect_url_encoded}:{timestamp}";
    sandbox
        .set_dialect(json!({"signed_message": template}))
        .await;
    let now = sandbox.clock.now().as_secs();
    let encoded = percent_encode(REDIRECT_URL);
    let message = format!("RUBRICA-DEMO:RA_API:demo:{REDIRECT_URL}:{encoded}:{now}");
    let query = sandbox.login_query().replace("&Red", "&Domain=demo&Red");
    let signature = HEXLOWER.encode(&mac(sandbox.key.as_bytes(), &message));
    let page = sandbox.get(&login_path(&query, &signature)).await;
    page.ticket();
    assert!(page.element("main").contains("demo"));
}

#[tokio::test]
async fn a_template_can_hold_the_whole_url_and_other_escapes() {
    let sandbox = TestSandbox::start().await;
    let template = "{base_url}{path}?{query}{lf}{domain:dotnet-lower}";
    sandbox
        .set_dialect(json!({"signed_message": template}))
        .await;
    let query = sandbox
        .login_query()
        .replace("&Red", "&Domain=a%20%C3%B1&Red");
    let url = format!("{}/authclient/auth/loginrequest?{query}", sandbox.url);
    let message = format!("{url}\na+%c3%b1");
    let signature = HEXLOWER.encode(&mac(sandbox.key.as_bytes(), &message));
    sandbox.get(&login_path(&query, &signature)).await.ticket();
}

#[tokio::test]
async fn a_login_url_works_twice_unless_the_dialect_forbids_it() {
    let sandbox = TestSandbox::start().await;
    let path = sandbox.login_path();
    sandbox.get(&path).await.ticket();
    sandbox.get(&path).await.ticket();
    sandbox
        .set_dialect(json!({"refuse_replayed_login": true}))
        .await;
    sandbox.get(&path).await.ticket();
    assert_refused(&sandbox.get(&path).await, "REPLAYED_LOGIN");
}

#[tokio::test]
async fn a_wrong_password_shows_the_form_again() {
    let sandbox = TestSandbox::start().await;
    let ticket = sandbox.get(&sandbox.login_path()).await.ticket();
    for user in ["demo", "nobody", "\"><b>"] {
        let fields = [
            ("request", ticket.as_str()),
            ("username", user),
            ("password", "wrong"),
        ];
        let again = sandbox.submit(&fields).await;
        assert_eq!(again.status, 422);
        assert!(!again.element(".error-summary").is_empty());
        assert!(!again.text.contains("<b>"));
        again.ticket();
    }
    assert_eq!(
        sandbox.story().await.pop().unwrap(),
        "call sign_in ERR_INVALID_PASSWORD"
    );
}

#[tokio::test]
async fn the_domain_of_the_login_request_decides_who_may_sign_in() {
    let sandbox = TestSandbox::start().await;
    for (domain, user, accepted) in [
        ("demo", "demo", true),
        ("other", "demo", false),
        ("demo", "ra-app", false),
        ("", "ra-app", true),
        ("", "noperm", true),
    ] {
        let mut query = sandbox.login_query();
        if !domain.is_empty() {
            query = query.replace("&Red", &format!("&Domain={domain}&Red"));
        }
        let ticket = sandbox.get(&sandbox.signed(&query)).await.ticket();
        let fields = [
            ("request", ticket.as_str()),
            ("username", user),
            ("password", user),
        ];
        let status = sandbox.submit(&fields).await.status;
        assert_eq!(status == 303, accepted, "{domain} {user}");
    }
}

#[tokio::test]
async fn cancelling_goes_back_without_a_token() {
    let sandbox = TestSandbox::start().await;
    let ticket = sandbox.get(&sandbox.login_path()).await.ticket();
    let back = sandbox
        .submit(&[("request", &ticket), ("cancel", "1")])
        .await;
    assert_eq!(back.location(), REDIRECT_URL);
    assert_eq!(
        sandbox.story().await.pop().unwrap(),
        "call sign_in CANCELLED"
    );
}

#[tokio::test]
async fn the_form_is_tied_to_its_login_request() {
    let sandbox = TestSandbox::start().await;
    let ticket = sandbox.get(&sandbox.login_path()).await.ticket();
    let mut forged = ticket.clone();
    forged.replace_range(..2, "ab");
    for request in ["", "x", &forged] {
        let fields = [
            ("request", request),
            ("username", "demo"),
            ("password", "demo"),
        ];
        assert_refused(&sandbox.submit(&fields).await, "SIGN_IN_EXPIRED");
    }
    sandbox.clock.advance(Duration::from_secs(600));
    let fields = [
        ("request", ticket.as_str()),
        ("username", "demo"),
        ("password", "demo"),
    ];
    assert_refused(&sandbox.submit(&fields).await, "SIGN_IN_EXPIRED");
}

#[tokio::test]
async fn a_form_from_another_site_is_refused() {
    let sandbox = TestSandbox::start().await;
    let ticket = sandbox.get(&sandbox.login_path()).await.ticket();
    for origin in ["https://evil.example", "null"] {
        let request = sandbox
            .request(Method::POST, "/authclient/auth/signin")
            .header("origin", origin)
            .body(format!("request={ticket}&username=demo&password=demo"));
        assert_refused(&read(request).await, "CROSS_SITE");
    }
}

#[tokio::test]
async fn pages_speak_spanish_and_english() {
    let sandbox = TestSandbox::start().await;
    for (language, banner, button) in [
        (
            "es-ES,es;q=0.9",
            "hace de Redtrust para pruebas",
            "Iniciar sesión",
        ),
        ("en", "plays Redtrust for tests", "Sign in"),
    ] {
        let request = sandbox
            .request(Method::GET, &sandbox.login_path())
            .header("accept-language", language);
        let page = read(request).await;
        assert!(page.element(".sandbox-bar").contains(banner));
        assert_eq!(page.element("form#sign-in button"), button);
    }
}

#[tokio::test]
async fn the_page_lets_its_form_lead_to_the_redirect_url_and_nothing_else() {
    let sandbox = TestSandbox::start().await;
    let page = sandbox.get(&sandbox.login_path()).await;
    assert_eq!(
        page.headers["content-security-policy"],
        "default-src 'none'; style-src 'self'; form-action 'self' http://localhost:9; \
         frame-ancestors 'none'; base-uri 'none'"
    );
    assert_eq!(page.headers["cache-control"], "no-store");
    assert_eq!(page.headers["x-content-type-options"], "nosniff");
    let refused = sandbox.get("/authclient/auth/loginrequest").await;
    assert!(refused.element(".sandbox-bar").contains("Sandbox"));
    let policy = refused.headers["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("form-action 'self';"), "{policy}");
}
