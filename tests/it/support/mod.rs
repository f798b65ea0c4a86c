//! What the tests share.

pub mod database;
pub mod postgres;
pub mod raw_server;
pub mod redtrust;
pub mod require;
pub mod sandbox;
