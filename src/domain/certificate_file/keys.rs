//! Finds private keys wherever they stand in a file: as the whole of it, behind a
//! certificate, or inside something else. Nothing of such a file is read any further.

use x509_parser::asn1_rs::{Any, Tag};

use super::asn1::{WITH_PASSWORD, content_of_sequence, first_members, is};

/// Files that begin like this hold keys: Java's key stores (JKS, JCEKS, BKS), Microsoft's
/// PVK and key blobs.
const BEGINNINGS: &[&[u8]] = &[
    &[0xFE, 0xED, 0xFE, 0xED],
    &[0xCE, 0xCE, 0xCE, 0xCE],
    &[0, 0, 0, 1, 0, 0, 0, 20],
    &[0, 0, 0, 2, 0, 0, 0, 20],
    &[0x1E, 0xF1, 0xB5, 0xB0],
    &[7, 2, 0, 0, 0, 0xA4, 0, 0],
    &[7, 2, 0, 0, 0, 0x24, 0, 0],
];

/// Texts that stand in files with keys only: OpenSSH's, PuTTY's and any in PEM.
const MARKS: &[&[u8]] = &[
    b"openssh-key-v1\0",
    b"PuTTY-User-Key-File-",
    b"PRIVATE KEY-----",
];

/// The algorithms of keys, as PKCS#8 names them: RSA, Diffie-Hellman, DSA, elliptic
/// curves, and those of Edwards and Montgomery.
const ALGORITHMS: &[&[u8]] = &[
    &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01],
    &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x03],
    &[0x2A, 0x86, 0x48, 0xCE, 0x38, 0x04, 0x01],
    &[0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01],
    &[0x2B, 0x65],
];

/// The content types of PKCS#7, of which a PKCS#12 file consists.
const PKCS7: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07];

/// Most places that are looked at more closely, and how far: enough for any honest file,
/// and little work for one that is made to cost much.
const MOST_PLACES: usize = 10_000;
const FAR: usize = 64 * 1024;

/// Whether there is a private key anywhere in these bytes.
pub(super) fn are_in(bytes: &[u8]) -> bool {
    BEGINNINGS.iter().any(|begin| bytes.starts_with(begin))
        || MARKS.iter().any(|mark| contains(bytes, mark))
        || objects_are_in(bytes)
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

/// Whether an object with a key stands at any place.
fn objects_are_in(bytes: &[u8]) -> bool {
    let places = (0..bytes.len()).filter_map(|at| content_of_sequence(bytes.get(at..)?));
    places
        .filter(|content| is_candidate(content))
        .take(MOST_PLACES)
        .any(|content| is_key(content.get(..FAR).unwrap_or(content)))
}

/// Begins with a version that a key has, or with an algorithm that encrypts.
fn is_candidate(content: &[u8]) -> bool {
    match content {
        [2, 1, 0 | 1 | 3, ..] => true,
        [0x30, ..] => content_of_sequence(content).is_some_and(|inner| names(inner, WITH_PASSWORD)),
        _ => false,
    }
}

/// Whether the content of a sequence is that of a key. Stricter than for a whole file,
/// since parts of certificates must not look like one.
fn is_key(content: &[u8]) -> bool {
    let members = first_members(content, 9);
    let kinds: Vec<&Any<'_>> = members.iter().collect();
    match kinds.as_slice() {
        // PKCS#8 with a password.
        [algorithm, secret, ..] if is(algorithm, Tag::Sequence) => is(secret, Tag::OctetString),
        // PKCS#12.
        [version, safe, ..] if version.data == [3] => {
            is(safe, Tag::Sequence) && names(safe.data, &[PKCS7])
        }
        // PKCS#8.
        [_, algorithm, key, ..] if is(algorithm, Tag::Sequence) => {
            is(key, Tag::OctetString) && names(algorithm.data, ALGORITHMS)
        }
        // SEC 1.
        [_, key, more, ..] if is(key, Tag::OctetString) => {
            (16..=66).contains(&key.data.len()) && matches!(more.tag(), Tag(0 | 1))
        }
        // PKCS#1 and DSA: nothing but numbers.
        [_, numbers @ ..] => numbers.len() >= 5 && numbers.iter().all(|one| is(one, Tag::Integer)),
        [] => false,
    }
}

/// Whether bytes begin with an object identifier that begins with one of these.
fn names(bytes: &[u8], known: &[&[u8]]) -> bool {
    match bytes {
        [6, _, oid @ ..] => known.iter().any(|begin| oid.starts_with(begin)),
        _ => false,
    }
}
