//! The portal's pages and what they stand on. Handlers take checked arguments,
//! call one service and answer; decisions live in services, texts in the
//! locales, markup in templates. How a page is written: [`page`].

mod app;
pub mod assets;
pub mod attempt_cookie;
pub mod client_addr;
mod cookies;
pub mod csrf;
pub mod destination;
pub mod error;
pub mod extractors;
mod handlers;
mod health;
pub mod i18n;
mod kept_form;
mod keys;
mod last_connection;
pub mod middleware;
pub mod page;
pub mod problem;
pub mod routes;
mod server;
pub mod session;
pub mod sign_in_limit;
pub mod state;
pub mod streams;

pub use app::app;
pub use server::serve;
