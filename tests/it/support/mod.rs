//! What the tests share.

pub mod raw_server;
pub mod redtrust;
