//! How fast the portal is, from outside, as ratios of one run.
//!
//! `cargo bench --bench speed` starts the release binary on SQLite, with 1,000 requests
//! and with many more, asks both for the same pages in turn, and prints one table. The
//! portals run on one processor and whoever asks on another. `-- --rows N` says how many
//! requests the larger one has, `-- --only NAME` measures one part (`-- --help` names them),
//! `-- --page TEXT` only pages with this in their name, `-- --peers` compares with Express
//! and Django (npm and pip install them), `-- --instructions` counts instructions instead and
//! fails if a page takes 5 % more than `instructions.txt` says; with `--write` it writes that
//! file. `-- --postgres` compares two nodes on PostgreSQL with one on SQLite. `-- --bulk N`
//! issues N certificates, a thousand from each file. `-- --short` takes a minute, is meant for
//! any build, and fails only on a gross loss.

#[cfg(test)]
mod bare;
#[cfg(test)]
mod bulk;
#[cfg(test)]
mod fill;
#[cfg(test)]
mod flood;
#[cfg(test)]
mod growth;
#[cfg(test)]
mod instructions;
#[cfg(test)]
mod isolation;
#[cfg(test)]
mod issuances;
#[cfg(test)]
mod journeys;
#[cfg(test)]
mod load;
#[cfg(test)]
mod nodes;
#[cfg(test)]
mod pages;
#[cfg(test)]
mod peers;
#[cfg(test)]
mod report;
#[cfg(test)]
mod server;
#[cfg(test)]
mod short;
#[cfg(test)]
mod signing;
#[cfg(test)]
mod sizes;
#[cfg(test)]
#[path = "../../tests/it/support/mod.rs"]
#[expect(
    dead_code,
    unused_imports,
    unused_macros,
    reason = "the integration tests use the rest of it"
)]
mod support;

use std::process::ExitCode;

use clap::{Parser, ValueEnum};

/// What `--only` may name, as it is written there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    Signing,
    Pages,
    Journeys,
    Issuances,
    Isolation,
    Flood,
    Growth,
    Sizes,
}

/// How fast the portal is
#[derive(Debug, Parser)]
#[command(name = "speed")]
struct Options {
    /// Requests of the larger portal
    #[arg(long, default_value_t = 100_000)]
    rows: u32,
    /// Only pages with this in their name
    #[arg(long, default_value_t)]
    page: String,
    /// Only the parts of these names
    #[arg(long, value_enum)]
    only: Vec<Part>,
    /// Also asks Express and Django for the same
    #[arg(long)]
    peers: bool,
    /// Counts instructions instead of measuring time
    #[arg(long)]
    instructions: bool,
    /// Only what two nodes on PostgreSQL cost
    #[arg(long)]
    postgres: bool,
    /// Only batches of a file, so many rows in all
    #[arg(long, default_value_t)]
    bulk: u32,
    /// Only what fails on a gross loss, in a minute
    #[arg(long)]
    short: bool,
    /// Keeps what was counted as what others are compared with
    #[arg(long)]
    write: bool,
    /// What cargo adds
    #[arg(long = "bench", hide = true)]
    _bench: bool,
}

impl Options {
    /// Whether a part is to be measured.
    fn wants(&self, part: Part) -> bool {
        self.only.is_empty() || self.only.contains(&part)
    }
}

fn main() -> ExitCode {
    if let [_, serve, port, bytes] = &std::env::args().collect::<Vec<_>>()[..]
        && serve == bare::SERVE
    {
        bare::serve(port, bytes);
        return ExitCode::SUCCESS;
    }
    match pages::run(&Options::parse()) {
        0 => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}
