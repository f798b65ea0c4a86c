//! The history, and one issuance: progress, result, and possible actions.

mod actions;
mod calendar;
mod discarded;
mod drafts;
mod events;
mod export;
mod list;
mod one;
mod receipt;
mod renewed;
mod settle;
mod standing;
mod story;

pub(super) use calendar::reminders;
pub(super) use discarded::Discarded;
pub(super) use list::Row;
pub(super) use one::show_read_only;
pub use standing::{cause, texts_of_story};

use crate::web::routes::{self, Guard, Route};

pub const ROUTES: &[Route] = &[
    Route::get(routes::ISSUANCES, Guard::User, |route| route.to(list::page)),
    Route::post(routes::ISSUANCES_SEARCH, Guard::User, |route| {
        route.to(list::search)
    }),
    Route::export(routes::ISSUANCES_CSV, Guard::User, |route| {
        route.to(export::export)
    }),
    Route::get(routes::DRAFTS, Guard::User, |route| route.to(drafts::page)),
    Route::post(routes::DRAFTS, Guard::User, |route| {
        route.to(drafts::search)
    }),
    Route::get(routes::ISSUANCE, Guard::User, |route| route.to(one::page)),
    Route::get(routes::ISSUANCE_CSR, Guard::User, |route| {
        route.to(one::csr)
    }),
    Route::stream(routes::ISSUANCE_EVENTS, Guard::User, |route| {
        route.to(events::events)
    }),
    Route::get(routes::ISSUANCE_RECEIPT, Guard::User, |route| {
        route.to(receipt::page)
    }),
    Route::get(routes::ISSUANCE_CALENDAR, Guard::User, |route| {
        route.to(calendar::file)
    }),
    Route::post(routes::ISSUANCE_RESUME, Guard::User, |route| {
        route.to(actions::resume)
    }),
    Route::upload(routes::ISSUANCE_CERTIFICATE, Guard::User, |route| {
        route.to(settle::settle)
    }),
    Route::post(routes::ISSUANCE_ABANDON, Guard::User, |route| {
        route.to(actions::abandon)
    }),
    Route::post(routes::ISSUANCE_DISCARD, Guard::User, |route| {
        route.to(actions::discard)
    }),
    Route::post(routes::ISSUANCE_AGAIN, Guard::User, |route| {
        route.to(actions::again)
    }),
];
