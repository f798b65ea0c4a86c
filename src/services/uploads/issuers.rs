//! Which CAs issue for a connection: those that its settings name, and those that have
//! signed a certificate which Redtrust itself vouched for, by the thumbprint in its
//! answer. The second are learned from the files that people show.

use data_encoding::HEXLOWER;

use crate::domain::certificate::Certificate;
use crate::domain::certificate_file::CertificateFacts;
use crate::domain::certificate_trust::{has_signed, is_issued_by, issuer_of};
use crate::domain::digest::sha256;
use crate::services::Portal;
use crate::storage::StorageError;
use crate::storage::issuers::{self, Known};

/// Learns from a file: `own` are its certificates that are known here, `all` is
/// everything in it.
pub(super) async fn learn(
    portal: &Portal,
    connection_id: &str,
    own: &[(Certificate, CertificateFacts)],
    all: &[&CertificateFacts],
) -> Result<(), StorageError> {
    let known = issuers::of_connection(&portal.storage, connection_id).await?;
    let vouched = own
        .iter()
        .filter(|(certificate, _)| certificate.is_vouched_for());
    let vouched: Vec<_> = vouched.map(|(_, facts)| facts.der.clone()).collect();
    let signed_one = |ca: &&&CertificateFacts| {
        let mut vouched = vouched.iter().chain(&known.vouched);
        vouched.any(|der| has_signed(&ca.der, der))
    };
    let cas = all.iter().filter(signed_one);
    let cas: Vec<_> = cas.map(|ca| ca.der.clone()).collect();
    let is_new = |der: &Vec<u8>| !known.vouched.contains(der) && !known.issuers.contains(der);
    if !vouched.iter().chain(&cas).any(is_new) {
        return Ok(());
    }
    let id = connection_id.to_owned();
    portal
        .storage
        .write(move |conn| {
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
        })
        .await
}

/// Whether a certificate comes from a CA that issues for this connection. `all` is
/// everything in its file.
pub(super) async fn issues(
    portal: &Portal,
    connection_id: &str,
    shown: &CertificateFacts,
    all: &[CertificateFacts],
) -> Result<bool, StorageError> {
    let Known { vouched, issuers } = issuers::of_connection(&portal.storage, connection_id).await?;
    let connections = portal.connections.all().await?;
    let connection = connections.iter().find(|one| one.id == connection_id);
    let named = connection.and_then(|one| one.settings.issuer_ca.as_ref());
    let named = named.into_iter().flat_map(|named| named.certificates());
    let in_file: Vec<&[u8]> = all.iter().map(|facts| facts.der.as_slice()).collect();
    let has_signed_one = |ca: &&&[u8]| vouched.iter().any(|der| has_signed(ca, der));
    let mut trusted: Vec<&[u8]> = named.map(|ca| ca.der.as_slice()).collect();
    trusted.extend(issuers.iter().map(Vec::as_slice));
    trusted.extend(in_file.iter().filter(has_signed_one));
    Ok(is_issued_by(&shown.der, &in_file, &trusted))
}
