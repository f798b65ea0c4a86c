//! Spanish identity numbers: DNI, NIE, the K, L and M numbers, company NIFs.
//!
//! An error names the mistake but never the correct letter, so that nobody can use the
//! portal to complete a guessed number.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization as _;

use super::characters::is_stray;

/// The control letters of persons, by the number modulo 23.
const PERSON_LETTERS: &[u8; 23] = b"TRWAGMYFPDXBNJZSQVHLCKE";

/// The control letters of companies, by the control digit.
const COMPANY_LETTERS: &[u8; 10] = b"JABCDEFGHI";

/// The allowed first letters of a company NIF.
const COMPANY_KINDS: &[u8] = b"ABCDEFGHJNPQRSUVW";

/// Why a text is not a valid number of the requested kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum IdError {
    /// It is empty.
    #[error("the number is missing")]
    Empty,
    /// It contains something other than letters A to Z and digits.
    #[error("the number has letters from A to Z and digits only")]
    Characters,
    /// It does not have nine characters.
    #[error("the number has 9 characters, this one has {0}")]
    Length(usize),
    /// It lacks its last letter.
    #[error("the letter at the end is missing")]
    NoLetter,
    /// It has fewer than eight digits before its letter: a DNI is filled up with zeros.
    #[error("a DNI has 8 digits, filled up with zeros in front")]
    ShortDni,
    /// It has nine letters and digits, but in the wrong positions.
    #[error("letters and digits do not stand where they belong")]
    Form,
    /// The control letter is wrong.
    #[error("The letter does not match the number. Check both.")]
    Letter,
    /// The control character of a company NIF is wrong.
    #[error("The last character does not match the number. Check both.")]
    Control,
    /// It is a NIE, but a DNI is required.
    #[error("This is a NIE")]
    IsNie,
    /// It is a DNI, but a NIE is required.
    #[error("This is a DNI")]
    IsDni,
    /// It is a company NIF, but a person's number is required.
    #[error("This looks like a company NIF")]
    IsCompanyNif,
    /// It is a person's number, but a company NIF is required.
    #[error("This is the number of a person")]
    IsPersonal,
}

/// What people and programs write in front of a number. No number begins with two
/// letters, so nothing of a number is taken for one of these.
const IN_FRONT: [&str; 14] = [
    "IDCES", "VATES", "TINES", "ES", "DNI", "NIF", "NIE", "CIF", "TIE", "NÚMERO", "NUMERO", "NÚM",
    "NUM", "Nº",
];

/// The number in upper case without what people and programs add: spaces, punctuation,
/// invisible characters, and words in front of it (`DNI`, `NIF:`, `C.I.F.`, `núm.`, `ES`,
/// `IDCES-`, `VATES-`), its characters in their usual width. A NIE of before 2008, which has a zero behind its first letter,
/// gets today's form. It does not check the number.
pub fn normalise(text: &str) -> String {
    let bare: String = text
        .chars()
        .map(usual_width)
        .filter(|c| !is_stray(*c) && !is_punctuation(*c))
        .map(|c| match c {
            '°' => 'º',
            'ú' => 'Ú',
            c => c.to_ascii_uppercase(),
        })
        .collect();
    let mut number = bare.as_str();
    while let Some(rest) = IN_FRONT.iter().find_map(|word| number.strip_prefix(word)) {
        number = rest;
    }
    without_old_zero(number).unwrap_or_else(|| number.to_owned())
}

/// Keyboards for Chinese and Japanese write digits and letters in full width.
fn usual_width(c: char) -> char {
    match c {
        '\u{FF01}'..='\u{FF5E}' => std::iter::once(c).nfkc().next().unwrap_or(c),
        c => c,
    }
}

/// The signs between the parts of a number and around it.
const fn is_punctuation(c: char) -> bool {
    matches!(
        c,
        '-' | '.'
            | '/'
            | ':'
            | ';'
            | ','
            | '_'
            | '#'
            | '\''
            | '"'
            | '('
            | ')'
            | '['
            | ']'
            | '«'
            | '»'
            | '·'
            | '\u{2010}'..='\u{201F}' | '\u{2212}'
    )
}

/// `X01234567L` as `X1234567L`.
fn without_old_zero(number: &str) -> Option<String> {
    let (first, rest) = number.split_at_checked(1)?;
    let rest = rest.strip_prefix('0')?;
    let is_old = matches!(first, "X" | "Y" | "Z") && rest.len() == 8;
    is_old.then(|| format!("{first}{rest}"))
}

/// A person's number, normalised and valid.
#[derive(Clone, PartialEq, Eq, Hash)]
pub enum SpanishId {
    /// For Spanish citizens: eight digits and a letter.
    Dni(String),
    /// For foreigners: X, Y or Z, seven digits and a letter.
    Nie(String),
    /// K, L or M, seven digits and a letter: for minors, Spaniards abroad and
    /// foreigners who have neither a DNI nor a NIE.
    Klm(String),
}

impl SpanishId {
    /// The number, nine characters.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Dni(number) | Self::Nie(number) | Self::Klm(number) => number,
        }
    }

    /// The value for `serialNumber`, as in ETSI EN 319 412-1.
    pub fn etsi(&self) -> String {
        format!("IDCES-{}", self.as_str())
    }

    /// The number for lists: only the last four characters are visible.
    pub fn masked(&self) -> String {
        masked(self.as_str())
    }
}

impl fmt::Debug for SpanishId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

/// Hides all but the last four characters of a number.
pub fn masked(number: &str) -> String {
    let hidden = number.chars().count().saturating_sub(4);
    number
        .chars()
        .enumerate()
        .map(|(at, c)| if at < hidden { '*' } else { c })
        .collect()
}

