//! The same for a form with a file (`multipart/form-data`), with its own size
//! limits. Without a file, it may also be sent as an ordinary form.

use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;

use actix_multipart::{Field, Multipart, MultipartError};
use actix_web::dev::Payload;
use actix_web::http::header::CONTENT_LENGTH;
use actix_web::{FromRequest, HttpRequest};
use futures_util::StreamExt;

use super::checked_form::{FORM_LIMIT, is_urlencoded, of_payload, read_urlencoded};
use super::{Binding, InSession, checked};
use crate::web::page::form::Fields;
use crate::web::problem::AppError;

/// The largest file, in bytes.
pub const FILE_LIMIT: usize = 1024 * 1024;
/// Extra bytes allowed for the headers of the parts.
const OVERHEAD: usize = 8 * 1024;

/// A form with at most one file, from one of our own pages. Read its fields with
/// [`Fields::read`] or [`Fields::get`].
#[derive(Debug)]
pub struct CheckedUpload<B = InSession> {
    /// Everything that was sent except the token and the file.
    pub fields: Fields,
    /// `None` if no file was chosen.
    pub file: Option<Upload>,
    binding: PhantomData<B>,
}

/// An uploaded file. Its name comes from the browser and is not kept.
#[derive(Clone, PartialEq, Eq)]
pub struct Upload {
    /// The name of the file's field.
    pub field: String,
    pub content: Vec<u8>,
}

impl std::fmt::Debug for Upload {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Upload({} bytes)", self.content.len())
    }
}

impl<B: Binding> FromRequest for CheckedUpload<B> {
    type Error = AppError;
    type Future = Pin<Box<dyn Future<Output = Result<Self, AppError>>>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (req, payload) = (req.clone(), payload.take());
        Box::pin(async move {
            let read = read_any(&req, payload, FORM_LIMIT);
            let (fields, file) = checked::<B, _>(&req, read).await?;
            Ok(Self {
                fields,
                file,
                binding: PhantomData,
            })
        })
    }
}

/// Reads a form with or without a file, in either content type; `limit` is for one
/// without.
pub(in crate::web) async fn read_any(
    req: &HttpRequest,
    payload: Payload,
    limit: usize,
) -> Result<(Fields, Option<Upload>), AppError> {
    match is_urlencoded(req) {
        true => Ok((read_urlencoded(req, payload, limit).await?, None)),
        false => read(req, payload).await,
    }
}

async fn read(req: &HttpRequest, payload: Payload) -> Result<(Fields, Option<Upload>), AppError> {
    let announced = req.headers().get(CONTENT_LENGTH);
    let announced = announced.and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|length| length > FILE_LIMIT + FORM_LIMIT + OVERHEAD) {
        return Err(AppError::TooLarge);
    }
    let mut parts = Multipart::new(req.headers(), payload);
    let (mut fields, mut file) = (Fields::default(), None);
    let (mut left, mut left_for_files) = (FORM_LIMIT, FILE_LIMIT + OVERHEAD);
    while let Some(part) = parts.next().await {
        let mut part = part.map_err(|error| of_multipart(&error))?;
        let name = part.name().unwrap_or_default().to_owned();
        let file_name = part
            .content_disposition()
            .and_then(|disposition| disposition.get_filename().map(ToOwned::to_owned));
        if let Some(file_name) = file_name {
            let content = read_part(&mut part, FILE_LIMIT).await?;
            left_for_files = spend(left_for_files, &name, &content)?;
            // Browsers send an empty part without a name if no file was chosen.
            let is_chosen = !content.is_empty() || !file_name.is_empty();
            if is_chosen && file.is_none() {
                file = Some(Upload {
                    field: name,
                    content,
                });
            }
            continue;
        }
        let value = read_part(&mut part, left).await?;
        left = spend(left, &name, &value)?;
        fields.push(name, String::from_utf8_lossy(&value));
    }
    Ok((fields, file))
}

/// Every part counts against the limit; otherwise a body of empty parts would never
/// end.
fn spend(left: usize, name: &str, content: &[u8]) -> Result<usize, AppError> {
    left.checked_sub(content.len() + name.len() + 1)
        .ok_or(AppError::TooLarge)
}

async fn read_part(part: &mut Field, limit: usize) -> Result<Vec<u8>, AppError> {
    let mut content = Vec::new();
    while let Some(chunk) = part.next().await {
        let chunk = chunk.map_err(|error| of_multipart(&error))?;
        if content.len() + chunk.len() > limit {
            return Err(AppError::TooLarge);
        }
        content.extend_from_slice(&chunk);
    }
    Ok(content)
}

fn of_multipart(error: &MultipartError) -> AppError {
    match error {
        MultipartError::Payload(error) => of_payload(error),
        MultipartError::ContentTypeIncompatible | MultipartError::ContentTypeMissing => {
            AppError::WrongFormat
        }
        _ => AppError::BadRequest,
    }
}
