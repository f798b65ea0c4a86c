//! What a person can do with a certificate file: take the certificate over, renew it, make
//! its expiry date exact, or settle a request with unknown outcome. Of what is read, only
//! certificates of their own and those of CAs above them are kept.

mod archive;
mod chosen;
mod issuers;
mod known;
mod line;
mod settle;
mod shown;
mod take_over;
mod validity;

pub use archive::{EntryProblem, MOST_FILES, ZipProblem};
pub use chosen::{ChosenFile, MOST};
pub use known::{Sorted, sort};
pub use line::{Became, Line};
pub use settle::{Settled, may_settle, settle};
pub use take_over::{MOST_A_DAY, take_over_files, take_over_named};
pub use validity::{MadeExact, make_exact};

use self::archive::Budget;
use super::jobs::{Job, JobError, Stop};
use crate::domain::certificate_file::{self, CertificateFacts, FileProblem, read_certificates};

/// Why a file changes nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UploadProblem {
    /// No file was chosen.
    Missing,
    /// It holds no usable certificate.
    File(FileProblem),
    /// None of its certificates is this person's. Other people's look the same
    /// as unknown ones.
    NotYours(Vec<CertificateFacts>),
    /// It holds another certificate.
    OtherCertificate(Vec<CertificateFacts>),
    /// Its certificates were made with other keys.
    OtherKey(Vec<CertificateFacts>),
    /// Its certificate belongs to another request.
    Taken(Vec<CertificateFacts>),
}

/// The certificates of the chosen file, which may be a zip.
async fn read(
    job: &Job,
    file: Option<&[u8]>,
) -> Result<Result<Vec<CertificateFacts>, UploadProblem>, JobError> {
    let Some(file) = file.map(<[u8]>::to_vec) else {
        return Ok(Err(UploadProblem::Missing));
    };
    let read = job.run(move |stop| match archive::is_zip(&file) {
        true => read_zip(&file, stop),
        false => read_certificates(&file),
    });
    Ok(read.await?.map_err(UploadProblem::File))
}

/// The certificates in a zip. A private key in it is refused as one in any other file.
fn read_zip(file: &[u8], stop: &Stop) -> Result<Vec<CertificateFacts>, FileProblem> {
    let entries = archive::entries(file, &mut Budget::default(), stop);
    let entries = entries.map_err(|problem| match problem {
        ZipProblem::Damaged => FileProblem::Damaged,
        ZipProblem::TooMany | ZipProblem::TooLarge => FileProblem::TooMany,
    })?;
    let (mut all, mut why) = (Vec::new(), FileProblem::NoCertificate);
    for content in entries.into_iter().filter_map(|entry| entry.content.ok()) {
        match read_certificates(&content) {
            Ok(found) => all.extend(found),
            Err(FileProblem::PrivateKey) => return Err(FileProblem::PrivateKey),
            Err(problem) => why = problem,
        }
    }
    match all.len() {
        0 => Err(why),
        1..=certificate_file::MOST => Ok(all),
        _ => Err(FileProblem::TooMany),
    }
}
