//! What a person achieves with the file of a certificate: renew it, make its
//! expiry date exact, settle a request whose outcome is not known. The file
//! itself is read and forgotten.

mod known;
mod settle;
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
    /// It holds no certificate that could be taken.
    File(FileProblem),
    /// Its certificates are none of this person's: somebody else's are as good
    /// as unknown ones.
    NotYours(Vec<CertificateFacts>),
    /// It holds another certificate.
    OtherCertificate(Vec<CertificateFacts>),
    /// Its certificates were made with other keys.
    OtherKey(Vec<CertificateFacts>),
    /// Its certificate is another request's.
    Taken(Vec<CertificateFacts>),
}

/// The certificates of what was chosen.
fn read(file: Option<&[u8]>) -> Result<Vec<CertificateFacts>, UploadProblem> {
    let file = file.ok_or(UploadProblem::Missing)?;
    read_certificates(file).map_err(UploadProblem::File)
}
