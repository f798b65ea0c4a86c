//! Guards as arguments: a handler that takes [`SignedIn`] or [`AdminSignedIn`] runs
//! only for those users.

use std::future::{Ready, ready};

use actix_session::SessionExt;
use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage, HttpRequest, web};

use super::client_addr::ClientAddr;
use super::destination;
use super::problem::AppError;
use super::request_context::RequestContext;
use super::session::{self, Identity};
use super::state::AppState;
use crate::i18n::Lang;
use crate::services::{Actor, Caller, Source, limiter};

/// A user signed in through Redtrust. Anybody else is sent to the sign-in page, and
/// from there back to the requested page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedIn {
    pub caller: Caller,
    /// The name to show.
    pub login: String,
}

impl FromRequest for SignedIn {
    type Error = AppError;
    type Future = Ready<Result<Self, AppError>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(match who(req) {
            Some(Identity::User(user)) => Ok(Self {
                caller: Caller {
                    owner_id: user.owner,
                    connection_id: user.connection,
                    sign_in_id: user.sign_in,
                    source: source_of(req),
                },
                login: user.login,
            }),
            _ => Err(AppError::SignInNeeded(destination::of_path(req.path()))),
        })
    }
}

/// A local admin. Anybody else is sent to the admins' sign-in page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdminSignedIn {
    /// The account's id.
    pub id: String,
    /// Passed to services and written to the audit.
    pub actor: Actor,
}

impl FromRequest for AdminSignedIn {
    type Error = AppError;
    type Future = Ready<Result<Self, AppError>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(match who(req) {
            Some(Identity::Admin(admin)) => Ok(Self {
                id: admin.admin,
                actor: Actor {
                    name: admin.username,
                    source: source_of(req),
                },
            }),
            _ => Err(AppError::AdminSignInNeeded),
        })
    }
}

/// Who is signed in; from now on the log of this request says it by an id that stands
/// for the person.
fn who(req: &HttpRequest) -> Option<Identity> {
    let who = session::identity(&req.get_session())?;
    if let Some(state) = req.app_data::<web::Data<AppState>>() {
        let owner = limiter::log_id(&state.portal.keys, who.subject());
        tracing::Span::current().record("owner", owner);
    }
    Some(who)
}

impl FromRequest for Source {
    type Error = AppError;
    type Future = Ready<Result<Self, AppError>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(source_of(req)))
    }
}

pub(super) fn source_of(req: &HttpRequest) -> Source {
    let context = req.extensions();
    let context = context.get::<RequestContext>();
    Source {
        from: ClientAddr::of(req)
            .0
            .map_or_else(String::new, |address| address.to_string()),
        request_id: context
            .map(|context| context.id.clone())
            .unwrap_or_default(),
    }
}

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
