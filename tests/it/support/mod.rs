//! What the tests share.

pub mod admin;
pub mod app;
pub mod balancer;
pub mod browser;
pub mod checkers;
pub mod chromium;
pub mod database;
pub mod deployed;
pub mod gate;
pub mod page;
pub mod postgres;
pub mod process;
pub mod raw_server;
pub mod recorder;
pub mod redtrust;
pub mod require;
pub mod sandbox;
pub mod small_disk;
pub mod visitor;
