//! A database is saved, restored, and looked at after a crash.

mod after_a_crash;
mod half_written_back;
mod no_room;
mod output_files;
mod refusals;
mod replaced;
mod under_load;

use std::path::{Path, PathBuf};
use std::process::Output;

use rubrica::storage::new_file::Target;

use crate::support::database::MASTER_KEY;
use crate::support::process::command;

/// Runs a command on the database at `url`, in `dir`.
fn run(dir: &Path, url: &str, arguments: &[&str]) -> Output {
    run_with_key(dir, url, MASTER_KEY, arguments)
}

fn run_with_key(dir: &Path, url: &str, key: [u8; 32], arguments: &[&str]) -> Output {
    let key = data_encoding::HEXLOWER.encode(&key);
    let variables = [
        ("RUBRICA_DATABASE_URL", url),
        ("RUBRICA_MASTER_KEY", key.as_str()),
    ];
    command(dir, arguments, &variables).output().unwrap()
}

/// Makes a database with an administrator.
fn made(dir: &Path, url: &str) {
    std::fs::write(dir.join("password"), "four words without sense 7").unwrap();
    let arguments = ["--username", "root", "--password-file", "password"];
    done(&run(
        dir,
        url,
        &[&["admin", "create"], arguments.as_slice()].concat(),
    ));
}

/// What it printed, if it did what it was asked for.
#[track_caller]
fn done(output: &Output) -> String {
    let words = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{words}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Its words, if it ended with this status.
#[track_caller]
fn refused(output: &Output, status: i32) -> String {
    let words = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(status), "{words}");
    words
}

/// A file that takes no other's place.
fn new_file(file: PathBuf) -> Target {
    Target {
        file,
        overwrite: false,
        needed: Vec::new(),
    }
}

/// The address of a SQLite file.
fn sqlite(file: &Path) -> String {
    format!("sqlite://{}", file.display())
}
