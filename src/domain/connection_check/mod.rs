//! What testing a connection found, one [`Check`] per step on the way to a sign-in.
//!
//! Each finding is a value, so that the pages and the command line say the same about
//! it in their own language. How the findings are made is elsewhere.

mod answers;
mod network;

pub use answers::{ApiFinding, DirectFinding, LoginFinding, Said};
pub use network::{ClockFinding, DnsFinding, NoPort, TcpFinding, TlsFinding, TrustedBy};

use super::string_enum::string_enum;

string_enum! {
    /// The checks, in the order in which they are made.
    pub enum CheckName as "check" {
        /// The host's name leads to addresses that may be called.
        Dns = "dns",
        /// The port answers.
        Tcp = "tcp",
        /// The server's certificate is trusted.
        Tls = "tls",
        /// The server's clock agrees with ours.
        Clock = "clock",
        /// The RA API answers.
        Api = "api",
        /// A signed login URL leads to the sign-in page.
        LoginUrl = "login_url",
        /// An application user can sign in.
        DirectLogin = "direct_login",
    }
}

string_enum! {
    /// How a check ended.
    pub enum CheckResult as "result of a check" {
        /// Nothing is wrong.
        Pass = "pass",
        /// Something has to be changed.
        Fail = "fail",
        /// It could not be made.
        Skip = "skip",
    }
}

/// One check and what it found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// Which check.
    pub name: CheckName,
    /// What it found.
    pub finding: Finding,
}

/// What a check found; a variant for each check, and one for a check not made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// It was not made.
    Skipped(Skipped),
    /// Of [`CheckName::Dns`].
    Dns(DnsFinding),
    /// Of [`CheckName::Tcp`].
    Tcp(TcpFinding),
    /// Of [`CheckName::Tls`].
    Tls(TlsFinding),
    /// Of [`CheckName::Clock`].
    Clock(ClockFinding),
    /// Of [`CheckName::Api`].
    Api(ApiFinding),
    /// Of [`CheckName::LoginUrl`].
    LoginUrl(LoginFinding),
    /// Of [`CheckName::DirectLogin`].
    DirectLogin(DirectFinding),
}

/// Why a check was not made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Skipped {
    /// This one, which it depends on, failed.
    After(CheckName),
    /// The time for all checks together was over.
    OutOfTime,
    /// The address begins with `http://`, so there is no TLS.
    PlainHttp,
    /// The server's answers have no `Date`.
    NoDate,
    /// Nobody gave a user name and password.
    NoCredentials,
    /// The portal's own address is not known, and so no redirect URL.
    NoPublicUrl,
}

impl Check {
    /// How the check ended.
    pub const fn result(&self) -> CheckResult {
        let passed = match &self.finding {
            Finding::Skipped(_) => return CheckResult::Skip,
            Finding::Dns(found) => found.passed(),
            Finding::Tcp(found) => found.passed(),
            Finding::Tls(found) => found.passed(),
            Finding::Clock(found) => found.passed(),
            Finding::Api(found) => found.passed(),
            Finding::LoginUrl(found) => found.passed(),
            Finding::DirectLogin(found) => found.passed(),
        };
        match passed {
            true => CheckResult::Pass,
            false => CheckResult::Fail,
        }
    }

    /// Redtrust's own words about a refusal.
    pub const fn said(&self) -> Option<&Said> {
        match &self.finding {
            Finding::LoginUrl(found) => found.said(),
            Finding::DirectLogin(found) => found.said(),
            _ => None,
        }
    }
}
