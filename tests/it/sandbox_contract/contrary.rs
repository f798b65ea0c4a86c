//! The contrary sandbox: what a seed draws, and the forms of answers it draws from.

use reqwest::Method;
use serde_json::{Value, json};
use x509_parser::pem::Pem;
use x509_parser::prelude::*;

use crate::support::sandbox::{REDIRECT_URL, TestSandbox, percent_encode, read, vendors_body};

#[tokio::test]
async fn the_same_seed_is_the_same_server() {
    let one = TestSandbox::start_contrary(7).await;
    let other = TestSandbox::start_contrary(7).await;
    let third = TestSandbox::start_contrary(8).await;
    let dialect = async |sandbox: &TestSandbox| sandbox.get("/sandbox/v1/dialect").await.json();
    assert_eq!(dialect(&one).await, dialect(&other).await);
    assert_eq!(one.key, other.key);
    assert_eq!(dialect(&one).await["seed"], 7);
    assert_ne!(dialect(&one).await, dialect(&third).await);
    assert_ne!(one.key, third.key);
}

#[tokio::test]
async fn a_contrary_sandbox_stays_what_it_is_over_a_restart() {
    let sandbox = TestSandbox::start_contrary(7).await;
    sandbox.set_dialect(json!({"validity_days": 11})).await;
    let before = sandbox.get("/sandbox/v1/dialect").await.json();
    let key = sandbox.key.clone();
    let sandbox = sandbox.restart().await;
    assert_eq!(sandbox.get("/sandbox/v1/dialect").await.json(), before);
    assert_eq!(sandbox.key, key);
}

#[tokio::test]
async fn the_example_of_every_seed_leads_to_the_sign_in_page() {
    for seed in 1..=8 {
        let sandbox = TestSandbox::start_contrary(seed).await;
        let example = sandbox.get("/sandbox/v1/example").await.json();
        assert_eq!(example["shared_key"], json!(sandbox.key));
        assert_eq!(example["partner"], "RUBRICA-DEMO");
        let url = example["url"].as_str().unwrap();
        let path = url.strip_prefix(&sandbox.url).unwrap();
        let page = sandbox.get(path).await;
        assert_eq!(page.status, 200, "seed {seed}: {page:#?}");
        page.ticket();
    }
}

#[tokio::test]
async fn the_plain_sandbox_gives_an_example_too() {
    let sandbox = TestSandbox::start().await;
    let example = sandbox.get("/sandbox/v1/example").await.json();
    let url = example["url"].as_str().unwrap();
    let query = url.split_once('?').unwrap().1;
    let (signed, hmac) = query.rsplit_once("&hmac=").unwrap();
    let expected = sandbox.signed(signed);
    assert!(expected.ends_with(&format!("&hmac={hmac}")), "{url}");
}

#[tokio::test]
async fn every_setting_is_in_the_description() {
    let sandbox = TestSandbox::start().await;
    let described = sandbox.get("/sandbox/v1/openapi.json").await.json();
    let described = &described["components"]["schemas"]["Dialect"]["properties"];
    let dialect = sandbox.get("/sandbox/v1/dialect").await.json();
    let names = |object: &Value| -> Vec<String> {
        let mut names: Vec<_> = object.as_object().unwrap().keys().cloned().collect();
        names.sort();
        names
    };
    assert_eq!(names(&dialect), names(described));
}

/// Issues under these settings; `data` of both answers.
async fn issued_under(sandbox: &TestSandbox, settings: Value) -> (Value, Value) {
    sandbox.set_dialect(settings).await;
    let token = sandbox.token().await;
    let mut body = vendors_body();
    body["requestCode"] = json!(format!("client-{}", sandbox.ledger().await.len()));
    let created = sandbox.create(&token, &body).await.data();
    let code = match &created["requestCode"] {
        Value::Null => body["requestCode"].clone(),
        code => code.clone(),
    };
    let finalized = sandbox.finalize(&token, &code).await.data();
    (created, finalized)
}

