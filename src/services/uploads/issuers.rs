//! Which CAs issue for a connection: those that its settings name, and those that have
//! signed a certificate which Redtrust itself vouched for, by the thumbprint in its
//! answer. The second are learned from the files that people show.

use data_encoding::HEXLOWER;

use crate::domain::certificate::Certificate;
use crate::domain::certificate_file::CertificateFacts;
use crate::domain::certificate_trust::{Checks, has_signed, is_issued_by, issuer_of};
use crate::domain::digest::sha256;
use crate::services::Portal;
use crate::services::jobs::{Job, JobError};
use crate::storage::issuers::{self, Known};

/// Learns from a file: `own` are its certificates that are known here, `all` is
/// everything in it.
pub(super) async fn learn(
    portal: &Portal,
    job: &Job,
    connection_id: &str,
    own: &[(Certificate, CertificateFacts)],
    all: &[&CertificateFacts],
) -> Result<(), JobError> {
    let known = issuers::of_connection(&portal.storage, connection_id).await?;
    let vouched = own
        .iter()
        .filter(|(certificate, _)| certificate.is_vouched_for());
    let vouched: Vec<_> = vouched.map(|(_, facts)| facts.der.clone()).collect();
    let signed: Vec<_> = vouched.iter().chain(&known.vouched).cloned().collect();
    let cas = all.iter().filter(|one| one.is_ca);
    let mut cas: Vec<Vec<u8>> = cas.map(|ca| ca.der.clone()).collect();
    // Verifying signatures is work for a processor.
    let signers = job.run(move |_| {
        let mut checks = Checks::default();
        let mut one_of = |ca: &[u8]| signed.iter().any(|der| has_signed(&mut checks, ca, der));
        cas.retain(|ca| one_of(ca));
        cas
    });
    let cas = signers.await?;
    let is_new = |der: &Vec<u8>| !known.vouched.contains(der) && !known.issuers.contains(der);
    if !vouched.iter().chain(&cas).any(is_new) {
        return Ok(());
    }
    let id = connection_id.to_owned();
    let work = portal.storage.write(move |conn| {
        Box::pin(async move {
            for der in vouched {
                if let Some(issuer) = issuer_of(&der) {
                    let issuer = HEXLOWER.encode(&sha256(issuer));
                    issuers::keep_vouched(conn, &id, &issuer, &der).await?;
                }
            }
            for der in cas {
                let hash = HEXLOWER.encode(&sha256(&der));
                issuers::keep_issuer(conn, &id, &hash, &der).await?;
            }
            Ok(())
        })
    });
    Ok(work.await?)
}

/// Whether a certificate comes from a CA that issues for this connection. `all` is
/// everything in its file.
pub(super) async fn issues(
    portal: &Portal,
    job: &Job,
    connection_id: &str,
    shown: &CertificateFacts,
    all: &[CertificateFacts],
) -> Result<bool, JobError> {
    let Known { vouched, issuers } = issuers::of_connection(&portal.storage, connection_id).await?;
    let connections = portal.connections.all().await?;
    let connection = connections.iter().find(|one| one.id == connection_id);
    let named = connection.and_then(|one| one.settings.issuer_ca.as_ref());
    let named = named.into_iter().flat_map(|named| named.certificates());
    let mut trusted: Vec<Vec<u8>> = named.map(|ca| ca.der.clone()).collect();
    trusted.extend(issuers);
    let in_file: Vec<Vec<u8>> = all.iter().map(|facts| facts.der.clone()).collect();
    let shown = shown.der.clone();
    job.run(move |_| {
        let mut checks = Checks::default();
        let in_file: Vec<&[u8]> = in_file.iter().map(Vec::as_slice).collect();
        let mut trusted: Vec<&[u8]> = trusted.iter().map(Vec::as_slice).collect();
        let mut one_of = |ca: &[u8]| vouched.iter().any(|der| has_signed(&mut checks, ca, der));
        trusted.extend(in_file.iter().copied().filter(|ca| one_of(ca)));
        is_issued_by(&mut checks, &shown, &in_file, &trusted)
    })
    .await
}
