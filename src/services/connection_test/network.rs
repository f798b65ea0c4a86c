//! What name, port, certificate and clock mean.

use std::net::IpAddr;
use std::time::Duration;

use futures_util::future::join_all;

use super::Test;
use super::api::Asked;
use crate::domain::connection::DEFAULT_PORT;
use crate::domain::connection_check::{
    ClockFinding, DnsFinding, Finding, NoPort, Skipped, TcpFinding, TlsFinding, TrustedBy,
};
use crate::redtrust::{
    CallFailed, Distrust, NoAddress, NoConnection, NoHandshake, Probe, ServerCertificate,
};

/// The ports that Redtrust's documents name: the usual one, and that of older pages.
const USUAL_PORTS: [u16; 2] = [DEFAULT_PORT, 8083];

/// How many addresses of a host are tried.
const MOST: usize = 8;

/// A certificate that ends sooner than this is worth a word.
const SOON: Duration = Duration::from_secs(30 * 24 * 3600);

/// Where the name leads, and the addresses to try.
pub(super) async fn dns(probe: &Probe) -> (DnsFinding, Vec<IpAddr>) {
    let host = probe.host();
    let mut addresses = match probe.addresses().await {
        Ok(addresses) => addresses,
        Err(reason) => {
            let finding = match reason {
                NoAddress::Forbidden(address) => DnsFinding::Forbidden { host, address },
                NoAddress::Unknown(detail) => DnsFinding::Unknown { host, detail },
                NoAddress::TimedOut => DnsFinding::TimedOut { host },
            };
            return (finding, Vec::new());
        }
    };
    addresses.truncate(MOST);
    let finding = match addresses.as_slice() {
        [address] if probe.is_literal() => DnsFinding::Literal(*address),
        _ => DnsFinding::Leads {
            host,
            addresses: addresses.clone(),
        },
    };
    (finding, addresses)
}

/// Whether the port answers, and the first address at which it does.
pub(super) async fn tcp(probe: &Probe, addresses: &[IpAddr]) -> (TcpFinding, Option<IpAddr>) {
    let port = probe.port();
    let tries = join_all(addresses.iter().map(|one| probe.connects(*one, port))).await;
    let tried = || addresses.iter().zip(&tries);
    let open = tried().find(|(_, answer)| answer.is_ok());
    if let Some((address, _)) = open {
        let closed = tried().filter(|(_, answer)| answer.is_err());
        let not_at = closed.map(|(address, _)| *address).collect();
        return (TcpFinding::Open { port, not_at }, Some(*address));
    }
    let how = match tries.into_iter().find_map(Result::err) {
        Some(NoConnection::Refused) => NoPort::Refused,
        Some(NoConnection::Failed(detail)) => NoPort::Failed(detail),
        Some(NoConnection::TimedOut) | None => NoPort::TimedOut,
    };
    let others = USUAL_PORTS.into_iter().filter(|other| *other != port);
    let others = others.map(|other| async move {
        let tries = addresses.iter().map(|one| probe.connects(*one, other));
        (other, join_all(tries).await.iter().any(Result::is_ok))
    });
    let others = join_all(others).await;
    (TcpFinding::Closed { port, how, others }, None)
}

/// What the first call shows about TLS. A call decides whether the certificate is
/// trusted; the certificate itself only explains why not.
pub(super) async fn tls(test: &Test<'_>, address: Option<IpAddr>, asked: &Asked) -> Finding {
    let probe = &test.probe;
    let port = probe.port();
    let Some(address) = address else {
        return Finding::Tls(TlsFinding::NoTls);
    };
    if !probe.is_https() {
        let odd = match &asked.answer {
            Ok(answer) => answer.envelope.is_none(),
            Err(error) => matches!(error, CallFailed::Cut(_)),
        };
        return match odd && probe.certificate(address).await.is_ok() {
            true => Finding::Tls(TlsFinding::NotPlain { port }),
            false => Finding::Skipped(Skipped::PlainHttp),
        };
    }
    let shown = probe.certificate(address).await;
    Finding::Tls(match (&asked.answer, shown) {
        (Err(CallFailed::NoRoots), _) => TlsFinding::NoRoots,
        (Err(CallFailed::Distrusted(_) | CallFailed::NotConnected(_)), Err(reason)) => {
            no_handshake(reason, port)
        }
        (Err(CallFailed::Distrusted(why)), Ok(shown)) => distrusted(test, why, shown),
        (Err(CallFailed::NotConnected(detail)), Ok(_)) => TlsFinding::Other {
            detail: detail.clone(),
        },
        (_, Ok(shown)) => trusted(test, shown),
        (_, Err(_)) => TlsFinding::Accepted,
    })
}

const fn no_handshake(reason: NoHandshake, port: u16) -> TlsFinding {
    match reason {
        NoHandshake::PlainHttp => TlsFinding::PlainHttp { port },
        NoHandshake::TooOld => TlsFinding::TooOld,
        NoHandshake::NotTls => TlsFinding::NoTls,
        NoHandshake::TimedOut => TlsFinding::TimedOut,
    }
}

fn distrusted(test: &Test<'_>, why: &Distrust, shown: ServerCertificate) -> TlsFinding {
    let private_ca = test.connection.settings.private_ca.is_some();
    match why {
        Distrust::Name => TlsFinding::WrongName {
            host: test.probe.host(),
            names: shown.names,
        },
        Distrust::Expired => TlsFinding::Expired {
            since: shown.not_after,
        },
        Distrust::NotYet => TlsFinding::NotYet {
            from: shown.not_before,
        },
        Distrust::Issuer if shown.self_signed => TlsFinding::SelfSigned {
            fingerprint: shown.fingerprint,
            private_ca,
        },
        Distrust::Issuer => TlsFinding::UnknownCa {
            issuer: shown.issuer,
            private_ca,
        },
        Distrust::Other(detail) => TlsFinding::Other {
            detail: detail.clone(),
        },
    }
}

fn trusted(test: &Test<'_>, shown: ServerCertificate) -> TlsFinding {
    TlsFinding::Trusted {
        by: match test.connection.settings.private_ca {
            Some(_) => TrustedBy::PrivateCa,
            None => TrustedBy::Machine,
        },
        ends_soon: shown.not_after.since(test.portal.clock.now()) < SOON,
        names: shown.names,
        issuer: shown.issuer,
        until: shown.not_after,
    }
}

/// How the `Date` of the first answer compares with our clock.
pub(super) fn clock(asked: &Asked) -> Finding {
    let there = asked.answer.as_ref().ok().and_then(|answer| answer.date);
    match there {
        Some(there) => Finding::Clock(ClockFinding::of(asked.at, there)),
        None => Finding::Skipped(Skipped::NoDate),
    }
}
