use askama::Template;

use super::language::Words;
use super::ledger::Entry;
use super::sign_in::inspect::Signature;
use super::users::User;

#[derive(Template)]
#[template(path = "sign_in.html")]
pub(super) struct SignInPage<'a> {
    pub(super) words: &'static Words,
    /// The partner that sent the person here.
    pub(super) partner: &'a str,
    /// The domain to sign in to.
    pub(super) domain: Option<&'a str>,
    /// The sealed ticket that ties the form to the login request.
    pub(super) request: &'a str,
    /// The user name typed in the failed attempt.
    pub(super) username: &'a str,
    /// Whether a sign-in attempt has just failed.
    pub(super) failed: bool,
}

/// The page for a refused login request.
#[derive(Template)]
#[template(path = "refused.html")]
pub(super) struct RefusedPage<'a> {
    pub(super) words: &'static Words,
    pub(super) code: &'a str,
    pub(super) message: &'a str,
}

/// The sandbox's start page.
#[derive(Template)]
#[template(path = "home.html")]
pub(super) struct HomePage<'a> {
    pub(super) words: &'static Words,
    /// The built-in partner.
    pub(super) partner: &'a str,
    /// The shared key of the built-in partner.
    pub(super) shared_key: &'a str,
    /// A login URL as another program of the partner makes it.
    pub(super) example_url: Option<String>,
    /// What a contrary sandbox was drawn from.
    pub(super) seed: Option<u64>,
    /// Names and values of the settings in force.
    pub(super) settings: Vec<(String, String)>,
    pub(super) users: Vec<User>,
    pub(super) redirect_urls: Vec<String>,
    /// A redirect URL that was typed and cannot be registered.
    pub(super) refused: Option<String>,
    /// The newest rows of the ledger.
    pub(super) entries: Vec<Entry>,
    pub(super) controls: &'static [&'static str],
}

/// What is right and wrong about a pasted login URL.
#[derive(Template)]
#[template(path = "check.html")]
pub(super) struct CheckPage {
    pub(super) words: &'static Words,
    /// As it was pasted.
    pub(super) url: String,
    /// Why it cannot be read; then the rest is empty.
    pub(super) unreadable: Option<String>,
    pub(super) lines: Vec<CheckLine>,
    /// `None` if there is no key for the partner.
    pub(super) signature: Option<Signature>,
    /// What is wrong with the signature.
    pub(super) mistakes: Vec<&'static str>,
}

/// A part of a login URL.
pub(super) struct CheckLine {
    pub(super) part: &'static str,
    /// What this server accepts.
    pub(super) expected: String,
    pub(super) given: String,
    /// What is wrong, with its fix.
    pub(super) wrong: Option<&'static str>,
}
