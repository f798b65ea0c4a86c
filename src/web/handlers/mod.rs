//! Handlers: extract, call one service, match its outcome, answer. There is one
//! folder or file per part of the portal, with the routes it serves.

mod account;
pub mod admin;
pub mod advice;
pub mod attention;
mod basket;
mod begin;
mod calendar_feed;
pub(super) mod callback;
mod certificate;
mod certificate_export;
mod certificate_list;
mod chart;
mod files;
mod help;
mod home;
pub mod issuances;
pub mod issue;
mod keep;
mod lists;
mod live;
mod mail;
pub mod many;
mod may_not_issue;
mod names;
mod note;
mod open_sessions;
pub mod renew;
mod sign_in;
mod sign_out;
mod stay;
mod take_over;
mod verify;

use super::routes::{self, Guard, Route};

pub const ROUTES: &[Route] = &[
    Route::get(routes::HOME, Guard::User, |route| route.to(home::page)),
    Route::get(routes::SIGN_IN, Guard::BeforeSignIn, |route| {
        route.to(sign_in::page)
    }),
    Route::post(routes::SIGN_IN_REDTRUST, Guard::BeforeSignIn, |route| {
        route.to(sign_in::to_redtrust)
    }),
    Route::post(routes::SIGN_IN_DIRECT, Guard::BeforeSignIn, |route| {
        route.to(sign_in::direct)
    }),
    Route::get(routes::HELP, Guard::BeforeSignIn, |route| {
        route.to(help::page)
    }),
    Route::get(routes::VERIFY, Guard::BeforeSignIn, |route| {
        route.to(verify::page)
    }),
    Route::get(routes::CALLBACK, Guard::BeforeSignIn, |route| {
        route.to(callback::callback)
    }),
    Route::get(routes::ACCOUNT, Guard::User, |route| {
        route.to(account::page)
    }),
    Route::post(routes::ACCOUNT_SESSION_END, Guard::User, |route| {
        route.to(account::end)
    }),
    Route::post(routes::ACCOUNT_OTHERS_END, Guard::User, |route| {
        route.to(account::end_others)
    }),
    Route::get(routes::ACCOUNT_CALENDAR, Guard::User, |route| {
        route.to(calendar_feed::page)
    }),
    Route::post(routes::ACCOUNT_CALENDAR, Guard::User, |route| {
        route.to(calendar_feed::make)
    }),
    Route::post(routes::ACCOUNT_CALENDAR_REVOKE, Guard::User, |route| {
        route.to(calendar_feed::revoke)
    }),
    Route::get(routes::ACCOUNT_MAIL, Guard::User, |route| {
        route.to(mail::page)
    }),
    Route::post(routes::ACCOUNT_MAIL, Guard::User, |route| {
        route.to(mail::save)
    }),
    Route::post(routes::ACCOUNT_MAIL_SILENCE, Guard::User, |route| {
        route.to(mail::silence)
    }),
    Route::get(routes::CALENDAR_FEED, Guard::Open, |route| {
        route.to(calendar_feed::feed)
    }),
    Route::post(routes::TRY_ISSUING, Guard::User, |route| {
        route.to(may_not_issue::try_again)
    }),
    Route::post(routes::STAY, Guard::User, |route| route.to(stay::user)),
    Route::post(routes::KEEP, Guard::User, |route| route.to(keep::user)),
    Route::post(routes::SIGN_OUT, Guard::User, |route| {
        route.to(sign_out::sign_out)
    }),
    Route::post(routes::SIGN_OUT_EVERYWHERE, Guard::User, |route| {
        route.to(sign_out::everywhere)
    }),
    Route::get(routes::CERTIFICATES, Guard::User, |route| {
        route.to(certificate_list::page)
    }),
    Route::post(routes::CERTIFICATES_SEARCH, Guard::User, |route| {
        route.to(certificate_list::search)
    }),
    Route::post(routes::CERTIFICATES_TICK, Guard::User, |route| {
        route.to(certificate_list::tick)
    }),
    Route::export(routes::CERTIFICATES_CSV, Guard::User, |route| {
        route.to(certificate_export::export)
    }),
    Route::get(routes::TAKE_OVER, Guard::User, |route| {
        route.to(take_over::page)
    }),
    Route::upload(routes::TAKE_OVER, Guard::User, |route| {
        route.to(take_over::submit)
    }),
    Route::get(routes::CERTIFICATE, Guard::User, |route| {
        route.to(certificate::one)
    }),
    Route::get(routes::CERTIFICATE_DOWNLOAD, Guard::User, |route| {
        route.to(certificate::download)
    }),
    Route::get(routes::CERTIFICATE_CHAIN, Guard::User, |route| {
        route.to(certificate::chain)
    }),
    Route::post(routes::CERTIFICATE_NOTE, Guard::User, |route| {
        route.to(note::save)
    }),
    Route::upload(routes::CERTIFICATE_FILE, Guard::User, |route| {
        route.to(certificate::make_exact)
    }),
];
