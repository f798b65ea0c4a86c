//! Files that are written while they are read from the database: only one batch of rows
//! is in memory, however long they are.

use std::time::{Duration, Instant};

use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use actix_web::web::Bytes;
use actix_web::{Error, HttpResponse};
use futures_util::{Stream, StreamExt as _};

use crate::services::shares::Share;
use crate::web::problem::AppError;

/// A client that has not taken the file by then is cut.
const LIFE: Duration = Duration::from_secs(10 * 60);

/// A file with this name, made of `chunks`. If one of them fails, the answer is aborted:
/// an incomplete file must not look complete. The share is held until the end.
pub fn download(
    content_type: &str,
    file_name: &str,
    share: Share,
    chunks: impl Stream<Item = Result<String, AppError>> + 'static,
) -> HttpResponse {
    let begun = Instant::now();
    let chunks = chunks.map(move |chunk| -> Result<Bytes, Error> {
        let _held = &share;
        if begun.elapsed() >= LIFE {
            return Err(AppError::Late.into());
        }
        Ok(Bytes::from(chunk?))
    });
    let disposition = format!("attachment; filename=\"{file_name}\"");
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, content_type))
        .insert_header((CONTENT_DISPOSITION, disposition))
        .streaming(chunks)
}
