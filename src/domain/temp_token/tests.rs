//! Temporary tokens compared with openssl's results, at different times, and with
//! hostile input.

use std::time::Duration;

use proptest::prelude::*;

use super::*;
use crate::connection::{OVERLAP, sample};

/// The output of `tests/vectors/make.sh`.
#[derive(Deserialize)]
struct Vectors {
    partner: String,
    redirect_url: RedirectUrl,
    shared_key: Secret,
    issuer: String,
    now: Millis,
    subject: String,
    jti: String,
    tokens: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    name: String,
    expect: String,
    token: String,
}

fn vectors() -> Vectors {
    serde_json::from_str(include_str!("../../../tests/vectors/temp_tokens.json")).unwrap()
}

impl Vectors {
    fn connection(&self, form: TempTokenForm) -> Connection {
        let mut connection = sample();
        connection.settings.partner = self.partner.parse().unwrap();
        connection.shared_key = self.shared_key.clone();
        connection.settings.dialect.temp_token = form;
        connection
    }

    fn good(&self) -> TempToken {
        self.tokens.first().unwrap().token.parse().unwrap()
    }

    fn verify_at(&self, seconds: i64) -> Result<VerifiedClaims, TempTokenRefusal> {
        let connection = self.connection(TempTokenForm::Signed);
        let now = Millis(self.now.0 + seconds * 1000);
        verify(&self.good(), &connection, &self.redirect_url, now)
    }
}

#[test]
fn a12_each_signed_token_gets_the_answer_openssl_leads_to() {
    let vectors = vectors();
    let connection = vectors.connection(TempTokenForm::Signed);
    for case in &vectors.tokens {
        let token = case.token.parse().unwrap();
        match verify(&token, &connection, &vectors.redirect_url, vectors.now) {
            Ok(claims) => {
                assert_eq!(case.expect, "ok", "{}", case.name);
                assert_eq!(claims.subject.as_ref(), Some(&vectors.subject));
                assert_eq!(claims.jti.as_ref(), Some(&vectors.jti));
            }
            Err(refusal) => assert_eq!(case.expect, format!("{refusal:?}"), "{}", case.name),
        }
    }
}

#[test]
fn a_token_is_good_from_its_issue_to_its_end_and_half_a_minute_around() {
    let vectors = vectors();
    for (seconds, answer) in [
        (-31, Err(TempTokenRefusal::IssuedInFuture)),
        (-30, Ok(())),
        (0, Ok(())),
        (60, Ok(())),
        (89, Ok(())),
        (90, Err(TempTokenRefusal::Expired)),
    ] {
        assert_eq!(
            vectors.verify_at(seconds).map(|_| ()),
            answer,
            "{seconds} s"
        );
    }
}

#[test]
fn one_changed_character_breaks_the_signature() {
    let vectors = vectors();
    let connection = vectors.connection(TempTokenForm::Signed);
    let good = vectors.good();
    for at in 0..good.expose().len() {
        let mut bytes = good.expose().as_bytes().to_vec();
        bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
        let changed: TempToken = String::from_utf8(bytes).unwrap().parse().unwrap();
        let verified = verify(&changed, &connection, &vectors.redirect_url, vectors.now);
        assert!(verified.is_err(), "changed at {at}");
    }
}

#[test]
fn a_good_token_has_one_text_form_only() {
    // Otherwise its hash would not recognize the token.
    let vectors = vectors();
    let connection = vectors.connection(TempTokenForm::Signed);
    for tail in ["=", "==", ".", "A"] {
        let token = format!("{}{tail}", vectors.good().expose())
            .parse()
            .unwrap();
        let verified = verify(&token, &connection, &vectors.redirect_url, vectors.now);
        assert!(verified.is_err(), "{tail}");
    }
}

