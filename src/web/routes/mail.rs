//! The paths about mail.

/// The address to which mail about a person's requests goes.
pub const ACCOUNT_MAIL: &str = "/account/mail";
/// Whether reminders of one certificate go out.
pub const ACCOUNT_MAIL_SILENCE: &str = "/account/mail/silence";
/// The address at which an officer hears of outcomes that are not known.
pub const ADMIN_ACCOUNT_MAIL: &str = "/admin/account/mail";
/// What mail was sent.
pub const ADMIN_MAIL: &str = "/admin/mail";
/// Sends a test mail.
pub const ADMIN_MAIL_TEST: &str = "/admin/mail/test";
/// Sends a mail once more.
pub const ADMIN_MAIL_AGAIN: &str = "/admin/mail/again";

/// A page after an act, with a message about it.
pub fn after(page: &str, done: &str) -> String {
    let sign = if page.contains('?') { '&' } else { '?' };
    format!("{page}{sign}done={done}")
}

/// One page of the mails that were sent.
pub fn admin_mail_page(page: usize) -> String {
    format!("{ADMIN_MAIL}?page={page}")
}
