//! The messages for a chosen file that could not be used, shown beside its field.

use actix_web::http::StatusCode;

use crate::domain::certificate::Validity;
use crate::domain::certificate_file::{CertificateFacts, FileProblem, MOST};
use crate::domain::thumbprint::ThumbprintError;
use crate::i18n::{Key, Message, key};
use crate::services::uploads::UploadProblem;
use crate::web::page::Frame;
use crate::web::page::form::{FieldErrors, Fields, FormView};

/// The field for a certificate's file.
pub const FIELD: &str = "certificate_file";

/// A form and the status of its answer.
pub type Shown = (FormView, StatusCode);

/// A form before it is sent.
pub fn fresh() -> Shown {
    (FormView::default(), StatusCode::OK)
}

/// The form again, with the file's problem. Files are never kept.
pub fn refused(fields: Fields, problem: &UploadProblem, frame: &Frame) -> Shown {
    let mut errors = FieldErrors::new();
    errors.add(FIELD, message(problem, frame));
    let form = FormView::refused(fields, errors);
    (form, StatusCode::UNPROCESSABLE_ENTITY)
}

fn message(problem: &UploadProblem, frame: &Frame) -> Message {
    use UploadProblem as P;
    match problem {
        P::Missing => key("missing-certificate-file").into(),
        P::File(problem) => of_file(*problem),
        P::NotYours(found) => {
            with_facts(found, key("file-not-yours"), key("file-none-yours"), frame)
        }
        P::OtherCertificate(found) => {
            with_facts(found, key("file-other"), key("file-none-this"), frame)
        }
        P::OtherKey(found) => {
            with_facts(found, key("file-other-key"), key("file-none-of-key"), frame)
        }
        P::Taken(found) => with_facts(found, key("file-taken"), key("file-taken"), frame),
    }
}

/// Why a file is of no use.
pub fn of_file(problem: FileProblem) -> Message {
    match problem {
        FileProblem::Empty => key("file-empty").into(),
        FileProblem::PrivateKey => key("file-private-key").into(),
        FileProblem::Request => key("file-request").into(),
        FileProblem::TooMany => key("file-too-many").with("most", MOST),
        FileProblem::Damaged => key("file-damaged").into(),
        FileProblem::NoCertificate => key("file-no-certificate").into(),
    }
}

/// Why a text is no thumbprint.
pub fn of_thumbprint(error: ThumbprintError) -> Message {
    match error {
        ThumbprintError::Empty => key("missing-thumbprint").into(),
        ThumbprintError::Digit => key("wrong-thumbprint-digit").into(),
        ThumbprintError::Length(length) => key("wrong-thumbprint-length").with("length", length),
    }
}

/// Names a single certificate with all that distinguishes it from others.
fn with_facts(found: &[CertificateFacts], one: Key, several: Key, frame: &Frame) -> Message {
    match found {
        [only] => one
            .with("holder", frame.holder(&only.holder()))
            .with("until", frame.until(&Validity::Exact(only.not_after)))
            .with("thumbprint", only.sha1.grouped()),
        several_found => several.with("count", several_found.len()),
    }
}
