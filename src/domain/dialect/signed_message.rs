//! What the login URL's HMAC signs: the query as sent, or a template. A template is
//! taken apart when it is read, so that signing only walks through its pieces.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::UrlEncoding;

/// The message that the login URL's HMAC signs. \[open\]
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum SignedMessage {
    /// The query string exactly as sent, from `Consumer=` up to, but without,
    /// `&hmac=`.
    #[default]
    Query,
    /// A text with placeholders from [`PLACEHOLDERS`].
    Template(Template),
}

/// The names allowed between braces in a template. `consumer`, `domain`,
/// `redirect_url` and `partner` are the bare values; with the name of a
/// [`UrlEncoding`] behind a colon, as in `{redirect_url:rfc3986}`, they are escaped
/// that way.
pub const PLACEHOLDERS: &[&str] = &[
    "consumer",
    "domain",
    "redirect_url",
    "redirect_url_encoded",
    "timestamp",
    "partner",
    "base_url",
    "path",
    "query",
    "lf",
];

/// A template, as written and in pieces. Only reading a text makes one, so it always
/// contains the timestamp.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Template {
    text: String,
    pieces: Vec<Piece>,
}

/// A piece of a template.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Piece {
    /// Text that is signed as it is written.
    Text(String),
    /// A parameter's value.
    Value(Value, Form),
    /// The timestamp as sent.
    Timestamp,
    /// Scheme, host and port as sent.
    BaseUrl,
    /// The path of the sign-in page.
    Path,
    /// The query as sent, without `&hmac=` and what follows.
    Query,
}

/// A parameter of the login URL, other than timestamp and signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Value {
    /// `Consumer`.
    Consumer,
    /// `Domain`; empty if there is none.
    Domain,
    /// `RedirectUrl`.
    RedirectUrl,
    /// `partner`.
    Partner,
}

/// How a value is written in the message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Form {
    /// As it is, without escapes.
    Bare,
    /// As it is escaped in the URL.
    AsSent,
    /// Escaped this way, whatever the URL does.
    Escaped(UrlEncoding),
}

/// Why a text is neither `query` nor a usable template.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadTemplate {
    /// A brace is not closed, or closed without being opened.
    #[error("signed_message: a brace without its partner")]
    Unbalanced,
    /// An unknown name between braces.
    #[error("signed_message: {{{0}}} is not a placeholder")]
    UnknownPlaceholder(String),
    /// Without the timestamp the signature would be valid for ever.
    #[error("signed_message: a template must contain {{timestamp}} or {{query}}")]
    NoTimestamp,
}

impl SignedMessage {
    /// The text form: `query`, or the template itself.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Query => "query",
            Self::Template(template) => &template.text,
        }
    }
}

impl Template {
    /// Its pieces, in order.
    pub fn pieces(&self) -> &[Piece] {
        &self.pieces
    }
}

impl FromStr for Template {
    type Err = BadTemplate;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            let (name, tail) = after.split_once('}').ok_or(BadTemplate::Unbalanced)?;
            push_text(&mut pieces, before)?;
            let unknown = || BadTemplate::UnknownPlaceholder(name.to_owned());
            pieces.push(placeholder(name).ok_or_else(unknown)?);
            rest = tail;
        }
        push_text(&mut pieces, rest)?;
        let has_time = |piece: &Piece| matches!(piece, Piece::Timestamp | Piece::Query);
        if !pieces.iter().any(has_time) {
            return Err(BadTemplate::NoTimestamp);
        }
        Ok(Self {
            text: text.to_owned(),
            pieces,
        })
    }
}

fn push_text(pieces: &mut Vec<Piece>, text: &str) -> Result<(), BadTemplate> {
    if text.contains('}') {
        return Err(BadTemplate::Unbalanced);
    }
    if !text.is_empty() {
        pieces.push(Piece::Text(text.to_owned()));
    }
    Ok(())
}

