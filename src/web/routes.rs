//! Every path of the portal, defined once: registration, links, redirects and tests
//! use these. Patterns are constants; functions fill in their parameters. The handler
//! of each path is in `ROUTES` of its folder, and all of those in
//! [`super::ALL_ROUTES`].

mod attention;
mod mail;
mod many;
mod open;
mod sessions;
mod table;

use crate::domain::connection::Slug;
use crate::domain::login_attempt::Destination;
pub use crate::services::CALLBACK_PREFIX;
use crate::services::accounts::Role;
pub use attention::{
    ATTENTION, ATTENTION_CERTIFICATES, ATTENTION_CERTIFICATES_SEARCH, ATTENTION_ISSUANCE,
    ATTENTION_SEARCH, attention_at, attention_issuance,
};
pub use mail::{
    ACCOUNT_MAIL, ACCOUNT_MAIL_SILENCE, ADMIN_ACCOUNT_MAIL, ADMIN_MAIL, ADMIN_MAIL_AGAIN,
    ADMIN_MAIL_TEST, admin_mail_page, after,
};
pub use many::{
    ISSUE_MANY, ISSUE_MANY_TEMPLATE, RENEW_MANY, RUN, RUN_EVENTS, RUN_RESULTS, RUNS, run,
    run_events, run_page, run_results, runs_page,
};
pub use open::{
    FAVICON, HEALTHZ, HELP, LOGO, METRICS, OUT_ELSEWHERE, OUT_OF_TIME, OUT_UNDONE, OUT_WITH_FILES,
    READYZ, VERIFY, admin_sign_in_to_kept, is_probe, sign_in_after, signed_out, verify,
};
pub use sessions::{
    ACCOUNT_OTHERS_END, ACCOUNT_SESSION_END, ADMIN_OTHERS_END, ADMIN_SESSION_END, ADMIN_SESSIONS,
    account_after, account_page, account_session_end, admin_session_end, admin_sessions_after,
    admin_sessions_of, keep_for, user_form_page, with_kept,
};
pub use table::{Guard, Route, Table, WithHandler};

