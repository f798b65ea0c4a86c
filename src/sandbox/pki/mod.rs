//! Keys, certification requests and certificates.
//!
//! Names and the structures that contain them are encoded here byte by byte, because
//! rcgen keeps only one of several values of the same attribute, and the subject must
//! be exactly the requested one. rcgen makes only the CA's own certificate.

pub(super) mod ca;
pub(super) mod certificate;
pub(super) mod der;
pub(super) mod hash;
pub(super) mod keys;
pub(super) mod name;
pub(super) mod request;

/// A key or certificate could not be made or read.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct PkiError(&'static str);
