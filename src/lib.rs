//! `rubrica`: a partner's web portal for the Redtrust RA API.
//!
//! A person signs in through Redtrust, issues or renews a certificate step by step, and
//! can prove later what happened. The binary also contains a sandbox that imitates
//! Redtrust.
//!
//! Dependencies go downwards only (`tests/it/architecture` checks the exact list):
//! ```text
//! main -> cli -> startup -> web -> services -+-> redtrust -+
//!          |                 |               +-> storage  -+-> domain
//!          |                 +-> i18n ---------------------+
//!          +-> sandbox -> plain values of domain, and the clock
//! ```
//! - `domain`: the rules and their types, without I/O.
//! - `redtrust`: the client for the RA API. `storage`: SQLite and PostgreSQL.
//! - `services`: what the portal does; they decide and do the I/O.
//! - `web`: routes, forms, pages, sessions. `i18n`: their texts in each language.
//! - `mail`: sends what services have ordered, in the language of the reader.
//! - `webhook`: tells another program of outcomes.
//! - `sandbox`: a server that imitates Redtrust. It shares no logic with the portal.
//! - `config`: read at startup and passed down as values; `startup` builds the portal
//!   from it.
//! - `clock`, `telemetry`, `failpoints`: the time, the log, crash points for tests.
//!
//! `domain`, `clock` and `sandbox` are crates of their own, so the compiler sees to it
//! that they know nothing of the portal.
//!
//! One request: route -> extractors (who is asking, a checked form) -> service
//! (decides, does the I/O, returns an outcome enum) -> handler (maps the outcome to a
//! page or a redirect) -> middleware (headers, error pages).

// Tests may be long tables; what people maintain may not.
#![deny(clippy::too_many_lines)]
// A dependency that no code names any more is removed; unit tests see the
// dependencies of the integration tests too, so this is for the library alone.
#![cfg_attr(not(test), deny(unused_crate_dependencies))]

pub mod cli;
pub mod config;
pub mod failpoints;
#[cfg(any(test, fuzzing))]
pub mod fuzzing;
pub mod i18n;
pub mod mail;
pub mod redtrust;
pub mod services;
pub mod startup;
pub mod storage;
pub mod telemetry;
pub mod web;
pub mod webhook;

pub use rubrica_clock as clock;
pub use rubrica_domain as domain;
#[cfg(feature = "sandbox")]
pub use rubrica_sandbox as sandbox;
