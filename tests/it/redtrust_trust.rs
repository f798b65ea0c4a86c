//! Whom the client talks to at all: addresses and certificates are checked
//! before a byte of a call goes out.

use std::time::{Duration, Instant};

use rubrica::domain::connection::PrivateCa;
use rubrica::redtrust::{RedtrustClient, RedtrustError};

use crate::support::raw_server::{RawServer, Reply, TestCa, TlsServer, self_signed};
use crate::support::redtrust::{CREATED, connection, create, settings};

#[tokio::test]
async fn a_server_that_never_shakes_hands_is_unreachable_not_timed_out() {
    let server = RawServer::start(vec![Reply::Hang]).await;
    let mut connection = connection(&server.url.replace("http://", "https://"));
    connection.settings.private_ca = TestCa::new().pem.parse().ok();
    let client = RedtrustClient::new(&connection, &settings()).unwrap();
    let started = Instant::now();
    let error = create(&client).await.unwrap_err();
    assert!(
        matches!(error, RedtrustError::Unreachable { .. }),
        "{error}"
    );
    assert!(started.elapsed() < Duration::from_millis(900));
}

#[tokio::test]
async fn c07_addresses_that_must_not_be_called_are_blocked_before_a_byte_goes_out() {
    for url in [
        "https://169.254.169.254",
        "https://[::ffff:10.0.0.1]",
        "https://0.0.0.0",
    ] {
        let mut connection = connection(url);
        connection.settings.private_ca = TestCa::new().pem.parse().ok();
        let client = RedtrustClient::new(&connection, &settings()).unwrap();
        let error = create(&client).await.unwrap_err();
        assert!(
            matches!(error, RedtrustError::BlockedAddress { .. }),
            "{url}: {error}"
        );
        assert!(error.nothing_was_sent());
    }
}

/// A create over TLS with a server that shows a certificate for `name` until
/// `year`, while the connection trusts the CA that made it, or another.
async fn over_tls(
    name: &str,
    year: i32,
    trusts_it: bool,
) -> (Result<String, RedtrustError>, usize) {
    let ca = TestCa::new();
    let server = TlsServer::start(ca.certify(name, year), CREATED);
    let mut connection = connection(&server.url);
    connection.settings.private_ca = if trusts_it { ca.pem } else { TestCa::new().pem }
        .parse()
        .ok();
    let client = RedtrustClient::new(&connection, &settings()).unwrap();
    (create(&client).await, server.requests())
}

#[tokio::test]
async fn c08_the_private_ca_is_trusted_and_no_other() {
    assert_eq!(
        over_tls("localhost", 2999, true).await,
        (Ok("r-1".into()), 1)
    );
    for (name, year, trusts_it) in [
        ("localhost", 2999, false),
        ("elsewhere.example", 2999, true),
        ("localhost", 2001, true),
    ] {
        let (answer, requests) = over_tls(name, year, trusts_it).await;
        let error = answer.unwrap_err();
        assert!(
            matches!(error, RedtrustError::Tls { .. }),
            "{name}: {error}"
        );
        assert_eq!(requests, 0);
    }
}

/// On-premise servers often have one; curl takes it too.
#[tokio::test]
async fn a_self_signed_certificate_given_as_private_ca_is_trusted_itself_and_nothing_else() {
    for is_ca in [false, true] {
        let (identity, pem) = self_signed("localhost", 2999, is_ca);
        let server = TlsServer::start(identity, CREATED);
        let mut connection = connection(&server.url);
        connection.settings.private_ca = Some(pem.parse().unwrap());
        let client = RedtrustClient::new(&connection, &settings()).unwrap();
        assert_eq!(create(&client).await, Ok("r-1".into()), "{is_ca}");

        let other = self_signed("localhost", 2999, is_ca).1;
        connection.settings.private_ca = Some(other.parse().unwrap());
        let client = RedtrustClient::new(&connection, &settings()).unwrap();
        let error = create(&client).await.unwrap_err();
        assert!(matches!(error, RedtrustError::Tls { .. }), "{error}");
        assert_eq!(server.requests(), 1);
    }
}

#[tokio::test]
async fn c08_the_name_and_the_dates_of_a_given_certificate_are_checked() {
    for (name, year) in [("elsewhere.example", 2999), ("localhost", 2001)] {
        let (identity, pem) = self_signed(name, year, true);
        let server = TlsServer::start(identity, CREATED);
        let mut connection = connection(&server.url);
        connection.settings.private_ca = Some(pem.parse().unwrap());
        let client = RedtrustClient::new(&connection, &settings()).unwrap();
        let error = create(&client).await.unwrap_err();
        assert!(
            matches!(error, RedtrustError::Tls { .. }),
            "{name}: {error}"
        );
        assert_eq!(server.requests(), 0);
    }
}

#[test]
fn a_private_ca_that_is_none_makes_no_client() {
    for pem in [
        "",
        "not PEM",
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
    ] {
        assert!(pem.parse::<PrivateCa>().is_err(), "{pem}");
    }
}
