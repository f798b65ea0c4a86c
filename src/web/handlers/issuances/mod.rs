//! History, and one issuance: how far it is, what came of it, what can be
//! done about it.

mod actions;
mod calendar;
mod events;
mod export;
mod list;
mod one;
mod query;
mod receipt;
mod renewed;
mod settle;
mod standing;
mod story;

use actix_web::web::{self, ServiceConfig};

use crate::web::routes;

/// Routes of the history.
pub fn configure(cfg: &mut ServiceConfig) {
    cfg.route(routes::ISSUANCES, web::get().to(list::page))
        .route(routes::ISSUANCES_SEARCH, web::post().to(list::search))
        .route(routes::ISSUANCES_CSV, web::get().to(export::export))
        .route(routes::ISSUANCE, web::get().to(one::page))
        .route(routes::ISSUANCE_CSR, web::get().to(one::csr))
        .route(routes::ISSUANCE_EVENTS, web::get().to(events::events))
        .route(routes::ISSUANCE_RECEIPT, web::get().to(receipt::page))
        .route(routes::ISSUANCE_CALENDAR, web::get().to(calendar::file))
        .route(routes::ISSUANCE_RESUME, web::post().to(actions::resume))
        .route(routes::ISSUANCE_CERTIFICATE, web::post().to(settle::settle))
        .route(routes::ISSUANCE_ABANDON, web::post().to(actions::abandon))
        .route(routes::ISSUANCE_DISCARD, web::post().to(actions::discard))
        .route(routes::ISSUANCE_AGAIN, web::post().to(actions::again));
}
