//! How fast the portal is, from outside, as ratios of one run.
//!
//! `cargo bench --bench speed` starts the release binary on SQLite, with 1,000 requests
//! and with many more, asks both for the same pages in turn, and prints one table. The
//! portals run on one processor and whoever asks on another. `-- --rows N` says how many
//! requests the larger one has, `-- --only NAME` measures one part (signing, pages, journeys,
//! issuances, isolation, growth, sizes), `-- --page TEXT` only pages with this in their
//! name, `-- --peers` compares with Express and Django (npm and pip install them), `--
//! --instructions` counts instructions instead and fails if a page takes 5 % more
//! than `instructions.txt` says; with `--write` it writes that file. `-- --postgres` compares
//! two nodes on PostgreSQL with one on SQLite. `-- --bulk N` issues N certificates, a thousand
//! from each file. `-- --short` takes a minute, is meant for any
//! build, and fails only on a gross loss.

#[cfg(test)]
mod bare;
#[cfg(test)]
mod bulk;
#[cfg(test)]
mod fill;
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

/// What `--only` may name.
const PARTS: [&str; 7] = [
    "signing",
    "pages",
    "journeys",
    "issuances",
    "isolation",
    "growth",
    "sizes",
];

/// What is measured.
#[derive(Debug)]
struct Options {
    /// Requests of the larger portal.
    rows: u32,
    /// Only pages with this in their name.
    page: String,
    /// Only the parts of these names.
    only: Vec<String>,
    /// Also asks Express and Django for the same.
    peers: bool,
    /// Counts instructions instead of measuring time.
    instructions: bool,
    /// Only what two nodes on PostgreSQL cost.
    postgres: bool,
    /// Only batches of a file, so many rows in all.
    bulk: u32,
    /// Only what fails on a gross loss, in a minute.
    short: bool,
    /// Keeps what was counted as what others are compared with.
    write: bool,
}

/// Reads the arguments; cargo adds `--bench`.
fn options(mut arguments: impl Iterator<Item = String>) -> Result<Options, String> {
    let mut options = Options {
        rows: 100_000,
        page: String::new(),
        only: Vec::new(),
        peers: false,
        instructions: false,
        postgres: false,
        bulk: 0,
        short: false,
        write: false,
    };
    while let Some(name) = arguments.next() {
        let mut value = || arguments.next().ok_or(format!("{name} needs a value"));
        match name.as_str() {
            "--bench" => {}
            "--rows" => options.rows = value()?.parse().map_err(|_| "--rows takes a number")?,
            "--only" => {
                let part = value()?;
                if !PARTS.contains(&part.as_str()) {
                    return Err(format!("--only takes one of: {}", PARTS.join(" ")));
                }
                options.only.push(part);
            }
            "--page" => options.page = value()?,
            "--peers" => options.peers = true,
            "--instructions" => options.instructions = true,
            "--postgres" => options.postgres = true,
            "--bulk" => options.bulk = value()?.parse().map_err(|_| "--bulk takes a number")?,
            "--short" => options.short = true,
            "--write" => options.write = true,
            _ => return Err(format!("{name} is not known")),
        }
    }
    Ok(options)
}

fn main() -> ExitCode {
    if let [_, serve, port, bytes] = &std::env::args().collect::<Vec<_>>()[..]
        && serve == bare::SERVE
    {
        bare::serve(port, bytes);
        return ExitCode::SUCCESS;
    }
    let options = match options(std::env::args().skip(1)) {
        Ok(options) => options,
        Err(why) => {
            eprintln!("speed: {why}");
            return ExitCode::from(2);
        }
    };
    match pages::run(&options) {
        0 => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}
