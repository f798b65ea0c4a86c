//! A login URL of another program beside what the portal would sign.

use std::borrow::Cow;

use super::failures::{Piece, pieces};
use crate::domain::comparison::{Comparison, Difference, Row};
use crate::domain::connection::Connection;
use crate::domain::dialect::TimestampUnit;
use crate::i18n::{Lang, Message, dialect_finder as words, key};
use crate::web::routes;

/// The result of a comparison.
#[derive(Debug)]
pub(super) struct Compared {
    pub(super) name: String,
    pub(super) comparison: Comparison,
    /// Where the dialect is found from the same URL.
    pub(super) finder: String,
}

impl Compared {
    pub(super) fn new(connection: &Connection, comparison: Comparison) -> Self {
        Self {
            name: connection.settings.name.clone(),
            finder: routes::admin_connection_dialect(&connection.slug),
            comparison,
        }
    }

    pub(super) fn pieces(&self) -> Vec<Piece> {
        pieces(&self.comparison.message)
    }

    /// What a part is called; `None` if it is a parameter, which has its own name.
    pub(super) fn part(&self, row: &Row, lang: &Lang) -> Option<Cow<'static, str>> {
        let part = match row.name {
            "server" => key("compare-part-server"),
            "path" => key("compare-part-path"),
            "order" => key("compare-part-order"),
            _ => return None,
        };
        Some(lang.of(part))
    }

    /// A code for the difference, the same in every language.
    pub(super) fn code(&self, difference: &Difference) -> &'static str {
        match difference {
            Difference::Server => "server",
            Difference::Path => "path",
            Difference::Order => "order",
            Difference::Consumer => "consumer",
            Difference::Domain => "domain",
            Difference::RedirectUrlSlash => "redirect_url_slash",
            Difference::RedirectUrl => "redirect_url",
            Difference::Escaping(_) => "escaping",
            Difference::TimestampUnit(_) => "timestamp_unit",
            Difference::PartnerCase => "partner_case",
            Difference::Partner => "partner",
            Difference::Settings(_) => "settings",
            Difference::KeyBlank => "key_blank",
            Difference::Mistake(mistake) => mistake.code(),
            Difference::KeyDamaged(_) => "key_damaged",
            Difference::Key => "key",
        }
    }

    /// What differs, and what to do about it, in one or two sentences.
    pub(super) fn said(&self, difference: &Difference) -> Vec<Message> {
        match difference {
            Difference::Mistake(mistake) => {
                vec![key("compare-mistake").into(), words::mistake(mistake)]
            }
            Difference::KeyDamaged(damage) => {
                vec![key("compare-key-damaged").into(), words::oddity(damage)]
            }
            other => vec![one(other)],
        }
    }
}

fn one(difference: &Difference) -> Message {
    match difference {
        Difference::Server => key("compare-server").into(),
        Difference::Path => key("compare-path").into(),
        Difference::Order => key("compare-order").into(),
        Difference::Consumer => key("compare-consumer").into(),
        Difference::Domain => key("compare-domain").into(),
        Difference::RedirectUrlSlash => key("compare-redirect-url-slash").into(),
        Difference::RedirectUrl => key("compare-redirect-url").into(),
        Difference::Escaping(encodings) => match encodings.first() {
            Some(encoding) => key("compare-escaping").with("value", encoding.as_str()),
            None => key("compare-escaping-unknown").into(),
        },
        Difference::TimestampUnit(TimestampUnit::Seconds) => key("compare-seconds").into(),
        Difference::TimestampUnit(TimestampUnit::Milliseconds) => {
            key("compare-milliseconds").into()
        }
        Difference::PartnerCase => key("compare-partner-case").into(),
        Difference::Partner => key("compare-partner").into(),
        Difference::Settings(settings) => {
            let lines = settings
                .iter()
                .map(|(name, value)| format!("{name} = {value}"));
            key("compare-settings").with("settings", lines.collect::<Vec<_>>().join(", "))
        }
        Difference::KeyBlank => key("compare-key-blank").into(),
        // The others have sentences of their own.
        Difference::Key | Difference::KeyDamaged(_) | Difference::Mistake(_) => {
            key("compare-key").into()
        }
    }
}
