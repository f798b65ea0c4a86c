//! What the database promises, on both engines.

mod accounts;
mod attempts;
mod audit;
mod audit_search;
mod broken;
mod certificates;
mod connections;
mod counted;
mod erasure;
mod filtered;
mod frequent;
pub mod given;
mod history;
mod issuances;
mod mail;
mod opening;
mod people;
mod runs;
mod sealed_rows;
mod secrets;
mod sessions;
mod settings;
mod sign_in_failures;
mod taken_over;
mod tries;
mod writing;
