//! Certificates written as text: PEM with any text around it, bare Base64 or hexadecimal,
//! or one of them inside something else, such as JSON or XML. Labels say little: what the
//! bytes are decides.

use super::{Found, base64, transport};

/// Starts and ends the lines that label a block.
const BEGIN: &str = "-----BEGIN ";
const DASHES: &str = "-----";

/// What separates a value from its surroundings in JSON, YAML, XML and URIs.
const AROUND_VALUES: &str = "\"'<>,;:{}[]()|&`";

/// Shorter pieces of a text are words, not certificates.
const SHORTEST: usize = 40;

/// How often a text may stand inside another, encoded.
const DEEPEST: u8 = 2;

/// Reads a text file.
pub(super) fn read(file: &[u8], found: &mut Found) {
    read_text(&transport::text_of(file), found, DEEPEST);
}

fn read_text(text: &str, found: &mut Found, depth: u8) {
    if transport::names_private_key(text) {
        found.private_key = true;
        return;
    }
    let mut outside = String::new();
    let mut blocks = text.split(BEGIN);
    outside.push_str(blocks.next().unwrap_or_default());
    for block in blocks {
        outside.push(',');
        outside.push_str(take_block(block, found, depth));
    }
    if let Some(bytes) = of_hex(&outside) {
        take_decoded(&bytes, found, depth);
        return;
    }
    for piece in outside.split(is_around_values) {
        take_piece(piece, found, depth);
    }
}

fn is_around_values(c: char) -> bool {
    AROUND_VALUES.contains(c) || (c.is_control() && !c.is_whitespace())
}

/// A value that may be a certificate, or a text with one. Behind its padding another may
/// follow.
fn take_piece(piece: &str, found: &mut Found, depth: u8) {
    for part in piece.split('=').filter(|part| part.len() >= SHORTEST) {
        if let Some(bytes) = base64::decode(part).or_else(|| last_lines(part)) {
            take_decoded(&bytes, found, depth);
        }
    }
}

/// Bytes that were written as text: known objects, or a text again. Returns whether they
/// are objects.
fn take_decoded(bytes: &[u8], found: &mut Found, depth: u8) -> bool {
    if found.take_bytes(bytes) {
        return true;
    }
    if let (Ok(inner), Some(depth)) = (std::str::from_utf8(bytes), depth.checked_sub(1)) {
        read_text(inner, found, depth);
    }
    false
}

/// The Base64 of a piece that has other lines above it.
fn last_lines(piece: &str) -> Option<Vec<u8>> {
    let lines = piece.lines().map(str::trim);
    let lines: Vec<&str> = lines.filter(|line| !line.is_empty()).collect();
    let above = lines
        .iter()
        .rposition(|line| base64::decode(line).is_none())?;
    let text = lines.get(above + 1..)?.concat();
    (text.len() >= SHORTEST)
        .then(|| base64::decode(&text))
        .flatten()
}

/// One block, from its label on. Returns the text behind it.
fn take_block<'t>(block: &'t str, found: &mut Found, depth: u8) -> &'t str {
    let Some((label, after)) = block.split_once(DASHES) else {
        found.damaged = true;
        return "";
    };
    let (body, behind) = after.split_once(DASHES).unwrap_or((after, ""));
    let behind = behind.split_once(DASHES).map_or("", |(_, behind)| behind);
    let label = label.to_ascii_uppercase();
    if may_hold_a_key(&label) {
        found.private_key = true;
        return behind;
    }
    let body = without_headers(body);
    let (body, more) = body.split_once('=').unwrap_or((body, ""));
    take_piece(more, found, depth);
    let bytes = base64::decode(body);
    if !bytes.is_some_and(|bytes| take_decoded(&bytes, found, depth)) {
        match label.contains("REQUEST") {
            true => found.request = true,
            false => found.damaged |= is_of_certificates(&label),
        }
    }
    behind
}

/// Refused by its label, whatever the block contains: what is in it may be encrypted.
fn may_hold_a_key(label: &str) -> bool {
    [
        "PRIVATE KEY",
        "PKCS12",
        "PKCS #12",
        "PKCS#12",
        "PFX",
        "KEYSTORE",
    ]
    .iter()
    .any(|name| label.contains(name))
}

fn is_of_certificates(label: &str) -> bool {
    [
        "CERTIFICATE",
        "CERT",
        "PKCS",
        "CMS",
        "X.509",
        "X509",
        "CHAIN",
    ]
    .iter()
    .any(|name| label.contains(name))
}

/// The body without the headers that RFC 1421 lets stand above it, up to a blank line.
fn without_headers(body: &str) -> &str {
    let first = body.trim_start().lines().next().unwrap_or_default();
    if !first.contains(':') {
        return body;
    }
    let blank = ["\n\n", "\r\n\r\n"].iter().find_map(|blank| {
        let (_, rest) = body.trim_start().split_once(blank)?;
        Some(rest)
    });
    blank.unwrap_or(body)
}

/// The bytes of a text that is hexadecimal as a whole, with any of the usual separators.
fn of_hex(text: &str) -> Option<Vec<u8>> {
    let separators = |c: char| c.is_whitespace() || ":,-;{}()".contains(c);
    let digits: String = text
        .replace("0x", "")
        .replace("0X", "")
        .replace("\\x", "")
        .chars()
        .filter(|c| !separators(*c))
        .collect();
    if digits.len() < SHORTEST {
        return None;
    }
    data_encoding::HEXUPPER_PERMISSIVE
        .decode(digits.as_bytes())
        .ok()
}
