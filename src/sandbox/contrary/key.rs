//! The text of the shared key, as a vendor might hand it over.

use data_encoding::{BASE64, BASE64_NOPAD, BASE64URL, HEXLOWER, HEXUPPER};

use super::super::forms::guid;
use super::super::seed::Seed;
use rubrica_domain::dialect::KeyEncoding;

/// A key whose text suits the encoding. Where the text itself is the key, it may look
/// like any of the others, or be a sentence that is not plain ASCII.
pub(super) fn text(seed: Seed, encoding: KeyEncoding) -> String {
    let bytes = seed.bytes("shared_key");
    let form = seed.below("shared_key_form", 6);
    match encoding {
        KeyEncoding::Hex => match form {
            0..3 => HEXLOWER.encode(&bytes),
            _ => HEXUPPER.encode(&bytes),
        },
        KeyEncoding::Base64 => match form % 3 {
            0 => BASE64.encode(&bytes),
            1 => BASE64_NOPAD.encode(&bytes),
            _ => BASE64URL.encode(&bytes),
        },
        // The text itself.
        _ => match form {
            0 => HEXLOWER.encode(&bytes),
            1 => BASE64.encode(&bytes),
            2 => guid(&HEXLOWER.encode(&bytes)),
            3 => format!("clave de señal nº {}", seed.below("number", 100_000)),
            4 => format!(
                "Pa$$w0rd-{}!",
                HEXUPPER.encode(bytes.get(..6).unwrap_or(&bytes))
            ),
            _ => BASE64URL.encode(bytes.get(..24).unwrap_or(&bytes)),
        },
    }
}
