//! What Redtrust said, as a page quotes it.

use crate::domain::connection::Connection;
use crate::domain::issuance::ServerMessage;

/// Redtrust's own words, for the macro `parts::said`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    pub code: String,
    pub text: String,
    /// The language of the text; empty means unknown.
    pub lang: String,
    /// What it asks for, for programs that read pages.
    pub class: &'static str,
}

impl Said {
    /// An error, from the server of this connection, if it still exists.
    pub fn error(said: ServerMessage, connection: Option<&Connection>) -> Self {
        let class = said.class().as_str();
        Self::new(said, connection, class)
    }

    pub fn new(said: ServerMessage, connection: Option<&Connection>, class: &'static str) -> Self {
        let lang = connection.map(|connection| connection.settings.lang.to_string());
        Self {
            code: said.code,
            text: said.text,
            lang: lang.unwrap_or_default(),
            class,
        }
    }
}