pub const HOME: &str = "/";
/// The chooser, or the sign-in page of one connection.
pub const SIGN_IN: &str = "/sign-in";
pub const SIGN_IN_REDTRUST: &str = "/sign-in/redtrust";
/// Sign-in of application users.
pub const SIGN_IN_DIRECT: &str = "/sign-in/direct";
/// Redtrust's name for the token in a callback's query.
pub const TOKEN: &str = "tkn";
/// Redtrust redirects here after sign-in.
pub const CALLBACK: &str = "/callback/{slug}";
pub const SIGN_OUT: &str = "/sign-out";
pub const SIGN_OUT_EVERYWHERE: &str = "/sign-out/everywhere";
/// Extends the session.
pub const STAY: &str = "/session/stay";
/// Keeps a half-filled form for its page.
pub const KEEP: &str = "/session/keep";
/// Shows who is signed in, and on which devices.
pub const ACCOUNT: &str = "/account";
/// The calendar feed's page.
pub const ACCOUNT_CALENDAR: &str = "/account/calendar";
pub const ACCOUNT_CALENDAR_REVOKE: &str = "/account/calendar/revoke";
/// What calendars read.
pub const CALENDAR_FEED: &str = "/calendar/{secret}.ics";
/// Forgets that Redtrust said that the user may not issue.
pub const TRY_ISSUING: &str = "/account/try-issuing";
pub const ISSUE: &str = "/issue";
/// The first step, before the draft exists.
pub const ISSUE_KIND: &str = "/issue/kind";
/// The last step of a draft.
pub const ISSUE_CHECK: &str = "/issue/{id}/check";
/// Any other step of a draft.
pub const ISSUE_STEP: &str = "/issue/{id}/{step}";
/// The name in the certificate, as it will read with what is typed so far. Not below
/// [`ISSUE`]: forms that come there too late are kept.
pub const NAME_PREVIEW: &str = "/name-preview/{id}/{step}";
pub const RENEW: &str = "/renew";
pub const RENEW_CHOOSE: &str = "/renew/choose";
/// Starts the renewal of one certificate.
pub const RENEW_OF: &str = "/renew/{thumbprint}";
/// Asks for the kind of holder where only the thumbprint is known.
pub const RENEW_KIND: &str = "/renew/{thumbprint}/kind";
/// Asks whether the certificate's data changed; comes before the draft.
pub const RENEW_CHANGED: &str = "/renew/{thumbprint}/changed";
/// The last step of a renewal's draft.
pub const RENEW_CHECK: &str = "/renew/{id}/check";
pub const ISSUANCES: &str = "/issuances";
/// Search by POST, so that the search text is never part of an address.
pub const ISSUANCES_SEARCH: &str = "/issuances/search";
/// What was begun and not sent; a POST searches it.
pub const DRAFTS: &str = "/issuances/drafts";
pub const ISSUANCES_CSV: &str = "/issuances.csv";
pub const ISSUANCE: &str = "/issuances/{id}";
/// Repeats finalize.
pub const ISSUANCE_RESUME: &str = "/issuances/{id}/resume";
/// Settles an unknown outcome with the issued certificate's file.
pub const ISSUANCE_CERTIFICATE: &str = "/issuances/{id}/certificate";
/// Progress as server-sent events.
pub const ISSUANCE_EVENTS: &str = "/issuances/{id}/events";
pub const ISSUANCE_ABANDON: &str = "/issuances/{id}/abandon";
/// Starts a new draft with the same answers.
pub const ISSUANCE_AGAIN: &str = "/issuances/{id}/again";
pub const ISSUANCE_DISCARD: &str = "/issuances/{id}/discard";
pub const ISSUANCE_CSR: &str = "/issuances/{id}/request.csr";
pub const ISSUANCE_RECEIPT: &str = "/issuances/{id}/receipt";
/// A calendar file with expiry reminders.
pub const ISSUANCE_CALENDAR: &str = "/issuances/{id}/expiry.ics";
pub const CERTIFICATES: &str = "/certificates";
/// Search by POST, so that the search text is never part of an address.
pub const CERTIFICATES_SEARCH: &str = "/certificates/search";
/// Keeps which certificates of the list are ticked.
pub const CERTIFICATES_TICK: &str = "/certificates/tick";
pub const CERTIFICATES_CSV: &str = "/certificates.csv";
/// Takes over certificates that exist already.
pub const TAKE_OVER: &str = "/certificates/take-over";
pub const CERTIFICATE: &str = "/certificates/{thumbprint}";
/// Upload of a certificate's file, for its exact expiry date.
pub const CERTIFICATE_FILE: &str = "/certificates/{thumbprint}/file";
/// Note and tags.
pub const CERTIFICATE_NOTE: &str = "/certificates/{thumbprint}/note";
/// The certificate itself, if its file was shown.
pub const CERTIFICATE_DOWNLOAD: &str = "/certificates/{thumbprint}/certificate.cer";
/// The same with the CAs above it, in PEM.
pub const CERTIFICATE_CHAIN: &str = "/certificates/{thumbprint}/chain.pem";

