//! `rubrica`: a partner's web portal for the Redtrust RA API.
//!
//! A person opens a page, signs in through Redtrust, is walked through issuing
//! or renewing a certificate, and can prove later what happened. The same crate
//! holds a sandbox that plays Redtrust.
//!
//! Dependencies go downwards only:
//! ```text
//! main -> cli -> startup -> web -> services -> redtrust -+
//!                   |                      +-> storage  -+-> domain
//!                   +----> sandbox -> the plain enums of domain::dialect only
//! config, telemetry, clock: leaves, read at the top and handed down as values
//! ```
//! One request: route -> extractors (who is asking, a checked form) -> service
//! (decides, does the I/O, answers with an outcome enum) -> handler (maps the
//! outcome to a page or a redirect) -> middleware (headers, error pages).

pub mod cli;
pub mod clock;
pub mod config;
pub mod domain;
pub mod failpoints;
pub mod i18n;
pub mod redtrust;
#[cfg(feature = "sandbox")]
pub mod sandbox;
pub mod services;
pub mod startup;
pub mod storage;
pub mod telemetry;
pub mod web;
