//! Name, port, certificate, clock.

use super::{list, plain, utc};
use crate::domain::connection_check::{
    ClockFinding, DnsFinding, NoPort, TcpFinding, TlsFinding, TrustedBy,
};
use crate::i18n::{Message, key};

pub(super) fn dns(found: &DnsFinding) -> Message {
    match found {
        DnsFinding::Leads { host, addresses } => key("check-dns-leads")
            .with("host", host.clone())
            .with("addresses", list(addresses)),
        DnsFinding::Literal(address) => {
            key("check-dns-literal").with("address", address.to_string())
        }
        DnsFinding::Forbidden { host, address } => key("check-dns-forbidden")
            .with("host", host.clone())
            .with("address", address.to_string()),
        DnsFinding::Unknown { host, detail } => key("check-dns-unknown")
            .with("host", host.clone())
            .with("detail", detail.clone()),
        DnsFinding::TimedOut { host } => key("check-dns-timeout").with("host", host.clone()),
    }
}

pub(super) fn dns_fix(found: &DnsFinding) -> Option<Message> {
    let fix = match found {
        DnsFinding::Leads { .. } | DnsFinding::Literal(_) => return None,
        DnsFinding::Forbidden { .. } => key("check-dns-forbidden-fix"),
        DnsFinding::Unknown { .. } => key("check-dns-unknown-fix"),
        DnsFinding::TimedOut { .. } => key("check-dns-timeout-fix"),
    };
    Some(fix.into())
}

pub(super) fn tcp(found: &TcpFinding) -> Message {
    match found {
        TcpFinding::Open { port, not_at } if not_at.is_empty() => {
            key("check-tcp-open").with("port", plain(*port))
        }
        TcpFinding::Open { port, not_at } => key("check-tcp-open-partly")
            .with("port", plain(*port))
            .with("addresses", list(not_at)),
        TcpFinding::Closed { port, how, .. } => {
            let message: Message = match how {
                NoPort::Refused => key("check-tcp-refused").into(),
                NoPort::TimedOut => key("check-tcp-timeout").into(),
                NoPort::Failed(detail) => key("check-tcp-failed").with("detail", detail.clone()),
            };
            message.with("port", plain(*port))
        }
    }
}

pub(super) fn tcp_fix(found: &TcpFinding) -> Option<Message> {
    let (how, others) = match found {
        TcpFinding::Open { not_at, .. } => {
            return (!not_at.is_empty()).then(|| key("check-tcp-open-partly-fix").into());
        }
        TcpFinding::Closed { how, others, .. } => (how, others),
    };
    let open = others.iter().find(|(_, answers)| *answers);
    Some(match (open, how) {
        (Some((port, _)), _) => key("check-tcp-other-port-fix").with("open", plain(*port)),
        (None, NoPort::Refused) => key("check-tcp-refused-fix").into(),
        (None, _) => key("check-tcp-timeout-fix").into(),
    })
}

pub(super) fn tls(found: &TlsFinding) -> Message {
    match found {
        TlsFinding::Trusted {
            by,
            names,
            issuer,
            until,
            ..
        } => key("check-tls-trusted")
            .with("by", by_word(*by))
            .with("names", list(names))
            .with("issuer", issuer.clone())
            .with("until", utc(*until)),
        TlsFinding::Accepted => key("check-tls-accepted").into(),
        TlsFinding::WrongName { host, names } if names.is_empty() => {
            key("check-tls-no-name").with("host", host.clone())
        }
        TlsFinding::WrongName { host, names } => key("check-tls-name")
            .with("host", host.clone())
            .with("names", list(names)),
        TlsFinding::Expired { since } => key("check-tls-expired").with("since", utc(*since)),
        TlsFinding::NotYet { from } => key("check-tls-not-yet").with("from", utc(*from)),
        TlsFinding::SelfSigned { fingerprint, .. } => {
            key("check-tls-self-signed").with("fingerprint", fingerprint.clone())
        }
        TlsFinding::UnknownCa { issuer, .. } => {
            key("check-tls-unknown-ca").with("issuer", issuer.clone())
        }
        TlsFinding::PlainHttp { port } => key("check-tls-plain-http").with("port", plain(*port)),
        TlsFinding::NotPlain { port } => key("check-tls-not-plain").with("port", plain(*port)),
        TlsFinding::TooOld => key("check-tls-too-old").into(),
        TlsFinding::NoTls => key("check-tls-none").into(),
        TlsFinding::TimedOut => key("check-tls-timeout").into(),
        TlsFinding::NoRoots => key("check-tls-no-roots").into(),
        TlsFinding::Other { detail } => key("check-tls-other").with("detail", detail.clone()),
    }
}

pub(super) fn tls_fix(found: &TlsFinding) -> Option<Message> {
    Some(match found {
        TlsFinding::Trusted { ends_soon, .. } => {
            return ends_soon.then(|| key("check-tls-ends-soon-fix").into());
        }
        TlsFinding::Accepted => return None,
        TlsFinding::WrongName { host, names } if names.is_empty() => {
            key("check-tls-no-name-fix").with("host", host.clone())
        }
        TlsFinding::WrongName { host, .. } => key("check-tls-name-fix").with("host", host.clone()),
        TlsFinding::Expired { .. } => key("check-tls-expired-fix").into(),
        TlsFinding::NotYet { .. } => key("check-tls-not-yet-fix").into(),
        TlsFinding::SelfSigned { private_ca, .. } => match private_ca {
            false => key("check-tls-self-signed-fix").into(),
            true => key("check-tls-self-signed-other-fix").into(),
        },
        TlsFinding::UnknownCa { private_ca, .. } => match private_ca {
            false => key("check-tls-unknown-ca-fix").into(),
            true => key("check-tls-other-ca-fix").into(),
        },
        TlsFinding::PlainHttp { .. } => key("check-tls-plain-http-fix").into(),
        TlsFinding::NotPlain { .. } => key("check-tls-not-plain-fix").into(),
        TlsFinding::TooOld => key("check-tls-too-old-fix").into(),
        TlsFinding::NoTls | TlsFinding::TimedOut => key("check-tls-none-fix").into(),
        TlsFinding::NoRoots => key("check-tls-no-roots-fix").into(),
        TlsFinding::Other { .. } => key("check-tls-other-fix").into(),
    })
}

/// For the text to choose by.
const fn by_word(by: TrustedBy) -> &'static str {
    match by {
        TrustedBy::Machine => "machine",
        TrustedBy::PrivateCa => "private",
    }
}

pub(super) fn clock(found: ClockFinding) -> Message {
    let (message, seconds, here, there) = match found {
        ClockFinding::Agrees { seconds } => {
            return key("check-clock-agrees").with("seconds", seconds.to_string());
        }
        ClockFinding::Ahead {
            seconds,
            here,
            there,
        } => (key("check-clock-ahead"), seconds, here, there),
        ClockFinding::Behind {
            seconds,
            here,
            there,
        } => (key("check-clock-behind"), seconds, here, there),
    };
    message
        .with("seconds", seconds.to_string())
        .with("here", utc(here))
        .with("there", utc(there))
}

pub(super) fn clock_fix(found: ClockFinding) -> Option<Message> {
    match found {
        ClockFinding::Agrees { .. } => None,
        ClockFinding::Ahead { .. } | ClockFinding::Behind { .. } => {
            Some(key("check-clock-fix").into())
        }
    }
}
