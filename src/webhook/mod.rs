//! Tells another program of outcomes, in their order, signed. It reads what the audit says,
//! so whatever was committed is told, whoever was killed. Unlike mail it may be told twice:
//! the same entry has the same id.

mod receiver;
mod worker;

pub use receiver::Receiver;
pub use worker::{run, tell};
