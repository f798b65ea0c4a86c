//! What people do with the portal, one file per task. A service decides, does
//! its I/O through `storage` and `redtrust`, and returns its own result type;
//! it knows nothing of HTTP, forms or pages.

pub mod accounts;
pub mod audit;
pub mod certificates;
pub mod concerned;
pub mod configured;
pub mod connection_admin;
pub mod connection_keys;
pub mod connection_test;
pub mod connections;
mod consequences;
pub mod demo_connection;
pub mod diagnostics;
pub mod engine;
pub mod find_dialect;
pub mod history;
pub mod housekeeping;
pub mod ids;
pub mod issue;
pub mod kept_forms;
pub mod limiter;
pub mod may_issue;
pub mod overview;
mod own;
mod pace;
mod portal;
pub mod receipt;
pub mod reconciler;
pub mod redirect_urls;
pub mod renew;
pub mod renewal_chain;
pub mod resume;
pub mod sealed_key;
pub mod sign_in;
pub mod sign_out;
pub mod support_bundle;
pub mod token_keeper;
pub mod uploads;
pub mod usable_url;
mod who;

pub use crate::storage::Page;
pub use portal::{CALLBACK_PREFIX, Portal};
pub use who::{Actor, Caller, Source};
