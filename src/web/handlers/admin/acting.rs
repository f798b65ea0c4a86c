//! The guard of whatever an admin changes: who it is, from where, and in which
//! request, as the audit wants it.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};

use crate::services::{self, Actor};
use crate::web::client_addr::ClientAddr;
use crate::web::extractors::{Admin, source_of};
use crate::web::problem::AppError;

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
    source: services::Source,
}

impl Source {
    /// This somebody under a name.
    pub(super) fn actor(self, name: String) -> Actor {
        Actor {
            name,
            from: self.source.from,
            request_id: self.source.request_id,
        }
    }
}

impl FromRequest for Source {
    type Error = AppError;
    type Future = Ready<Result<Self, AppError>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let address = ClientAddr::from_request(req, payload).into_inner();
        let source = source_of(req);
        ready(address.map(|address| Self { address, source }))
    }
}