#[test]
fn the_issuer_counts_where_the_connection_names_one() {
    let vectors = vectors();
    let mut connection = vectors.connection(TempTokenForm::Signed);
    let check = |connection: &Connection| {
        verify(
            &vectors.good(),
            connection,
            &vectors.redirect_url,
            vectors.now,
        )
        .map(|_| ())
    };
    connection.settings.issuer = Some(vectors.issuer.clone());
    assert_eq!(check(&connection), Ok(()));
    connection.settings.issuer = Some(format!("{}/", vectors.issuer));
    assert_eq!(check(&connection), Err(TempTokenRefusal::OtherIssuer));
}

#[test]
fn while_a_key_is_replaced_either_is_accepted_and_the_old_one_only_until_then() {
    let vectors = vectors();
    let signed_with = vectors.connection(TempTokenForm::Signed);
    let check = |connection: &Connection, now: Millis| {
        let verified = verify(&vectors.good(), connection, &vectors.redirect_url, now);
        verified.map(|_| ())
    };
    let mut other = signed_with.clone();
    other.shared_key = Secret::new("another key");
    let refused = Err(TempTokenRefusal::Signature);
    assert_eq!(check(&other, vectors.now), refused);
    let next = other.with_next_key(&vectors.shared_key, vectors.now);
    assert_eq!(check(&next.unwrap(), vectors.now), Ok(()));
    let long_ago = vectors.now - OVERLAP;
    for (put_in_use, answer) in [
        (long_ago + Duration::from_millis(1), Ok(())),
        (long_ago, refused),
    ] {
        let next = signed_with.with_next_key(&Secret::new("next"), put_in_use);
        let used = next.unwrap().with_next_key_in_use(put_in_use).unwrap();
        assert_eq!(check(&used, vectors.now), answer);
    }
}

#[test]
fn a_key_that_cannot_be_used_is_said_so() {
    let vectors = vectors();
    let mut connection = vectors.connection(TempTokenForm::Signed);
    connection.shared_key = Secret::new("");
    assert_eq!(
        verify(
            &vectors.good(),
            &connection,
            &vectors.redirect_url,
            vectors.now
        ),
        Err(TempTokenRefusal::Key(SigningError::EmptyKey))
    );
}

#[test]
fn an_opaque_dialect_believes_nothing_that_a_token_says() {
    let vectors = vectors();
    let connection = vectors.connection(TempTokenForm::Opaque);
    for case in &vectors.tokens {
        let token = case.token.parse().unwrap();
        assert_eq!(
            verify(&token, &connection, &vectors.redirect_url, vectors.now),
            Ok(VerifiedClaims::default()),
            "{}",
            case.name
        );
    }
}

#[test]
fn the_auto_dialect_verifies_what_says_hs256_and_nothing_else() {
    let vectors = vectors();
    let connection = vectors.connection(TempTokenForm::Auto);
    let check = |text: &str| {
        verify(
            &text.parse().unwrap(),
            &connection,
            &vectors.redirect_url,
            vectors.now,
        )
    };
    for case in &vectors.tokens {
        let answer = check(&case.token);
        match case.expect.as_str() {
            "ok" => assert_eq!(answer.unwrap().subject.as_ref(), Some(&vectors.subject)),
            "Algorithm" | "NotAJws" => assert_eq!(answer, Ok(VerifiedClaims::default())),
            refusal => assert_eq!(format!("{:?}", answer.unwrap_err()), refusal),
        }
    }
    assert_eq!(check("0190f1d2-aaaa"), Ok(VerifiedClaims::default()));
}

#[test]
fn only_the_shape_of_a_token_passes() {
    for (text, why) in [
        ("", TokenShape::Empty),
        ("a b", TokenShape::Alphabet),
        ("a\0", TokenShape::Alphabet),
        ("a\r\nb", TokenShape::Alphabet),
        ("ñ", TokenShape::Alphabet),
        ("<svg>", TokenShape::Alphabet),
        ("a%FF", TokenShape::Alphabet),
        ("\u{FFFD}", TokenShape::Alphabet),
        ("a".repeat(4097).as_str(), TokenShape::TooLong),
    ] {
        assert_eq!(text.parse::<TempToken>(), Err(why), "{text:?}");
    }
    assert!("a".repeat(4096).parse::<TempToken>().is_ok());
    assert!("aZ0-._~+/=".parse::<TempToken>().is_ok());
}

