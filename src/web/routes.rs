//! Every path of the portal, exactly once: registration, links, redirects and
//! tests take it from here. Patterns are constants, filled-in paths functions.
//! Which handler answers at each: `ROUTES` of its folder, all of them in
//! [`super::ALL_ROUTES`].

use actix_web::http::Method;

use crate::domain::connection::Slug;
use crate::domain::login_attempt::Destination;
pub use crate::services::CALLBACK_PREFIX;

/// One route: an entry of the table that registration and tests work from.
#[derive(Debug)]
pub struct Route {
    /// GET or POST.
    pub method: Method,
    /// One of the patterns below.
    pub path: &'static str,
    /// Who gets an answer there.
    pub guard: Guard,
    /// Gives the route its handler.
    pub with_handler: fn(actix_web::Route) -> actix_web::Route,
}

/// Who gets an answer. A handler asks for it by its arguments; the guard says
/// what they must be, and a test holds every route to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Guard {
    /// Anybody, without a session: files and probes.
    Open,
    /// Anybody, within the users' session: `CheckedForm<_, BeforeSignIn>`.
    BeforeSignIn,
    /// `SignedIn`
    User,
    /// Anybody, within the admins' session: `CheckedForm<_, BeforeAdminSignIn>`.
    BeforeAdminSignIn,
    /// `AdminSignedIn`
    Admin,
}

impl Route {
    /// A page or file.
    pub const fn get(
        path: &'static str,
        guard: Guard,
        with_handler: fn(actix_web::Route) -> actix_web::Route,
    ) -> Self {
        Self {
            method: Method::GET,
            path,
            guard,
            with_handler,
        }
    }

    /// A form: its handler takes a `CheckedForm` or `CheckedUpload`.
    pub const fn post(
        path: &'static str,
        guard: Guard,
        with_handler: fn(actix_web::Route) -> actix_web::Route,
    ) -> Self {
        Self {
            method: Method::POST,
            path,
            guard,
            with_handler,
        }
    }

    /// As the framework wants it.
    pub fn to_actix(&self) -> actix_web::Route {
        (self.with_handler)(actix_web::web::method(self.method.clone()))
    }
}

/// The dashboard.
pub const HOME: &str = "/";
/// Sign-in: the chooser, or one connection's page.
pub const SIGN_IN: &str = "/sign-in";
/// Starts the redirect sign-in.
pub const SIGN_IN_REDTRUST: &str = "/sign-in/redtrust";
/// Signs in an application user.
pub const SIGN_IN_DIRECT: &str = "/sign-in/direct";
/// What Redtrust calls its token in a callback's query.
pub const TOKEN: &str = "tkn";
/// Where Redtrust sends people back to.
pub const CALLBACK: &str = "/callback/{slug}";
/// Ends the session.
pub const SIGN_OUT: &str = "/sign-out";
/// Ends every session of this person.
pub const SIGN_OUT_EVERYWHERE: &str = "/sign-out/everywhere";
/// Keeps the session for as long again.
pub const STAY: &str = "/session/stay";
/// Who is signed in, and the way to sign out everywhere.
pub const ACCOUNT: &str = "/account";
/// Begins an issuance.
pub const ISSUE: &str = "/issue";
/// The first step of an issuance that is no draft yet.
pub const ISSUE_KIND: &str = "/issue/kind";
/// The last step of an issuance that is a draft.
pub const ISSUE_CHECK: &str = "/issue/{id}/check";
/// One step of an issuance that is a draft.
pub const ISSUE_STEP: &str = "/issue/{id}/{step}";
/// Begins a renewal.
pub const RENEW: &str = "/renew";
/// Which certificate to renew.
pub const RENEW_CHOOSE: &str = "/renew/choose";
/// Begins the renewal of one certificate.
pub const RENEW_OF: &str = "/renew/{thumbprint}";
/// Whether the data in a certificate changed: the step before the draft.
pub const RENEW_CHANGED: &str = "/renew/{thumbprint}/changed";
/// The last step of a renewal that is a draft.
pub const RENEW_CHECK: &str = "/renew/{id}/check";
/// History.
pub const ISSUANCES: &str = "/issuances";
/// Looks for something in the history: what is typed stands in no address.
pub const ISSUANCES_SEARCH: &str = "/issuances/search";
/// History as CSV.
pub const ISSUANCES_CSV: &str = "/issuances.csv";
/// One issuance.
pub const ISSUANCE: &str = "/issuances/{id}";
/// Repeats finalize.
pub const ISSUANCE_RESUME: &str = "/issuances/{id}/resume";
/// Settles an issuance with the certificate that came of it.
pub const ISSUANCE_CERTIFICATE: &str = "/issuances/{id}/certificate";
/// Progress as server-sent events.
pub const ISSUANCE_EVENTS: &str = "/issuances/{id}/events";
/// Gives an issuance up.
pub const ISSUANCE_ABANDON: &str = "/issuances/{id}/abandon";
/// Begins anew with the same answers.
pub const ISSUANCE_AGAIN: &str = "/issuances/{id}/again";
/// Throws a draft away.
pub const ISSUANCE_DISCARD: &str = "/issuances/{id}/discard";
/// The CSR to download.
pub const ISSUANCE_CSR: &str = "/issuances/{id}/request.csr";
/// The receipt to print.
pub const ISSUANCE_RECEIPT: &str = "/issuances/{id}/receipt";
/// The calendar reminder.
pub const ISSUANCE_CALENDAR: &str = "/issuances/{id}/expiry.ics";
/// Certificates.
pub const CERTIFICATES: &str = "/certificates";
/// One certificate.
pub const CERTIFICATE: &str = "/certificates/{thumbprint}";
/// Takes a certificate's file, for its exact expiry date.
pub const CERTIFICATE_FILE: &str = "/certificates/{thumbprint}/file";