/// The scope of all admin pages.
pub const ADMIN: &str = "/admin";
pub const ADMIN_SIGN_IN: &str = "/admin/sign-in";
/// The second step of a sign-in.
pub const ADMIN_SIGN_IN_CODE: &str = "/admin/sign-in/code";
pub const ADMIN_SIGN_OUT: &str = "/admin/sign-out";
/// Extends an admin's session.
pub const ADMIN_STAY: &str = "/admin/session/stay";
/// Keeps an admin's half-filled form for its page.
pub const ADMIN_KEEP: &str = "/admin/session/keep";
/// Creates the first account, with a one-time link.
pub const ADMIN_SETUP: &str = "/admin/setup";
/// The own account.
pub const ADMIN_ACCOUNT: &str = "/admin/account";
pub const ADMIN_SECOND_FACTOR: &str = "/admin/account/second-factor";
/// Asks before the second factor is switched off.
pub const ADMIN_SECOND_FACTOR_OFF: &str = "/admin/account/second-factor/off";
/// Replaces the recovery codes.
pub const ADMIN_RECOVERY_CODES: &str = "/admin/account/recovery-codes";
pub const ADMIN_CONNECTIONS: &str = "/admin/connections";
pub const ADMIN_CONNECTION_NEW: &str = "/admin/connections/new";
pub const ADMIN_CONNECTION: &str = "/admin/connections/{slug}";
pub const ADMIN_CONNECTION_STATE: &str = "/admin/connections/{slug}/state";
/// Finds the dialect from a login URL that works.
pub const ADMIN_CONNECTION_DIALECT: &str = "/admin/connections/{slug}/dialect";
/// Gives the connection a found dialect.
pub const ADMIN_CONNECTION_DIALECT_ADOPT: &str = "/admin/connections/{slug}/dialect/adopt";
/// Asks before a connection is disabled.
pub const ADMIN_CONNECTION_OFF: &str = "/admin/connections/{slug}/off";
/// Replaces a connection's shared key at once.
pub const ADMIN_CONNECTION_KEY: &str = "/admin/connections/{slug}/key";
/// Lets a connection lead to another server.
pub const ADMIN_CONNECTION_SERVER: &str = "/admin/connections/{slug}/server";
/// Stores the key that will be used next.
pub const ADMIN_CONNECTION_NEXT_KEY: &str = "/admin/connections/{slug}/next-key";
/// Puts the next key into use.
pub const ADMIN_CONNECTION_USE_NEXT_KEY: &str = "/admin/connections/{slug}/next-key/use";
/// Drops the next or the previous key.
pub const ADMIN_CONNECTION_DROP_KEY: &str = "/admin/connections/{slug}/second-key/drop";
/// Says that a connection's only possible redirect URL is registered.
pub const ADMIN_CONNECTION_REDIRECT_URL: &str = "/admin/connections/{slug}/redirect-url";
/// Hands a connection that left the configuration file to the pages.
pub const ADMIN_CONNECTION_HAND_OVER: &str = "/admin/connections/{slug}/hand-over";
pub const ADMIN_CONNECTION_TEST: &str = "/admin/connections/{slug}/test";
pub const ADMIN_REDIRECT_URLS: &str = "/admin/redirect-urls";
pub const ADMIN_REDIRECT_URL_STATE: &str = "/admin/redirect-urls/{id}/state";
/// Asks before a redirect URL is disabled.
pub const ADMIN_REDIRECT_URL_OFF: &str = "/admin/redirect-urls/{id}/off";
pub const ADMIN_DIAGNOSTICS: &str = "/admin/diagnostics";
/// Compares a pasted login URL with what the portal would sign.
pub const ADMIN_DIAGNOSTICS_COMPARE: &str = "/admin/diagnostics/compare";
pub const ADMIN_AUDIT: &str = "/admin/audit";
/// Search by POST, so that the search text is never part of an address.
pub const ADMIN_AUDIT_SEARCH: &str = "/admin/audit/search";
/// Writes what is found into a file. By POST, since the audit has it.
pub const ADMIN_AUDIT_EXPORT: &str = "/admin/audit/export";
/// Local accounts and invitations.
pub const ADMIN_PEOPLE: &str = "/admin/people";
/// Invites somebody by a one-time link.
pub const ADMIN_INVITE: &str = "/admin/people/invite";
/// Takes an invitation back.
pub const ADMIN_INVITATION_REVOKE: &str = "/admin/people/invitations/{id}/revoke";
/// One account: its role, connections and whether it is enabled.
pub const ADMIN_PERSON: &str = "/admin/people/{id}";
/// Takes an account's second factor away.
pub const ADMIN_PERSON_SECOND_FACTOR: &str = "/admin/people/{id}/second-factor";
/// Deletes an account whose row was changed past the portal.
pub const ADMIN_PERSON_DELETE: &str = "/admin/people/{id}/delete";

