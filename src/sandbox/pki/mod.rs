//! Keys, certification requests and certificates.
//!
//! Names and the structures that carry them are written here by hand, byte by
//! byte: rcgen keeps only one of several values of the same attribute, and a
//! subject must read exactly as it was asked for. rcgen makes the CA's own
//! certificate.

pub(super) mod ca;
pub(super) mod certificate;
pub(super) mod der;
pub(super) mod hash;
pub(super) mod keys;
pub(super) mod name;
pub(super) mod request;

/// A key or certificate that could not be made or read.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct PkiError(&'static str);
