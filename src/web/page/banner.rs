//! A word above the content, and how it looks.

use crate::i18n::Message;

/// A word above the content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Banner {
    /// How it looks.
    pub tone: Tone,
    /// What it says.
    pub text: Message,
}

/// How a banner or a tag looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Plain information.
    Info,
    /// Something went well.
    Good,
    /// Something needs attention.
    Warning,
    /// Something failed.
    Bad,
}

impl Tone {
    /// The class in the stylesheet.
    pub const fn class(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Good => "good",
            Self::Warning => "warning",
            Self::Bad => "bad",
        }
    }
}
