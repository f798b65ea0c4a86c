//! Values and rules: no I/O, no clock, no randomness, and nothing of the
//! portal's other crates.
//!
//! Text is converted to a checked type here once, where it enters; the rest of
//! the code never validates again.

// Tests may be long tables; what people maintain may not.
#![deny(clippy::too_many_lines)]
#![cfg_attr(not(test), deny(unused_crate_dependencies))]
#![warn(missing_docs)]

pub mod allowance;
pub mod answers;
pub mod audit;
pub mod certificate;
pub mod certificate_file;
pub mod certificate_standing;
pub mod certificate_trust;
mod characters;
pub mod comparison;
pub mod connection;
pub mod connection_check;
pub mod country;
pub mod csr;
pub mod device;
pub mod dialect;
pub mod dialect_finder;
pub mod digest;
pub mod distinguished_name;
pub mod document;
pub mod error_class;
pub mod holder;
pub mod holder_name;
pub mod holders_csv;
pub mod issuance;
pub mod json;
pub mod key_spec;
pub mod login_attempt;
pub mod login_url;
pub mod look_alike;
pub mod mail;
pub mod millis;
pub mod order;
pub mod origin;
pub mod owner_name;
pub mod password;
pub mod pem;
pub mod person_name;
pub mod redirect_url;
pub mod retention;
pub mod run;
pub mod secret;
pub mod sign_in_failure;
pub mod signing;
pub mod spanish_id;
pub mod string_enum;
pub mod temp_token;
pub mod thumbprint;
pub mod timings;
pub mod today;
pub mod tokens;
pub mod totp;

pub use characters::{is_printable, visible};
