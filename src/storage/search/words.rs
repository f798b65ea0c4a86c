//! The words under which something is found. Folded, so that `nunez` finds `Núñez`.
//! Identity numbers become keyed hashes: who has the database alone can neither read
//! them nor try them out.

use std::collections::BTreeSet;

use aws_lc_rs::{digest, hmac};
use unicode_normalization::char::is_combining_mark;
use zeroize::Zeroizing;

use crate::domain::spanish_id::{CompanyNif, normalise, parse_dni, parse_nie};
use crate::storage::folded::{fold, folded};
use crate::storage::seal::{KeyRing, SealError};

/// The purpose of the key of the hashes.
const PURPOSE: &str = "search numbers 1";

/// First byte of the words that are no text. No text has them, since control characters
/// are refused everywhere.
const NUMBER: u8 = 1;
const ORGANISATION: u8 = 2;
const GROUP: u8 = 3;
const PHRASE: u8 = 4;

/// Bytes of a hash that are kept: enough that no two share it.
const KEPT: usize = 16;

/// The words of one thing.
pub(in crate::storage) struct Words {
    key: Zeroizing<[u8; 32]>,
    found: BTreeSet<Vec<u8>>,
}

impl Words {
    pub(in crate::storage) fn new(keys: &KeyRing) -> Result<Self, SealError> {
        Ok(Self {
            key: keys.mac_key(PURPOSE)?,
            found: BTreeSet::new(),
        })
    }

    /// Adds a text that people read: each word, the parts of words joined by
    /// punctuation, and those without the punctuation; and all words together. Numbers of
    /// persons and companies in it are hashed instead.
    pub(in crate::storage) fn text(&mut self, text: &str) {
        self.found.extend(of_phrase(text));
        for word in text.split_whitespace() {
            match identity_number(bare(word)) {
                Some(number) => self.number(&number),
                None => self.found.extend(forms(word)),
            }
        }
    }

    /// Adds the name of an organisation, which is a filter of its own too.
    pub(in crate::storage) fn organisation(&mut self, name: &str) {
        self.text(name);
        for word in tokens(name) {
            self.found.insert(of_organisation(&word));
        }
    }

    /// Adds a value that is an identity number whatever it looks like, such as that of a
    /// passport.
    pub(in crate::storage) fn number(&mut self, number: &str) {
        let number = plain_number(number);
        if !number.is_empty() {
            self.found.insert(hashed(&self.key, &number));
        }
    }

    pub(in crate::storage) fn group(&mut self, id: i64) {
        self.found.insert(of_group(id));
    }

    pub(in crate::storage) fn into_found(self) -> BTreeSet<Vec<u8>> {
        self.found
    }
}

/// A word without punctuation at its ends.
fn bare(word: &str) -> &str {
    word.trim_matches(|c: char| !is_letter(c))
}

fn is_letter(c: char) -> bool {
    c.is_alphanumeric() || is_combining_mark(c)
}

/// The forms of one word of a text.
fn forms(word: &str) -> impl Iterator<Item = Vec<u8>> {
    let word = folded(bare(word));
    let parts: Vec<&str> = word.split(|c| !is_letter(c)).collect();
    let mut forms: Vec<String> = vec![parts.concat()];
    forms.extend(parts.iter().map(|part| (*part).to_owned()));
    forms.push(word);
    forms.retain(|form| !form.is_empty());
    forms.into_iter().map(String::into_bytes)
}

/// The words of a search text, without punctuation at their ends.
pub(super) fn tokens(text: &str) -> Vec<String> {
    let words = pieces(text).map(folded);
    words.filter(|word| !word.is_empty()).collect()
}

fn pieces(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '/'))
        .map(bare)
}

/// All words of a text as one, in whatever order they stand and without identity numbers:
/// a whole name is found by it even if thousands share each of its words. `None` for a
/// single word.
pub(super) fn of_phrase(text: &str) -> Option<Vec<u8>> {
    let plain = pieces(text).filter(|word| identity_number(word).is_none());
    let words: BTreeSet<String> = plain.map(folded).filter(|word| !word.is_empty()).collect();
    if words.len() < 2 {
        return None;
    }
    let together = Vec::from_iter(words).join(" ");
    let hash = digest::digest(&digest::SHA256, together.as_bytes());
    let kept = hash.as_ref().get(..KEPT).unwrap_or(hash.as_ref());
    Some([&[PHRASE], kept].concat())
}

