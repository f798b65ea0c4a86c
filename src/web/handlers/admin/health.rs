//! How a connection does, as the list and its own page show it: green only if
//! somebody signed in lately, nothing has failed since, and its redirect URL is in use.

use std::time::Duration;

use super::diagnostics::causes;
use super::troubles;
use super::url_facts::UrlFacts;
use crate::domain::connection::Connection;
use crate::domain::millis::Millis;
use crate::domain::today::Today;
use crate::i18n::{Key, Lang, Message, key};
use crate::services::connections::Trouble;
use crate::services::diagnostics::{self, Health};
use crate::services::redirect_urls;
use crate::web::page::Tone;
use crate::web::problem::AppError;
use crate::web::state::AppState;

/// What counts as lately.
const LATELY: Duration = Duration::from_secs(24 * 3600);

#[derive(Debug)]
pub(super) struct Shown {
    pub(super) tone: &'static str,
    pub(super) word: Key,
    /// When signing in last worked or failed, and why.
    pub(super) detail: Option<Message>,
    /// Whether the list of failures says more.
    pub(super) failed: bool,
}

impl Shown {
    const fn new(tone: Tone, word: Key, detail: Option<Message>) -> Self {
        Self {
            failed: false,
            tone: tone.class(),
            word,
            detail,
        }
    }
}

/// The health of each of these connections, in their order.
pub(super) async fn of_all(
    state: &AppState,
    lang: Lang,
    connections: &[Connection],
) -> Result<Vec<Shown>, AppError> {
    let noted = diagnostics::health(&state.portal).await?;
    let entries = redirect_urls::all(&state.portal).await?;
    let today = state.portal.today();
    let shown = |connection: &Connection| {
        let health = noted.iter().find(|one| one.connection_id == connection.id);
        let troubles = state.portal.connections.troubles(connection, today.now);
        let url = UrlFacts::of(&state.portal, connection, &entries);
        shown((connection, &url), health, &troubles, lang, today)
    };
    Ok(connections.iter().map(shown).collect())
}

fn shown(
    (connection, url): (&Connection, &UrlFacts),
    health: Option<&Health>,
    troubles: &[Trouble],
    lang: Lang,
    today: Today<'_>,
) -> Shown {
    if !connection.enabled {
        return Shown::new(Tone::Bad, key("admin-connection-off"), None);
    }
    let closed = (!url.is_usable())
        .then(|| key("health-url").with("state", lang.of(url.state).into_owned()));
    if closed.is_some() && !connection.settings.direct_login {
        return Shown::new(url.tone, key("health-closed"), closed);
    }
    if let Some(failing) = failing(connection, health, troubles, lang, today) {
        return failing;
    }
    if closed.is_some() {
        return Shown::new(Tone::Info, key("health-direct-only"), closed);
    }
    let worked_at = health.and_then(|health| health.worked_at);
    let detail = worked_at.map_or_else(
        || Message::from(key("health-never")),
        |at| key("health-worked").with("ago", ago(lang, today, at)),
    );
    let (tone, word) = match worked_at.is_some_and(|at| today.now.since(at) < LATELY) {
        true => (Tone::Good, key("health-works")),
        false => (Tone::Info, key("admin-connection-on")),
    };
    Shown::new(tone, word, Some(detail))
}

/// How a connection shows at which the last sign-in failed, or that something hinders.
fn failing(
    connection: &Connection,
    health: Option<&Health>,
    troubles: &[Trouble],
    lang: Lang,
    today: Today<'_>,
) -> Option<Shown> {
    let worked_at = health.and_then(|health| health.worked_at);
    let failed = health.and_then(|health| health.failed);
    if let Some((at, cause)) = failed.filter(|(at, _)| Some(*at) > worked_at) {
        let cause = lang.of(causes::texts(cause).0).into_owned();
        let detail = key("health-failed").with("ago", ago(lang, today, at));
        let detail = detail.with("cause", cause);
        return Some(Shown {
            failed: true,
            ..Shown::new(Tone::Bad, key("health-fails"), Some(detail))
        });
    }
    let hinders = |trouble: &&Trouble| matches!(trouble, Trouble::Untrusted | Trouble::Failing(_));
    let trouble = troubles.iter().find(hinders)?;
    let detail = troubles::told(*trouble, &connection.settings.name, lang);
    Some(Shown::new(Tone::Bad, key("health-fails"), Some(detail)))
}

/// "3 min ago".
fn ago(lang: Lang, today: Today<'_>, at: Millis) -> String {
    let minutes = today.now.since(at).as_secs() / 60;
    let minutes = i64::try_from(minutes).unwrap_or(i64::MAX);
    let (key, count) = match minutes {
        0 => return lang.of(key("health-now")).into_owned(),
        1..60 => (key("health-minutes"), minutes),
        60..2880 => (key("health-hours"), minutes / 60),
        _ => (key("health-days"), today.days_since(at)),
    };
    lang.message(&key.with("count", count)).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_told_as_people_tell_them() {
        let today = Today {
            now: Millis::from_secs(1_000_000),
            zone: &jiff::tz::TimeZone::get("Europe/Madrid").unwrap(),
        };
        for (secs, en, es) in [
            (59, "just now", "ahora mismo"),
            (3 * 60, "3 min ago", "hace 3 min"),
            (2 * 3600, "2 h ago", "hace 2 h"),
            (50 * 3600, "2 days ago", "hace 2 días"),
            // Before midnight.
            (63 * 3600, "3 days ago", "hace 3 días"),
        ] {
            let at = Millis::from_secs(1_000_000 - secs);
            assert_eq!(ago(Lang::En, today, at), en);
            assert_eq!(ago(Lang::Es, today, at), es);
        }
    }
}