#[tokio::test]
async fn values_are_written_in_the_form_of_the_settings_and_the_ledger_keeps_its_own() {
    let sandbox = TestSandbox::start().await;
    let settings = json!({
        "id_certificate": "string", "thumbprint_form": "colons", "csr_form": "base64",
        "finalize_request_code": true, "create_request_code": false,
        "client_request_code": "send",
    });
    let (created, finalized) = issued_under(&sandbox, settings).await;
    assert_eq!(created.get("requestCode"), None);
    let csr = created["csr"].as_str().unwrap();
    assert!(csr.starts_with("MII") && !csr.contains('\n'), "{csr}");
    assert!(finalized["idCertificate"].is_string(), "{finalized}");
    assert!(
        finalized["requestCode"]
            .as_str()
            .unwrap()
            .starts_with("client-")
    );
    let thumbprint = finalized["thumbprint"].as_str().unwrap();
    assert_eq!(thumbprint.matches(':').count(), 19, "{thumbprint}");
    let ledger = sandbox.ledger().await;
    let kept = ledger.iter().find(|entry| entry["kind"] == "certificate");
    assert_eq!(kept.unwrap()["thumbprint"], thumbprint.replace(':', ""));
    for (form, text) in [
        ("lower", thumbprint.replace(':', "").to_lowercase()),
        ("blanks", thumbprint.replace(':', " ")),
    ] {
        let code = finalized["requestCode"].clone();
        sandbox.set_dialect(json!({"thumbprint_form": form})).await;
        let again = sandbox.finalize(&sandbox.token().await, &code).await.data();
        assert_eq!(again["thumbprint"], text);
    }
}

#[tokio::test]
async fn a_certificate_lives_as_many_days_as_the_settings_say() {
    let sandbox = TestSandbox::start().await;
    let now = sandbox.clock.now().as_secs();
    for (days, is_valid) in [(30, true), (0, false), (-10, false)] {
        let settings = json!({"validity_days": days});
        let (_, finalized) = issued_under(&sandbox, settings).await;
        let thumbprint = finalized["thumbprint"].as_str().unwrap();
        let path = format!("/sandbox/v1/certificates/{thumbprint}");
        let pem = sandbox.get(&path).await.text;
        let pem = Pem::iter_from_buffer(pem.as_bytes())
            .next()
            .unwrap()
            .unwrap();
        let (_, certificate) = X509Certificate::from_der(&pem.contents).unwrap();
        let validity = certificate.validity();
        assert_eq!(validity.not_after.timestamp(), now + days * 24 * 3600);
        assert!(validity.not_before < validity.not_after);
        let at = ASN1Time::from_timestamp(now + 1).unwrap();
        assert_eq!(validity.is_valid_at(at), is_valid, "{days}");
    }
}

#[tokio::test]
async fn an_expiration_comes_in_each_form() {
    let sandbox = TestSandbox::start().await;
    for (form, is_it) in [
        ("rfc3339", "T"),
        ("rfc3339-7", ".0000000Z"),
        ("datetime", " "),
        ("unreadable", "/Date("),
    ] {
        sandbox.set_dialect(json!({"expiration_form": form})).await;
        let expiration = sandbox.login().await["expiration"].take();
        assert!(expiration.as_str().unwrap().contains(is_it), "{expiration}");
    }
    for (form, unit) in [("seconds", 1), ("milliseconds", 1000)] {
        sandbox.set_dialect(json!({"expiration_form": form})).await;
        let expiration = sandbox.login().await["expiration"].take();
        let number: i64 = expiration.as_str().unwrap().parse().unwrap();
        assert_eq!(number, (sandbox.clock.now().as_secs() + 900) * unit);
    }
}

