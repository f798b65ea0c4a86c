//! Mistakes that explain a signature, what is odd in a URL, and examples that allow several readings.

use super::*;

#[test]
fn each_usual_mistake_is_named() {
    let key = "correct-horse-battery-staple";
    let url = usual().url(&simple());
    let signed = |message: &str, key: &str| {
        let (unsigned, _) = url.split_once("&hmac=").unwrap();
        let hmac = signature(key.as_bytes(), message, SignatureEncoding::HexLower);
        format!("{unsigned}&hmac={hmac}")
    };
    let query = usual().message(&simple());
    let right = signed(&query, key);
    let (cut, _) = right.split_at(right.len() - 8);
    let sha1 = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, key.as_bytes());
    let sha1 = HEXLOWER.encode(hmac::sign(&sha1, query.as_bytes()).as_ref());
    let (unsigned, _) = url.split_once("hmac=").unwrap();
    for (url, mistake) in [
        (
            signed(&query, key).replace("=VENDOR", "=Vendor"),
            Mistake::PartnerCase {
                signed: "VENDOR".into(),
            },
        ),
        (
            signed(&query.replace("1764000000", "1764000000000"), key),
            Mistake::TimestampUnit {
                signed: TimestampUnit::Milliseconds,
            },
        ),
        (
            signed(&query, key).replace("1764000000&", "1764000000000&"),
            Mistake::TimestampUnit {
                signed: TimestampUnit::Seconds,
            },
        ),
        (
            signed(&query, key).replace("back&", "back%2F&"),
            Mistake::RedirectUrlSlash {
                signed: "https://vendor.example/back".into(),
            },
        ),
        (
            signed(&query, key).replace("https%3A%2F%2F", "https%253A%252F%252F"),
            Mistake::RedirectUrlTwice,
        ),
        (signed(&query, &format!("{key}\n")), Mistake::KeyLineEnd),
        (signed(&query, &key.to_uppercase()), Mistake::KeyCase),
        (
            format!("{unsigned}hmac={sha1}"),
            Mistake::OtherHash("SHA-1"),
        ),
        (cut.to_owned(), Mistake::SignatureCut),
    ] {
        let findings = search(&url, key);
        assert_eq!(findings.mistakes, [mistake], "{url} {findings:#?}");
        assert!(findings.found.is_empty());
    }
    let dated = signed(&query.replace("1764000000", "2026-11-28"), key);
    let findings = search(&dated.replace("1764000000", "2026-11-28"), key);
    assert_eq!(findings.mistakes, [Mistake::TimestampForm]);
}

#[test]
fn a_wrong_or_cut_key_finds_nothing_and_is_described() {
    let hex = "00ff10a0b1c2d3e4f5061728394a5b6c7d8e9fa0b1c2d3e4f5061728394a5b6c";
    let program = Program {
        key: (KeyEncoding::Hex, hex),
        ..usual()
    };
    let url = program.url(&simple());
    for (key, odd) in [
        ("another key", Some(Oddity::KeyBlankInside)),
        (&hex[..62], Some(Oddity::KeyBytes { bytes: 31 })),
        (&hex[..63], Some(Oddity::KeyHexOdd { digits: 63 })),
        ("yet-another-key", None),
    ] {
        let findings = search(&url, key);
        assert!(findings.found.is_empty() && findings.mistakes.is_empty());
        assert_eq!(findings.odd, Vec::from_iter(odd), "{key}");
        assert!(findings.tried > 100_000, "{}", findings.tried);
        assert_eq!(findings.size.orders, 261);
    }
}

