//! Writes PEM: Base64 in lines, between lines that label it (RFC 7468).

use data_encoding::BASE64;

/// The PEM form of something in DER.
pub fn to_pem(label: &str, der: &[u8]) -> String {
    let base64 = BASE64.encode(der);
    let mut pem = format!("-----BEGIN {label}-----\n");
    for (at, c) in base64.chars().enumerate() {
        if at > 0 && at % 64 == 0 {
            pem.push('\n');
        }
        pem.push(c);
    }
    pem.push_str(&format!("\n-----END {label}-----\n"));
    pem
}
