//! The admins' pages.

mod audit;
mod both_doors;
mod ca;
mod connections;
mod diagnostics;
mod guards;
mod redirect_urls;
mod sign_in;
