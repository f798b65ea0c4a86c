//! The messages of the dialect finder: what is unusual, which mistake explains a
//! signature, what stays open.

use super::{Message, key};
use crate::domain::dialect::TimestampUnit;
use crate::domain::dialect_finder::{Findings, KeyDifference, Mistake, Oddity, Open};
use crate::domain::login_url::LoginUrlError;

/// Why nothing can be found out from a text.
pub fn unusable(error: LoginUrlError) -> Message {
    match error {
        LoginUrlError::Empty => key("finder-url-missing").into(),
        LoginUrlError::NoQuery => key("finder-url-no-query").into(),
        LoginUrlError::NoSignature => key("finder-url-no-signature").into(),
        LoginUrlError::NoTimestamp => key("finder-url-no-timestamp").into(),
    }
}

/// Something unusual.
pub fn oddity(oddity: &Oddity) -> Message {
    use Oddity as O;
    match oddity {
        O::Http => key("finder-odd-http").into(),
        O::NoHost => key("finder-odd-no-host").into(),
        O::NoPort => key("finder-odd-no-port").into(),
        O::Port(port) => key("finder-odd-port").with("port", port.clone()),
        O::Path(path) => key("finder-odd-path").with("path", path.clone()),
        O::Order => key("finder-odd-order").into(),
        O::Names(names) => key("finder-odd-names").with("names", names.join(", ")),
        O::Unknown(names) => key("finder-odd-unknown").with("names", names.join(", ")),
        O::Missing(name) => key("finder-odd-missing").with("name", name.as_str()),
        O::Consumer(value) => key("finder-odd-consumer").with("value", value.clone()),
        O::PartnerCase(value) => key("finder-odd-partner").with("value", value.clone()),
        O::RedirectUrlRelative(value) => key("finder-odd-relative").with("value", value.clone()),
        O::RedirectUrlEscaping => key("finder-odd-escaping").into(),
        O::RedirectUrlTwice => key("finder-odd-twice").into(),
        O::Milliseconds => key("finder-odd-milliseconds").into(),
        O::TimestampForm(value) => key("finder-odd-timestamp").with("value", value.clone()),
        O::TimestampPast(days) => key("finder-odd-past").with("days", *days),
        O::TimestampFuture(days) => key("finder-odd-future").with("days", *days),
        O::SignatureUnreadable
        | O::SignatureLength { .. }
        | O::SignatureMixedCase
        | O::SignaturePadding
        | O::SignaturePlus
        | O::SignatureBlank => of_signature(oddity),
        O::KeyAround
        | O::KeyBlankInside
        | O::KeyHexOdd { .. }
        | O::KeyHexForeign { .. }
        | O::KeyBase64Length { .. }
        | O::KeyBytes { .. } => of_key(oddity),
    }
}

fn of_signature(oddity: &Oddity) -> Message {
    use Oddity as O;
    match oddity {
        O::SignatureLength {
            bytes,
            hash: Some(hash),
        } => key("finder-odd-other-hash")
            .with("bytes", *bytes)
            .with("hash", *hash),
        O::SignatureLength { bytes, hash: None } => key("finder-odd-length").with("bytes", *bytes),
        O::SignatureMixedCase => key("finder-odd-mixed").into(),
        O::SignaturePadding => key("finder-odd-padding").into(),
        O::SignaturePlus => key("finder-odd-plus").into(),
        O::SignatureBlank => key("finder-odd-blank").into(),
        _ => key("finder-odd-unreadable").into(),
    }
}

fn of_key(oddity: &Oddity) -> Message {
    use Oddity as O;
    match oddity {
        O::KeyBlankInside => key("finder-key-inside").into(),
        O::KeyHexOdd { digits } => key("finder-key-hex-odd").with("digits", *digits),
        O::KeyHexForeign { foreign } => key("finder-key-hex-foreign").with("count", *foreign),
        O::KeyBase64Length { digits } => key("finder-key-base64").with("digits", *digits),
        O::KeyBytes { bytes } => key("finder-key-bytes").with("bytes", *bytes),
        _ => key("finder-key-around").into(),
    }
}

/// A mistake that explains the signature, with its fix.
pub fn mistake(mistake: &Mistake) -> Message {
    use Mistake as M;
    match mistake {
        M::PartnerCase { signed } => key("finder-mistake-partner").with("signed", signed.clone()),
        M::DomainCase { signed } => key("finder-mistake-domain").with("signed", signed.clone()),
        M::TimestampUnit {
            signed: TimestampUnit::Seconds,
        } => key("finder-mistake-seconds").into(),
        M::TimestampUnit {
            signed: TimestampUnit::Milliseconds,
        } => key("finder-mistake-milliseconds").into(),
        M::TimestampForm => key("finder-mistake-timestamp").into(),
        M::RedirectUrlSlash { signed } => {
            key("finder-mistake-slash").with("signed", signed.clone())
        }
        M::RedirectUrlTwice => key("finder-mistake-twice").into(),
        M::KeyLineEnd => key("finder-mistake-line-end").into(),
        M::KeyCase => key("finder-mistake-key-case").into(),
        M::OtherHash(hash) => key("finder-mistake-hash").with("hash", *hash),
        M::SignatureCut => key("finder-mistake-cut").into(),
    }
}

/// What the example leaves open.
pub fn open(open: &Open) -> Message {
    match open {
        Open::UrlEncoding(encodings) => {
            let names: Vec<_> = encodings.iter().map(|one| one.as_str()).collect();
            key("finder-open-escaping").with("names", names.join(", "))
        }
        Open::Domain => key("finder-open-domain").into(),
    }
}

/// How the stored key differs from the right one; `None` if it does not.
pub fn key_difference(difference: KeyDifference) -> Option<Message> {
    Some(match difference {
        KeyDifference::Same => return None,
        KeyDifference::CutShort { missing } => key("finder-key-cut").with("missing", missing),
        KeyDifference::Blanks => key("finder-key-blanks").into(),
        KeyDifference::Case => key("finder-key-case").into(),
        KeyDifference::Other => key("finder-key-other").into(),
    })
}

/// What was tried, in numbers.
pub fn tried(findings: &Findings) -> Message {
    let size = findings.size;
    key("finder-tried")
        .with("tried", i64::try_from(findings.tried).unwrap_or(i64::MAX))
        .with("orders", size.orders)
        .with("forms", size.forms)
        .with("separators", size.separators)
        .with("fronts", size.fronts)
        .with("keys", findings.key_readings)
}

/// That nothing was found.
pub fn nothing() -> Message {
    key("finder-none").into()
}

/// That the key must be stored without what was around or inside it.
pub fn key_cleaned() -> Message {
    key("finder-file-key").into()
}