/// Static files under their content hash.
pub const STATIC: &str = "/static/{file}";
pub const STATIC_PREFIX: &str = "/static/";

/// Query that tells a page to look for a kept form.
pub const KEPT: &str = "kept=yes";

/// The first page of somebody with this role.
pub const fn home_of(role: Role) -> &'static str {
    match role {
        Role::Admin | Role::Auditor => ADMIN,
        Role::Officer => ATTENTION,
    }
}

/// Whether a path belongs to the pages of local accounts.
pub fn is_of_accounts(path: &str) -> bool {
    [ADMIN, ATTENTION].iter().any(|scope| {
        path.strip_prefix(scope)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    })
}

/// Whether a path is a page of the issuing or renewal wizard, or of taking over, where
/// people type.
pub fn is_step(path: &str) -> bool {
    path == TAKE_OVER
        || [ISSUE, RENEW].iter().any(|way| {
            path.strip_prefix(way)
                .is_some_and(|rest| rest.starts_with('/'))
        })
}

/// The page with the form that is sent to this path, if it is one for admins that shows
/// kept forms.
pub fn admin_form_page(path: &str) -> Option<&str> {
    let below = |list| path.strip_prefix(list)?.strip_prefix('/');
    let connection = below(ADMIN_CONNECTIONS);
    let connection = connection.map(|path| path.strip_suffix("/dialect").unwrap_or(path));
    let is_one = |name: &str| !name.is_empty() && !name.contains('/');
    match path {
        ADMIN_DIAGNOSTICS_COMPARE => Some(ADMIN_DIAGNOSTICS),
        ADMIN_AUDIT_SEARCH => Some(ADMIN_AUDIT),
        ATTENTION_SEARCH => Some(ATTENTION),
        ATTENTION_CERTIFICATES_SEARCH => Some(ATTENTION_CERTIFICATES),
        ADMIN_REDIRECT_URLS | ADMIN_DIAGNOSTICS | ADMIN_ACCOUNT_MAIL | ADMIN_SESSIONS => Some(path),
        path => {
            let found = connection.or_else(|| below(ADMIN_PEOPLE));
            found.is_some_and(is_one).then_some(path)
        }
    }
}

/// The sign-in page of a connection, and where to go afterwards.
pub fn sign_in(connection: Option<&Slug>, go_to: &Destination) -> String {
    let mut query = Vec::new();
    if let Some(slug) = connection {
        query.push(format!("connection={slug}"));
    }
    if *go_to != Destination::Home {
        query.push(format!("go={go_to}"));
    }
    if query.is_empty() {
        return SIGN_IN.to_owned();
    }
    format!("{SIGN_IN}?{}", query.join("&"))
}

pub fn issue_step(id: &str, step: &str) -> String {
    format!("{ISSUE}/{id}/{step}")
}

pub fn name_preview(id: &str, step: &str) -> String {
    format!("/name-preview/{id}/{step}")
}

pub fn renew_of(thumbprint: &str) -> String {
    format!("{RENEW}/{thumbprint}")
}

pub fn renew_changed(thumbprint: &str) -> String {
    format!("{RENEW}/{thumbprint}/changed")
}

pub fn renew_kind(thumbprint: &str) -> String {
    format!("{RENEW}/{thumbprint}/kind")
}

pub fn renew_check(id: &str) -> String {
    format!("{RENEW}/{id}/check")
}

pub fn issuance(id: &str) -> String {
    format!("{ISSUANCES}/{id}")
}

