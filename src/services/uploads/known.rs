//! Which certificates in a file belong to this person.

use super::{UploadProblem, issuers, read, validity};
use crate::domain::certificate::Certificate;
use crate::domain::certificate_file::CertificateFacts;
use crate::services::jobs::{Job, JobError};
use crate::services::{Caller, Portal};
use crate::storage::certificates;

/// The certificates of a file: at least one is this person's.
#[derive(Debug, Clone)]
pub struct Sorted {
    /// This person's, each with its facts from the file.
    pub own: Vec<(Certificate, CertificateFacts)>,
    /// The others. The person must not learn whose they are.
    pub others: Vec<CertificateFacts>,
}

/// Sorts the certificates of a file, and stores the exact expiry dates of this
/// person's own.
pub async fn sort(
    portal: &Portal,
    who: &Caller,
    file: Option<&[u8]>,
) -> Result<Result<Sorted, UploadProblem>, JobError> {
    let job = Job::of(portal, &who.counted_as).await?;
    let all = match read(&job, file).await? {
        Ok(all) => all,
        Err(problem) => return Ok(Err(problem)),
    };
    let (mut own, mut others) = (Vec::new(), Vec::new());
    for facts in all {
        let called = [&facts.sha1, &facts.sha256];
        let (storage, at) = (&portal.storage, &who.connection_id);
        match certificates::owned(storage, at, &who.owner_id, called).await? {
            Some(certificate) => own.push((certificate, facts)),
            None => others.push(facts),
        }
    }
    let everything: Vec<_> = own.iter().map(|(_, facts)| facts).chain(&others).collect();
    issuers::learn(portal, &job, &who.connection_id, &own, &everything).await?;
    if own.is_empty() {
        return Ok(Err(UploadProblem::NotYours(others)));
    }
    let everything = own.iter().map(|(_, facts)| facts).chain(&others);
    let everything = everything.cloned().collect();
    validity::learn(portal, &job, &mut own, everything).await?;
    Ok(Ok(Sorted { own, others }))
}
