//! Identifies ASN.1 objects by their structure. Reads BER as well as DER,
//! because programs write PKCS#7 and PKCS#12 in either.

use x509_parser::asn1_rs::{Any, Class, FromBer as _, Tag};
use x509_parser::certification_request::X509CertificationRequest;
use x509_parser::prelude::FromDer as _;

/// Most members of an object that are read: far more than any file of the
/// allowed size needs.
const MOST_MEMBERS: usize = 10_000;

/// PKCS#7 signed data: 1.2.840.113549.1.7.2.
const SIGNED_DATA: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, 0x02];

/// Password-based encryption starts with one of these: PKCS#5 and PKCS#12.
pub(super) const WITH_PASSWORD: &[&[u8]] = &[
    &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x05],
    &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x0C],
];

/// The first object of `bytes`, undecoded, and the rest after it.
pub(super) fn split(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (rest, any) = Any::from_ber(bytes).ok()?;
    is(&any, Tag::Sequence).then_some(())?;
    bytes.split_at_checked(bytes.len() - rest.len())
}

/// A member of an object, and its undecoded bytes.
struct Member<'a> {
    any: Any<'a>,
    raw: &'a [u8],
}

/// The members of an object's `content`; `None` if it cannot be split.
fn members(content: &[u8]) -> Option<Vec<Member<'_>>> {
    let (mut left, mut members) = (content, Vec::new());
    while !left.is_empty() {
        let (rest, any) = Any::from_ber(left).ok()?;
        let raw = left.get(..left.len() - rest.len())?;
        members.push(Member { any, raw });
        left = rest;
        if members.len() > MOST_MEMBERS {
            return None;
        }
    }
    Some(members)
}

pub(super) fn is(any: &Any<'_>, tag: Tag) -> bool {
    any.class() == Class::Universal && any.tag() == tag
}

fn is_context(any: &Any<'_>, number: u32) -> bool {
    any.class() == Class::ContextSpecific && any.tag() == Tag(number)
}

/// The members of a sequence that fills the whole of `object`.
fn sequence(object: &[u8]) -> Option<Vec<Member<'_>>> {
    let (_, any) = Any::from_ber(object).ok()?;
    is(&any, Tag::Sequence).then(|| members(any.data)).flatten()
}

/// The certificates of a PKCS#7 file, undecoded; `None` for any other file.
pub(super) fn certificates_of_pkcs7(object: &[u8]) -> Option<Vec<&[u8]>> {
    let outer = sequence(object)?;
    let [kind, content] = outer.as_slice() else {
        return None;
    };
    if !is(&kind.any, Tag::Oid) || kind.any.data != SIGNED_DATA || !is_context(&content.any, 0) {
        return None;
    }
    let signed = members(sequence_in(content.any.data)?)?;
    let Some(certificates) = signed.iter().find(|member| is_context(&member.any, 0)) else {
        return Some(Vec::new());
    };
    // Members that are not sequences are certificate types nobody uses.
    let all = members(certificates.any.data)?.into_iter();
    let certificates = all.filter(|member| is(&member.any, Tag::Sequence));
    Some(certificates.map(|member| member.raw).collect())
}

fn sequence_in(content: &[u8]) -> Option<&[u8]> {
    let (_, any) = Any::from_ber(content).ok()?;
    is(&any, Tag::Sequence).then_some(any.data)
}

/// Whether an object is a private key: PKCS#1, PKCS#8 open or with a password,
/// SEC 1, DSA, or a PKCS#12 file.
pub(super) fn is_private_key(object: &[u8]) -> bool {
    let Some(members) = sequence(object) else {
        return false;
    };
    let kinds: Vec<&Any<'_>> = members.iter().map(|member| &member.any).collect();
    match kinds.as_slice() {
        [version, content, ..] if is(version, Tag::Integer) => match version.data {
            [0 | 1] => [Tag::Sequence, Tag::OctetString, Tag::Integer]
                .into_iter()
                .any(|tag| is(content, tag)),
            [3] => is(content, Tag::Sequence),
            _ => false,
        },
        [algorithm, secret] if is(algorithm, Tag::Sequence) && is(secret, Tag::OctetString) => {
            let oid = Any::from_ber(algorithm.data).map(|(_, oid)| oid.data);
            oid.is_ok_and(|oid| WITH_PASSWORD.iter().any(|begin| oid.starts_with(begin)))
        }
        _ => false,
    }
}

/// Whether an object has the outline of a certificate, though it is none that can be
/// read: what was signed, the algorithm, the signature.
pub(super) fn is_like_certificate(object: &[u8]) -> bool {
    let Some(members) = sequence(object) else {
        return false;
    };
    let kinds: Vec<&Any<'_>> = members.iter().map(|member| &member.any).collect();
    let [signed, algorithm, signature] = kinds.as_slice() else {
        return false;
    };
    is(signed, Tag::Sequence)
        && is(algorithm, Tag::Sequence)
        && is(signature, Tag::BitString)
        && (signed.data.starts_with(&[0xA0]) || signed.data.starts_with(&[0x02]))
}

/// Whether bytes begin as a certificate does, however they go on: one that was cut off,
/// for example.
pub(super) fn begins_like_certificate(bytes: &[u8]) -> bool {
    let signed = content_of_sequence(bytes).and_then(content_of_sequence);
    match signed {
        Some([0xA0, 3, 2, 1, 0..=2, 2, ..] | [0xA0, 0x80, 2, 1, ..]) => true,
        // Without a version, the serial number comes first. Requests have 0 there.
        Some([2, length @ 1..=21, rest @ ..]) if rest.first() != Some(&0) => {
            rest.get(usize::from(*length)) == Some(&0x30)
        }
        _ => false,
    }
}

/// What follows the head of a sequence, whether or not all of it is there.
pub(super) fn content_of_sequence(bytes: &[u8]) -> Option<&[u8]> {
    let (head, rest) = bytes.split_first()?;
    let (length, content) = rest.split_first()?;
    if *head != 0x30 {
        return None;
    }
    match length {
        0..=0x80 => Some(content),
        0x81..=0x84 => content.get(usize::from(length & 0x0F)..),
        _ => None,
    }
}

/// Up to `most` members at the beginning of an object's content, as far as they can be
/// read.
pub(super) fn first_members(content: &[u8], most: usize) -> Vec<Any<'_>> {
    let (mut left, mut members) = (content, Vec::new());
    while members.len() < most {
        let Ok((rest, any)) = Any::from_ber(left) else {
            break;
        };
        members.push(any);
        left = rest;
    }
    members
}

/// Whether an object is a certificate request.
pub(super) fn is_request(object: &[u8]) -> bool {
    X509CertificationRequest::from_der(object).is_ok_and(|(rest, _)| rest.is_empty())
}
