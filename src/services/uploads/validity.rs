//! Makes an estimated expiry date exact from the certificate itself, and keeps its file.

use std::sync::Arc;

use super::shown::shown;
use super::{UploadProblem, issuers, read};
use crate::domain::certificate::{Certificate, Validity};
use crate::domain::certificate_file::CertificateFacts;
use crate::domain::thumbprint::Thumbprint;
use crate::services::certificates::own_certificate;
use crate::services::jobs::JobError;
use crate::services::{Caller, Portal};
use crate::storage::StorageError;
use crate::storage::certificates;

/// Result of making an expiry date exact with a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MadeExact {
    Done,
    /// The file changed nothing.
    Wrong(UploadProblem),
    Missing,
}

/// Takes the expiry date of this person's certificate from its file. The hash
/// of the file must equal the thumbprint.
pub async fn make_exact(
    portal: &Portal,
    who: &Caller,
    thumbprint: &Thumbprint,
    file: Option<&[u8]>,
) -> Result<MadeExact, JobError> {
    let Some(certificate) = own_certificate(portal, who, thumbprint).await? else {
        return Ok(MadeExact::Missing);
    };
    let mut all = match read(portal, who, file).await? {
        Ok(all) => all,
        Err(problem) => return Ok(MadeExact::Wrong(problem)),
    };
    let Some(at) = all.iter().position(|facts| facts.is_called(thumbprint)) else {
        return Ok(MadeExact::Wrong(UploadProblem::OtherCertificate(all)));
    };
    let mut own = [(certificate, all.remove(at))];
    let shown = own.clone();
    let everything: Vec<_> = shown.iter().map(|(_, facts)| facts).chain(&all).collect();
    issuers::learn(portal, &who.connection_id, &own, &everything).await?;
    learn(portal, &mut own, &everything).await?;
    Ok(MadeExact::Done)
}

/// Stores what the files of these certificates say that was not known, and updates them
/// in place. `all` is everything that was shown.
pub(super) async fn learn(
    portal: &Portal,
    found: &mut [(Certificate, CertificateFacts)],
    all: &[&CertificateFacts],
) -> Result<(), StorageError> {
    let mut news = Vec::new();
    for (certificate, facts) in found {
        let exact = Validity::Exact(facts.not_after);
        if certificate.validity != exact || certificate.file.is_none() {
            news.push((certificate.clone(), shown(facts, all)));
            certificate.validity = exact;
        }
    }
    if news.is_empty() {
        return Ok(());
    }
    let keys = Arc::clone(&portal.keys);
    portal
        .storage
        .write(move |conn| {
            Box::pin(async move {
                for (certificate, file) in news {
                    certificates::show_file(conn, &keys, &certificate, &file).await?;
                }
                Ok(())
            })
        })
        .await
}
