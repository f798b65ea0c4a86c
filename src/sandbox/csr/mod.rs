//! Issuing and renewing in two calls: `csr/create`, then `csr/finalize`.

mod asked;
pub(super) mod certificates;
pub(super) mod create;
pub(super) mod finalize;
pub(super) mod outside;
mod requests;