/// Reads a DNI, or a K, L or M number.
///
/// # Errors
/// [`IdError`], which names the mistake.
pub fn parse_dni(text: &str) -> Result<SpanishId, IdError> {
    let number = normalise(text);
    match Shape::of(&number)? {
        Shape::Dni => with_right_letter(number).map(SpanishId::Dni),
        Shape::Klm => with_right_letter(number).map(SpanishId::Klm),
        Shape::Nie => Err(IdError::IsNie),
        Shape::Company => Err(IdError::IsCompanyNif),
    }
}

/// Reads a NIE, or a K, L or M number.
///
/// # Errors
/// [`IdError`], which names the mistake.
pub fn parse_nie(text: &str) -> Result<SpanishId, IdError> {
    let number = normalise(text);
    match Shape::of(&number)? {
        Shape::Nie => with_right_letter(number).map(SpanishId::Nie),
        Shape::Klm => with_right_letter(number).map(SpanishId::Klm),
        Shape::Dni => Err(IdError::IsDni),
        Shape::Company => Err(IdError::IsCompanyNif),
    }
}

/// A company's NIF, normalised and valid.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct CompanyNif(String);

impl CompanyNif {
    /// The number, nine characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The value for `organizationIdentifier`, as in ETSI EN 319 412-1.
    pub fn etsi(&self) -> String {
        format!("VATES-{}", self.0)
    }

    /// Whether this kind of organisation usually has the other form of control
    /// character (digit or letter). That is worth a warning but is no error.
    pub fn is_unusual(&self) -> bool {
        let letter = self.0.ends_with(|c: char| c.is_ascii_uppercase());
        match self.0.bytes().next() {
            Some(b'A' | b'B' | b'E' | b'H') => letter,
            Some(b'N' | b'P' | b'Q' | b'R' | b'S' | b'W') => !letter,
            _ => false,
        }
    }
}

impl fmt::Display for CompanyNif {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for CompanyNif {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let number = normalise(text);
        match Shape::of(&number)? {
            Shape::Company if company_control_holds(&number) => Ok(Self(number)),
            Shape::Company => Err(IdError::Control),
            Shape::Dni | Shape::Nie | Shape::Klm => Err(IdError::IsPersonal),
        }
    }
}

/// The kind of a number before its control character is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    Dni,
    Nie,
    Klm,
    Company,
}

impl Shape {
    fn of(number: &str) -> Result<Self, IdError> {
        if number.is_empty() {
            return Err(IdError::Empty);
        }
        if !number
            .bytes()
            .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
        {
            return Err(IdError::Characters);
        }
        let Ok([first, middle @ .., last]) = <[u8; 9]>::try_from(number.as_bytes()) else {
            return Err(match number.len() {
                _ if is_short_dni(number) => IdError::ShortDni,
                8 if lacks_letter(number) => IdError::NoLetter,
                length => IdError::Length(length),
            });
        };
        if !middle.iter().all(u8::is_ascii_digit) {
            return Err(IdError::Form);
        }
        match (first, last.is_ascii_uppercase()) {
            (b'0'..=b'9', true) => Ok(Self::Dni),
            (b'X' | b'Y' | b'Z', true) => Ok(Self::Nie),
            (b'K' | b'L' | b'M', true) => Ok(Self::Klm),
            (first, _) if COMPANY_KINDS.contains(&first) => Ok(Self::Company),
            _ => Err(IdError::Form),
        }
    }
}

/// Digits and a letter, as a DNI, but too few of them.
fn is_short_dni(number: &str) -> bool {
    let Some((letter, digits)) = number.as_bytes().split_last() else {
        return false;
    };
    letter.is_ascii_uppercase()
        && (1..8).contains(&digits.len())
        && digits.iter().all(u8::is_ascii_digit)
}

/// Seven digits behind a digit or the first letter of a person's number.
fn lacks_letter(number: &str) -> bool {
    let Some((first, digits)) = number.as_bytes().split_first() else {
        return false;
    };
    let is_first = first.is_ascii_digit() || matches!(first, b'X'..=b'Z' | b'K'..=b'M');
    is_first && digits.iter().all(u8::is_ascii_digit)
}

/// The number if its last letter is the control letter of its digits.
fn with_right_letter(number: String) -> Result<String, IdError> {
    let (letter, digits) = number.as_bytes().split_last().ok_or(IdError::Empty)?;
    let value = digits.iter().fold(0_usize, |value, byte| {
        value * 10
            + match byte {
                b'0'..=b'9' => usize::from(byte - b'0'),
                b'Y' => 1,
                b'Z' => 2,
                _ => 0,
            }
    });
    if PERSON_LETTERS.get(value % 23) != Some(letter) {
        return Err(IdError::Letter);
    }
    Ok(number)
}

/// The control algorithm: double the digits in odd positions and add their digits, add
/// the even ones; the control is the difference to the next ten, as a digit or a
/// letter.
fn company_control_holds(number: &str) -> bool {
    let Some((control, rest)) = number.as_bytes().split_last() else {
        return false;
    };
    let sum: usize = rest
        .iter()
        .skip(1)
        .map(|byte| usize::from(byte.saturating_sub(b'0')))
        .enumerate()
        .map(|(at, digit)| match at % 2 {
            0 => digit * 2 / 10 + digit * 2 % 10,
            _ => digit,
        })
        .sum();
    let wanted = (10 - sum % 10) % 10;
    usize::from(control.wrapping_sub(b'0')) == wanted
        || COMPANY_LETTERS.get(wanted) == Some(control)
}

#[cfg(test)]
mod tests;
