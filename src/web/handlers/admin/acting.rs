//! The guard of whatever an admin changes: who it is, from where, and in which
//! request, as the audit wants it.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};

use crate::services::Actor;
use crate::web::client_addr::ClientAddr;
use crate::web::error::AppError;
use crate::web::extractors::{Admin, RequestId};

/// An admin who changes something. Nobody else gets past it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Acting(pub(super) Actor);

impl FromRequest for Acting {
    type Error = AppError;
    type Future = Ready<Result<Self, AppError>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let admin = Admin::from_request(req, payload).into_inner();
        let source = Source::from_request(req, payload).into_inner();
        ready(admin.and_then(|admin| Ok(Self(source?.actor(admin.0.username)))))
    }
}

/// From where and in which request somebody acts who has no session yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Source {
    pub(super) address: ClientAddr,
    request: RequestId,
}

impl Source {
    /// This somebody under a name.
    pub(super) fn actor(self, name: String) -> Actor {
        let Self { address, request } = self;
        Actor {
            name,
            from: address
                .0
                .map_or_else(String::new, |address| address.to_string()),
            request_id: request.0,
        }
    }
}

impl FromRequest for Source {
    type Error = AppError;
    type Future = Ready<Result<Self, AppError>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let address = ClientAddr::from_request(req, payload).into_inner();
        let request = RequestId::from_request(req, payload).into_inner();
        ready(address.and_then(|address| {
            Ok(Self {
                address,
                request: request?,
            })
        }))
    }
}