#[tokio::test]
async fn an_error_has_the_status_the_code_and_the_language_of_the_settings() {
    let sandbox = TestSandbox::start().await;
    let wrong = json!({"username": "ra-app", "password": "wrong"});
    let login = async || {
        sandbox
            .send(Method::POST, "/raapi/v1/auth/login", &wrong)
            .await
    };
    let own = login().await;
    assert_eq!(own.status, 401);
    let code = own.error();
    for status in ["200", "400", "500"] {
        sandbox.set_dialect(json!({"error_status": status})).await;
        let answer = login().await;
        assert_eq!(answer.status.as_str(), status);
        assert_eq!(answer.json()["messageType"], "ERROR");
    }
    let codes = json!({ code.clone(): "ERR_INVALID_PASSWORD_OR_SO" });
    sandbox
        .set_dialect(json!({"error_codes": codes, "lang": "es"}))
        .await;
    let answer = login().await.json();
    assert_eq!(answer["errorCode"], "ERR_INVALID_PASSWORD_OR_SO");
    assert_eq!(
        answer["message"],
        "No se aceptó el usuario o la contraseña."
    );
    let unknown = sandbox.get("/raapi/v1/nothing").await.json();
    assert_eq!(unknown["message"], "No hay nada en esta ruta.");
    let ledger = sandbox.ledger().await;
    assert_eq!(ledger.last().unwrap()["result"], code);
}

#[tokio::test]
async fn an_envelope_may_come_with_more_around_and_in_it() {
    let sandbox = TestSandbox::start().await;
    let body = json!({"username": "ra-app", "password": "ra-app"});
    for (form, beginning) in [
        ("plain", "{\""),
        ("bom", "\u{feff}{"),
        ("spaced", "\r\n\t{\n"),
    ] {
        sandbox.set_dialect(json!({"envelope": form})).await;
        let answer = sandbox
            .send(Method::POST, "/raapi/v1/auth/login", &body)
            .await;
        assert!(answer.text.starts_with(beginning), "{form}: {answer:#?}");
    }
    sandbox
        .set_dialect(json!({"envelope": "extra", "warning_percent": 100}))
        .await;
    let answer = sandbox
        .send(Method::POST, "/raapi/v1/auth/login", &body)
        .await
        .json();
    assert!(answer["traceId"].is_string(), "{answer}");
    assert_eq!(answer["messageType"], "WARNING");
    assert!(answer["data"]["accessToken"].is_string(), "{answer}");
}

#[tokio::test]
async fn a_wrong_name_for_the_temporary_token_and_a_wrong_token_get_different_codes() {
    for seed in 1..=8 {
        let sandbox = TestSandbox::start_contrary(seed).await;
        let field = sandbox.get("/sandbox/v1/dialect").await.json()["temp_token_field"].take();
        let code = async |name: &str| {
            let body = json!({ name: "made-up" });
            let path = "/authapi/v1/login_by_temp_token";
            let answer = sandbox.send(Method::POST, path, &body).await;
            let text = answer.text.trim_start_matches('\u{feff}');
            let answer: Value = serde_json::from_str(text).unwrap();
            answer["errorCode"].clone()
        };
        let right = code(field.as_str().unwrap()).await;
        assert_ne!(code("somethingElse").await, right, "seed {seed}");
    }
}

#[tokio::test]
async fn a_token_names_its_user_in_the_claim_of_the_settings() {
    let sandbox = TestSandbox::start().await;
    for claim in ["sub", "nameid", "preferred_username"] {
        sandbox.set_dialect(json!({"user_claim": claim})).await;
        let token = sandbox.token().await;
        let claims = data_encoding::BASE64URL_NOPAD
            .decode(token.split('.').nth(1).unwrap().as_bytes())
            .unwrap();
        let claims: Value = serde_json::from_slice(&claims).unwrap();
        assert_eq!(claims[claim], "ra-app");
        assert_eq!(claims.get("unique_name"), None);
    }
}

#[tokio::test]
async fn a_refresh_token_stays_good_where_it_does_not_rotate() {
    let sandbox = TestSandbox::start().await;
    sandbox.set_dialect(json!({"refresh_rotates": false})).await;
    let first = sandbox.login().await["refreshToken"].take();
    for _ in 0..2 {
        let body = json!({"refreshToken": first});
        let path = "/raapi/v1/auth/refresh-token";
        let answer = sandbox.send(Method::PUT, path, &body).await.data();
        assert_eq!(answer["refreshToken"], first);
    }
}

