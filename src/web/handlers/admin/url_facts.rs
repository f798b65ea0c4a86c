//! What the admins' pages show of a connection's only possible redirect URL: the exact
//! text, whether people can sign in with it, and the button that says it is registered.

use crate::domain::connection::Connection;
use crate::domain::redirect_url::RedirectUrlState;
use crate::i18n::{Key, key};
use crate::services::Portal;
use crate::services::redirect_urls::Entry;
use crate::services::usable_url::{UrlProblem, usable};
use crate::web::page::Tone;
use crate::web::routes;

/// What a state is called, and how it looks.
pub(super) const fn state_of(state: RedirectUrlState) -> (Key, Tone) {
    match state {
        RedirectUrlState::Draft => (key("admin-url-draft"), Tone::Warning),
        RedirectUrlState::Registered => (key("admin-url-registered"), Tone::Info),
        RedirectUrlState::Confirmed => (key("admin-url-confirmed"), Tone::Good),
        RedirectUrlState::Disabled => (key("admin-url-disabled"), Tone::Bad),
    }
}

#[derive(Debug, Clone)]
pub(super) struct UrlFacts {
    /// The name of its connection.
    pub(super) name: String,
    /// The only possible URL.
    pub(super) url: String,
    /// The id of the element with the URL, to copy it.
    pub(super) id: String,
    pub(super) state: Key,
    /// The state for programs.
    pub(super) code: &'static str,
    pub(super) tone: Tone,
    problem: Option<UrlProblem>,
    /// A registered URL that leads to another public URL.
    pub(super) moved_from: Option<String>,
    /// The target of the button; `None` where the configuration file decides.
    pub(super) action: Option<String>,
    is_sandbox: bool,
}

impl UrlFacts {
    /// `entries` may contain those of other connections.
    pub(super) fn of(portal: &Portal, connection: &Connection, entries: &[Entry]) -> Self {
        let url = portal.callback_url(&connection.slug);
        let of_it = entries
            .iter()
            .filter(|entry| entry.connection_id == connection.id);
        let of_it: Vec<_> = of_it.collect();
        let found = usable(&of_it, &url);
        let (state, code, tone) = match &found {
            Ok(entry) if entry.state == RedirectUrlState::Confirmed => {
                (key("admin-url-confirmed"), "confirmed", Tone::Good)
            }
            Ok(_) => (key("admin-url-registered"), "registered", Tone::Info),
            Err(UrlProblem::Missing) => (key("admin-url-missing"), "missing", Tone::Warning),
            Err(UrlProblem::Draft) => (key("admin-url-draft"), "draft", Tone::Warning),
            Err(UrlProblem::Disabled) => (key("admin-url-disabled"), "disabled", Tone::Bad),
            Err(UrlProblem::Moved) => (key("admin-url-moved"), "moved", Tone::Bad),
        };
        let problem = found.err();
        let moved = (problem == Some(UrlProblem::Moved))
            .then(|| of_it.iter().find(|entry| entry.state.lets_sign_in()))
            .flatten();
        let action = routes::of_admin_connection(&connection.slug, "redirect-url");
        Self {
            name: connection.settings.name.clone(),
            id: format!("callback-{}", connection.slug),
            moved_from: moved.map(|entry| entry.url.to_string()),
            action: (!connection.from_file && problem.is_some()).then_some(action),
            is_sandbox: connection.sandbox,
            url,
            state,
            code,
            tone,
            problem,
        }
    }

    /// Whether people can sign in with it.
    pub(super) const fn is_usable(&self) -> bool {
        self.problem.is_none()
    }

    pub(super) fn is_confirmed(&self) -> bool {
        self.code == "confirmed"
    }

    pub(super) const fn button(&self) -> Key {
        match self.is_sandbox {
            true => key("admin-url-register-sandbox"),
            false => key("admin-url-register-now"),
        }
    }
}
