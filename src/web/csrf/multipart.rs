//! The parts of a form with a file (`multipart/form-data`), from a body that is in
//! memory already: parsing waits for nothing, so no body can keep a request from being
//! answered, however it is cut.

use actix_web::HttpRequest;
use actix_web::http::header::CONTENT_TYPE;
use actix_web::web::Bytes;
use futures_util::{FutureExt, stream};
use multer::{Error, Multipart};

use super::body::header;
use super::limit::{FORM_LIMIT, MANY_FILES_LIMIT, too_large};
use crate::web::page::form::Fields;
use crate::web::problem::AppError;

/// Extra bytes allowed for the headers of the parts.
const OVERHEAD: usize = 8 * 1024;
/// The largest body with files of so many bytes.
pub(super) const fn most(files: usize) -> usize {
    files + FORM_LIMIT + OVERHEAD
}

/// Most files in one form.
pub const MOST_FILES: usize = 1000;

/// An uploaded file.
#[derive(Clone, PartialEq, Eq)]
pub struct Upload {
    /// The name of the file's field.
    pub field: String,
    /// Its name, as the browser says it: only to be shown.
    pub name: String,
    pub content: Vec<u8>,
}

impl std::fmt::Debug for Upload {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Upload({} bytes)", self.content.len())
    }
}

/// The boundary between the parts, from the content type.
pub(super) fn boundary_of(req: &HttpRequest) -> Result<String, AppError> {
    boundary(header(req, CONTENT_TYPE).unwrap_or_default())
}

pub(in crate::web) fn boundary(kind: &str) -> Result<String, AppError> {
    multer::parse_boundary(kind).map_err(|error| match error {
        Error::NoBoundary => AppError::BadRequest,
        _ => AppError::WrongFormat,
    })
}

/// The fields, and the files that were chosen.
pub(in crate::web) fn parse(
    body: Bytes,
    boundary: String,
    limit: usize,
) -> Result<(Fields, Vec<Upload>), AppError> {
    let whole = stream::iter([Ok::<_, std::convert::Infallible>(body)]);
    // Ready at once, because all of the body is there.
    let read = read(Multipart::new(whole, boundary), limit).now_or_never();
    read.unwrap_or(Err(AppError::BadRequest))
}

/// The fields before the first file, as far as they are in the beginning of a body.
pub(in crate::web) fn first_fields(req: &HttpRequest, beginning: &[u8]) -> Fields {
    let Ok(boundary) = boundary_of(req) else {
        return Fields::default();
    };
    let beginning = Bytes::copy_from_slice(beginning);
    let beginning = stream::iter([Ok::<_, std::convert::Infallible>(beginning)]);
    let mut parts = Multipart::new(beginning, boundary);
    let read = async move {
        let mut fields = Fields::default();
        while let Ok(Some(part)) = parts.next_field().await {
            if part.file_name().is_some() {
                break;
            }
            let name = part.name().unwrap_or_default().to_owned();
            let Ok(content) = part.bytes().await else {
                break;
            };
            fields.push(name, String::from_utf8_lossy(&content));
        }
        fields
    };
    read.now_or_never().unwrap_or_default()
}

async fn read(mut parts: Multipart<'_>, limit: usize) -> Result<(Fields, Vec<Upload>), AppError> {
    let (mut fields, mut files) = (Fields::default(), Vec::new());
    let (mut left, mut left_for_files) = (FORM_LIMIT, limit + OVERHEAD);
    while let Some(part) = parts.next_field().await.map_err(malformed)? {
        let name = part.name().unwrap_or_default().to_owned();
        let file_name = part.file_name().map(ToOwned::to_owned);
        let content = part.bytes().await.map_err(malformed)?;
        let Some(file_name) = file_name else {
            left = spend(left, &name, &content).ok_or_else(|| too_large(FORM_LIMIT))?;
            fields.push(name, String::from_utf8_lossy(&content));
            continue;
        };
        let rest = spend(left_for_files, &name, &content);
        let rest = rest.filter(|_| content.len() <= limit);
        left_for_files = rest.ok_or_else(|| too_large(limit))?;
        // Browsers send an empty part without a name if no file was chosen.
        let is_chosen = !content.is_empty() || !file_name.is_empty();
        if is_chosen && files.len() >= MOST_FILES {
            return Err(too_large(MANY_FILES_LIMIT));
        }
        if is_chosen {
            files.push(Upload {
                field: name,
                name: file_name,
                content: content.to_vec(),
            });
        }
    }
    Ok((fields, files))
}

/// Every part counts against the limit; otherwise a body of empty parts would be worth
/// more work than its bytes.
fn spend(left: usize, name: &str, content: &[u8]) -> Option<usize> {
    left.checked_sub(content.len() + name.len() + 1)
}

fn malformed(error: Error) -> AppError {
    tracing::info!(event = "multipart_malformed", %error);
    AppError::BadRequest
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::limit::FILE_LIMIT;
    use super::*;

    const BOUNDARY: &str = "XX";

    fn body() -> Vec<u8> {
        let part = |head: &str, content: &str| {
            format!("--{BOUNDARY}\r\nContent-Disposition: form-data; {head}\r\n\r\n{content}\r\n")
        };
        let text = [
            part("name=\"csrf\"", "token"),
            part("name=\"thumbprint\"", "ñ"),
            part(
                "name=\"file\"; filename=\"a.cer\"",
                "--XX is no boundary here",
            ),
            format!("--{BOUNDARY}--\r\n"),
        ];
        text.concat().into_bytes()
    }

    fn parsed(body: Vec<u8>) -> Result<(Fields, Vec<Upload>), AppError> {
        parse(body.into(), BOUNDARY.to_owned(), FILE_LIMIT)
    }

    #[test]
    fn i01_every_prefix_of_a_body_is_read_or_refused_and_waits_for_nothing() {
        let whole = body();
        let end = whole.len() - "\r\n".len();
        for length in 0..end {
            let cut = parsed(whole[..length].to_vec());
            assert_eq!(cut.unwrap_err(), AppError::BadRequest, "{length}");
        }
        for length in end..=whole.len() {
            let (fields, files) = parsed(whole[..length].to_vec()).unwrap();
            assert_eq!(fields.get("thumbprint"), "ñ");
            let [file] = &files[..] else {
                panic!("{files:?}")
            };
            assert_eq!((file.field.as_str(), file.name.as_str()), ("file", "a.cer"));
            assert_eq!(file.content, b"--XX is no boundary here");
        }
    }

    proptest! {
        #[test]
        fn i01_any_bytes_are_answered(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            let _answered = parsed(bytes);
        }

        #[test]
        fn i01_a_damaged_body_is_answered(at in 0..body().len(), byte in any::<u8>()) {
            let mut damaged = body();
            damaged[at] = byte;
            let _answered = parsed(damaged);
        }
    }
}
