//! The signature of an example: its bytes and the form in which they are written.

use data_encoding::{BASE64_NOPAD, HEXLOWER_PERMISSIVE};
use percent_encoding::percent_decode_str;

use super::oddity::Oddity;
use crate::dialect::SignatureEncoding;

/// What the parameter `hmac` says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Signature {
    pub(super) bytes: Vec<u8>,
    pub(super) encoding: SignatureEncoding,
    pub(super) odd: Vec<Oddity>,
}

/// Reads the value as sent. `None` if it is in none of the known forms.
pub(super) fn read(raw: &str) -> Option<Signature> {
    let mut odd = Vec::new();
    let mut text = percent_decode_str(raw).decode_utf8().ok()?.into_owned();
    if text.contains(' ') {
        // A Base64 `+` that went through a form decoder.
        odd.push(Oddity::SignatureBlank);
        text = text.replace(' ', "+");
    } else if raw.contains('+') {
        odd.push(Oddity::SignaturePlus);
    }
    let (bytes, encoding) = match hexadecimal(&text, &mut odd) {
        Some(read) => read,
        None => base64(&text, &mut odd)?,
    };
    if bytes.len() != 32 {
        odd.push(Oddity::SignatureLength {
            bytes: bytes.len(),
            hash: hash_of(bytes.len()),
        });
    }
    Some(Signature {
        bytes,
        encoding,
        odd,
    })
}

fn hexadecimal(text: &str, odd: &mut Vec<Oddity>) -> Option<(Vec<u8>, SignatureEncoding)> {
    // The last digit of an odd number belongs to a byte that is cut in two.
    let whole = text.get(..text.len() - text.len() % 2)?;
    let bytes = HEXLOWER_PERMISSIVE.decode(whole.as_bytes()).ok()?;
    let is_last_digit = text.bytes().all(|byte| byte.is_ascii_hexdigit());
    if bytes.len() < 16 || !is_last_digit {
        return None;
    }
    let has = |test: fn(&u8) -> bool| text.as_bytes().iter().any(test);
    let (lower, upper) = (has(u8::is_ascii_lowercase), has(u8::is_ascii_uppercase));
    if lower && upper {
        odd.push(Oddity::SignatureMixedCase);
    }
    let encoding = match upper && !lower {
        true => SignatureEncoding::HexUpper,
        false => SignatureEncoding::HexLower,
    };
    Some((bytes, encoding))
}

fn base64(text: &str, odd: &mut Vec<Oddity>) -> Option<(Vec<u8>, SignatureEncoding)> {
    let digits = text.trim_end_matches('=');
    let bytes = BASE64_NOPAD.decode(digits.replace('-', "+").replace('_', "/").as_bytes());
    let bytes = bytes.ok().filter(|bytes| bytes.len() >= 16)?;
    let is_padded = digits.len() < text.len();
    let is_url = digits.contains(['-', '_']);
    let is_standard = digits.contains(['+', '/']) || is_padded && !is_url;
    if is_padded == is_url && (is_url || is_standard) {
        odd.push(Oddity::SignaturePadding);
    }
    let encoding = match is_standard {
        true => SignatureEncoding::Base64,
        false => SignatureEncoding::Base64Url,
    };
    Some((bytes, encoding))
}

/// The hash whose HMAC has this many bytes.
const fn hash_of(bytes: usize) -> Option<&'static str> {
    match bytes {
        16 => Some("MD5"),
        20 => Some("SHA-1"),
        48 => Some("SHA-384"),
        64 => Some("SHA-512"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use data_encoding::{BASE64, BASE64URL, BASE64URL_NOPAD, HEXLOWER, HEXUPPER};

    use super::*;

    /// Its Base64 has both characters that the alphabets write differently.
    const BYTES: [u8; 32] = [0xFB; 32];

    fn forms() -> [(String, SignatureEncoding, Vec<Oddity>); 8] {
        use SignatureEncoding as E;
        let base64 = BASE64.encode(&BYTES);
        [
            (HEXLOWER.encode(&BYTES), E::HexLower, vec![]),
            (HEXUPPER.encode(&BYTES), E::HexUpper, vec![]),
            (
                HEXLOWER.encode(&BYTES).replacen('f', "F", 1),
                E::HexLower,
                vec![Oddity::SignatureMixedCase],
            ),
            (
                base64.replace('+', "%2B").replace('=', "%3D"),
                E::Base64,
                vec![],
            ),
            (base64.clone(), E::Base64, vec![Oddity::SignaturePlus]),
            (
                base64.replace('+', "%20"),
                E::Base64,
                vec![Oddity::SignatureBlank],
            ),
            (BASE64URL_NOPAD.encode(&BYTES), E::Base64Url, vec![]),
            (
                BASE64URL.encode(&BYTES),
                E::Base64Url,
                vec![Oddity::SignaturePadding],
            ),
        ]
    }

    #[test]
    fn every_form_is_recognised() {
        for (text, encoding, odd) in forms() {
            let read = read(&text).unwrap();
            assert_eq!(read.bytes, BYTES, "{text}");
            assert_eq!((read.encoding, read.odd), (encoding, odd), "{text}");
        }
    }

    #[test]
    fn another_length_names_the_hash_that_has_it() {
        for (length, hash) in [(20, Some("SHA-1")), (64, Some("SHA-512")), (31, None)] {
            let text = BASE64URL_NOPAD.encode(&vec![0xFB; length]);
            let expected = Oddity::SignatureLength {
                bytes: length,
                hash,
            };
            assert_eq!(read(&text).unwrap().odd, [expected], "{length}");
        }
        for bad in ["", "abc", "ñ", "%FF", "not a signature!"] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }
}
