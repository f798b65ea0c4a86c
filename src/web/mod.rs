//! The portal's pages and what they stand on. Handlers take checked arguments,
//! call one service and answer; decisions live in services, texts in the
//! locales, markup in templates. How a page is written: [`page`].

pub mod admin_tries;
mod app;
pub mod assets;
pub mod attempt_cookie;
pub mod client_addr;
mod cookies;
pub mod csrf;
pub mod destination;
pub mod extractors;
pub mod formats;
mod handlers;
mod health;
mod kept_form;
mod keys;
mod language;
mod last_connection;
pub mod middleware;
pub mod page;
pub mod problem;
pub mod request_context;
pub mod routes;
mod server;
pub mod session;
pub mod state;
pub mod streams;

pub use app::{ALL_ROUTES, FILES_AND_PROBES, app};
pub use server::serve;
