//! Names of people, organisations and positions: which characters a certificate may
//! contain, and protection against hidden or look-alike characters.

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;
use unicode_script::{Script, UnicodeScript as _};

use super::characters::{Hidden, hidden};

mod lookalikes;

/// Above this length in characters an RA may refuse a CN, O or OU although ETSI allows
/// it; so it gives a warning, never an error.
pub const USUAL_LENGTH: usize = 64;

/// The longest title and serialNumber, in characters.
pub const TITLE_LENGTH: usize = 64;

/// No language puts more combining marks than this on one letter.
const MOST_MARKS: usize = 4;

/// Why a text is not a valid name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum NameError {
    /// It is empty.
    #[error("the name is missing")]
    Empty,
    /// It contains no letter.
    #[error("the name has no letter")]
    NoLetter,
    /// It has too many characters.
    #[error("the name has {length} characters, at most {max} fit")]
    TooLong {
        /// The maximum number of characters.
        max: usize,
        /// The actual number of characters.
        length: usize,
    },
    /// It contains NUL, a tab, a line end or another control character.
    #[error("the name contains control characters")]
    Control,
    /// It contains characters that change the text direction.
    #[error("the name contains characters that change the direction of the text")]
    Bidi,
    /// It contains characters without width.
    #[error("the name contains invisible characters")]
    ZeroWidth,
    /// It mixes letters of different scripts, which may look alike.
    #[error("the name mixes letters of different alphabets")]
    MixedScripts,
    /// It contains a visible character that is not allowed in such a name.
    #[error("the name contains the character {0:?}")]
    Character(char),
}

/// A warning about a name that is accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NameWarning {
    /// It is longer than [`USUAL_LENGTH`] characters.
    Long {
        /// The number of characters.
        length: usize,
    },
}

/// Checks a person's name: letters with their marks, spaces, apostrophe, hyphen, middle
/// dot and full stop. Returns it in NFC, trimmed, with inner spaces collapsed. Signs that
/// people type in place of an apostrophe, a hyphen, a middle dot or an ordinal are read
/// as those, letters of full width or another shape as plain ones.
///
/// # Errors
/// [`NameError`], the first that applies.
pub fn check_name(text: &str, max: usize) -> Result<String, NameError> {
    let name = lookalikes::plain_signs(&clean(text)?);
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

/// Checks a common name, organisation, department or position: like [`check_name`], but
/// digits and all visible symbols are allowed.
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

/// The warning for a checked CN, O or OU, if any.
pub fn warning(name: &str) -> Option<NameWarning> {
    let length = name.chars().count();
    (length > USUAL_LENGTH).then_some(NameWarning::Long { length })
}

/// The checks common to both kinds of names.
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
    let name: String = collapse(&lookalikes::plain_letters(text)).nfc().collect();
    marks_are_sane(&name)?;
    if mixes_scripts(&name) {
        return Err(NameError::MixedScripts);
    }
    Ok(name)
}

/// A space of any width, but not a tab or line end.
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

/// A combining mark must not follow a space, and only a few marks may be stacked.
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

/// Whether it has letters of more than one script. Characters common to all scripts
/// don't count; scripts that are normally written together count as one.
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
