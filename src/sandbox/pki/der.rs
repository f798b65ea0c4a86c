//! A writer for the small part of DER that is needed here.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use rubrica_domain::millis::Millis;

/// Tag of a constructed context-specific element.
const CONTEXT: u8 = 0xA0;

/// One element: tag, length, content.
pub(super) fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len();
    let mut out = vec![tag];
    if let Ok(short) = u8::try_from(length)
        && short < 0x80
    {
        out.push(short);
    } else {
        let bytes: Vec<u8> = length
            .to_be_bytes()
            .into_iter()
            .skip_while(|byte| *byte == 0)
            .collect();
        out.push(0x80 | u8::try_from(bytes.len()).unwrap_or(0));
        out.extend(bytes);
    }
    out.extend_from_slice(content);
    out
}

/// A sequence of encoded elements.
pub(super) fn sequence(parts: &[&[u8]]) -> Vec<u8> {
    element(0x30, &parts.concat())
}

/// A set with one encoded element.
pub(super) fn set_of_one(part: &[u8]) -> Vec<u8> {
    element(0x31, part)
}

/// A constructed context-specific element.
pub(super) fn context(number: u8, content: &[u8]) -> Vec<u8> {
    element(CONTEXT | number, content)
}

/// An object identifier, from its arcs.
pub(super) fn oid(arcs: &[u64]) -> Vec<u8> {
    let mut content = Vec::new();
    if let [first, second, rest @ ..] = arcs {
        base_128(first * 40 + second, &mut content);
        for arc in rest {
            base_128(*arc, &mut content);
        }
    }
    element(0x06, &content)
}

fn base_128(value: u64, out: &mut Vec<u8>) {
    let mut groups = vec![(value & 0x7F) as u8];
    let mut rest = value >> 7;
    while rest > 0 {
        groups.push((rest & 0x7F) as u8 | 0x80);
        rest >>= 7;
    }
    out.extend(groups.into_iter().rev());
}

/// A non-negative integer, from its big-endian bytes.
pub(super) fn unsigned(bytes: &[u8]) -> Vec<u8> {
    let mut digits: Vec<u8> = bytes
        .iter()
        .copied()
        .skip_while(|byte| *byte == 0)
        .collect();
    if digits.first().is_none_or(|first| *first >= 0x80) {
        digits.insert(0, 0);
    }
    element(0x02, &digits)
}

/// A bit string whose length is a multiple of 8.
pub(super) fn bit_string(bytes: &[u8]) -> Vec<u8> {
    bits(bytes, 0)
}

/// A bit string; the last `unused` bits of the last byte do not count.
pub(super) fn bits(bytes: &[u8], unused: u8) -> Vec<u8> {
    element(0x03, &[&[unused], bytes].concat())
}

pub(super) fn octet_string(bytes: &[u8]) -> Vec<u8> {
    element(0x04, bytes)
}

pub(super) fn null() -> Vec<u8> {
    element(0x05, &[])
}

/// The boolean TRUE.
pub(super) fn yes() -> Vec<u8> {
    element(0x01, &[0xFF])
}

pub(super) fn utf8(text: &str) -> Vec<u8> {
    element(0x0C, text.as_bytes())
}

/// A PrintableString; the caller has checked the characters.
pub(super) fn printable(text: &str) -> Vec<u8> {
    element(0x13, text.as_bytes())
}

/// An IA5String; the caller has checked that the text is ASCII.
pub(super) fn ia5(text: &str) -> Vec<u8> {
    element(0x16, text.as_bytes())
}

/// A time as RFC 5280 requires: UTCTime through 2049, GeneralizedTime after that.
pub(super) fn time(at: Millis) -> Vec<u8> {
    let at = Timestamp::from_millisecond(at.0)
        .unwrap_or(Timestamp::UNIX_EPOCH)
        .to_zoned(TimeZone::UTC);
    let (tag, form) = if at.year() < 2050 {
        (0x17, "%y%m%d%H%M%SZ")
    } else {
        (0x18, "%Y%m%d%H%M%SZ")
    };
    element(tag, at.strftime(form).to_string().as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_use_the_shortest_form() {
        assert_eq!(element(4, &[0; 127])[..2], [4, 127]);
        assert_eq!(element(4, &[0; 128])[..3], [4, 0x81, 128]);
        assert_eq!(element(4, &[0; 256])[..4], [4, 0x82, 1, 0]);
    }

    #[test]
    fn object_identifiers_match_the_published_examples() {
        assert_eq!(oid(&[2, 5, 4, 3]), [6, 3, 0x55, 4, 3]);
        assert_eq!(
            oid(&[1, 2, 840, 113_549, 1, 1, 11]),
            [6, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 1, 11]
        );
        assert_eq!(oid(&[2, 999, 3]), [6, 3, 0x88, 0x37, 3]);
    }

    #[test]
    fn whole_numbers_are_never_negative_and_never_longer_than_needed() {
        assert_eq!(unsigned(&[0, 0, 5]), [2, 1, 5]);
        assert_eq!(unsigned(&[0x80]), [2, 2, 0, 0x80]);
        assert_eq!(unsigned(&[0]), [2, 1, 0]);
    }

    #[test]
    fn times_change_their_form_in_2050() {
        assert_eq!(time(Millis(2_524_607_999_000))[..2], [0x17, 13]);
        assert_eq!(time(Millis(2_524_608_000_000))[..2], [0x18, 15]);
        assert_eq!(time(Millis(0))[2..], *b"700101000000Z");
    }
}
