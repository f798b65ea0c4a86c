//! What a mail says, in the reader's language.

use askama::Template;
use jiff::tz::TimeZone;

use crate::domain::certificate_standing::Urgency;
use crate::domain::mail::{Expiring, Facts, Kind};
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
    more: &'l str,
    link: &'l str,
    foot: &'l str,
    /// The page that the foot names; empty if it names none.
    address: &'l str,
}

/// Writes the mail of this kind.
pub(super) fn letter(
    head: &Letterhead,
    lang: Lang,
    kind: Kind,
    facts: &Facts,
) -> Result<Letter, askama::Error> {
    let (subject, text) = words(kind);
    let (foot, address) = foot(kind);
    let fill = |words: Key| {
        let message = Message::from(words)
            .with("reference", facts.reference.clone())
            .with("holder", lang.holder(&facts.holder))
            .with("portal", head.partner.clone())
            .with("page", lang.of(key("mail-account-title")).into_owned())
            .with("more", facts.more)
            .with("count", facts.count());
        lang.message(&message).into_owned()
    };
    let items: Vec<String> = facts
        .expiring
        .iter()
        .map(|one| item(head, lang, one))
        .collect();
    let at = |path: &str| format!("{}{path}", head.origin);
    let link = at(&path(kind, facts));
    let address = address.map(at).unwrap_or_default();
    let text: Vec<_> = std::iter::once(text)
        .chain(further(kind, facts))
        .map(fill)
        .collect();
    let (subject, text, foot) = (fill(subject), text.join(" "), fill(foot));
    let more = match facts.more {
        0 => String::new(),
        _ => fill(key("mail-more")),
    };
    let (subject, text) = marked(lang, facts.play, (subject, text));
    let html = Html {
        lang: lang.code(),
        subject: &subject,
        text: &text,
        items: &items,
        more: &more,
        link: &link,
        foot: &foot,
        address: &address,
    };
    let html = html.render()?;
    let list: String = items.iter().map(|item| format!("- {item}\n")).collect();
    let parts = [&*text, list.trim_end(), &*more, &*link];
    let parts: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    let foot = format!("{foot} {address}");
    Ok(Letter {
        text: format!("{}\n\n-- \n{}\n", parts.join("\n\n"), foot.trim_end()),
        html,
        subject,
    })
}

/// The subject and the text; of a sandbox they say so.
fn marked(lang: Lang, play: bool, (subject, text): (String, String)) -> (String, String) {
    if !play {
        return (subject, text);
    }
    let subject = lang.message(&key("mail-play").with("subject", subject));
    let mark = lang.of(key("play-certificate"));
    (subject.into_owned(), format!("{mark}\n\n{text}"))
}

/// A certificate, and when it expires.
fn item(head: &Letterhead, lang: Lang, one: &Expiring) -> String {
    let day = date(one.not_after, &head.zone, lang);
    let holder = lang.holder(&one.holder);
    match one.is_estimated {
        true => {
            let estimated = lang.of(key("certificates-estimated"));
            format!("{holder}: {day} {estimated}")
        }
        false => format!("{holder}: {day}"),
    }
}

const fn words(kind: Kind) -> (Key, Key) {
    match kind {
        Kind::Issued => (key("mail-issued-subject"), key("mail-issued")),
        Kind::Failed => (key("mail-failed-subject"), key("mail-failed")),
        Kind::Unknown => (key("mail-unknown-subject"), key("mail-unknown")),
        Kind::Alert | Kind::Officer => (key("mail-alert-subject"), key("mail-alert")),
        Kind::Reminder => (key("mail-reminder-subject"), key("mail-reminder")),
        Kind::Expired => (key("mail-expired-subject"), key("mail-expired")),
        Kind::Welcome => (key("mail-welcome-subject"), key("mail-welcome")),
        Kind::Test => (key("mail-test-subject"), key("mail-test")),
    }
}

/// Sentences after the text.
fn further(kind: Kind, facts: &Facts) -> impl Iterator<Item = Key> {
    let is_welcome = kind == Kind::Welcome;
    let sentences = [
        (facts.reminders, key("mail-welcome-reminders")),
        (true, key("mail-welcome-unexpected")),
    ];
    let said = sentences
        .into_iter()
        .filter(move |(said, _)| is_welcome && *said);
    said.map(|(_, sentence)| sentence)
}

/// Why somebody gets a mail, and the page where they can change that.
const fn foot(kind: Kind) -> (Key, Option<&'static str>) {
    match kind {
        Kind::Alert | Kind::Test => (key("mail-foot-alert"), None),
        Kind::Officer => (key("mail-foot-officer"), Some(routes::ADMIN_ACCOUNT_MAIL)),
        _ => (key("mail-foot"), Some(routes::ACCOUNT_MAIL)),
    }
}

fn path(kind: Kind, facts: &Facts) -> String {
    match kind {
        Kind::Issued | Kind::Failed | Kind::Unknown => routes::issuance(&facts.issuance),
        Kind::Reminder => routes::CERTIFICATES.to_owned(),
        Kind::Expired => routes::certificates_with(&[("due", Urgency::Expired.as_str())]),
        Kind::Welcome => routes::ACCOUNT_MAIL.to_owned(),
        Kind::Alert | Kind::Officer => routes::attention_issuance(&facts.issuance),
        Kind::Test => routes::ADMIN_MAIL.to_owned(),
    }
}
