//! Certificates written as text: PEM with any text around it, or bare Base64.

use data_encoding::BASE64;

use super::Found;

/// Starts and ends the lines that label a block.
const BEGIN: &str = "-----BEGIN ";
const DASHES: &str = "-----";

/// PuTTY's key files start like this, and always contain a private key.
const PUTTY: &str = "PuTTY-User-Key-File-";

/// Reads the blocks of a text file.
pub(super) fn read(file: &[u8], found: &mut Found) {
    let text = decoded(file);
    if text.contains(PUTTY) {
        found.private_key = true;
    }
    if !text.contains(BEGIN) {
        if let Some(der) = of_base64(&text) {
            found.take_objects(&der);
        }
        return;
    }
    for block in text.split(BEGIN).skip(1) {
        take_block(block, found);
    }
}

/// Some Windows programs write text as UTF-16, with a byte order mark.
fn decoded(file: &[u8]) -> String {
    let unit: fn([u8; 2]) -> u16 = match file {
        [0xFF, 0xFE, ..] => u16::from_le_bytes,
        [0xFE, 0xFF, ..] => u16::from_be_bytes,
        _ => return String::from_utf8_lossy(file).into_owned(),
    };
    let pairs = file.chunks_exact(2).filter_map(|pair| pair.try_into().ok());
    let units: Vec<u16> = pairs.map(unit).collect();
    String::from_utf16_lossy(&units)
}

/// One block, from its label on.
fn take_block(block: &str, found: &mut Found) {
    let Some((label, after)) = block.split_once(DASHES) else {
        found.damaged = true;
        return;
    };
    // Refused by its label, whatever the block contains.
    if label.contains("PRIVATE KEY") {
        found.private_key = true;
        return;
    }
    let holds_certificates = matches!(
        label,
        "CERTIFICATE" | "X509 CERTIFICATE" | "TRUSTED CERTIFICATE" | "PKCS7" | "CMS"
    );
    if !holds_certificates {
        found.request |= label.ends_with("CERTIFICATE REQUEST");
        return;
    }
    let body = after.split_once(DASHES).map(|(body, _)| body);
    let Some(der) = body.and_then(of_base64) else {
        found.damaged = true;
        return;
    };
    // A trusted certificate is followed by openssl's trust settings.
    let taken = found.take_objects(&der) || label == "TRUSTED CERTIFICATE";
    found.damaged |= !taken;
}

fn of_base64(text: &str) -> Option<Vec<u8>> {
    let visible = |c: &char| !c.is_whitespace() && *c != '\u{FEFF}';
    let body: String = text.chars().filter(visible).collect();
    BASE64.decode(body.as_bytes()).ok()
}
