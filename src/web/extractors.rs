//! Guards as arguments: a handler that takes [`SignedIn`] or [`AdminSignedIn`] runs
//! only for those users.

use std::future::{Ready, ready};
use std::ops::Deref;

use actix_session::SessionExt;
use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage, HttpRequest, web};

use super::client_addr::ClientAddr;
use super::problem::AppError;
use super::request_context::RequestContext;
use super::routes;
use super::session::{self, Identity, Kind};
use super::sign_in_needed::sign_in_needed;
use super::state::AppState;
use crate::config::SecondFactor;
use crate::i18n::Lang;
use crate::services::accounts::Role;
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
                    counted_as: user.counted_as.unwrap_or_else(|| user.owner.clone()),
                    owner_id: user.owner,
                    connection_id: user.connection,
                    sign_in_id: user.sign_in,
                    source: source_of(req),
                },
                login: user.login,
            }),
            _ => Err(sign_in_needed(req, Kind::User)),
        })
    }
}

/// Somebody with a local account, whatever its role, even without the second factor that
/// the operator may demand. Anybody else is sent to the admins' sign-in page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountSignedIn {
    /// The account's id.
    pub id: String,
    pub role: Role,
    /// Ids of an officer's connections.
    pub connections: Vec<String>,
    /// Passed to services and written to the audit.
    pub actor: Actor,
}

impl AccountSignedIn {
    /// The account that is signed in, if its role is one of these.
    fn of(req: &HttpRequest, roles: &[Role]) -> Result<Self, AppError> {
        let Some(Identity::Admin(admin)) = who(req) else {
            return Err(sign_in_needed(req, Kind::Admin));
        };
        if !roles.contains(&admin.role) {
            tracing::warn!(event = "role_not_enough", role = admin.role.as_str());
            return Err(AppError::NotAllowed);
        }
        Ok(Self {
            id: admin.admin,
            role: admin.role,
            connections: admin.connections,
            actor: Actor {
                name: admin.username,
                source: source_of(req),
            },
        })
    }
}

impl AccountSignedIn {
    /// The same, if it has the second factor that the operator may demand. Otherwise
    /// the page comes first on which it is switched on.
    fn complete(self, req: &HttpRequest) -> Result<Self, AppError> {
        let state = req.app_data::<web::Data<AppState>>();
        let needs_one =
            state.is_none_or(|state| state.settings.second_factor == SecondFactor::Required);
        match needs_one && !session::has_second_factor(&req.get_session()) {
            true => Err(AppError::Elsewhere(routes::ADMIN_SECOND_FACTOR.to_owned())),
            false => Ok(self),
        }
    }
}

impl FromRequest for AccountSignedIn {
    type Error = AppError;
    type Future = Ready<Result<Self, AppError>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Self::of(req, Role::ALL))
    }
}

/// Guards for some roles: another role is refused, and so is an account that lacks the
/// second factor that it needs.
macro_rules! guards {
    ($($(#[$meta:meta])* $guard:ident: $($role:ident),+;)+) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct $guard(AccountSignedIn);

        impl FromRequest for $guard {
            type Error = AppError;
            type Future = Ready<Result<Self, AppError>>;

            fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
                let account = AccountSignedIn::of(req, &[$(Role::$role),+]);
                ready(account.and_then(|account| account.complete(req)).map(Self))
            }
        }

        impl Deref for $guard {
            type Target = AccountSignedIn;

            fn deref(&self) -> &AccountSignedIn {
                &self.0
            }
        }
    )+};
}

guards! {
    /// May do everything.
    AdminSignedIn: Admin;
    /// Reads what admins see.
    AuditorSignedIn: Admin, Auditor;
    /// Reads the requests and certificates of connections: an officer those of some,
    /// the others of all.
    OfficerSignedIn: Admin, Auditor, Officer;
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
