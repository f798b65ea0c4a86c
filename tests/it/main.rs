//! Integration tests: everything goes through the outside, HTTP or the binary.
//!
//! `cfg(test)` on the modules is for clippy: only inside of it may helpers
//! unwrap and index as the tests themselves do.

#[cfg(test)]
mod accessibility;
#[cfg(test)]
mod admin;
#[cfg(test)]
mod architecture;
#[cfg(test)]
mod audit_export;
#[cfg(test)]
mod audit_heads;
#[cfg(test)]
mod bounds;
#[cfg(test)]
mod broken_rows;
#[cfg(test)]
mod budgets;
#[cfg(test)]
mod callback;
#[cfg(test)]
mod callback_twice;
#[cfg(test)]
mod canaries;
#[cfg(test)]
mod certificate_pages;
#[cfg(test)]
mod commands;
#[cfg(test)]
mod connection_test;
#[cfg(test)]
mod contrary;
#[cfg(test)]
mod crash_judge;
#[cfg(test)]
mod dashboard;
#[cfg(test)]
mod database_down;
#[cfg(test)]
mod dialects;
#[cfg(test)]
mod direct_orders;
#[cfg(test)]
mod doors;
#[cfg(test)]
mod ended_sign_ins;
#[cfg(test)]
mod erasure_killed;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod find_dialect;
#[cfg(test)]
mod full_disk;
#[cfg(test)]
mod gallery;
#[cfg(test)]
mod guards;
#[cfg(test)]
mod history_pages;
#[cfg(test)]
mod issuance_pages;
#[cfg(test)]
mod issue_pages;
#[cfg(test)]
mod journey;
#[cfg(test)]
mod keeping;
#[cfg(test)]
mod key_rotation;
#[cfg(test)]
mod limits;
#[cfg(test)]
mod lists;
#[cfg(test)]
mod local_users;
#[cfg(test)]
mod locked_database;
#[cfg(test)]
mod log_events;
#[cfg(test)]
mod lost_database;
#[cfg(test)]
mod mail;
#[cfg(test)]
mod many;
#[cfg(test)]
mod many_stored;
#[cfg(test)]
mod matrix;
#[cfg(test)]
mod mistakes;
#[cfg(test)]
mod moved_servers;
#[cfg(test)]
mod nodes;
#[cfg(test)]
mod office;
#[cfg(test)]
mod office_figures;
#[cfg(test)]
mod office_kept;
#[cfg(test)]
mod on_disk;
#[cfg(test)]
mod open_sessions;
#[cfg(test)]
mod operations;
#[cfg(test)]
mod owners;
#[cfg(test)]
mod people;
#[cfg(test)]
mod private_addresses;
#[cfg(test)]
mod processes;
#[cfg(test)]
mod progress;
#[cfg(test)]
mod receipt_on_paper;
#[cfg(test)]
mod receipts;
#[cfg(test)]
mod redtrust_client;
#[cfg(test)]
mod redtrust_trust;
#[cfg(test)]
mod renew_pages;
#[cfg(test)]
mod retention;
#[cfg(test)]
mod sandbox_contract;
#[cfg(test)]
mod services;
#[cfg(test)]
mod session_end;
#[cfg(test)]
mod shown_by_owner;
#[cfg(test)]
mod signed_out;
#[cfg(test)]
mod slow_clients;
#[cfg(test)]
mod storage;
#[cfg(test)]
mod support;
#[cfg(test)]
mod take_over;
#[cfg(test)]
mod two_connections;
#[cfg(test)]
mod upgrade;
#[cfg(test)]
mod upgrade_at_scale;
#[cfg(test)]
mod uploads;
#[cfg(test)]
mod walks;
#[cfg(test)]
mod web_frame;
#[cfg(test)]
mod webhook;
