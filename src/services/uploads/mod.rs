//! What a person can do with a certificate file: renew the certificate, make
//! its expiry date exact, or settle a request with unknown outcome. The file
//! itself is read and not kept.

mod issuers;
mod known;
mod settle;
mod shown;
mod validity;

pub use known::{Sorted, sort};
pub use settle::{Settled, may_settle, settle};
pub use validity::{MadeExact, make_exact};

use crate::domain::certificate_file::{CertificateFacts, FileProblem, read_certificates};

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

/// The certificates of the chosen file.
fn read(file: Option<&[u8]>) -> Result<Vec<CertificateFacts>, UploadProblem> {
    let file = file.ok_or(UploadProblem::Missing)?;
    read_certificates(file).map_err(UploadProblem::File)
}
