//! `rubrica audit export`: the audit on stdout, whatever its length.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use rubrica::storage::Storage;
use rubrica::storage::seal::KeyRing;
use serde_json::Value;
use tempfile::{TempDir, tempdir};

use crate::support::admin;
use crate::support::database::MASTER_KEY;
use crate::support::process::command;

/// Copies the first entry a thousand times, in front of all others.
const FILL: &str = "\
    WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 999) \
    INSERT INTO audit (seq, at, actor, origin, action, object, before_text, after_text, \
        outcome, request_id, hash) \
    SELECT (SELECT MIN(seq) FROM audit) - 1 - i, at, actor, origin, action, object, \
        before_text, after_text, outcome, request_id, hash FROM n, audit WHERE seq = 1";

/// A data directory whose audit has an entry, and so many thousands of copies of it.
async fn directory(thousands: u32) -> TempDir {
    let dir = tempdir().unwrap();
    let hex = data_encoding::HEXLOWER.encode(&MASTER_KEY);
    std::fs::write(dir.path().join("master.key"), hex).unwrap();
    std::fs::write(dir.path().join("password"), admin::PASSWORD).unwrap();
    let create = [&admin::create("maria")[..], &["--data-dir", "."]].concat();
    let made = command(dir.path(), &create, &[]).status().unwrap();
    assert!(made.success());
    let url = format!("sqlite://{}/rubrica.db", dir.path().display());
    let storage = Storage::open(&url, &KeyRing::new(MASTER_KEY))
        .await
        .unwrap();
    storage
        .write(move |conn| {
            Box::pin(async move {
                for _ in 0..thousands {
                    sqlx::query(FILL).execute(&mut *conn).await?;
                }
                Ok(())
            })
        })
        .await
        .unwrap();
    storage.close().await;
    dir
}

fn export(dir: &Path, arguments: &[&str]) -> (Option<i32>, String) {
    let all = [&["audit", "export", "--data-dir", "."], arguments].concat();
    let output = command(dir, &all, &[]).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    (output.status.code(), text)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_audit_is_exported_whole_or_by_days_in_both_formats() {
    let dir = directory(1).await;
    let (status, csv) = export(dir.path(), &[]);
    assert_eq!(status, Some(0), "{csv}");
    assert!(csv.starts_with("\u{feff}\"Number\",\"Time (UTC)\",\"Who\""));
    // Headings, the account, its copies, the export.
    assert_eq!(csv.lines().count(), 1 + 1 + 1000 + 1);
    assert!(csv.lines().last().unwrap().contains("\"audit.export\""));
    let (_, json) = export(dir.path(), &["--format", "ndjson"]);
    let lines = json.lines().map(|line| serde_json::from_str(line).unwrap());
    let lines: Vec<Value> = lines.collect();
    assert_eq!(lines.len(), 1 + 1000 + 2);
    assert_eq!(lines[0]["object"], "admin maria");
    assert_eq!(lines[1002]["action"], "audit.export");
    let none = [
        "--format",
        "ndjson",
        "--from",
        "2020-01-01",
        "--to",
        "2020-12-31",
    ];
    assert_eq!(export(dir.path(), &none), (Some(0), String::new()));
    let (_, json) = export(dir.path(), &["--format", "ndjson", "--from", "2020-01-01"]);
    assert_eq!(json.lines().count(), 1 + 1000 + 4);
    assert_eq!(export(dir.path(), &["--from", "soon"]).0, Some(2));
    assert_eq!(export(dir.path(), &["--format", "xml"]).0, Some(2));
}

/// Reads a whole export; answers its lines, the most memory that it held in KiB, and its
/// time.
fn measured(dir: &Path) -> (usize, usize, Duration) {
    let began = Instant::now();
    let arguments = ["audit", "export", "--data-dir", ".", "--format", "ndjson"];
    let mut command = command(dir, &arguments, &[]);
    let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let (mut lines, mut most, mut line) = (0, 0, String::new());
    while out.read_line(&mut line).unwrap() > 0 {
        line.clear();
        lines += 1;
        if lines % 500 == 0 {
            most = peak_of(child.id()).unwrap_or(most);
        }
    }
    assert!(child.wait().unwrap().success());
    (lines, most, began.elapsed())
}

/// The most memory that a process has held so far, in KiB.
fn peak_of(pid: u32) -> Option<usize> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

async fn memory_stays(thousands: u32) {
    let (_, few, _) = measured(directory(2).await.path());
    let dir = directory(thousands).await;
    let (lines, many, took) = measured(dir.path());
    assert_eq!(lines, 1000 * thousands as usize + 2);
    eprintln!("{lines} entries in {took:?}: {few} KiB grew to {many} KiB");
    assert!(many < few + 8 * 1024, "{few} KiB grew to {many} KiB");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_of_100_000_entries_needs_no_more_memory_than_a_short_one() {
    memory_stays(100).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "writes a database of 400 MB"]
async fn an_export_of_1_000_000_entries_needs_no_more_memory_than_a_short_one() {
    memory_stays(1000).await;
}
