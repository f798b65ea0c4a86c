//! Texts in two languages: messages by key, compiled in. The language is passed with
//! each call. This module knows nothing about requests or pages.

pub mod audit;
mod bundles;
mod choice;
pub mod connection_check;
pub mod connection_problem;
pub mod dialect_finder;
mod message;
mod numbers;
#[cfg(test)]
mod parity;
pub mod password_problem;

pub use choice::{Lang, negotiate};
pub use message::{Arg, Key, Message, key};
pub use numbers::grouped;
