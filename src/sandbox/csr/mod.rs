//! Issuing and renewing in two calls: `csr/create`, then `csr/finalize`.

mod asked;
pub(super) mod certificates;
pub(super) mod create;
pub(super) mod finalize;
mod requests;
