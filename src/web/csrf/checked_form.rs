//! The extractor that every state-changing handler takes: a form whose origin, CSRF
//! token, content type and size are checked before its content is read.

use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::header::CONTENT_TYPE;
use actix_web::{FromRequest, HttpRequest};
use serde::de::DeserializeOwned;

use super::body::{Whose, header, of_session, read_body};
use super::limit::FORM_LIMIT;
use super::{Binding, InSession, checked};
use crate::web::page::form::Fields;
use crate::web::problem::AppError;

/// The largest form with pasted certificates, in bytes: the same as for an upload.
pub const PEM_FORM_LIMIT: usize = 1024 * 1024;

/// A form from one of our own pages. `T` is what is read from it: unknown fields are
/// ignored and the last value of a repeated field counts; give each field
/// `#[serde(default)]`. `B` says what the token is bound to, `LIMIT` is the maximum
/// size in bytes.
#[derive(Debug)]
pub struct CheckedForm<T, B = InSession, const LIMIT: usize = FORM_LIMIT> {
    pub value: T,
    /// Everything that was sent except the token, to show it again.
    pub fields: Fields,
    binding: PhantomData<B>,
}

/// A form with only the token, such as a button.
#[derive(Debug, Default, Clone, Copy, serde::Deserialize)]
pub struct NoContent {}

impl<T, B, const LIMIT: usize> FromRequest for CheckedForm<T, B, LIMIT>
where
    T: DeserializeOwned + 'static,
    B: Binding,
{
    type Error = AppError;
    type Future = Pin<Box<dyn Future<Output = Result<Self, AppError>>>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (req, payload) = (req.clone(), payload.take());
        Box::pin(async move {
            let whose = |_: &[u8]| of_session(&req);
            let read = async { Ok((read_urlencoded(&req, payload, LIMIT, &whose).await?, ())) };
            let (fields, ()) = checked::<B, _>(&req, read).await?;
            let value = fields.read().map_err(|_| AppError::BadRequest)?;
            Ok(Self {
                value,
                fields,
                binding: PhantomData,
            })
        })
    }
}

/// Whether the body has the content type of a form without a file.
pub(super) fn is_urlencoded(req: &HttpRequest) -> bool {
    let kind = header(req, CONTENT_TYPE).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    kind.eq_ignore_ascii_case("application/x-www-form-urlencoded")
}

/// Reads the fields of a form without a file.
pub(super) async fn read_urlencoded(
    req: &HttpRequest,
    payload: Payload,
    limit: usize,
    whose: Whose<'_>,
) -> Result<Fields, AppError> {
    if !is_urlencoded(req) {
        return Err(AppError::WrongFormat);
    }
    let body = read_body(req, payload, limit, whose).await?;
    Ok(Fields::parse(&body.bytes))
}