fn placeholder(name: &str) -> Option<Piece> {
    let (name, form) = match name.split_once(':') {
        Some((name, encoding)) => (name, Form::Escaped(encoding.parse().ok()?)),
        None => (name, Form::Bare),
    };
    let value = match name {
        "consumer" => Some(Value::Consumer),
        "domain" => Some(Value::Domain),
        "redirect_url" => Some(Value::RedirectUrl),
        "partner" => Some(Value::Partner),
        _ => None,
    };
    if let Some(value) = value {
        return Some(Piece::Value(value, form));
    }
    match (name, form) {
        ("redirect_url_encoded", Form::Bare) => {
            Some(Piece::Value(Value::RedirectUrl, Form::AsSent))
        }
        ("timestamp", Form::Bare) => Some(Piece::Timestamp),
        ("base_url", Form::Bare) => Some(Piece::BaseUrl),
        ("path", Form::Bare) => Some(Piece::Path),
        ("query", Form::Bare) => Some(Piece::Query),
        ("lf", Form::Bare) => Some(Piece::Text("\n".to_owned())),
        _ => None,
    }
}

impl fmt::Display for SignedMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl From<SignedMessage> for String {
    fn from(value: SignedMessage) -> Self {
        value.as_str().to_owned()
    }
}

impl FromStr for SignedMessage {
    type Err = BadTemplate;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "query" => Ok(Self::Query),
            template => template.parse().map(Self::Template),
        }
    }
}

impl TryFrom<String> for SignedMessage {
    type Error = BadTemplate;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<SignedMessage, BadTemplate> {
        text.parse()
    }

    #[test]
    fn every_placeholder_is_known_and_four_of_them_can_be_escaped() {
        let mut escaped = Vec::new();
        for name in PLACEHOLDERS {
            assert!(read(&format!("{{{name}}}{{timestamp}}")).is_ok(), "{name}");
            for encoding in UrlEncoding::ALL {
                let text = format!("{{{name}:{encoding}}}{{timestamp}}");
                if read(&text).is_ok() {
                    assert_eq!(read(&text).unwrap().as_str(), text);
                    escaped.push(*name);
                }
            }
        }
        escaped.dedup();
        assert_eq!(escaped, ["consumer", "domain", "redirect_url", "partner"]);
    }

    #[test]
    fn a_template_is_checked_when_it_is_read() {
        assert_eq!(read("query"), Ok(SignedMessage::Query));
        for good in ["{partner}{timestamp}", "{path}?{query}", "GET{lf}{query}"] {
            assert!(read(good).is_ok(), "{good}");
        }
        let unknown = |name: &str| BadTemplate::UnknownPlaceholder(name.to_owned());
        for (bad, why) in [
            ("", BadTemplate::NoTimestamp),
            ("{partner}", BadTemplate::NoTimestamp),
            ("timestamp", BadTemplate::NoTimestamp),
            ("{timestamp", BadTemplate::Unbalanced),
            ("{timestamp}}", BadTemplate::Unbalanced),
            ("}{timestamp}", BadTemplate::Unbalanced),
            ("{timestamp}{x}", unknown("x")),
            ("{timestamp}{}", unknown("")),
            ("{timestamp}{redirect_url:}", unknown("redirect_url:")),
            ("{timestamp}{domain:octal}", unknown("domain:octal")),
            ("{timestamp:rfc3986}", unknown("timestamp:rfc3986")),
        ] {
            assert_eq!(read(bad), Err(why), "{bad}");
        }
    }

    #[test]
    fn a_template_is_taken_apart_once() {
        let SignedMessage::Template(template) = read("a{lf}{domain:rfc3986}|{timestamp}").unwrap()
        else {
            panic!("a template");
        };
        let text = |text: &str| Piece::Text(text.to_owned());
        let rfc = Form::Escaped(UrlEncoding::Rfc3986);
        assert_eq!(
            template.pieces(),
            [
                text("a"),
                text("\n"),
                Piece::Value(Value::Domain, rfc),
                text("|"),
                Piece::Timestamp
            ]
        );
    }
}
