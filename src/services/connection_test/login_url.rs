//! Whether a signed login URL leads to the sign-in page, and if not, what to change.
//!
//! Words of a refusal are a hint; a login URL with one thing changed that is accepted is
//! proof. So what is refused is tried again with other spellings of the redirect URL and
//! other values of single settings. Asking for a sign-in page has no effect.

use std::time::Duration;

use tokio::time::timeout;

use super::Test;
use super::refusal::Refused;
use super::variants;
use crate::domain::connection::Connection;
use crate::domain::connection_check::{Finding, LoginFinding, Said, Skipped};
use crate::domain::dialect_finder::{Oddity, key_oddities};
use crate::domain::redirect_url::RedirectUrl;
use crate::domain::signing;
use crate::redtrust::{CallFailed, Page};

/// The time limit of all further tries together.
const TRIES_WITHIN: Duration = Duration::from_secs(6);

/// How one login URL was answered.
enum Answered {
    Accepted(LoginFinding),
    Refused { status: u16, said: Said },
    Nothing(LoginFinding),
}

pub(super) async fn check(test: &Test<'_>) -> Finding {
    let (portal, connection) = (test.portal, test.connection);
    let ours = || portal.callback_url(&connection.slug).parse().ok();
    let Some(url) = test.in_use.clone().or_else(ours) else {
        return Finding::Skipped(Skipped::NoPublicUrl);
    };
    Finding::LoginUrl(match test.answered(connection, &url).await {
        Answered::Accepted(_) if test.in_use.is_none() => LoginFinding::NotInUse {
            url: url.to_string(),
        },
        Answered::Accepted(finding) | Answered::Nothing(finding) => finding,
        Answered::Refused { status, said } => {
            let explaining = explain(test, &url, status, &said);
            match timeout(TRIES_WITHIN, explaining).await {
                Ok(finding) => finding,
                Err(_) => by_words(test, &url, status, said),
            }
        }
    })
}

/// Finds out by trying, then by the words.
async fn explain(test: &Test<'_>, url: &RedirectUrl, status: u16, said: &Said) -> LoginFinding {
    let refused = Refused::of(said);
    if matches!(refused, Refused::RedirectUrl | Refused::Something)
        && let Some(other) = other_slash(url)
        && test.accepts(test.connection, &other).await
    {
        return LoginFinding::RegisteredAs {
            url: url.to_string(),
            registered: other.to_string(),
            said: said.clone(),
        };
    }
    if let Some(tight) = variants::without_blanks_in_key(test.connection, refused)
        && is_further(refused, &test.answered(&tight, url).await)
    {
        let said = said.clone();
        return LoginFinding::KeyBlanks { said };
    }
    for variant in variants::of(test.connection, refused) {
        let answered = test.answered(&variant.connection, url).await;
        if is_further(refused, &answered) {
            return LoginFinding::OtherSetting {
                key: variant.key,
                set: variant.set,
                right: variant.right,
                said: said.clone(),
            };
        }
    }
    by_words(test, url, status, said.clone())
}

/// Whether Redtrust accepted the login URL, or went on to check what comes after the
/// signature.
fn is_further(before: Refused, answered: &Answered) -> bool {
    match answered {
        Answered::Accepted(_) => true,
        Answered::Refused { said, .. } => {
            before == Refused::Signature
                && matches!(Refused::of(said), Refused::RedirectUrl | Refused::Timestamp)
        }
        Answered::Nothing(_) => false,
    }
}

fn by_words(test: &Test<'_>, url: &RedirectUrl, status: u16, said: Said) -> LoginFinding {
    match Refused::of(&said) {
        Refused::Partner => LoginFinding::Partner {
            partner: test.connection.settings.partner.to_string(),
            said,
        },
        Refused::Signature => LoginFinding::Signature {
            damage: key_oddities(&test.connection.shared_key)
                .into_iter()
                .find(Oddity::is_damage_of_key),
            said,
        },
        Refused::Timestamp => LoginFinding::Timestamp { said },
        Refused::RedirectUrl => LoginFinding::NotRegistered {
            url: url.to_string(),
            said,
        },
        Refused::Something => LoginFinding::Refused { status, said },
    }
}

/// The same URL with a slash at its end, or without.
fn other_slash(url: &RedirectUrl) -> Option<RedirectUrl> {
    let text = url.as_str();
    let other = match text.strip_suffix('/') {
        Some(without) => without.to_owned(),
        None => format!("{text}/"),
    };
    other.parse().ok()
}

impl Test<'_> {
    async fn accepts(&self, connection: &Connection, url: &RedirectUrl) -> bool {
        matches!(self.answered(connection, url).await, Answered::Accepted(_))
    }

    /// Signs a login URL now, and asks for its page.
    async fn answered(&self, connection: &Connection, url: &RedirectUrl) -> Answered {
        let login = match signing::sign(connection, url, self.portal.clock.now()) {
            Ok(login) => login,
            Err(error) => {
                let detail = error.to_string();
                return Answered::Nothing(LoginFinding::NotSigned { detail });
            }
        };
        let lang = connection.settings.lang.to_string();
        match self.probe.login_page(&login, &lang).await {
            Ok(page) => read(page),
            Err(CallFailed::TimedOut) => Answered::Nothing(LoginFinding::TimedOut),
            Err(CallFailed::Cut(detail) | CallFailed::NotConnected(detail)) => {
                Answered::Nothing(LoginFinding::Cut { detail })
            }
            Err(CallFailed::Distrusted(_) | CallFailed::NoRoots) => {
                let detail = String::new();
                Answered::Nothing(LoginFinding::Cut { detail })
            }
        }
    }
}

/// Whether a page is a sign-in page, or leads to one.
fn read(page: Page) -> Answered {
    let Page { status, said, .. } = page;
    let speaks_of_error = !said.code.is_empty() || Refused::of(&said) != Refused::Something;
    if let Some(to) = page.location {
        // The words are those of parameters that name an error.
        return match said.words.is_empty() {
            true => Answered::Accepted(LoginFinding::LeadsTo { to }),
            false => Answered::Refused { status, said },
        };
    }
    match status {
        200..300 if page.has_password => Answered::Accepted(LoginFinding::Page),
        200..300 if speaks_of_error => Answered::Refused { status, said },
        200..300 if page.has_form => Answered::Accepted(LoginFinding::Page),
        200..300 if page.has_script => Answered::Accepted(LoginFinding::PageOfScripts),
        _ => Answered::Refused { status, said },
    }
}