#[test]
fn a_token_is_never_printed_and_known_again_by_its_hash() {
    let token: TempToken = "canary".parse().unwrap();
    assert_eq!(format!("{token:?}"), "TempToken");
    assert_eq!(
        data_encoding::HEXLOWER.encode(&token.sha256()),
        "e100fbce008c04ec40637af0af91fb2f05aeedc23f856a2d3c0b1580625d755e"
    );
}

/// A token with these claims, signed with the key of the vectors.
fn signed(connection: &Connection, claims: &str) -> TempToken {
    let head = BASE64URL_NOPAD.encode(br#"{"alg":"HS256"}"#);
    let text = format!("{head}.{}", BASE64URL_NOPAD.encode(claims.as_bytes()));
    let form = connection.settings.dialect.key_encoding;
    let key = mac_key(&connection.shared_key, form).unwrap();
    let signature = hmac::sign(&key, text.as_bytes());
    let signature = BASE64URL_NOPAD.encode(signature.as_ref());
    format!("{text}.{signature}").parse().unwrap()
}

#[test]
fn claims_that_lie_about_time_are_refused() {
    let vectors = vectors();
    let connection = vectors.connection(TempTokenForm::Signed);
    let check = |times: &str| {
        let claims = format!(
            r#"{{"aud":"RUBRICA","redirect_url":"{}",{times}}}"#,
            vectors.redirect_url
        );
        let token = signed(&connection, &claims);
        verify(&token, &connection, &vectors.redirect_url, vectors.now).map(|_| ())
    };
    use TempTokenRefusal as R;
    for (times, answer) in [
        (r#""iat":1764000000,"exp":1764000120"#, Ok(())),
        (r#""iat":1764000000.9,"exp":1764000120.2"#, Ok(())),
        (r#""iat":1764000000"#, Err(R::Claims)),
        (r#""iat":"1764000000","exp":1764000120"#, Err(R::Claims)),
        (r#""iat":1764000000,"exp":1e300"#, Err(R::LivesTooLong)),
        (r#""iat":-1e300,"exp":1764000120"#, Err(R::LivesTooLong)),
        (
            r#""iat":1764000000,"exp":1764000120,"nbf":1764000100"#,
            Err(R::IssuedInFuture),
        ),
        (r#""iat":1764000020,"exp":1763999000"#, Err(R::Expired)),
        (
            r#""iat":1764000000,"exp":1764000120,"exp":1764000121"#,
            Err(R::Claims),
        ),
    ] {
        assert_eq!(check(times), answer, "{times}");
    }
}

proptest! {
    #[test]
    fn any_text_is_a_token_or_refused(text in any::<String>()) {
        let _ = text.parse::<TempToken>();
    }

    #[test]
    fn no_token_makes_the_check_panic_or_passes_unsigned(text in "[A-Za-z0-9._=+/~-]{1,200}") {
        let vectors = vectors();
        let token: TempToken = text.parse().unwrap();
        for form in TempTokenForm::ALL {
            let answer = verify(&token, &vectors.connection(*form), &vectors.redirect_url, vectors.now);
            if let Ok(claims) = answer {
                prop_assert_eq!(claims, VerifiedClaims::default());
                prop_assert_ne!(*form, TempTokenForm::Signed);
            }
        }
    }

    #[test]
    fn no_signed_claims_make_the_check_panic(claims in any::<String>()) {
        let vectors = vectors();
        let connection = vectors.connection(TempTokenForm::Signed);
        if claims.len() < 2_000 {
            let token = signed(&connection, &claims);
            let answer = verify(&token, &connection, &vectors.redirect_url, vectors.now);
            prop_assert!(answer.is_err());
        }
    }
}
