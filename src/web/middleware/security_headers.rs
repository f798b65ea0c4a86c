//! Security headers of every answer: pages, errors and files.

use std::sync::LazyLock;

use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderMap, HeaderName, HeaderValue, REFERRER_POLICY,
    STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS,
};

use crate::web::request_context::FormTargets;
use crate::web::routes;
use crate::web::state::Settings;
use crate::web::token_address::carries_token;

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
    img-src 'self' data:; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; \
    base-uri 'none'";

const FIXED: [(HeaderName, &str); 5] = [
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
    (HeaderName::from_static("x-frame-options"), "DENY"),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), geolocation=(), microphone=(), payment=(), usb=(), \
         publickey-credentials-get=(), browsing-topics=()",
    ),
];

/// The same with the policy of most pages: values are checked byte by byte when they are
/// made, so they are made once.
static CHECKED: LazyLock<Vec<(HeaderName, HeaderValue)>> = LazyLock::new(|| {
    let policy = (CONTENT_SECURITY_POLICY, POLICY);
    let all = FIXED.into_iter().chain([policy]);
    all.map(|(name, value)| (name, HeaderValue::from_static(value)))
        .collect()
});

pub fn set(headers: &mut HeaderMap, address: &str, settings: &Settings, targets: &FormTargets) {
    for (name, value) in CHECKED.iter() {
        headers.insert(name.clone(), value.clone());
    }
    if let Some(policy) = policy(targets) {
        headers.insert(CONTENT_SECURITY_POLICY, policy);
    }
    // With `no-referrer` Chromium sends `Origin: null` for our own forms, so only
    // where a token may be in the address.
    let may_carry = address.starts_with(routes::CALLBACK_PREFIX) || carries_token(address);
    let referrer = if may_carry {
        "no-referrer"
    } else {
        "same-origin"
    };
    headers.insert(REFERRER_POLICY, HeaderValue::from_static(referrer));
    if settings.origin.is_https()
        && let Some(hsts) = settings.hsts.header()
    {
        headers.insert(STRICT_TRANSPORT_SECURITY, HeaderValue::from_static(hsts));
    }
    if !headers.contains_key(CACHE_CONTROL) {
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
}

/// The content security policy with extra form targets, if the page set any.
fn policy(targets: &FormTargets) -> Option<HeaderValue> {
    if targets.0.is_empty() {
        return None;
    }
    let mut actions = String::from("form-action 'self'");
    for target in &targets.0 {
        actions.push(' ');
        actions.push_str(target.as_str());
    }
    HeaderValue::from_str(&POLICY.replace("form-action 'self'", &actions)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::origin::Origin;

    #[test]
    fn a_page_may_name_more_targets_for_its_forms() {
        let target = "https://redtrust.example:8082".parse().unwrap();
        let targets = FormTargets(vec![target]);
        let policy = policy(&targets).unwrap();
        let policy = policy.to_str().unwrap();
        assert!(policy.contains("form-action 'self' https://redtrust.example:8082; frame"));
        assert!("https://evil; script-src *".parse::<Origin>().is_err());
    }
}
