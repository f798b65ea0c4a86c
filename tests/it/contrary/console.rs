//! `rubrica sandbox --contrary SEED`.

use std::io::{BufRead as _, BufReader};
use std::process::Stdio;

use crate::support::process::command;

#[test]
fn it_prints_its_seed() {
    let dir = tempfile::tempdir().unwrap();
    let arguments = ["sandbox", "--contrary", "12", "--listen", "127.0.0.1:0"];
    let mut child = command(dir.path(), &arguments, &[])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let out = BufReader::new(child.stdout.take().unwrap());
    let lines: Vec<String> = out.lines().take(2).map(Result::unwrap).collect();
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(lines[0], "contrary sandbox of seed 12");
    assert!(
        lines[1].starts_with("sandbox ready at http://127.0.0.1:"),
        "{lines:?}"
    );
}
