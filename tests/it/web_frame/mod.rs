//! The frame of the pages, on a few dummy routes over a real connection.

mod csrf;
mod errors;
pub mod headers;
mod language;
mod pages;
mod requests;
mod sessions;
pub mod site;
