//! Spanish identity numbers: DNI, NIE, the K, L and M numbers, company NIFs.
//! Names the mistake and never the right letter: who does not know it shall
//! not learn it here.

use std::fmt;
use std::str::FromStr;

use super::characters::is_stray;

/// The control letters of persons, by the number's remainder of 23.
const PERSON_LETTERS: &[u8; 23] = b"TRWAGMYFPDXBNJZSQVHLCKE";

/// The control letters of companies, by the control digit.
const COMPANY_LETTERS: &[u8; 10] = b"JABCDEFGHI";

/// What a company NIF may begin with.
const COMPANY_KINDS: &[u8] = b"ABCDEFGHJNPQRSUVW";

/// Why a text is not the number asked for, or not a right one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    /// Nothing was given.
    #[error("the number is missing")]
    Empty,
    /// Something else than letters A to Z and digits.
    #[error("the number has letters from A to Z and digits only")]
    Characters,
    /// Not nine characters.
    #[error("the number has 9 characters, this one has {0}")]
    Length(usize),
    /// Nine letters and digits, not in the places where they belong.
    #[error("letters and digits do not stand where they belong")]
    Form,
    /// The control letter is another one.
    #[error("The letter does not match the number. Check both.")]
    Letter,
    /// The control character of a company NIF is another one.
    #[error("The last character does not match the number. Check both.")]
    Control,
    /// A DNI was asked for.
    #[error("This is a NIE")]
    IsNie,
    /// A NIE was asked for.
    #[error("This is a DNI")]
    IsDni,
    /// A person's number was asked for.
    #[error("This looks like a company NIF")]
    IsCompanyNif,
    /// A company's NIF was asked for.
    #[error("This is the number of a person")]
    IsPersonal,
}

/// The number without what people and programs put around it: blanks, hyphens,
/// dots, slashes, invisible characters, and a pasted `ES`, `IDCES-` or
/// `VATES-`; in upper case. Says nothing about whether it is a right one.
pub fn normalise(text: &str) -> String {
    let bare: String = text
        .chars()
        .filter(|c| !is_stray(*c) && !matches!(c, '-' | '.' | '/' | '\u{2010}'..='\u{2015}'))
        .map(|c| c.to_ascii_uppercase())
        .collect();
    ["IDCES", "VATES", "ES"]
        .iter()
        .find_map(|prefix| bare.strip_prefix(prefix))
        .map_or_else(|| bare.clone(), ToOwned::to_owned)
}

/// A person's number, normalised and right.
#[derive(Clone, PartialEq, Eq, Hash)]
pub enum SpanishId {
    /// Of a Spaniard: eight digits and a letter.
    Dni(String),
    /// Of a foreigner: X, Y or Z, seven digits and a letter.
    Nie(String),
    /// K, L or M, seven digits and a letter: minors, Spaniards abroad and
    /// foreigners who have neither of the others.
    Klm(String),
}

impl SpanishId {
    /// The number, nine characters.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Dni(number) | Self::Nie(number) | Self::Klm(number) => number,
        }
    }

    /// As ETSI EN 319 412-1 writes it in `serialNumber`.
    pub fn etsi(&self) -> String {
        format!("IDCES-{}", self.as_str())
    }

    /// With all but the last four characters hidden, for lists.
    pub fn masked(&self) -> String {
        masked(self.as_str())
    }
}

impl fmt::Debug for SpanishId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

/// All but the last four characters of a number hidden.
pub fn masked(number: &str) -> String {
    let hidden = number.chars().count().saturating_sub(4);
    number
        .chars()
        .enumerate()
        .map(|(at, c)| if at < hidden { '*' } else { c })
        .collect()
}

/// Reads a DNI, or a K, L or M number in its place.
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

/// Reads a NIE, or a K, L or M number in its place.
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

/// A company's NIF, normalised and right.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct CompanyNif(String);

impl CompanyNif {
    /// The number, nine characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// As ETSI EN 319 412-1 writes it in `organizationIdentifier`.
    pub fn etsi(&self) -> String {
        format!("VATES-{}", self.0)
    }

    /// Whether this kind of organisation usually has the other form of control
    /// character, a digit or a letter: worth a warning, no more.
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

/// What a number looks like before its control character is checked.
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
            return Err(IdError::Length(number.len()));
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

/// The number itself if its last letter is the one its digits call for.
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

/// Odd places doubled and digit-summed, even ones added; the control is what
/// is missing to the next ten, as a digit or as a letter.
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
