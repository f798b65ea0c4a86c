//! The words for what a test of a connection found: the cause, and what to do.

mod answers;
mod network;

use jiff::Timestamp;

use super::{Key, Message, key};
use crate::domain::connection_check::{Check, CheckName, CheckResult, Finding, Skipped};
use crate::domain::millis::Millis;

/// The name of a check.
pub const fn name(name: CheckName) -> Key {
    match name {
        CheckName::Dns => key("check-name-dns"),
        CheckName::Tcp => key("check-name-tcp"),
        CheckName::Tls => key("check-name-tls"),
        CheckName::Clock => key("check-name-clock"),
        CheckName::Api => key("check-name-api"),
        CheckName::LoginUrl => key("check-name-login-url"),
        CheckName::DirectLogin => key("check-name-direct-login"),
    }
}

/// How a check ended, in one word or two.
pub const fn result(result: CheckResult) -> Key {
    match result {
        CheckResult::Pass => key("check-pass"),
        CheckResult::Fail => key("check-fail"),
        CheckResult::Skip => key("check-skip"),
    }
}

/// What a check found, without Redtrust's own words.
pub fn cause(check: &Check) -> Message {
    match &check.finding {
        Finding::Skipped(why) => skipped(*why),
        Finding::Dns(found) => network::dns(found),
        Finding::Tcp(found) => network::tcp(found),
        Finding::Tls(found) => network::tls(found),
        Finding::Clock(found) => network::clock(*found),
        Finding::Api(found) => answers::api(found),
        Finding::LoginUrl(found) => answers::login_url(found),
        Finding::DirectLogin(found) => answers::direct(found),
    }
}

/// What to do about it.
pub fn fix(check: &Check) -> Option<Message> {
    match &check.finding {
        Finding::Skipped(Skipped::NoPublicUrl) => Some(key("check-skip-public-url-fix").into()),
        Finding::Skipped(_) => None,
        Finding::Dns(found) => network::dns_fix(found),
        Finding::Tcp(found) => network::tcp_fix(found),
        Finding::Tls(found) => network::tls_fix(found),
        Finding::Clock(found) => network::clock_fix(*found),
        Finding::Api(found) => answers::api_fix(found),
        Finding::LoginUrl(found) => answers::login_url_fix(found),
        Finding::DirectLogin(found) => answers::direct_fix(found),
    }
}

fn skipped(why: Skipped) -> Message {
    match why {
        Skipped::After(name) => key("check-skip-after").with("name", name.as_str()),
        Skipped::OutOfTime => key("check-skip-time").into(),
        Skipped::PlainHttp => key("check-skip-http").into(),
        Skipped::NoDate => key("check-skip-date").into(),
        Skipped::NoCredentials => key("check-skip-credentials").into(),
        Skipped::NoPublicUrl => key("check-skip-public-url").into(),
    }
}

/// Values as a list with commas.
fn list<T: ToString>(values: &[T]) -> String {
    let texts: Vec<String> = values.iter().map(ToString::to_string).collect();
    texts.join(", ")
}

/// A time that is the same wherever it is read: two servers' administrators compare it.
fn utc(at: Millis) -> String {
    Timestamp::from_millisecond(at.0)
        .map(|at| at.strftime("%Y-%m-%d %H:%M:%S UTC").to_string())
        .unwrap_or_default()
}

/// A number as it is written in addresses, without grouping.
fn plain(number: u16) -> String {
    number.to_string()
}
