//! A message before its language is known: a key and its arguments.

use std::borrow::Cow;

/// The key of a message. Only [`key`] makes keys, so that a test can find every key in
/// the sources and check that both languages have it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Key(pub(super) &'static str);

impl Key {
    /// The key's text.
    pub const fn id(self) -> &'static str {
        self.0
    }

    /// This message with one argument.
    pub fn with(self, name: &'static str, value: impl Into<Arg<'static>>) -> Message {
        Message::from(self).with(name, value)
    }
}

/// A message key. Write it as a literal, because a test searches the sources for it.
pub const fn key(id: &'static str) -> Key {
    Key(id)
}

/// An argument of a message. Numbers select the plural form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Arg<'a> {
    /// Text, inserted unchanged.
    Text(Cow<'a, str>),
    /// A whole number.
    Number(i64),
}

impl<'a> From<&'a str> for Arg<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl<'a> From<&&'a str> for Arg<'a> {
    fn from(text: &&'a str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl<'a> From<&'a String> for Arg<'a> {
    fn from(text: &'a String) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl From<String> for Arg<'_> {
    fn from(text: String) -> Self {
        Self::Text(Cow::Owned(text))
    }
}

impl From<i64> for Arg<'_> {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl From<&i64> for Arg<'_> {
    fn from(number: &i64) -> Self {
        Self::Number(*number)
    }
}

impl From<usize> for Arg<'_> {
    fn from(number: usize) -> Self {
        Self::Number(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

impl From<&usize> for Arg<'_> {
    fn from(number: &usize) -> Self {
        Self::from(*number)
    }
}

/// A key and its arguments, for code that does not know the language: a field error, a
/// banner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    pub(super) key: Key,
    pub(super) args: Vec<(&'static str, Arg<'static>)>,
}

impl Message {
    /// This message with one more argument.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<Arg<'static>>) -> Self {
        self.args.push((name, value.into()));
        self
    }

    /// Whether it has an argument of this name.
    pub fn has(&self, name: &str) -> bool {
        self.args.iter().any(|(one, _)| *one == name)
    }

    /// Its key.
    pub const fn key(&self) -> Key {
        self.key
    }
}

impl From<Key> for Message {
    fn from(key: Key) -> Self {
        Self {
            key,
            args: Vec::new(),
        }
    }
}
