//! What is stored of a certificate's file.

use crate::domain::certificate_file::CertificateFacts;
use crate::domain::certificate_trust::{Checks, chain_of};
use crate::storage::certificates::ShownFile;

/// The file of one certificate; `all` is everything that was shown with it, among which
/// its CAs may be.
pub(super) fn shown(
    checks: &mut Checks,
    facts: &CertificateFacts,
    all: &[&CertificateFacts],
) -> ShownFile {
    let chain = chain_of(checks, facts, all).into_iter();
    ShownFile {
        der: facts.der.clone(),
        sha1: facts.sha1.clone(),
        sha256: facts.sha256.clone(),
        serial: facts.serial.clone(),
        not_before: facts.not_before,
        not_after: facts.not_after,
        holder: facts.holder(),
        subject: facts.subject.preview(),
        kind: facts.kind(),
        chain: chain
            .map(|ca| (ca.sha256.clone(), ca.der.clone()))
            .collect(),
    }
}
