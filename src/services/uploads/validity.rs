//! Makes an estimated expiry date exact from the certificate itself, and keeps its file.

use std::sync::Arc;

use super::shown::shown;
use super::{UploadProblem, issuers, read};
use crate::domain::certificate::{Certificate, Validity};
use crate::domain::certificate_file::CertificateFacts;
use crate::domain::certificate_trust::Checks;
use crate::domain::thumbprint::Thumbprint;
use crate::services::certificates::own_certificate;
use crate::services::jobs::{Job, JobError};
use crate::services::{Caller, Portal};
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
    let job = Job::of(portal, &who.counted_as).await?;
    let mut all = match read(&job, file).await? {
        Ok(all) => all,
        Err(problem) => return Ok(MadeExact::Wrong(problem)),
    };
    let Some(at) = all.iter().position(|facts| facts.is_called(thumbprint)) else {
        return Ok(MadeExact::Wrong(UploadProblem::OtherCertificate(all)));
    };
    let mut own = [(certificate, all.remove(at))];
    let everything: Vec<_> = own.iter().map(|(_, facts)| facts).chain(&all).collect();
    issuers::learn(portal, &job, &who.connection_id, &own, &everything).await?;
    let everything = everything.into_iter().cloned().collect();
    learn(portal, &job, &mut own, everything).await?;
    Ok(MadeExact::Done)
}

/// Stores what the files of these certificates say that was not known, and updates them
/// in place. `all` is everything that was shown.
pub(super) async fn learn(
    portal: &Portal,
    job: &Job,
    found: &mut [(Certificate, CertificateFacts)],
    all: Vec<CertificateFacts>,
) -> Result<(), JobError> {
    let mut news = Vec::new();
    for (certificate, facts) in found {
        let exact = Validity::Exact(facts.not_after);
        if certificate.validity != exact || certificate.file.is_none() {
            news.push((certificate.clone(), facts.clone()));
            certificate.validity = exact;
        }
    }
    if news.is_empty() {
        return Ok(());
    }
    // Verifying signatures is work for a processor.
    let files = job.run(move |_| {
        let (all, mut checks): (Vec<_>, _) = (all.iter().collect(), Checks::default());
        let file = |(certificate, facts)| (certificate, shown(&mut checks, &facts, &all));
        news.into_iter().map(file).collect::<Vec<_>>()
    });
    let (files, keys) = (files.await?, Arc::clone(&portal.keys));
    let work = portal.storage.write(move |conn| {
        Box::pin(async move {
            for (certificate, file) in files {
                certificates::show_file(conn, &keys, &certificate, &file).await?;
            }
            Ok(())
        })
    });
    Ok(work.await?)
}
