//! The portal's pages. Handlers take checked arguments, call one service and answer;
//! decisions are made in services, texts are in the locales, markup is in templates.
//! [`page`] explains how to write a page.

mod address;
mod app;
pub mod assets;
pub mod attempt_cookie;
pub mod client_addr;
mod cookies;
pub mod csrf;
mod deadlines;
pub mod destination;
pub mod extractors;
mod find;
pub mod formats;
#[cfg(any(test, fuzzing))]
pub(crate) mod fuzzing;
mod handlers;
mod health;
mod keeper;
mod kept_form;
pub mod keys;
mod known_browser;
mod language;
mod last_connection;
mod metrics;
mod metrics_page;
pub mod middleware;
pub mod page;
mod password_given;
pub mod problem;
pub mod request_context;
pub mod routes;
mod server;
pub mod session;
mod sign_in_needed;
pub mod state;
mod timed_connection;
mod tls;
mod token_address;
pub mod words;

pub use app::{ALL_ROUTES, FILES_AND_PROBES, app};
pub use server::{Listeners, Pages, serve};
pub use tls::Certificate;