/// The scope of everything for admins.
pub const ADMIN: &str = "/admin";
/// Admins sign in here.
pub const ADMIN_SIGN_IN: &str = "/admin/sign-in";
/// Ends an admin's session.
pub const ADMIN_SIGN_OUT: &str = "/admin/sign-out";
/// Keeps an admin's session for as long again.
pub const ADMIN_STAY: &str = "/admin/session/stay";
/// The first account, by a one-time link.
pub const ADMIN_SETUP: &str = "/admin/setup";
/// Connections.
pub const ADMIN_CONNECTIONS: &str = "/admin/connections";
/// A new connection.
pub const ADMIN_CONNECTION_NEW: &str = "/admin/connections/new";
/// One connection.
pub const ADMIN_CONNECTION: &str = "/admin/connections/{slug}";
/// Switches a connection on or off.
pub const ADMIN_CONNECTION_STATE: &str = "/admin/connections/{slug}/state";
/// Redirect URLs.
pub const ADMIN_REDIRECT_URLS: &str = "/admin/redirect-urls";
/// One redirect URL's state.
pub const ADMIN_REDIRECT_URL_STATE: &str = "/admin/redirect-urls/{id}/state";
/// The audit trail.
pub const ADMIN_AUDIT: &str = "/admin/audit";

/// Files under their content hash.
pub const STATIC: &str = "/static/{file}";
/// What begins the path of each of them.
pub const STATIC_PREFIX: &str = "/static/";
/// The process lives.
pub const HEALTHZ: &str = "/healthz";
/// Database and keys are fine.
pub const READYZ: &str = "/readyz";

/// The query with which sign-in leads back to a step: what was typed there
/// before may be kept.
pub const KEPT: &str = "kept=yes";

/// Whether a path is a step of the way to a certificate, where people type.
pub fn is_step(path: &str) -> bool {
    [ISSUE, RENEW].iter().any(|way| {
        path.strip_prefix(way)
            .is_some_and(|rest| rest.starts_with('/'))
    })
}

/// Whether a path answers whatever the `Host` says: probes ask by address.
pub fn is_probe(path: &str) -> bool {
    matches!(path, HEALTHZ | READYZ)
}

/// One connection's sign-in page, and where to go afterwards.
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

/// A step of an issuance that is a draft.
pub fn issue_step(id: &str, step: &str) -> String {
    format!("{ISSUE}/{id}/{step}")
}

/// Begins the renewal of one certificate.
pub fn renew_of(thumbprint: &str) -> String {
    format!("{RENEW}/{thumbprint}")
}

/// Whether the data in a certificate changed.
pub fn renew_changed(thumbprint: &str) -> String {
    format!("{RENEW}/{thumbprint}/changed")
}

/// The last step of a renewal that is a draft.
pub fn renew_check(id: &str) -> String {
    format!("{RENEW}/{id}/check")
}

/// One issuance.
pub fn issuance(id: &str) -> String {
    format!("{ISSUANCES}/{id}")
}

/// Something of one issuance: `resume`, `again`, `events`, `abandon`,
/// `discard`, `certificate`, `request.csr`, `receipt`, `expiry.ics`.
pub fn of_issuance(id: &str, what: &str) -> String {
    format!("{ISSUANCES}/{id}/{what}")
}

/// One certificate.
pub fn certificate(thumbprint: &str) -> String {
    format!("{CERTIFICATES}/{thumbprint}")
}

/// The list of certificates from here on.
pub fn certificates_from(page: &str) -> String {
    format!("{CERTIFICATES}?page={page}")
}

/// Takes a certificate's file.
pub fn certificate_file(thumbprint: &str) -> String {
    format!("{CERTIFICATES}/{thumbprint}/file")
}

/// The one-time link with which the first admin makes an account.
pub fn admin_setup(secret: &str) -> String {
    format!("{ADMIN_SETUP}?link={secret}")
}

/// One connection, for admins.
pub fn admin_connection(slug: &Slug) -> String {
    format!("{ADMIN_CONNECTIONS}/{slug}")
}

/// One connection, which was just made.
pub fn admin_connection_made(slug: &Slug) -> String {
    format!("{ADMIN_CONNECTIONS}/{slug}?done=made")
}

/// One connection, which was just saved.
pub fn admin_connection_saved(slug: &Slug) -> String {
    format!("{ADMIN_CONNECTIONS}/{slug}?done=saved")
}

/// One connection, which was just switched on or off.
pub fn admin_connection_switched(slug: &Slug) -> String {
    format!("{ADMIN_CONNECTIONS}/{slug}?done=switched")
}

/// Switches a connection on or off.
pub fn admin_connection_state(slug: &Slug) -> String {
    format!("{ADMIN_CONNECTIONS}/{slug}/state")
}

/// The registry, its form ready for one connection.
pub fn admin_redirect_urls_for(slug: &Slug) -> String {
    format!("{ADMIN_REDIRECT_URLS}?connection={slug}")
}

/// The registry after something was done there.
pub fn admin_redirect_urls_after(done: &str) -> String {
    format!("{ADMIN_REDIRECT_URLS}?done={done}")
}

/// Entries of the audit before a number.
pub fn admin_audit_before(seq: i64) -> String {
    format!("{ADMIN_AUDIT}?before={seq}")
}

/// The audit, its chain verified.
pub fn admin_audit_verify() -> String {
    format!("{ADMIN_AUDIT}?verify=yes")
}

/// Changes a redirect URL's state.
pub fn admin_redirect_url_state(id: &str) -> String {
    format!("{ADMIN_REDIRECT_URLS}/{id}/state")
}
