//! What a mail says, in the reader's language.

use askama::Template;
use jiff::tz::TimeZone;

use crate::domain::mail::{Facts, Kind};
use crate::i18n::{Key, Lang, Message, key};
use crate::web::page::dates::date;
use crate::web::routes;

/// Who writes, from where.
#[derive(Debug, Clone)]
pub struct Letterhead {
    /// The portal's origin.
    pub origin: String,
    /// Who runs the portal.
    pub partner: String,
    pub zone: TimeZone,
}

/// A mail in one language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Letter {
    pub(super) subject: String,
    pub(super) text: String,
    pub(super) html: String,
}

#[derive(Template)]
#[template(path = "mail/letter.html")]
struct Html<'l> {
    lang: &'static str,
    subject: &'l str,
    text: &'l str,
    items: &'l [String],
    link: &'l str,
    foot: &'l str,
}

/// Writes the mail of this kind.
pub(super) fn letter(
    head: &Letterhead,
    lang: Lang,
    kind: Kind,
    facts: &Facts,
) -> Result<Letter, askama::Error> {
    let (subject, text) = words(kind);
    let fill = |key: Key| {
        let message = Message::from(key)
            .with("reference", facts.reference.clone())
            .with("holder", facts.holder.clone())
            .with("portal", head.partner.clone())
            .with("count", facts.expiring.len());
        lang.message(&message).into_owned()
    };
    let item = |one: &crate::domain::mail::Expiring| {
        let day = date(one.not_after, &head.zone, lang);
        format!("{}: {day}", one.holder)
    };
    let items: Vec<String> = facts.expiring.iter().map(item).collect();
    let link = format!("{}{}", head.origin, path(kind, facts));
    let (subject, text) = (fill(subject), fill(text));
    let foot = fill(match kind {
        Kind::Alert | Kind::Test => key("mail-foot-alert"),
        Kind::Officer => key("mail-foot-officer"),
        _ => key("mail-foot"),
    });
    let html = Html {
        lang: lang.code(),
        subject: &subject,
        text: &text,
        items: &items,
        link: &link,
        foot: &foot,
    };
    let html = html.render()?;
    let list: String = items.iter().map(|item| format!("- {item}\n")).collect();
    let list = if list.is_empty() { list } else { list + "\n" };
    Ok(Letter {
        text: format!("{text}\n\n{list}{link}\n\n-- \n{foot}\n"),
        html,
        subject,
    })
}

const fn words(kind: Kind) -> (Key, Key) {
    match kind {
        Kind::Issued => (key("mail-issued-subject"), key("mail-issued")),
        Kind::Failed => (key("mail-failed-subject"), key("mail-failed")),
        Kind::Unknown => (key("mail-unknown-subject"), key("mail-unknown")),
        Kind::Alert | Kind::Officer => (key("mail-alert-subject"), key("mail-alert")),
        Kind::Reminder => (key("mail-reminder-subject"), key("mail-reminder")),
        Kind::Welcome => (key("mail-welcome-subject"), key("mail-welcome")),
        Kind::Test => (key("mail-test-subject"), key("mail-test")),
    }
}

fn path(kind: Kind, facts: &Facts) -> String {
    match kind {
        Kind::Issued | Kind::Failed | Kind::Unknown => routes::issuance(&facts.issuance),
        Kind::Reminder => routes::CERTIFICATES.to_owned(),
        Kind::Welcome => routes::ACCOUNT.to_owned(),
        Kind::Alert | Kind::Officer => routes::attention_issuance(&facts.issuance),
        Kind::Test => routes::ADMIN_MAIL.to_owned(),
    }
}
