//! Guards as arguments: a handler that takes [`SignedIn`] or [`Admin`] runs for
//! nobody else.

use std::future::{Ready, ready};

use actix_session::SessionExt;
use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage, HttpRequest};

use super::client_addr::ClientAddr;
use super::destination;
use super::problem::AppError;
use super::request_context::RequestContext;
use super::session::{self, AdminSession, UserSession, Who};
use crate::i18n::Lang;
use crate::services::Source;

/// Somebody signed in through Redtrust. Otherwise: to the sign-in page, and
/// from there to what was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedIn(pub UserSession);

impl FromRequest for SignedIn {
    type Error = AppError;
    type Future = Ready<Result<Self, AppError>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(match session::who(&req.get_session()) {
            Some(Who::User(user)) => Ok(Self(UserSession {
                source: source_of(req),
                ..user
            })),
            _ => Err(AppError::SignInNeeded(destination::of_path(req.path()))),
        })
    }
}

/// Where a request comes from, as the audit wants it.
pub fn source_of(req: &HttpRequest) -> Source {
    let address = ClientAddr::extract(req).into_inner();
    let context = req.extensions();
    let context = context.get::<RequestContext>();
    Source {
        from: match address {
            Ok(ClientAddr(Some(address))) => address.to_string(),
            _ => String::new(),
        },
        request_id: context
            .map(|context| context.id.clone())
            .unwrap_or_default(),
    }
}

/// Somebody signed in through Redtrust, or nobody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MaybeSignedIn(pub Option<UserSession>);

impl FromRequest for MaybeSignedIn {
    type Error = AppError;
    type Future = Ready<Result<Self, AppError>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self(match session::who(&req.get_session()) {
            Some(Who::User(user)) => Some(user),
            _ => None,
        })))
    }
}

/// A local admin. Otherwise: to the admins' sign-in page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Admin(pub AdminSession);

impl FromRequest for Admin {
    type Error = AppError;
    type Future = Ready<Result<Self, AppError>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(match session::who(&req.get_session()) {
            Some(Who::Admin(admin)) => Ok(Self(admin)),
            _ => Err(AppError::AdminSignInNeeded),
        })
    }
}

/// The language of the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Locale(pub Lang);

impl FromRequest for Locale {
    type Error = AppError;
    type Future = Ready<Result<Self, AppError>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let lang = req
            .extensions()
            .get::<RequestContext>()
            .map(|context| context.lang);
        ready(Ok(Self(lang.unwrap_or_default())))
    }
}