#[tokio::test]
async fn an_opaque_token_of_every_alphabet_can_be_exchanged() {
    let sandbox = TestSandbox::start().await;
    for alphabet in ["base64url", "hex", "guid", "base64", "jws"] {
        let settings = json!({"temp_token": "opaque", "temp_token_alphabet": alphabet});
        sandbox.set_dialect(settings).await;
        let back = sandbox.temp_token("demo").await;
        // As the portal reads it from the address.
        let query = format!("tkn={back}");
        let (_, token) = url::form_urlencoded::parse(query.as_bytes())
            .next()
            .unwrap();
        sandbox.exchange(&token).await.data();
    }
}

#[tokio::test]
async fn a_share_of_a_hundred_percent_hits_every_call() {
    let sandbox = TestSandbox::start().await;
    sandbox
        .set_dialect(json!({"expired_token_percent": 100}))
        .await;
    let session = sandbox.login().await;
    let token = session["accessToken"].as_str().unwrap();
    let refused = sandbox.create(token, &vendors_body()).await;
    assert_eq!(refused.status, 401, "{refused:#?}");
    let body = json!({"refreshToken": session["refreshToken"]});
    let path = "/raapi/v1/auth/refresh-token";
    let fresh = sandbox.send(Method::PUT, path, &body).await.data();
    let fresh = fresh["accessToken"].as_str().unwrap();
    sandbox.create(fresh, &vendors_body()).await.data();

    for dropping in [
        json!({"drop_after_percent": 100}),
        json!({"drop_after_percent": 0, "drop_before_percent": 100}),
    ] {
        sandbox.set_dialect(dropping).await;
        let lost = sandbox
            .request(Method::POST, "/raapi/v1/csr/create")
            .bearer_auth(fresh)
            .json(&vendors_body())
            .send()
            .await;
        assert!(lost.is_err(), "{lost:?}");
    }
    let story = sandbox.story().await;
    let made = "key_pair csr_create OK";
    assert_eq!(story.iter().filter(|line| *line == made).count(), 2);
    assert_eq!(story.last().unwrap(), "call csr_create FAULT_INJECTED");
}

#[tokio::test]
async fn the_page_shows_the_seed_and_registers_a_redirect_url() {
    let sandbox = TestSandbox::start_contrary(42).await;
    let page = sandbox.get("/sandbox").await;
    assert_eq!(page.element("#seed"), "42");
    assert_eq!(page.element("#shared-key"), sandbox.key);
    assert!(page.element("#example").starts_with(&sandbox.url));
    assert!(page.element("#settings").contains("signed_message"));
    let register = async |url: &str, from: &str| {
        let form = "application/x-www-form-urlencoded";
        let request = sandbox
            .request(Method::POST, "/sandbox")
            .header("content-type", form);
        let body = format!("url={}", percent_encode(url));
        read(request.header("origin", from).body(body)).await
    };
    let done = register("http://p.example/cb", &sandbox.url).await;
    assert_eq!(done.location(), "/sandbox#redirect-urls");
    let refused = register("nowhere", &sandbox.url).await;
    assert_eq!(refused.status, 422);
    assert!(!refused.element("#redirect-url-error").is_empty());
    let list = sandbox.get("/sandbox").await.element("#redirect-urls");
    assert!(
        list.contains("http://p.example/cb") && list.contains(REDIRECT_URL),
        "{list}"
    );
    let strange = register("http://evil.example/", "http://evil.example").await;
    assert_eq!(strange.status, 403);
}

#[tokio::test]
async fn it_makes_no_trouble_by_chance_when_it_is_told_to_be_steady() {
    let sandbox = TestSandbox::start_contrary(3).await;
    let dialect = sandbox.get("/sandbox/v1/dialect").await.json();
    for share in ["delay", "drop_before", "drop_after", "expired_token"] {
        assert_eq!(dialect[format!("{share}_percent")], 0);
    }
}
