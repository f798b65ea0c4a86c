//! The ways in which a key's text may be meant: with or without what was pasted
//! around it, as text or as an encoding of bytes.

use zeroize::Zeroizing;

use super::oddity::Oddity;
use crate::dialect::KeyEncoding;
use crate::secret::Secret;
use crate::signing::key_bytes;

/// One way to read the key.
#[derive(Debug, Clone)]
pub(super) struct Reading {
    pub(super) bytes: Zeroizing<Vec<u8>>,
    pub(super) encoding: KeyEncoding,
    /// The text that has to be stored for this reading.
    pub(super) text: Secret,
    /// Whether that is another text than was given.
    pub(super) cleaned: bool,
}

const ENCODINGS: [KeyEncoding; 4] = [
    KeyEncoding::Utf8,
    KeyEncoding::Hex,
    KeyEncoding::Base64,
    KeyEncoding::Utf16Le,
];

/// Every reading of the key, simplest first; no two have the same bytes.
pub(super) fn readings(key: &Secret) -> Vec<Reading> {
    let given = without_last_line_end(key.expose());
    let tidy = tidy(given);
    let tight = without(tidy, |c| c.is_whitespace() || is_hidden(c));
    let bare = without(&tight, |c| matches!(c, ':' | '-'));
    let bare = bare.strip_prefix("0x").unwrap_or(&bare);
    let mut found: Vec<Reading> = Vec::new();
    for (at, text) in [given, tidy, tight.as_str(), bare].into_iter().enumerate() {
        for encoding in ENCODINGS {
            let is_text = matches!(encoding, KeyEncoding::Utf8 | KeyEncoding::Utf16Le);
            // Blanks around digits mean nothing; colons and hyphens are taken out of
            // hexadecimal ones only.
            if at == 0 && !is_text || at == 3 && encoding != KeyEncoding::Hex {
                continue;
            }
            let Ok(bytes) = key_bytes(text, encoding) else {
                continue;
            };
            if found.iter().all(|known| known.bytes != bytes) {
                found.push(Reading {
                    bytes,
                    encoding,
                    text: Secret::new(text),
                    cleaned: text != given,
                });
            }
        }
    }
    found
}

/// Files end in a line end that is not part of the key.
fn without_last_line_end(text: &str) -> &str {
    let text = text.strip_suffix('\n').unwrap_or(text);
    text.strip_suffix('\r').unwrap_or(text)
}

/// The key without blanks and hidden characters; `None` if it has none.
pub fn without_blanks(key: &Secret) -> Option<Secret> {
    let given = key.expose();
    let tight = without(given, |c| c.is_whitespace() || is_hidden(c));
    (tight.as_str() != given).then(|| Secret::new(tight.as_str()))
}

/// Without blanks, quotes and a byte order mark around it.
fn tidy(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || is_hidden(c) || "\"'`“”‘’«»".contains(c))
}

fn without(text: &str, drop: impl Fn(char) -> bool) -> Zeroizing<String> {
    Zeroizing::new(text.chars().filter(|c| !drop(*c)).collect())
}

const fn is_hidden(c: char) -> bool {
    matches!(
        c,
        '\u{FEFF}' | '\u{200B}'..='\u{200D}' | '\u{2060}' | '\u{AD}'
    )
}

/// What looks damaged in a key, whatever it signs.
pub fn oddities(key: &Secret) -> Vec<Oddity> {
    let given = without_last_line_end(key.expose());
    let tidy = tidy(given);
    let mut odd = Vec::new();
    if tidy != given {
        odd.push(Oddity::KeyAround);
    }
    if tidy.contains(|c: char| c.is_whitespace() || is_hidden(c)) {
        odd.push(Oddity::KeyBlankInside);
    }
    let tight = without(tidy, |c| c.is_whitespace() || is_hidden(c));
    odd.extend(damage(&tight));
    odd
}

/// Whether a text is almost hexadecimal or Base64, but cannot be decoded, or has an
/// unusual number of bytes.
fn damage(text: &str) -> Option<Oddity> {
    let length = text.chars().count();
    let foreign = text.chars().filter(|c| !c.is_ascii_hexdigit()).count();
    if length >= 16 && foreign == 0 {
        return match length {
            _ if !length.is_multiple_of(2) => Some(Oddity::KeyHexOdd { digits: length }),
            32 | 40 | 48 | 64 | 96 | 128 => None,
            _ => Some(Oddity::KeyBytes { bytes: length / 2 }),
        };
    }
    if length >= 30 && foreign <= 2 {
        return Some(Oddity::KeyHexForeign { foreign });
    }
    let digits = text.trim_end_matches('=');
    let is_digit = |c: char| c.is_ascii_alphanumeric() || "+/-_".contains(c);
    // Words are no Base64: it has capital and small letters and digits.
    let is_mixed = [
        char::is_ascii_lowercase as fn(&char) -> bool,
        char::is_ascii_uppercase,
        char::is_ascii_digit,
    ]
    .iter()
    .all(|kind| digits.chars().any(|c| kind(&c)));
    if length < 20 || !is_mixed || !digits.chars().all(is_digit) {
        return None;
    }
    let is_padded = digits.len() < text.len();
    if digits.len() % 4 == 1 || is_padded && !text.len().is_multiple_of(4) {
        return Some(Oddity::KeyBase64Length { digits: length });
    }
    match digits.len() * 3 / 4 {
        16 | 20 | 24 | 32 | 48 | 64 => None,
        // A password of so many characters would be unusual.
        bytes if is_padded || length >= 40 => Some(Oddity::KeyBytes { bytes }),
        _ => None,
    }
}