/// What to write in the usual URL instead of what, and what is odd then.
fn odd_urls() -> [(&'static str, &'static str, Oddity); 17] {
    [
        ("https://redtrust", "http://redtrust", Oddity::Http),
        (":8082", "", Oddity::NoPort),
        (":8082", ":443", Oddity::Port("443".into())),
        (
            "/auth/",
            "/",
            Oddity::Path("/authclient/loginrequest".into()),
        ),
        (
            "Consumer=RA_API&",
            "",
            Oddity::Missing(ParameterName::Consumer),
        ),
        (
            "Consumer=RA_API",
            "Consumer=SIGN_API",
            Oddity::Consumer("SIGN_API".into()),
        ),
        (
            "RedirectUrl",
            "redirectUrl",
            Oddity::Names(vec!["redirectUrl".into()]),
        ),
        ("&hmac", "&x=1&hmac", Oddity::Unknown(vec!["x".into()])),
        (
            "=VENDOR",
            "=vendor",
            Oddity::PartnerCase("vendor + CO".into()),
        ),
        (
            "https%3A%2F%2F",
            "",
            Oddity::RedirectUrlRelative("vendor.example/~back/(1)".into()),
        ),
        ("https%3A%2F%2F", "https://", Oddity::RedirectUrlEscaping),
        (
            "https%3A%2F%2F",
            "https%253A%252F%252F",
            Oddity::RedirectUrlTwice,
        ),
        ("1764000000", "1764000000123", Oddity::Milliseconds),
        ("1764000000", "1763800000", Oddity::TimestampPast(2)),
        ("1764000000", "1764200000", Oddity::TimestampFuture(2)),
        (
            "1764000000",
            "2026-11-28",
            Oddity::TimestampForm("2026-11-28".into()),
        ),
        ("&hmac=", "&hmac=!", Oddity::SignatureUnreadable),
    ]
}

#[test]
fn what_is_odd_in_a_url_is_named() {
    let url = usual().url(&example());
    for (from, to, odd) in odd_urls() {
        let changed = url.replacen(from, to, 1);
        assert_ne!(changed, url, "{from}");
        let parsed = LoginUrl::read(&changed).unwrap();
        let mut found = oddity::of_url(&parsed, NOW);
        if signature::read(&parsed.get(ParameterName::Hmac).unwrap().raw).is_none() {
            found.push(Oddity::SignatureUnreadable);
        }
        assert_eq!(found, [odd], "{changed}");
    }
    let parsed = LoginUrl::read("https://h:8082/authclient/auth/loginrequest?timestamp=1").unwrap();
    assert_eq!(
        find(&parsed, &Secret::new("k"), NOW),
        Err(LoginUrlError::NoSignature)
    );
    let parsed = LoginUrl::read("?hmac=00").unwrap();
    assert_eq!(
        find(&parsed, &Secret::new("k"), NOW),
        Err(LoginUrlError::NoTimestamp)
    );
}

#[test]
fn a_query_in_another_order_may_be_signed_as_sent_or_put_in_order() {
    let key = b"key";
    let query =
        "partner=P&timestamp=1764000000&Consumer=RA_API&RedirectUrl=https%3a%2f%2fp.example%2fc";
    let hmac = signature(key, query, SignatureEncoding::HexLower);
    let findings = search(&format!("https://h:8082{PATH}?hmac={hmac}&{query}"), "key");
    let found: Vec<_> = findings
        .found
        .iter()
        .map(|one| one.dialect.signed_message.as_str())
        .collect();
    let explicit = "partner={partner}&timestamp={timestamp}&Consumer={consumer}&RedirectUrl={redirect_url_encoded}";
    assert_eq!(found, ["query", explicit]);
    assert_eq!(findings.odd, [Oddity::Order]);
}

#[test]
fn a_key_is_told_to_be_stored_without_its_blanks() {
    let program = Program {
        key: (KeyEncoding::Hex, "00ff10a0 b1c2d3e4 f5061728 394a5b6c\n"),
        ..usual()
    };
    let found = search(&program.url(&example()), program.key.1).found;
    assert!(found[0].key_cleaned);
    assert_eq!(found[0].key.expose(), "00ff10a0b1c2d3e4f5061728394a5b6c");
}

#[test]
fn equal_values_do_not_multiply_what_is_found() {
    let values = Values {
        domain: Some("ACME".into()),
        partner: "ACME".into(),
        ..example()
    };
    let program = Program {
        order: vec![1, 3],
        ..usual()
    };
    let findings = search(&program.url(&values), program.key.1);
    assert_eq!(findings.found.len(), 1, "{findings:#?}");
}
