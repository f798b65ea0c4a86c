//! The admins' pages.

mod account;
mod audit;
mod audit_pages;
mod both_doors;
pub mod ca;
mod connections;
mod day;
mod diagnostics;
mod double_click;
mod file;
mod guards;
mod kept;
mod keys;
mod late;
mod moved;
mod redirect_urls;
mod saved_login;
mod sign_in;
mod switching;
mod trust;