/// How a key that is stored differs from the one that is right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyDifference {
    /// It does not differ.
    Same,
    /// Characters are missing at its end or beginning.
    CutShort {
        /// How many.
        missing: usize,
    },
    /// It differs only in blanks, line ends or hidden characters.
    Blanks,
    /// It differs only in capital and small letters.
    Case,
    /// It is another key.
    Other,
}

/// Compares a stored key with the right one.
pub fn compare_keys(stored: &Secret, right: &Secret) -> KeyDifference {
    if stored == right {
        return KeyDifference::Same;
    }
    let bare = |key: &Secret| without(key.expose(), |c| c.is_whitespace() || is_hidden(c));
    let (short, whole) = (bare(stored), bare(right));
    let is_cut = whole.starts_with(short.as_str()) || whole.ends_with(short.as_str());
    if short == whole {
        KeyDifference::Blanks
    } else if is_cut && !short.is_empty() {
        KeyDifference::CutShort {
            missing: whole.chars().count() - short.chars().count(),
        }
    } else if short.to_lowercase() == whole.to_lowercase() {
        KeyDifference::Case
    } else {
        KeyDifference::Other
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(KeyEncoding, Vec<u8>, bool)> {
        let one = |reading: Reading| (reading.encoding, reading.bytes.to_vec(), reading.cleaned);
        readings(&Secret::new(text)).into_iter().map(one).collect()
    }

    #[test]
    fn a_key_is_read_in_every_way_it_may_be_meant() {
        let all = read("ab12");
        let kinds: Vec<_> = all.iter().map(|one| one.0).collect();
        let (utf8, utf16) = (KeyEncoding::Utf8, KeyEncoding::Utf16Le);
        assert_eq!(kinds, [utf8, utf16, KeyEncoding::Hex, KeyEncoding::Base64]);
        assert!(all.iter().all(|one| !one.2));
        for (text, encoding, bytes) in [
            ("a b\n", KeyEncoding::Utf8, b"a b".to_vec()),
            ("\u{FEFF}a b\r\n", KeyEncoding::Utf8, b"a b".to_vec()),
            (" \"a b\" ", KeyEncoding::Utf8, b"a b".to_vec()),
            ("a b", KeyEncoding::Utf8, b"ab".to_vec()),
            ("ab\n", KeyEncoding::Utf16Le, vec![b'a', 0, b'b', 0]),
            ("AB 0C\nFF", KeyEncoding::Hex, vec![0xAB, 0x0C, 0xFF]),
            ("AB:0C-FF", KeyEncoding::Hex, vec![0xAB, 0x0C, 0xFF]),
            ("0xAB0C", KeyEncoding::Hex, vec![0xAB, 0x0C]),
            (" -_8=", KeyEncoding::Base64, vec![0xFB, 0xFF]),
            ("+/\r\n8", KeyEncoding::Base64, vec![0xFB, 0xFF]),
        ] {
            let found = read(text);
            let is_it = |one: &&(KeyEncoding, Vec<u8>, bool)| one.0 == encoding && one.1 == bytes;
            assert!(found.iter().any(|one| is_it(&one)), "{text:?}: {found:?}");
        }
        assert!(read("").is_empty());
    }

    #[test]
    fn a_key_that_looks_damaged_is_named() {
        let hex = "00ff10a0B1C2d3e4f5061728394a5b6c7d8e9fa0b1c2d3e4f5061728394a5b6c";
        let base64 = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
        for (text, odd) in [
            (hex, None),
            (base64, None),
            ("correct horse battery staple", Some(Oddity::KeyBlankInside)),
            ("correct-horse-battery-staple", None),
            (" key", Some(Oddity::KeyAround)),
            (&hex[1..], Some(Oddity::KeyHexOdd { digits: 63 })),
            (&hex[2..], Some(Oddity::KeyBytes { bytes: 31 })),
            (
                &hex.replacen('9', "o", 2),
                Some(Oddity::KeyHexForeign { foreign: 2 }),
            ),
            (&base64[..41], Some(Oddity::KeyBase64Length { digits: 41 })),
            (&base64[..42], Some(Oddity::KeyBytes { bytes: 31 })),
        ] {
            let found = oddities(&Secret::new(text));
            assert_eq!(found.first(), odd.as_ref(), "{text:?}");
        }
    }

    #[test]
    fn a_stored_key_is_compared_with_the_right_one() {
        use KeyDifference as D;
        for (stored, right, difference) in [
            ("abcd", "abcd", D::Same),
            ("abc", "abcdef", D::CutShort { missing: 3 }),
            ("def", "abcdef", D::CutShort { missing: 3 }),
            ("ab cd", "abcd", D::Blanks),
            ("ABCD", "abcd", D::Case),
            ("xyz", "abcd", D::Other),
        ] {
            let found = compare_keys(&Secret::new(stored), &Secret::new(right));
            assert_eq!(found, difference, "{stored} {right}");
        }
    }
}
