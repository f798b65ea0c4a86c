//! Texts in two languages: messages by key, compiled in, the language passed
//! with each call. Knows nothing of requests or pages.

mod bundles;
mod choice;
mod message;
#[cfg(test)]
mod parity;

pub use choice::{Lang, negotiate};
pub use message::{Arg, Key, Message, key};
