//! The RA API, the login URL, direct login.

use super::plain;
use crate::domain::connection_check::{ApiFinding, DirectFinding, LoginFinding};
use crate::domain::dialect_finder::Oddity;
use crate::i18n::{Message, key};

pub(super) fn api(found: &ApiFinding) -> Message {
    match found {
        ApiFinding::Answers { code } => key("check-api-answers").with("code", code.clone()),
        ApiFinding::FieldUntold { code } => key("check-api-untold").with("code", code.clone()),
        ApiFinding::WrongField { set, right } => key("check-api-field")
            .with("set", set.clone())
            .with("right", *right),
        ApiFinding::NotRedtrust { status, title } if title.is_empty() => {
            key("check-api-other").with("status", plain(*status))
        }
        ApiFinding::NotRedtrust { status, title } => key("check-api-other-page")
            .with("status", plain(*status))
            .with("title", title.clone()),
        ApiFinding::Redirects { to } => key("check-api-redirects").with("to", to.clone()),
        ApiFinding::Unavailable { status } => {
            key("check-api-unavailable").with("status", plain(*status))
        }
        ApiFinding::TimedOut => key("check-no-answer").into(),
        ApiFinding::Cut { detail } => key("check-cut").with("detail", detail.clone()),
    }
}

pub(super) fn api_fix(found: &ApiFinding) -> Option<Message> {
    Some(match found {
        ApiFinding::Answers { .. } | ApiFinding::FieldUntold { .. } => return None,
        ApiFinding::WrongField { right, .. } => key("check-api-field-fix").with("right", *right),
        ApiFinding::NotRedtrust { .. } | ApiFinding::Redirects { .. } => {
            key("check-api-other-fix").into()
        }
        ApiFinding::Unavailable { .. } | ApiFinding::TimedOut | ApiFinding::Cut { .. } => {
            key("check-api-unavailable-fix").into()
        }
    })
}

pub(super) fn login_url(found: &LoginFinding) -> Message {
    match found {
        LoginFinding::Page => key("check-login-page").into(),
        LoginFinding::PageOfScripts => key("check-login-scripts").into(),
        LoginFinding::LeadsTo { to } => key("check-login-leads").with("to", to.clone()),
        LoginFinding::NotInUse { url } => key("check-login-not-in-use").with("url", url.clone()),
        LoginFinding::NotSigned { detail } => {
            key("check-login-not-signed").with("detail", detail.clone())
        }
        LoginFinding::Partner { partner, .. } => {
            key("check-login-partner").with("partner", partner.clone())
        }
        LoginFinding::Signature { damage, .. } => signature(damage.as_ref()),
        LoginFinding::KeyBlanks { .. } => key("check-login-key-blanks").into(),
        LoginFinding::Timestamp { .. } => key("check-login-timestamp").into(),
        LoginFinding::OtherSetting {
            key: setting,
            set,
            right,
            ..
        } => key("check-login-setting")
            .with("setting", *setting)
            .with("set", set.clone())
            .with("right", right.clone()),
        LoginFinding::NotRegistered { .. } => key("check-login-not-registered").into(),
        LoginFinding::RegisteredAs { registered, .. } => {
            key("check-login-slash").with("registered", registered.clone())
        }
        LoginFinding::Refused { status, .. } => {
            key("check-login-refused").with("status", plain(*status))
        }
        LoginFinding::TimedOut => key("check-no-answer").into(),
        LoginFinding::Cut { detail } => key("check-cut").with("detail", detail.clone()),
    }
}

/// A refused signature, and what looks damaged in the shared key.
fn signature(damage: Option<&Oddity>) -> Message {
    use Oddity as O;
    match damage {
        Some(O::KeyHexOdd { digits }) => key("check-login-key-hex-odd").with("digits", *digits),
        Some(O::KeyHexForeign { foreign }) => {
            key("check-login-key-hex-foreign").with("count", *foreign)
        }
        Some(O::KeyBase64Length { digits }) => {
            key("check-login-key-base64").with("digits", *digits)
        }
        Some(O::KeyBytes { bytes }) => key("check-login-key-bytes").with("bytes", *bytes),
        _ => key("check-login-signature").into(),
    }
}

pub(super) fn login_url_fix(found: &LoginFinding) -> Option<Message> {
    Some(match found {
        LoginFinding::Page | LoginFinding::PageOfScripts | LoginFinding::LeadsTo { .. } => {
            return None;
        }
        LoginFinding::NotInUse { .. } => key("check-login-not-in-use-fix").into(),
        LoginFinding::NotSigned { .. } => key("check-login-not-signed-fix").into(),
        LoginFinding::Partner { .. } => key("check-login-partner-fix").into(),
        LoginFinding::Signature {
            damage: Some(_), ..
        } => key("check-login-key-damaged-fix").into(),
        LoginFinding::Signature { .. } => key("check-login-signature-fix").into(),
        LoginFinding::KeyBlanks { .. } => key("check-login-key-blanks-fix").into(),
        LoginFinding::Timestamp { .. } => key("check-login-timestamp-fix").into(),
        LoginFinding::OtherSetting {
            key: setting,
            right,
            ..
        } => key("check-login-setting-fix")
            .with("setting", *setting)
            .with("right", right.clone()),
        LoginFinding::NotRegistered { url, .. } | LoginFinding::RegisteredAs { url, .. } => {
            key("check-login-register-fix").with("url", url.clone())
        }
        LoginFinding::Refused { .. } => key("check-login-refused-fix").into(),
        LoginFinding::TimedOut | LoginFinding::Cut { .. } => {
            key("check-api-unavailable-fix").into()
        }
    })
}

pub(super) fn direct(found: &DirectFinding) -> Message {
    match found {
        DirectFinding::SignedIn {
            signed_out: true, ..
        } => key("check-direct-signed-in").into(),
        DirectFinding::SignedIn {
            signed_out: false, ..
        } => key("check-direct-not-signed-out").into(),
        DirectFinding::Credentials(_) => key("check-direct-credentials").into(),
        DirectFinding::ChangePassword(_) => key("check-direct-change-password").into(),
        DirectFinding::Wait(_) => key("check-direct-wait").into(),
        DirectFinding::PageOnly(_) => key("check-direct-page-only").into(),
        DirectFinding::NotAllowed(_) => key("check-direct-not-allowed").into(),
        DirectFinding::Refused(_) => key("check-direct-refused").into(),
        DirectFinding::Failed { detail } => key("check-cut").with("detail", detail.clone()),
    }
}

pub(super) fn direct_fix(found: &DirectFinding) -> Option<Message> {
    let fix = match found {
        DirectFinding::SignedIn { offered: true, .. } => return None,
        DirectFinding::SignedIn { offered: false, .. } => key("check-direct-not-offered-fix"),
        DirectFinding::Credentials(_) => key("check-direct-credentials-fix"),
        DirectFinding::ChangePassword(_) => key("check-direct-change-password-fix"),
        DirectFinding::Wait(_) => key("check-direct-wait-fix"),
        DirectFinding::PageOnly(_) => key("check-direct-page-only-fix"),
        DirectFinding::NotAllowed(_) => key("check-direct-not-allowed-fix"),
        DirectFinding::Refused(_) => key("check-login-refused-fix"),
        DirectFinding::Failed { .. } => key("check-api-unavailable-fix"),
    };
    Some(fix.into())
}
