//! The admins' pages: accounts, connections, redirect URLs, audit. What changes something
//! takes [`AdminSignedIn`]; what only shows it, [`AuditorSignedIn`].
//!
//! [`AdminSignedIn`]: crate::web::extractors::AdminSignedIn
//! [`AuditorSignedIn`]: crate::web::extractors::AuditorSignedIn

pub mod account;
mod audit;
mod begin;
mod confirm;
pub mod connections;
mod day;
mod diagnostics;
mod health;
mod home;
mod mail;
pub mod people;
mod redirect_urls;
mod sessions;
mod setup;
mod sign_in;
mod sign_in_code;
mod troubles;
mod url_facts;

use crate::web::handlers::{keep, stay};
use crate::web::routes::{self, Guard, Route};

pub const ROUTES: &[Route] = &[
    Route::get(routes::ADMIN, Guard::Auditor, |route| route.to(home::page)),
    Route::get(routes::ADMIN_SETUP, Guard::BeforeAdminSignIn, |route| {
        route.to(setup::page)
    }),
    Route::post(routes::ADMIN_SETUP, Guard::BeforeAdminSignIn, |route| {
        route.to(setup::create)
    }),
    Route::get(routes::ADMIN_SIGN_IN, Guard::BeforeAdminSignIn, |route| {
        route.to(sign_in::page)
    }),
    Route::post(routes::ADMIN_SIGN_IN, Guard::BeforeAdminSignIn, |route| {
        route.to(sign_in::sign_in)
    }),
    Route::get(
        routes::ADMIN_SIGN_IN_CODE,
        Guard::BeforeAdminSignIn,
        |route| route.to(sign_in_code::page),
    ),
    Route::post(
        routes::ADMIN_SIGN_IN_CODE,
        Guard::BeforeAdminSignIn,
        |route| route.to(sign_in_code::give),
    ),
    Route::post(routes::ADMIN_SIGN_OUT, Guard::Account, |route| {
        route.to(sign_in::sign_out)
    }),
    Route::post(routes::ADMIN_STAY, Guard::Account, |route| {
        route.to(stay::admin)
    }),
    Route::post(routes::ADMIN_KEEP, Guard::Account, |route| {
        route.to(keep::admin)
    }),
    Route::get(routes::ADMIN_DIAGNOSTICS, Guard::Auditor, |route| {
        route.to(diagnostics::page)
    }),
    Route::post(routes::ADMIN_DIAGNOSTICS_COMPARE, Guard::Admin, |route| {
        route.to(diagnostics::compare)
    }),
    Route::get(routes::ADMIN_REDIRECT_URLS, Guard::Auditor, |route| {
        route.to(redirect_urls::page)
    }),
    Route::post(routes::ADMIN_REDIRECT_URLS, Guard::Admin, |route| {
        route.to(redirect_urls::enter)
    }),
    Route::get(routes::ADMIN_REDIRECT_URL_OFF, Guard::Admin, |route| {
        route.to(redirect_urls::ask)
    }),
    Route::post(routes::ADMIN_REDIRECT_URL_STATE, Guard::Admin, |route| {
        route.to(redirect_urls::set_state)
    }),
    Route::get(routes::ADMIN_AUDIT, Guard::Auditor, |route| {
        route.to(audit::page)
    }),
    Route::post(routes::ADMIN_AUDIT_SEARCH, Guard::Auditor, |route| {
        route.to(audit::search::search)
    }),
    Route::export_form(routes::ADMIN_AUDIT_EXPORT, Guard::Auditor, |route| {
        route.to(audit::export::export)
    }),
    Route::get(routes::ADMIN_MAIL, Guard::Auditor, |route| {
        route.to(mail::page)
    }),
    Route::post(routes::ADMIN_MAIL_TEST, Guard::Admin, |route| {
        route.to(mail::test)
    }),
    Route::post(routes::ADMIN_MAIL_AGAIN, Guard::Admin, |route| {
        route.to(mail::again)
    }),
    Route::get(routes::ADMIN_SESSIONS, Guard::Admin, |route| {
        route.to(sessions::page)
    }),
    Route::post(routes::ADMIN_SESSIONS, Guard::Admin, |route| {
        route.to(sessions::search)
    }),
    Route::post(routes::ADMIN_SESSION_END, Guard::Admin, |route| {
        route.to(sessions::end)
    }),
    Route::post(routes::ADMIN_OTHERS_END, Guard::Admin, |route| {
        route.to(sessions::end_others)
    }),
];
