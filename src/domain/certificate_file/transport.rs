//! Undoes what happens to a text on its way through mail, browsers and other formats,
//! where that is certain: nothing is guessed.

use crate::characters::is_stray;

/// The text of a file as it was before.
pub(super) fn text_of(file: &[u8]) -> String {
    let text = decoded(file);
    let text = match is_escaped_for_urls(&text) {
        true => percent_encoding::percent_decode_str(&text)
            .decode_utf8_lossy()
            .into_owned(),
        false => text,
    };
    let text = match text.contains('\\') || text.contains("&#") {
        true => without_escapes(&text),
        false => text,
    };
    // Quoted-printable: no Base64 goes on behind its padding.
    let text = match text.contains("=3D") {
        true => text
            .replace("=\r\n", "")
            .replace("=\n", "")
            .replace("=3D", "="),
        false => text,
    };
    let lines = text.lines().map(unquoted);
    lines.collect::<Vec<_>>().join("\n")
}

/// Some Windows programs write text as UTF-16, with a byte order mark or without.
fn decoded(file: &[u8]) -> String {
    let zeros = |from: usize| {
        let head = file.iter().skip(from).step_by(2).take(32);
        head.clone().count() >= 16 && head.clone().all(|byte| *byte == 0)
    };
    let unit: fn([u8; 2]) -> u16 = match file {
        [0xFF, 0xFE, ..] => u16::from_le_bytes,
        [0xFE, 0xFF, ..] => u16::from_be_bytes,
        _ if zeros(1) => u16::from_le_bytes,
        _ if zeros(0) => u16::from_be_bytes,
        _ => return String::from_utf8_lossy(file).into_owned(),
    };
    let pairs = file.chunks_exact(2).filter_map(|pair| pair.try_into().ok());
    let units: Vec<u16> = pairs.map(unit).collect();
    String::from_utf16_lossy(&units)
}

fn is_escaped_for_urls(text: &str) -> bool {
    [
        "%0A", "%0a", "%2B", "%2b", "%2F", "%2f", "%3D", "%3d", "BEGIN%20",
    ]
    .iter()
    .any(|escape| text.contains(escape))
}

/// `\n` as two characters, as in JSON and YAML; `\/`, `\u002B` and `&#43;`.
fn without_escapes(text: &str) -> String {
    let mut plain = text.to_owned();
    for (escape, meant) in [
        ("\\r", "\n"),
        ("\\n", "\n"),
        ("\\t", "\t"),
        ("\\/", "/"),
        ("\\u002B", "+"),
        ("\\u002b", "+"),
        ("\\u002F", "/"),
        ("\\u002f", "/"),
        ("\\u003D", "="),
        ("\\u003d", "="),
        ("&#43;", "+"),
        ("&#x2B;", "+"),
        ("&#47;", "/"),
        ("&#x2F;", "/"),
        ("&#61;", "="),
        ("&#x3D;", "="),
        ("&#10;", "\n"),
        ("&#13;", "\n"),
        ("&#xA;", "\n"),
        ("&#xD;", "\n"),
    ] {
        plain = plain.replace(escape, meant);
    }
    plain
}

/// A line without the marks of a quotation in mail, and without invisible characters.
fn unquoted(line: &str) -> String {
    let line = line.trim_start_matches(|c: char| c == '>' || c == '|' || c.is_whitespace());
    let seen = |c: &char| !is_stray(*c) || *c == ' ' || *c == '\t';
    line.chars().filter(seen).collect()
}

/// Whether a text says that it holds a private key: a label of any kind, PuTTY's and
/// OpenSSH's forms, a key in XML or a JSON Web Key.
pub(super) fn names_private_key(text: &str) -> bool {
    let labels = text.split("BEGIN ").skip(1);
    let mut heads = labels.map(|label| label.chars().take(60).collect::<String>());
    heads.any(|head| {
        let line = head.lines().next().unwrap_or_default().to_ascii_uppercase();
        let label = line
            .split_once("--")
            .map_or(line.as_str(), |(label, _)| label);
        label.contains("PRIVATE KEY")
    }) || text.contains("PuTTY-User-Key-File-")
        || text.contains("Proc-Type: 4,ENCRYPTED")
        || (text.contains("<RSAKeyValue") && text.contains("<D>"))
        || (text.contains("\"kty\"") && text.contains("\"d\""))
}