/// The number of a person or a company in its normal form, if it is one: alone, or with
/// what certificates put in front of it.
fn identity_number(word: &str) -> Option<String> {
    if let Some(passport) = passport(word) {
        return Some(passport.to_owned());
    }
    let number = plain_number(word);
    let is_one = parse_dni(&number).is_ok()
        || parse_nie(&number).is_ok()
        || number.parse::<CompanyNif>().is_ok();
    is_one.then_some(number)
}

/// The number in `PASES-AB1234`.
fn passport(word: &str) -> Option<&str> {
    let rest = word.strip_prefix("PAS")?;
    let (country, number) = rest.split_once('-')?;
    let is_country = country.len() == 2 && country.bytes().all(|c| c.is_ascii_uppercase());
    (is_country && !number.is_empty()).then_some(number)
}

/// A number as it is hashed: a short DNI filled up with zeros.
fn plain_number(text: &str) -> String {
    let number = normalise(text);
    let digits = number.len().saturating_sub(1);
    let (head, last) = number.split_at_checked(digits).unwrap_or_default();
    let is_person = last.bytes().all(|c| c.is_ascii_uppercase());
    if is_person && (1..8).contains(&digits) && head.bytes().all(|c| c.is_ascii_digit()) {
        return format!("{head:0>8}{last}");
    }
    number
}

fn hashed(key: &[u8; 32], number: &str) -> Vec<u8> {
    let key = hmac::Key::new(hmac::HMAC_SHA256, key);
    let tag = hmac::sign(&key, number.as_bytes());
    let kept = tag.as_ref().get(..KEPT).unwrap_or(tag.as_ref());
    [&[NUMBER], kept].concat()
}

/// The words that a number may be stored under: one for each key of the ring, because
/// what was stored before a rotation has an older key's until that is done. None if
/// the text cannot be a number.
pub(super) fn of_number(keys: &KeyRing, text: &str) -> Result<Vec<Vec<u8>>, SealError> {
    let number = passport(text).map_or_else(|| plain_number(text), plain_number);
    let may_be = number.len() >= 5
        && number.bytes().all(|c| c.is_ascii_alphanumeric())
        && number.bytes().any(|c| c.is_ascii_digit());
    if !may_be {
        return Ok(Vec::new());
    }
    let ring = keys.mac_keys(PURPOSE)?;
    let numbers = std::iter::once(number.clone()).chain(with_letter(&number));
    let hashes = numbers.flat_map(|number| ring.iter().map(move |key| hashed(key, &number)));
    Ok(hashes.collect())
}

/// The whole number of a person, if its letter is missing, and of a DNI perhaps the zeros in
/// front.
fn with_letter(number: &str) -> Option<String> {
    let is_short = number.bytes().all(|c| c.is_ascii_digit()) && number.len() < 8;
    if number.len() != 8 && !is_short {
        return None;
    }
    let number = format!("{number:0>8}");
    let mut all = ('A'..='Z').map(|letter| format!("{number}{letter}"));
    all.find(|whole| parse_dni(whole).is_ok() || parse_nie(whole).is_ok())
}

/// The words that the document in an ETSI value may be stored under.
pub(in crate::storage) fn of_document(
    keys: &KeyRing,
    etsi: &str,
) -> Result<Vec<Vec<u8>>, SealError> {
    let number = passport(etsi).map_or_else(|| plain_number(etsi), plain_number);
    let ring = keys.mac_keys(PURPOSE)?;
    Ok(ring.iter().map(|key| hashed(key, &number)).collect())
}

/// Whether the whole text is one number of a person or a company, blanks and all.
pub(super) fn is_number(text: &str) -> bool {
    text.chars().any(|c| c.is_ascii_digit()) && identity_number(text.trim()).is_some()
}

/// The word of an organisation that begins like this.
pub(super) fn of_organisation(word: &str) -> Vec<u8> {
    [&[ORGANISATION], word.as_bytes()].concat()
}

pub(super) fn of_group(id: i64) -> Vec<u8> {
    [&[GROUP][..], id.to_string().as_bytes(), b"."].concat()
}

