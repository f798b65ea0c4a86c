//! What operators do and what surrounds the portal: the database's server, poolers,
//! collectors of logs and metrics, signals, variables, proxies.

mod databases;
mod doors;
mod file_rights;
mod files;
mod metrics;
mod pooler;
mod process;
mod programs;
mod proxies;
mod serving;
mod settings;
mod traces;
mod under_load;
