//! Sign-in by redirect: the login request, the sign-in page, the temporary token.

pub(super) mod example;
pub(super) mod form;
pub(super) mod hmac;
pub(super) mod inspect;
pub(super) mod login_request;
pub(super) mod query;
mod temp_token;
pub(super) mod ticket;
