//! The sandbox's pages.

use askama::Template;

use super::language::Words;
use super::ledger::Entry;
use super::users::User;

/// Where somebody signs in.
#[derive(Template)]
#[template(path = "sandbox/sign_in.html")]
pub(super) struct SignInPage<'a> {
    /// The words.
    pub(super) words: &'static Words,
    /// Which application asks.
    pub(super) partner: &'a str,
    /// In which domain.
    pub(super) domain: Option<&'a str>,
    /// What ties the form to the login request.
    pub(super) request: &'a str,
    /// What was typed before.
    pub(super) username: &'a str,
    /// A failed attempt came before.
    pub(super) failed: bool,
}

/// A login request that is refused.
#[derive(Template)]
#[template(path = "sandbox/refused.html")]
pub(super) struct RefusedPage<'a> {
    /// The words.
    pub(super) words: &'static Words,
    /// The error code.
    pub(super) code: &'a str,
    /// What it means.
    pub(super) message: &'a str,
}

/// The sandbox's own page.
#[derive(Template)]
#[template(path = "sandbox/home.html")]
pub(super) struct HomePage<'a> {
    /// The words.
    pub(super) words: &'static Words,
    /// The only partner.
    pub(super) partner: &'a str,
    /// Its key.
    pub(super) shared_key: &'a str,
    /// Everybody who may sign in.
    pub(super) users: Vec<User>,
    /// Where sign-in may lead.
    pub(super) redirect_urls: Vec<String>,
    /// The newest rows.
    pub(super) entries: Vec<Entry>,
    /// Paths of the controls.
    pub(super) controls: &'static [&'static str],
}
