//! Access and refresh tokens.

pub(super) mod bearer;
pub(super) mod direct;
pub(super) mod exchange;
mod sessions;
