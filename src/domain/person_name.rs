//! Names of people, organisations and positions: what may stand in a
//! certificate, and what somebody could hide in one.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;
use unicode_script::{Script, UnicodeScript as _};

use super::characters::{Hidden, hidden};

/// Above this many characters an RA may refuse a CN, O or OU, though ETSI
/// allows it: a warning, never an error.
pub const USUAL_LENGTH: usize = 64;

/// The longest title and serialNumber, in characters.
pub const TITLE_LENGTH: usize = 64;

/// More marks on one letter than this are no writing of any language.
const MOST_MARKS: usize = 4;

/// Why a text cannot be a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// Nothing was given.
    #[error("the name is missing")]
    Empty,
    /// No letter in it.
    #[error("the name has no letter")]
    NoLetter,
    /// More characters than fit.
    #[error("the name has {length} characters, at most {max} fit")]
    TooLong {
        /// How many fit.
        max: usize,
        /// How many there are.
        length: usize,
    },
    /// NUL, tabs, line ends and their like.
    #[error("the name contains control characters")]
    Control,
    /// Characters that turn the direction of the text.
    #[error("the name contains characters that change the direction of the text")]
    Bidi,
    /// Characters that take no room.
    #[error("the name contains invisible characters")]
    ZeroWidth,
    /// Letters of different scripts that look alike.
    #[error("the name mixes letters of different alphabets")]
    MixedScripts,
    /// A visible character that does not belong into such a name.
    #[error("the name contains the character {0:?}")]
    Character(char),
}

/// What is worth saying about a name that is accepted all the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NameWarning {
    /// Over [`USUAL_LENGTH`] characters.
    Long {
        /// How many there are.
        length: usize,
    },
}

/// Reads a person's name: letters with their marks, blanks, apostrophe,
/// hyphen, middle dot and full stop. Answers it in NFC, outer blanks dropped
/// and inner ones collapsed, otherwise as written.
///
/// # Errors
/// [`NameError`], the first that applies.
pub fn check_name(text: &str, max: usize) -> Result<String, NameError> {
    let name = clean(text)?;
    let of_a_name = |c: char| {
        c.is_alphabetic()
            || is_combining_mark(c)
            || matches!(
                c,
                ' ' | '\'' | '\u{2019}' | '-' | '\u{2010}' | '\u{2011}' | '·' | '.'
            )
    };
    if let Some(other) = name.chars().find(|c| !of_a_name(*c)) {
        return Err(NameError::Character(other));
    }
    if !name.chars().any(char::is_alphabetic) {
        return Err(NameError::NoLetter);
    }
    fits(name, max)
}

/// Reads a common name, organisation, department or position: as
/// [`check_name`], but digits and all visible signs are welcome.
///
/// # Errors
/// [`NameError`], the first that applies.
pub fn check_text(text: &str, max: usize) -> Result<String, NameError> {
    let name = clean(text)?;
    if !name.chars().any(char::is_alphanumeric) {
        return Err(NameError::NoLetter);
    }
    fits(name, max)
}

/// What is worth saying about a checked CN, O or OU.
pub fn warning(name: &str) -> Option<NameWarning> {
    let length = name.chars().count();
    (length > USUAL_LENGTH).then_some(NameWarning::Long { length })
}

/// What both kinds of names have in common.
fn clean(text: &str) -> Result<String, NameError> {
    let text = text.trim_matches(is_blank);
    if text.is_empty() {
        return Err(NameError::Empty);
    }
    if let Some((found, c)) = text.chars().find_map(|c| Some((hidden(c)?, c))) {
        return Err(match found {
            Hidden::Control => NameError::Control,
            Hidden::Bidi => NameError::Bidi,
            Hidden::ZeroWidth => NameError::ZeroWidth,
            Hidden::Meaningless => NameError::Character(c),
        });
    }
    let name: String = collapse(text).nfc().collect();
    marks_are_sane(&name)?;
    if mixes_scripts(&name) {
        return Err(NameError::MixedScripts);
    }
    Ok(name)
}

/// A blank of whatever width, but not a tab or line end.
fn is_blank(c: char) -> bool {
    c.is_whitespace() && hidden(c).is_none()
}

fn collapse(text: &str) -> String {
    let words = text.split(is_blank).filter(|word| !word.is_empty());
    let mut collapsed = String::with_capacity(text.len());
    for word in words {
        if !collapsed.is_empty() {
            collapsed.push(' ');
        }
        collapsed.push_str(word);
    }
    collapsed
}

/// Each mark stands on something, and not on a heap of others.
fn marks_are_sane(name: &str) -> Result<(), NameError> {
    let mut room = 0;
    for c in name.chars() {
        if !is_combining_mark(c) {
            room = if c == ' ' { 0 } else { MOST_MARKS };
        } else if room == 0 {
            return Err(NameError::Character(c));
        } else {
            room -= 1;
        }
    }
    Ok(())
}

/// Whether letters of more than one script stand in it. Signs that belong to
/// all scripts don't count, and those that are written together by custom
/// count as one.
fn mixes_scripts(name: &str) -> bool {
    let mut first = None;
    name.chars().filter_map(script_of).any(|script| {
        let first = *first.get_or_insert(script);
        script != first
    })
}

fn script_of(c: char) -> Option<Script> {
    match c.script() {
        Script::Common | Script::Inherited | Script::Unknown => None,
        // Japanese, Korean and Chinese mix these in one word.
        Script::Hiragana | Script::Katakana | Script::Hangul | Script::Bopomofo => {
            Some(Script::Han)
        }
        script => Some(script),
    }
}

fn fits(name: String, max: usize) -> Result<String, NameError> {
    let length = name.chars().count();
    if length > max {
        return Err(NameError::TooLong { max, length });
    }
    Ok(name)
}

#[cfg(test)]
mod tests;
