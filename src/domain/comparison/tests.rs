//! One mistake after the other, each named.

use super::*;
use crate::connection::sample;
use crate::secret::Secret;

const NOW: Millis = Millis(1_800_000_000_000);

fn here() -> Connection {
    let mut connection = sample();
    connection.settings.domain = Some("corp".to_owned());
    connection.shared_key = Secret::new("00112233445566778899aabbccddeeff");
    connection
}

fn callback(end: &str) -> RedirectUrl {
    format!("https://portal.example/callback/acme{end}")
        .parse()
        .unwrap()
}

/// What a program with these settings would send.
fn sent(connection: &Connection, redirect_url: &RedirectUrl) -> String {
    signing::sign(connection, redirect_url, NOW).unwrap().url
}

fn there(change: impl FnOnce(&mut Connection)) -> String {
    let mut connection = here();
    change(&mut connection);
    sent(&connection, &callback(""))
}

fn first(connection: &Connection, pasted: &str) -> Option<Difference> {
    let compared = compare(connection, &callback(""), pasted, NOW).unwrap();
    assert_eq!(compared.made_at, NOW);
    assert_eq!(
        compared.first.is_none(),
        compared.rows.iter().all(|row| row.same),
        "{compared:?}"
    );
    compared.first
}

#[test]
fn the_same_url_does_not_differ_and_its_signature_is_not_shown() {
    let url = there(|_| {});
    assert_eq!(first(&here(), &url), None);
    let query = url.split_once('?').unwrap().1;
    assert_eq!(first(&here(), query), None);
    let compared = compare(&here(), &callback(""), &url, NOW).unwrap();
    let hmac = url.rsplit_once("hmac=").unwrap().1;
    assert!(!format!("{compared:?}").contains(hmac), "{compared:?}");
}

#[test]
fn what_differs_before_the_signature_is_named() {
    use Difference as D;
    let url = there(|_| {});
    let partner = here().settings.partner.to_string();
    let small = format!("partner={}", partner.to_lowercase());
    for (pasted, difference) in [
        (
            there(|other| other.settings.base_url = "https://other.example:8083".parse().unwrap()),
            D::Server,
        ),
        (url.replace("/authclient/", "/client/"), D::Path),
        (url.replace("Consumer", "consumer"), D::Order),
        (url.replace("RA_API", "RAAPI"), D::Consumer),
        (there(|other| other.settings.domain = None), D::Domain),
        (sent(&here(), &callback("/")), D::RedirectUrlSlash),
        (sent(&here(), &callback("2")), D::RedirectUrl),
        (
            there(|other| other.settings.dialect.url_encoding = UrlEncoding::DotnetLower),
            D::Escaping(vec![UrlEncoding::DotnetLower]),
        ),
        (
            there(|other| other.settings.dialect.timestamp_unit = TimestampUnit::Milliseconds),
            D::TimestampUnit(TimestampUnit::Milliseconds),
        ),
        (
            url.replace(&format!("partner={partner}"), &small),
            D::PartnerCase,
        ),
        (
            there(|other| other.settings.partner = "OTHER".parse().unwrap()),
            D::Partner,
        ),
    ] {
        assert_eq!(first(&here(), &pasted), Some(difference), "{pasted}");
    }
}

#[test]
fn what_differs_in_the_signature_alone_is_named() {
    let setting = |name, value: &str| Some(Difference::Settings(vec![(name, value.to_owned())]));
    let template = "{partner}{timestamp}{redirect_url}";
    let pasted = there(|other| other.settings.dialect.signed_message = template.parse().unwrap());
    assert_eq!(first(&here(), &pasted), setting("signed_message", template));
    for (name, value) in [("signature_encoding", "base64"), ("key_encoding", "hex")] {
        let pasted = there(|other| {
            let texts = [(name.to_owned(), value.to_owned())].into();
            other.settings = other.settings.with(&texts).unwrap();
        });
        assert_eq!(first(&here(), &pasted), setting(name, value));
    }
    let pasted = there(|other| other.shared_key = Secret::new("another key"));
    assert_eq!(first(&here(), &pasted), Some(Difference::Key));
    let mut blank = here();
    blank.shared_key = Secret::new(format!("{} ", here().shared_key.expose()));
    assert_eq!(first(&blank, &there(|_| {})), Some(Difference::KeyBlank));
}

#[test]
fn what_is_no_login_url_is_refused() {
    let refused = |pasted: &str| compare(&here(), &callback(""), pasted, NOW).unwrap_err();
    assert_eq!(refused(""), ComparisonError::NotAUrl(LoginUrlError::Empty));
    assert_eq!(
        refused("hello"),
        ComparisonError::NotAUrl(LoginUrlError::NoQuery)
    );
    assert_eq!(refused("?timestamp=soon"), ComparisonError::Timestamp);
}
