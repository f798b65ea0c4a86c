//! The client against servers that misbehave: each error has its cause, and
//! what cannot be known to have failed is never sent again.

use std::time::{Duration, Instant};

use rubrica::domain::secret::Secret;
use rubrica::redtrust::RedtrustError;

use crate::support::raw_server::{RawServer, Reply, answer, success};
use crate::support::redtrust::{CREATED, client, create, create_for, tokens};

const TOKENS: &str = r#"{"accessToken":"a-1","refreshToken":"r-1","expiration":1700000000}"#;

/// One create against a server that plays `reply`; the error, and how many
/// requests reached the server.
async fn failing(reply: Reply) -> (RedtrustError, usize) {
    let server = RawServer::start(vec![reply]).await;
    let error = create(&client(&server.url)).await.unwrap_err();
    (error, server.requests().len())
}

/// A port on which nobody listens.
async fn closed_port() -> u16 {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    listener.local_addr().unwrap().port()
}

#[tokio::test]
async fn a_good_answer_comes_through_and_the_request_is_the_documented_one() {
    let server = RawServer::start(vec![Reply::success(CREATED)]).await;
    assert_eq!(create(&client(&server.url)).await, Ok("r-1".into()));
    let requests = server.requests();
    let request = requests.first().unwrap().to_lowercase();
    assert!(request.starts_with("post /raapi/v1/csr/create http/1.1\r\n"));
    assert!(request.contains("\r\nauthorization: bearer canary-token\r\n"));
    assert!(request.contains("\r\ncontent-type: application/json\r\n"));
    assert!(request.contains(r#""keytype":"rsa""#));
}

#[tokio::test]
async fn the_three_ways_to_tokens_send_what_the_reference_says() {
    let server = RawServer::start(vec![Reply::success(TOKENS)]).await;
    let client = client(&server.url);
    let secret = Secret::new("s");
    client.login("u", &secret, Some("d"), "").await.unwrap();
    client.login("u", &secret, None, "").await.unwrap();
    client.refresh_token(&secret, "ana").await.unwrap();
    let pair = client
        .login_by_temp_token(&"t-1".parse().unwrap(), "")
        .await
        .unwrap();
    assert_eq!(pair.access.expose(), "a-1");
    assert!(pair.expires_at.is_some());
    let sent: Vec<_> = server
        .requests()
        .iter()
        .map(|request| {
            let line = request.lines().next().unwrap().to_owned();
            (line, request.split("\r\n\r\n").nth(1).unwrap().to_owned())
        })
        .collect();
    let expected = [
        (
            "POST /raapi/v1/auth/login",
            r#"{"domain":"d","password":"s","username":"u"}"#,
        ),
        (
            "POST /raapi/v1/auth/login",
            r#"{"password":"s","username":"u"}"#,
        ),
        (
            "PUT /raapi/v1/auth/refresh-token",
            r#"{"refreshToken":"s"}"#,
        ),
        (
            "POST /authapi/v1/login_by_temp_token",
            r#"{"tempToken":"t-1"}"#,
        ),
    ];
    for ((line, body), (wanted, wanted_body)) in sent.iter().zip(expected) {
        assert_eq!(line, &format!("{wanted} HTTP/1.1"));
        assert_eq!(body, wanted_body);
    }
    assert_eq!(sent.len(), expected.len());
}

#[tokio::test]
async fn a_server_that_is_not_there_is_unreachable_at_once() {
    let started = Instant::now();
    let url = format!("http://127.0.0.1:{}", closed_port().await);
    let error = create(&client(&url)).await.unwrap_err();
    assert!(
        matches!(error, RedtrustError::Unreachable { .. }),
        "{error}"
    );
    assert!(error.nothing_was_sent());
    assert!(started.elapsed() < Duration::from_secs(3));
}

#[tokio::test]
async fn a_name_that_does_not_exist_is_unreachable() {
    let error = create(&client("https://redtrust.invalid"))
        .await
        .unwrap_err();
    // Where no machine certificates are installed the client is refused before.
    assert!(error.nothing_was_sent(), "{error}");
}

#[tokio::test]
async fn a_refused_connection_is_tried_once_more() {
    let port = closed_port().await;
    let client = client(&format!("http://127.0.0.1:{port}"));
    let asked = create(&client);
    let server = async {
        tokio::time::sleep(Duration::from_millis(40)).await;
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", port))
            .await
            .unwrap();
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut buffer = [0; 4096];
        let _ = tokio::io::AsyncReadExt::read(&mut stream, &mut buffer).await;
        let bytes = answer("200 OK", "", &success(CREATED));
        tokio::io::AsyncWriteExt::write_all(&mut stream, &bytes)
            .await
            .unwrap();
    };
    let (created, ()) = tokio::join!(asked, server);
    assert_eq!(created, Ok("r-1".into()));
}

#[tokio::test]
async fn a_server_that_never_answers_times_out_and_is_asked_once() {
    assert_eq!(failing(Reply::Hang).await, (RedtrustError::TimedOut, 1));
    let half = Reply::Stall(b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{".to_vec());
    assert_eq!(failing(half).await, (RedtrustError::TimedOut, 1));
    let drip = Reply::Drip(
        answer("200 OK", "", &success(CREATED)),
        Duration::from_millis(100),
    );
    assert_eq!(failing(drip).await, (RedtrustError::TimedOut, 1));
}

#[tokio::test]
async fn a_connection_that_breaks_is_cut_and_the_call_is_not_repeated() {
    assert_eq!(failing(Reply::Close).await, (RedtrustError::Cut, 1));
    let half = Reply::Bytes(b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{".to_vec());
    assert_eq!(failing(half).await, (RedtrustError::Cut, 1));
    let no_http = Reply::Bytes(b"220 smtp.example ESMTP\r\n".to_vec());
    assert_eq!(failing(no_http).await, (RedtrustError::Cut, 1));
    let (error, requests) = failing(Reply::CloseAtOnce).await;
    assert_eq!((error, requests), (RedtrustError::Cut, 0));
}

#[tokio::test]
async fn a_bad_status_without_an_envelope_is_unavailable_and_asked_once() {
    for status in [302, 429, 500, 503] {
        let bytes = answer(
            &format!("{status} X"),
            "Location: http://127.0.0.1:1/\r\nRetry-After: 0\r\n",
            "<html></html>",
        );
        assert_eq!(
            failing(Reply::Bytes(bytes)).await,
            (RedtrustError::Unavailable { status }, 1)
        );
    }
}

#[tokio::test]
async fn an_error_envelope_is_a_refusal_in_redtrusts_words_whatever_the_status() {
    for (line, status) in [("200 OK", 200), ("500 Oops", 500)] {
        let reply = Reply::error(line, "NO_PERMISSION", "may not issue");
        let refused = RedtrustError::Rejected {
            code: "NO_PERMISSION".into(),
            message: "may not issue".into(),
            status,
        };
        assert_eq!(failing(reply).await, (refused, 1));
    }
}

#[tokio::test]
async fn a_token_that_is_not_accepted_is_told_from_a_refusal() {
    for reply in [
        Reply::http("401 Unauthorized", ""),
        Reply::error("200 OK", "ACCESS_TOKEN_EXPIRED", "m"),
        Reply::error("200 OK", "UNAUTHORIZED", "m"),
        Reply::error("403 Forbidden", "ERR_INVALID_AUTH", "m"),
        Reply::error("500 Oops", "ERR_CLOSING_SESSIONS", "m"),
        Reply::error("401 Unauthorized", "ANY", "m"),
    ] {
        let (error, requests) = failing(reply).await;
        assert!(
            matches!(error, RedtrustError::Unauthorized { .. }),
            "{error}"
        );
        assert_eq!(requests, 1);
    }
}

#[tokio::test]
async fn an_answer_that_makes_no_sense_is_malformed() {
    for body in [
        "junk",
        "",
        "{}",
        r#"{"messageType":"SUCCESS"}"#,
        r#"{"messageType":"SUCCESS","data":{"requestCode":""}}"#,
    ] {
        let (error, requests) = failing(Reply::http("200 OK", body)).await;
        assert!(
            matches!(error, RedtrustError::Malformed { .. }),
            "{body}: {error}"
        );
        assert_eq!(requests, 1);
    }
}

#[tokio::test]
async fn an_answer_without_end_is_given_up_at_one_mebibyte() {
    let (error, requests) = failing(Reply::Endless).await;
    assert!(matches!(error, RedtrustError::Malformed { .. }), "{error}");
    assert_eq!(requests, 1);
}

#[tokio::test]
async fn a_server_that_repeats_our_token_does_not_get_it_into_an_error() {
    let reply = Reply::error("403 No", "BAD", "the token canary-token may not");
    let (error, _) = failing(reply).await;
    assert!(error.to_string().contains("BAD"), "{error}");
    assert!(!format!("{error:?} {error}").contains("canary"), "{error}");
}

#[tokio::test]
async fn an_answer_that_repeats_a_token_of_ours_is_not_believed() {
    for data in [
        r#"{"csr":"MIIB","requestCode":"canary-token"}"#,
        r#"{"csr":"MIIB","requestCode":"canary-refresh"}"#,
        r#"{"csr":"MIIB canary-refresh","requestCode":"r-1"}"#,
    ] {
        let (error, requests) = failing(Reply::success(data)).await;
        assert!(matches!(error, RedtrustError::Malformed { .. }), "{error}");
        assert!(!format!("{error:?} {error}").contains("canary"), "{error}");
        assert_eq!(requests, 1);
    }
}

#[tokio::test]
async fn only_log_out_is_repeated_after_a_cut() {
    let server = RawServer::start(vec![Reply::Close, Reply::success("{}")]).await;
    let client = client(&server.url);
    assert_eq!(client.logout(&Secret::new("t")).await, Ok(()));
    assert_eq!(server.requests().len(), 2);
    assert!(server.requests()[0].starts_with("DELETE /raapi/v1/auth/logout "));

    let server = RawServer::start(vec![Reply::Close]).await;
    let client = self::client(&server.url);
    let token = Secret::new("t");
    assert_eq!(client.logout(&token).await, Err(RedtrustError::Cut));
    assert_eq!(server.requests().len(), 2);
    let _ = client
        .csr_finalize(&tokens("t"), "r", "ana")
        .await
        .unwrap_err();
    let _ = client.refresh_token(&token, "ana").await.unwrap_err();
    assert_eq!(server.requests().len(), 4);
}

#[tokio::test]
async fn a_connection_that_the_server_keeps_open_is_not_used_again() {
    let server = RawServer::start(vec![Reply::Stall(answer(
        "200 OK",
        "Connection: keep-alive\r\n",
        &success(CREATED),
    ))])
    .await;
    let client = client(&server.url);
    for _ in 0..3 {
        assert_eq!(create(&client).await, Ok("r-1".into()));
    }
    assert_eq!(server.requests().len(), 3);
}

#[tokio::test]
async fn the_call_that_finds_no_place_is_refused_at_once_and_sign_ins_have_their_own() {
    let server = RawServer::start(vec![Reply::Hang]).await;
    let client = std::sync::Arc::new(client(&server.url));
    let mut waiting = Vec::new();
    for _ in 0..26 {
        let client = std::sync::Arc::clone(&client);
        waiting.push(tokio::spawn(async move { create(&client).await }));
    }
    while server.requests().len() < 26 {
        tokio::task::yield_now().await;
    }
    let started = Instant::now();
    assert_eq!(create(&client).await, Err(RedtrustError::Busy));
    assert!(started.elapsed() < Duration::from_millis(100));
    assert_eq!(server.requests().len(), 26);
    let secret = Secret::new("s");
    let signed_in = client.login("u", &secret, None, "").await;
    assert_eq!(signed_in.unwrap_err(), RedtrustError::TimedOut);
    for task in waiting {
        task.abort();
    }
}

#[tokio::test]
async fn five_failures_open_the_breaker_and_other_connections_do_not_care() {
    let bad = RawServer::start(vec![Reply::http("503 X", "")]).await;
    let good = RawServer::start(vec![Reply::success(CREATED)]).await;
    let client_of_bad = client(&bad.url);
    for owner in ["ana", "bea", "eva", "ines", "sara"] {
        let error = create_for(&client_of_bad, owner).await.unwrap_err();
        assert_eq!(error, RedtrustError::Unavailable { status: 503 });
    }
    let open = create(&client_of_bad).await;
    assert_eq!(open, Err(RedtrustError::BreakerOpen));
    assert_eq!(bad.requests().len(), 5);
    assert!(create(&client(&good.url)).await.is_ok());
}

#[tokio::test]
async fn i03_what_fails_for_one_person_only_keeps_nobody_else_out() {
    // A refusal without an envelope is an answer, and so is no failure.
    for (reply, is_failure) in [
        (Reply::http("500 X", ""), true),
        (Reply::http("404 X", ""), false),
        (Reply::Close, true),
    ] {
        let server = RawServer::start(vec![reply]).await;
        let client = client(&server.url);
        let token = tokens("t");
        for code in ["1", "1", "2", "3", "4", "5"] {
            let error = client.csr_finalize(&token, code, "eve").await.unwrap_err();
            assert_ne!(error, RedtrustError::BreakerOpen);
        }
        let eve = client.csr_finalize(&token, "6", "eve").await.unwrap_err();
        let ana = client.csr_finalize(&token, "1", "ana").await.unwrap_err();
        assert_eq!(eve == RedtrustError::BreakerOpen, is_failure, "{eve}");
        assert_ne!(ana, RedtrustError::BreakerOpen);
    }
}

#[tokio::test]
async fn i03_five_failures_to_connect_open_the_breaker_of_sign_ins_and_of_no_other_call() {
    let client = client(&format!("http://127.0.0.1:{}", closed_port().await));
    let secret = Secret::new("s");
    let sign_in = || client.login("u", &secret, None, "");
    for _ in 0..5 {
        let error = sign_in().await.unwrap_err();
        assert!(
            matches!(error, RedtrustError::Unreachable { .. }),
            "{error}"
        );
    }
    assert_eq!(sign_in().await.unwrap_err(), RedtrustError::BreakerOpen);
    let error = create(&client).await.unwrap_err();
    assert!(
        matches!(error, RedtrustError::Unreachable { .. }),
        "{error}"
    );
}

#[tokio::test]
async fn a_refusal_never_opens_the_breaker() {
    let server = RawServer::start(vec![Reply::error("400 X", "NO", "m")]).await;
    let client = client(&server.url);
    for _ in 0..8 {
        let error = create(&client).await.unwrap_err();
        assert!(matches!(error, RedtrustError::Rejected { .. }), "{error}");
    }
}

#[tokio::test]
async fn the_sandbox_is_told_of_a_redirect_url_and_its_refusal_is_one() {
    let server = RawServer::start(vec![
        Reply::http("201 Created", "{}"),
        Reply::http("422 No", "not a URL"),
    ])
    .await;
    let client = client(&server.url);
    let url = "http://localhost:8080/callback/demo";
    let told = client.register_sandbox_redirect_url(url, "RUBRICA-DEMO");
    assert_eq!(told.await, Ok(()));
    let error = client
        .register_sandbox_redirect_url(url, "RUBRICA-DEMO")
        .await
        .unwrap_err();
    assert!(matches!(error, RedtrustError::Rejected { status: 422, .. }));
    assert!(server.requests()[0].starts_with("POST /sandbox/v1/redirect-urls "));
}
