//! The paths that are open to everybody, and the ways to a sign-in page that say why.

use super::{ADMIN_SIGN_IN, KEPT, SIGN_IN};
use crate::domain::login_attempt::Destination;

/// What this portal is for, and whom to ask.
pub const HELP: &str = "/help";
/// Whether there is a certificate to a receipt's reference; for whoever has the paper.
pub const VERIFY: &str = "/verify/{reference}";
/// What browsers ask for without being told.
pub const FAVICON: &str = "/favicon.ico";
/// The partner's logo.
pub const LOGO: &str = "/logo";
/// The process is running.
pub const HEALTHZ: &str = "/healthz";
/// The database answers.
pub const READYZ: &str = "/readyz";

/// Signed out because the session's time was over, or in another tab or browser.
pub const OUT_OF_TIME: &str = "late";
pub const OUT_ELSEWHERE: &str = "elsewhere";
/// Either of these, and files were sent, which are not kept.
pub const OUT_WITH_FILES: &str = "files";
/// Either of these, and nothing of the form was kept.
pub const OUT_UNDONE: &str = "undone";

/// On the listener for metrics only.
pub const METRICS: &str = "/metrics";

/// Whether a path answers with any `Host`: probes call by address. Metrics are not served
/// beside the pages, and a collector must see that instead of a redirect.
pub fn is_probe(path: &str) -> bool {
    matches!(path, HEALTHZ | READYZ | METRICS)
}

/// The page that checks this reference.
pub fn verify(reference: &str) -> String {
    VERIFY.replace("{reference}", reference)
}

/// A sign-in page, to which somebody came by signing out; `how` is `here`, `everywhere` or
/// [`OUT_UNDONE`].
pub fn signed_out(sign_in: &str, how: &str) -> String {
    format!("{sign_in}?out={how}")
}

/// The users' sign-in after a form came too late; `why` is [`OUT_OF_TIME`],
/// [`OUT_ELSEWHERE`], [`OUT_WITH_FILES`] or [`OUT_UNDONE`].
pub fn sign_in_after(go_to: &Destination, why: &str) -> String {
    format!("{SIGN_IN}?go={go_to}&out={why}")
}

/// The admins' sign-in, which then leads to the form that was kept last.
pub fn admin_sign_in_to_kept(why: &str) -> String {
    format!("{ADMIN_SIGN_IN}?{KEPT}&out={why}")
}
