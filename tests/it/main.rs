//! Integration tests: everything goes through the outside, HTTP or the binary.
//!
//! `cfg(test)` on the modules is for clippy: only inside of it may helpers
//! unwrap and index as the tests themselves do.

#[cfg(test)]
mod redtrust_client;
#[cfg(test)]
mod redtrust_trust;
#[cfg(test)]
mod sandbox_contract;
#[cfg(test)]
mod services;
#[cfg(test)]
mod storage;
#[cfg(test)]
mod support;
