//! Base64 as it comes out of mail programs, browsers and configuration files: in lines or
//! not, of either alphabet, with or without padding.

/// The bytes of a text; `None` if it contains anything that is not Base64. What follows
/// the padding is ignored.
pub(super) fn decode(text: &str) -> Option<Vec<u8>> {
    let (mut bytes, mut bits, mut count) = (Vec::with_capacity(text.len() / 4 * 3), 0_u32, 0_u8);
    for c in text.chars().filter(|c| !c.is_whitespace()) {
        if c == '=' {
            break;
        }
        bits = (bits << 6) | value(c)?;
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push(u8::try_from((bits >> count) & 0xFF).ok()?);
        }
    }
    Some(bytes)
}

fn value(c: char) -> Option<u32> {
    let value = match c {
        'A'..='Z' => u32::from(c) - u32::from('A'),
        'a'..='z' => u32::from(c) - u32::from('a') + 26,
        '0'..='9' => u32::from(c) - u32::from('0') + 52,
        '+' | '-' => 62,
        '/' | '_' => 63,
        _ => return None,
    };
    Some(value)
}

#[cfg(test)]
mod tests {
    use data_encoding::{BASE64, BASE64URL_NOPAD};
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_no_base64_is_none() {
        assert_eq!(decode("TWF\n u").as_deref(), Some(&b"Man"[..]));
        assert_eq!(decode("TQ=="), decode("TQ"));
        for bad in ["TWF.", "ñ", "TWF\0"] {
            assert_eq!(decode(bad), None, "{bad:?}");
        }
    }

    proptest! {
        #[test]
        fn either_alphabet_reads_back(bytes in any::<Vec<u8>>()) {
            prop_assert_eq!(decode(&BASE64.encode(&bytes)), Some(bytes.clone()));
            prop_assert_eq!(decode(&BASE64URL_NOPAD.encode(&bytes)), Some(bytes));
        }
    }
}
