//! The list of failed sign-ins, as the page shows it.

use super::causes;
use crate::domain::connection::Connection;
use crate::domain::dialect::TimestampUnit;
use crate::domain::sign_in_failure::{Alphabet, Failure, Method, Signed, TokenLook};
use crate::i18n::{Key, Message, key};
use crate::web::page::{Frame, dates};
use crate::web::routes;

/// A failure, and the connection that it happened at.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) failure: Failure,
    pub(super) name: String,
    pub(super) href: String,
    /// Language of the server's messages.
    pub(super) lang: String,
}

/// The rows of the page; failures of connections that are gone are left out.
pub(super) fn rows(failures: Vec<Failure>, connections: &[Connection]) -> Vec<Row> {
    let row = |failure: Failure| {
        let is_it = |one: &&Connection| one.id == failure.connection_id;
        let connection = connections.iter().find(is_it)?;
        Some(Row {
            name: connection.settings.name.clone(),
            href: routes::admin_connection(&connection.slug),
            lang: connection.settings.lang.to_string(),
            failure,
        })
    };
    failures.into_iter().filter_map(row).collect()
}

impl Row {
    pub(super) fn cause(&self) -> Key {
        causes::texts(self.failure.cause).0
    }

    pub(super) fn fix(&self) -> Key {
        causes::texts(self.failure.cause).1
    }

    pub(super) fn is_direct(&self) -> bool {
        self.failure.method == Method::Direct
    }

    /// The timestamp as sent, its unit, and the time in UTC.
    pub(super) fn timestamp(&self, signed: &Signed) -> Message {
        let key = match signed.unit {
            TimestampUnit::Seconds => key("diagnostics-seconds"),
            TimestampUnit::Milliseconds => key("diagnostics-milliseconds"),
        };
        key.with("number", signed.timestamp.to_string())
            .with("time", dates::machine(signed.at))
    }

    /// The signed message in pieces: what separates its parts is marked, and what
    /// cannot be seen is made visible.
    pub(super) fn pieces(&self, signed: &Signed) -> Vec<Piece> {
        pieces(&signed.message)
    }

    pub(super) fn look(&self, token: &TokenLook, frame: &Frame) -> Message {
        let alphabet = frame.of_key(&alphabet(token.alphabet)).into_owned();
        key("diagnostics-token-look")
            .with("length", token.length.to_string())
            .with("parts", token.parts.to_string())
            .with("alphabet", alphabet)
    }

    /// By how much the clocks differ, in whole seconds.
    pub(super) fn clock(&self, ahead: &i64) -> Message {
        let key = match *ahead < 0 {
            true => key("diagnostics-behind"),
            false => key("diagnostics-ahead"),
        };
        key.with("seconds", (ahead.unsigned_abs() / 1000).to_string())
    }
}

const fn alphabet(alphabet: Alphabet) -> Key {
    match alphabet {
        Alphabet::Digits => key("diagnostics-digits"),
        Alphabet::Hex => key("diagnostics-hex"),
        Alphabet::Base64Url => key("diagnostics-base64url"),
        Alphabet::Base64 => key("diagnostics-base64"),
        Alphabet::Unreserved => key("diagnostics-unreserved"),
        Alphabet::Other => key("diagnostics-other"),
    }
}

/// A part of a signed message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) text: String,
    pub(super) separates: bool,
}

pub(super) fn pieces(message: &str) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    for c in message.chars() {
        let (shown, separates) = match c {
            '\n' => ('⏎', true),
            ' ' => ('␣', true),
            '&' | '=' | '|' | ';' | ',' => (c, true),
            other => (other, false),
        };
        match pieces.last_mut() {
            Some(last) if !separates && !last.separates => last.text.push(shown),
            _ => pieces.push(Piece {
                text: shown.to_string(),
                separates,
            }),
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_separates_the_parts_of_a_message_can_be_seen() {
        let seen: Vec<_> = pieces("a=1&b\nc d")
            .into_iter()
            .map(|piece| (piece.text, piece.separates))
            .collect();
        let shown: Vec<_> = seen.iter().map(|(text, _)| text.as_str()).collect();
        assert_eq!(shown, ["a", "=", "1", "&", "b", "⏎", "c", "␣", "d"]);
        assert!(seen.iter().step_by(2).all(|(_, separates)| !separates));
    }
}
