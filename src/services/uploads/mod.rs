//! What a person can do with a certificate file: take the certificate over, renew it, make
//! its expiry date exact, or settle a request with unknown outcome. Of what is read, only
//! certificates of their own and those of CAs above them are kept.

mod archive;
mod issuers;
mod known;
mod settle;
mod shown;
mod take_over;
mod validity;

pub use archive::{EntryProblem, ZipProblem};
pub use known::{Sorted, sort};
pub use settle::{Settled, may_settle, settle};
pub use take_over::{Became, ChosenFile, Line, MOST, take_over_files, take_over_named};
pub use validity::{MadeExact, make_exact};

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
fn read(file: Option<&[u8]>) -> Result<Vec<CertificateFacts>, UploadProblem> {
    let file = file.ok_or(UploadProblem::Missing)?;
    let all = match archive::is_zip(file) {
        true => read_zip(file),
        false => read_certificates(file),
    };
    all.map_err(UploadProblem::File)
}

/// The certificates in a zip. A private key in it is refused as one in any other file.
fn read_zip(file: &[u8]) -> Result<Vec<CertificateFacts>, FileProblem> {
    let entries = archive::entries(file).map_err(|problem| match problem {
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
