//! The paths that list and end open sessions, and those of forms that are kept when one
//! ends.

use super::{
    ACCOUNT, ACCOUNT_MAIL, CERTIFICATES, CERTIFICATES_SEARCH, DRAFTS, ISSUANCES, ISSUANCES_SEARCH,
    KEPT, is_step,
};
use crate::domain::thumbprint::Thumbprint;

/// Ends one session, named by its mark.
pub const ACCOUNT_SESSION_END: &str = "/account/sessions/{id}/end";
/// Ends all sessions but the one that asks.
pub const ACCOUNT_OTHERS_END: &str = "/account/sessions/end-others";
/// On which devices admins are signed in.
pub const ADMIN_SESSIONS: &str = "/admin/sessions";
/// Ends one session of any admin, named by its mark.
pub const ADMIN_SESSION_END: &str = "/admin/sessions/{id}/end";
/// Ends all sessions of this admin but the one that asks.
pub const ADMIN_OTHERS_END: &str = "/admin/sessions/end-others";

/// The account page after sessions were ended; `done` is `ended` or `others`.
pub fn account_after(done: &str) -> String {
    format!("{ACCOUNT}?done={done}")
}

/// One page of a person's sessions.
pub fn account_page(page: usize) -> String {
    format!("{ACCOUNT}?page={page}")
}

pub fn account_session_end(mark: &str) -> String {
    format!("{ACCOUNT}/sessions/{mark}/end")
}

/// The admins' sessions after some were ended; `done` is `ended` or `others`.
pub fn admin_sessions_after(done: &str) -> String {
    format!("{ADMIN_SESSIONS}?done={done}")
}

/// The admins' sessions, with those of the user whose encrypted name this is.
pub fn admin_sessions_of(whose: &str) -> String {
    format!("{ADMIN_SESSIONS}?whose={whose}#of-user")
}

pub fn admin_session_end(mark: &str) -> String {
    format!("{ADMIN_SESSIONS}/{mark}/end")
}

/// Keeps a form of the page at `place`, and shows it in this language.
pub fn keep_for(keep: &str, place: &str, language: &str) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.extend_pairs([("place", place), ("language", language)]);
    format!("{keep}?{}", query.finish())
}

/// The page with the form that is sent to this path, if it is one that shows kept forms to
/// its owner: a step, a list with its search, the address for mail, or a certificate with
/// its note.
pub fn user_form_page(path: &str) -> Option<&str> {
    match path {
        ISSUANCES_SEARCH => return Some(ISSUANCES),
        CERTIFICATES_SEARCH => return Some(CERTIFICATES),
        ACCOUNT_MAIL | DRAFTS => return Some(path),
        path if is_step(path) => return Some(path),
        _ => {}
    }
    let page = path.strip_suffix("/note").unwrap_or(path);
    let thumbprint = page.strip_prefix(CERTIFICATES)?.strip_prefix('/')?;
    thumbprint.parse::<Thumbprint>().is_ok().then_some(page)
}

/// A page that shows the form kept for it.
pub fn with_kept(place: &str) -> String {
    match place.split_once('?') {
        Some((_, query)) if query.split('&').any(|part| part == KEPT) => place.to_owned(),
        Some(_) => format!("{place}&{KEPT}"),
        None => format!("{place}?{KEPT}"),
    }
}
