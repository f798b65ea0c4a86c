//! The text of a file, whichever program wrote it: UTF-8, UTF-16 with a byte order mark, or
//! Windows-1252, which Spanish Excel writes.

use super::FileProblem;
use super::code_pages::{is_misread, of_page};

const ZIP: &[u8] = b"PK\x03\x04";
const OLD_EXCEL: &[u8] = b"\xD0\xCF\x11\xE0";

pub(super) fn decode(bytes: &[u8]) -> Result<String, FileProblem> {
    if bytes.starts_with(ZIP) || bytes.starts_with(OLD_EXCEL) {
        return Err(FileProblem::Workbook);
    }
    let text = match bytes {
        [0xEF, 0xBB, 0xBF, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        [0xFF, 0xFE, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xFE, 0xFF, rest @ ..] => utf16(rest, u16::from_be_bytes),
        _ => match std::str::from_utf8(bytes) {
            Ok(text) => text.to_owned(),
            Err(_) => windows_1252(bytes)?,
        },
    };
    match text.contains('\0') {
        true => Err(FileProblem::Binary),
        false => Ok(text),
    }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let (pairs, _) = bytes.as_chunks::<2>();
    let units: Vec<u16> = pairs.iter().map(|pair| unit(*pair)).collect();
    String::from_utf16_lossy(&units)
}

/// What stands for 0x80 to 0x9F; the other bytes are their own code points.
pub(super) const HIGH: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}',
    '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

fn windows_1252(bytes: &[u8]) -> Result<String, FileProblem> {
    let text = of_page(bytes, &HIGH);
    // What is no text at all is told apart by its NULs.
    match !bytes.contains(&0) && is_misread(bytes, &text) {
        true => Err(FileProblem::Encoding),
        false => Ok(text),
    }
}