/// A code such as a reference or a thumbprint, as it is stored.
pub(in crate::storage) fn of_code(code: &str) -> Vec<u8> {
    fold(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ring() -> KeyRing {
        KeyRing::new([7; 32])
    }

    fn texts_of(text: &str) -> Vec<String> {
        let mut words = Words::new(&ring()).unwrap();
        words.text(text);
        let found = words.into_found().into_iter();
        let texts = found.filter(|word| word[0] >= b' ');
        texts.map(|word| String::from_utf8(word).unwrap()).collect()
    }

    #[test]
    fn a_name_is_found_by_every_word_with_or_without_accents_and_punctuation() {
        assert_eq!(
            texts_of("María José  O’Neill-Núñez,"),
            [
                "jose",
                "maria",
                "neill",
                "nunez",
                "o",
                "o'neill-nunez",
                "oneillnunez"
            ]
        );
        assert_eq!(tokens("Núñez, María"), ["nunez", "maria"]);
        assert_eq!(tokens(" (núñez)/O’Neill; - "), ["nunez", "o'neill"]);
    }

    #[test]
    fn all_words_of_a_name_are_one_word_too_in_any_order_and_without_its_number() {
        let mut words = Words::new(&ring()).unwrap();
        words.text("NÚÑEZ GÜELL MARÍA - 12345678Z");
        let found = words.into_found();
        for typed in ["María Núñez Güell", "guell, nunez; maria"] {
            assert!(found.contains(&of_phrase(typed).unwrap()), "{typed}");
        }
        for typed in ["María Núñez", "María Núñez Güell López"] {
            assert!(!found.contains(&of_phrase(typed).unwrap()), "{typed}");
        }
        assert_eq!(of_phrase("María"), None);
    }

    #[test]
    fn a_number_is_stored_under_its_hash_only_however_it_is_written() {
        for written in [
            "12345678Z",
            "12.345.678-Z",
            "IDCES-12345678Z",
            "(12345678z)",
            "00001234S IDCES-1234S",
            "A58818501",
            "VATES-A58818501",
            "PASFR-XY12345",
            "X5253868R",
        ] {
            assert_eq!(texts_of(written), Vec::<String>::new(), "{written}");
        }
        let mut words = Words::new(&ring()).unwrap();
        words.text("GARCÍA ANA - NIF IDCES-12345678Z PASFR-XY12345");
        let found = words.into_found();
        for typed in ["12345678Z", "12.345.678-z", "ES12345678Z", "xy12345"] {
            let asked = of_number(&ring(), typed).unwrap();
            assert!(found.contains(&asked[0]), "{typed}");
        }
        for typed in ["12345678", "12.345.678"] {
            let asked = of_number(&ring(), typed).unwrap();
            assert!(found.contains(&asked[1]), "{typed}");
        }
        let mut words = Words::new(&ring()).unwrap();
        words.text("RUIZ EVA - 06100003N, SANZ LUIS - 00012345V");
        let found = words.into_found();
        for typed in ["06100003", "6100003", "6.100.003", "12345"] {
            let asked = of_number(&ring(), typed).unwrap();
            assert!(found.contains(&asked[1]), "{typed}");
        }
        assert!(is_number("12 345 678 Z") && !is_number("Ana García"));
        assert_eq!(of_number(&ring(), "lukasz").unwrap(), Vec::<Vec<u8>>::new());
    }

    #[test]
    fn an_older_key_of_the_ring_finds_what_it_stored() {
        let both = KeyRing::new([9; 32]).with_older([7; 32]);
        let old = of_number(&ring(), "12345678Z").unwrap();
        let asked = of_number(&both, "12345678Z").unwrap();
        assert_eq!(asked.len(), 2);
        assert_eq!(asked[1], old[0]);
        assert_ne!(asked[0], old[0]);
    }

    #[test]
    fn groups_and_organisations_are_words_of_their_own() {
        let mut words = Words::new(&ring()).unwrap();
        words.organisation("Notaría Núñez");
        words.group(12);
        let found = words.into_found();
        assert!(found.contains(&of_organisation("nunez")));
        assert!(found.contains(&of_group(12)) && !found.contains(&of_group(1)));
    }
}
