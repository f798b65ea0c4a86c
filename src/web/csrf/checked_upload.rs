//! The same for a form with a file (`multipart/form-data`), with its own size
//! limits. Without a file, it may also be sent as an ordinary form.

use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};

use super::body::{Body, Whose, of_session, read_body};
use super::checked_form::{is_urlencoded, read_urlencoded};
use super::limit::{FILE_LIMIT, FORM_LIMIT};
use super::multipart::{self, Upload};
use super::{Binding, InSession, checked};
use crate::services::shares::Share;
use crate::web::page::form::{FILES, Fields};
use crate::web::problem::AppError;

/// A form with files, from one of our own pages. Read its fields with
/// [`Fields::read`] or [`Fields::get`]. `LIMIT` is for the files together, in bytes.
#[derive(Debug)]
pub struct CheckedUpload<B = InSession, const LIMIT: usize = FILE_LIMIT> {
    /// Everything that was sent except the token; of the files, that they were chosen.
    pub fields: Fields,
    /// Those that were chosen.
    pub files: Vec<Upload>,
    /// Its memory counts while the file is worked on.
    _share: Option<Share>,
    binding: PhantomData<B>,
}

impl<B, const LIMIT: usize> CheckedUpload<B, LIMIT> {
    /// What is in the first file, if one was chosen.
    pub fn content(&self) -> Option<&[u8]> {
        self.files.first().map(|file| file.content.as_slice())
    }
}

impl<B: Binding, const LIMIT: usize> FromRequest for CheckedUpload<B, LIMIT> {
    type Error = AppError;
    type Future = Pin<Box<dyn Future<Output = Result<Self, AppError>>>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (req, payload) = (req.clone(), payload.take());
        Box::pin(async move {
            let whose = |_: &[u8]| of_session(&req);
            let read = read_any(&req, payload, (FORM_LIMIT, LIMIT), &whose);
            let (mut fields, (files, share)) = checked::<B, _>(&req, read).await?;
            for name in FILES {
                if files.iter().any(|file| file.field == name) {
                    fields.set(name, "chosen");
                }
            }
            Ok(Self {
                fields,
                files,
                _share: share,
                binding: PhantomData,
            })
        })
    }
}

/// Reads a form with or without a file, in either content type; the limits are for one
/// without, and for the files.
pub(in crate::web) async fn read_any(
    req: &HttpRequest,
    payload: Payload,
    (limit, files): (usize, usize),
    whose: Whose<'_>,
) -> Result<(Fields, (Vec<Upload>, Option<Share>)), AppError> {
    if is_urlencoded(req) {
        let fields = read_urlencoded(req, payload, limit, whose).await?;
        return Ok((fields, (Vec::new(), None)));
    }
    let boundary = multipart::boundary_of(req)?;
    let Body { bytes, share } = read_body(req, payload, multipart::most(files), whose).await?;
    let (fields, files) = multipart::parse(bytes.freeze(), boundary, files)?;
    Ok((fields, (files, share)))
}