/// A path below one issuance; `what` is `resume`, `again`, `events`, `abandon`,
/// `discard`, `certificate`, `request.csr`, `receipt` or `expiry.ics`.
pub fn of_issuance(id: &str, what: &str) -> String {
    format!("{ISSUANCES}/{id}/{what}")
}

pub fn certificate(thumbprint: &str) -> String {
    format!("{CERTIFICATES}/{thumbprint}")
}

/// The list of certificates with one filter, such as `due` or `state`.
pub fn certificates_with(filter: &[(&str, &str)]) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(filter);
    format!("{CERTIFICATES}?{}", query.finish())
}

/// A path below one certificate; `what` is `file`, `note`, `certificate.cer` or `chain.pem`.
pub fn of_certificate(thumbprint: &str, what: &str) -> String {
    format!("{CERTIFICATES}/{thumbprint}/{what}")
}

/// The secret address of a calendar feed.
pub fn calendar_feed(secret: &str) -> String {
    format!("/calendar/{secret}.ics")
}

/// The one-time link that creates the first account.
pub fn admin_setup(secret: &str) -> String {
    format!("{ADMIN_SETUP}?link={secret}")
}

pub fn admin_connection(slug: &Slug) -> String {
    format!("{ADMIN_CONNECTIONS}/{slug}")
}

/// The page of a connection after an act, with a message about it: `made`, `saved`,
/// `adopted` and others.
pub fn admin_connection_after(slug: &Slug, done: &str) -> String {
    format!("{ADMIN_CONNECTIONS}/{slug}?done={done}")
}

/// A path below one connection; `what` is `off`, `state`, `key`, `next-key`, `next-key/use`,
/// `second-key/drop`, `redirect-url` or `hand-over`.
pub fn of_admin_connection(slug: &Slug, what: &str) -> String {
    format!("{ADMIN_CONNECTIONS}/{slug}/{what}")
}

pub fn admin_connection_dialect(slug: &Slug) -> String {
    format!("{ADMIN_CONNECTIONS}/{slug}/dialect")
}

pub fn admin_connection_dialect_adopt(slug: &Slug) -> String {
    format!("{ADMIN_CONNECTIONS}/{slug}/dialect/adopt")
}

pub fn admin_connection_test(slug: &Slug) -> String {
    format!("{ADMIN_CONNECTIONS}/{slug}/test")
}

/// The registry, with its form filled in for one connection.
pub fn admin_redirect_urls_for(slug: &Slug) -> String {
    format!("{ADMIN_REDIRECT_URLS}?connection={slug}")
}

/// The registry, with a message about the completed action.
pub fn admin_redirect_urls_after(done: &str) -> String {
    format!("{ADMIN_REDIRECT_URLS}?done={done}")
}

/// The diagnostics, with one page of the failed sign-ins.
pub fn admin_diagnostics_page(page: usize) -> String {
    match page {
        1 => ADMIN_DIAGNOSTICS.to_owned(),
        page => format!("{ADMIN_DIAGNOSTICS}?page={page}"),
    }
}

/// The audit, with its hash chain verified.
pub fn admin_audit_verify() -> String {
    format!("{ADMIN_AUDIT}?verify=yes")
}

/// A path below one redirect URL; `what` is `state` or `off`.
pub fn of_admin_redirect_url(id: &str, what: &str) -> String {
    format!("{ADMIN_REDIRECT_URLS}/{id}/{what}")
}

pub fn admin_person(id: &str) -> String {
    format!("{ADMIN_PEOPLE}/{id}")
}

/// A path below one account; `what` is `second-factor` or `delete`.
pub fn of_admin_person(id: &str, what: &str) -> String {
    format!("{ADMIN_PEOPLE}/{id}/{what}")
}

/// The list of accounts, with a message about the completed action.
pub fn admin_people_after(done: &str) -> String {
    format!("{ADMIN_PEOPLE}?done={done}")
}

pub fn admin_invitation_revoke(id: &str) -> String {
    format!("{ADMIN_PEOPLE}/invitations/{id}/revoke")
}
