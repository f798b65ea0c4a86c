//! What operators do and what surrounds the portal: the database's server, poolers,
//! collectors of logs and metrics, signals, variables, proxies.

mod databases;
mod doors;
mod file_rights;
mod files;
mod foreign_databases;
mod metrics;
mod pooler;
mod process;
mod programs;
mod proxies;
mod serving;
mod settings;
mod tls_files;
mod traces;
mod under_load;

use std::path::Path;
use std::process::Output;

use crate::support::process::command;

const KEY: &str = "abababababababababababababababababababababababababababababababab";

const GOOD: [(&str, &str); 4] = [
    ("RUBRICA_PUBLIC_URL", "http://localhost:8080"),
    ("RUBRICA_LISTEN", "127.0.0.1:0"),
    ("RUBRICA_DATABASE_URL", "sqlite://portal.db"),
    ("RUBRICA_MASTER_KEY", KEY),
];

/// Runs `rubrica` with good settings but these.
fn run(dir: &Path, arguments: &[&str], others: &[(&str, &str)]) -> Output {
    let mut all = GOOD.to_vec();
    all.retain(|(name, _)| !others.iter().any(|(other, _)| other == name));
    all.extend(others);
    command(dir, arguments, &all).output().unwrap()
}

fn words(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Runs a command that is to be refused as a matter of configuration; what it says.
fn refused(dir: &Path, line: &str, others: &[(&str, &str)]) -> String {
    let arguments: Vec<&str> = line.split(' ').collect();
    let output = run(dir, &arguments, others);
    let says = words(&output);
    assert_eq!(output.status.code(), Some(2), "{line}: {says}");
    says
}
