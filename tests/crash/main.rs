//! Kills the real binary again and again and compares its data with what the sandbox
//! recorded.
//!
//! `cargo test --features failpoints --test crash -- --short` runs 60 kills. `--full`
//! runs 1,170, half an hour with seven lanes; it can be interrupted and continues where it stopped.
//! `--report` prints the table, `--write-readme` writes it into the README. `--lanes N`
//! uses N databases in parallel, `--minutes N` stops after N minutes.

#[cfg(test)]
mod board;
#[cfg(test)]
mod facts;
#[cfg(test)]
mod judge;
#[cfg(test)]
mod kill;
#[cfg(test)]
mod load;
#[cfg(test)]
mod open;
#[cfg(test)]
mod options;
#[cfg(test)]
mod plan;
#[cfg(test)]
mod report;
#[cfg(test)]
mod run;
#[cfg(test)]
mod runs;
#[cfg(test)]
mod settle;
#[cfg(test)]
mod state;
#[cfg(test)]
mod strace;
#[cfg(test)]
#[path = "../it/support/mod.rs"]
#[expect(
    dead_code,
    unused_imports,
    unused_macros,
    reason = "the integration tests use the rest of it"
)]
mod support;
#[cfg(test)]
mod world;

fn main() -> std::process::ExitCode {
    run::main()
}
