//! A connection's name in paths.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A connection's name in paths: 1 to 40 of `a-z`, `0-9` and `-`, not starting
/// with `-`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Slug(String);

/// Why a text is not a slug.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SlugError {
    /// It is empty.
    #[error("the short name is missing")]
    Empty,
    /// Over 40 characters.
    #[error("the short name is longer than 40 characters")]
    TooLong,
    /// A character that is not allowed.
    #[error("the short name may contain a to z, 0 to 9 and - only")]
    Character,
    /// It starts with a hyphen.
    #[error("the short name must begin with a letter or a digit")]
    Start,
}

impl Slug {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Slug {
    type Err = SlugError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.is_empty() {
            return Err(SlugError::Empty);
        }
        if !text
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        {
            return Err(SlugError::Character);
        }
        if text.len() > 40 {
            return Err(SlugError::TooLong);
        }
        if text.starts_with('-') {
            return Err(SlugError::Start);
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl From<Slug> for String {
    fn from(slug: Slug) -> Self {
        slug.0
    }
}

impl TryFrom<String> for Slug {
    type Error = SlugError;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slug_is_short_and_plain() {
        for good in ["a", "0", "acme", "acme-2", "a".repeat(40).as_str()] {
            assert_eq!(good.parse::<Slug>().unwrap().as_str(), good);
        }
        for (bad, why) in [
            ("", SlugError::Empty),
            ("-a", SlugError::Start),
            ("Acme", SlugError::Character),
            ("a b", SlugError::Character),
            ("a/b", SlugError::Character),
            ("..", SlugError::Character),
            ("año", SlugError::Character),
            ("a\0", SlugError::Character),
            ("a".repeat(41).as_str(), SlugError::TooLong),
        ] {
            assert_eq!(bad.parse::<Slug>(), Err(why), "{bad:?}");
        }
    }

    #[test]
    fn a_slug_in_json_is_checked_too() {
        assert!(serde_json::from_str::<Slug>("\"acme\"").is_ok());
        assert!(serde_json::from_str::<Slug>("\"../x\"").is_err());
    }
}
