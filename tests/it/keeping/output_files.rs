//! Files that commands write take no place that is not theirs.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};
use std::process::{Command, Stdio};

use super::{done, made, refused, run, sqlite};
use crate::support::database::MASTER_KEY;
use crate::support::process::command;

/// A folder with a database and the file with its master key.
fn folder() -> (tempfile::TempDir, String) {
    let dir = tempfile::tempdir().unwrap();
    let url = sqlite(&dir.path().join("portal.db"));
    let key = data_encoding::HEXLOWER.encode(&MASTER_KEY);
    fs::write(dir.path().join("master.key"), key).unwrap();
    made(dir.path(), &url);
    (dir, url)
}

fn written_as(dir: &std::path::Path, url: &str, arguments: &[&str]) -> std::process::Output {
    let variables = [
        ("RUBRICA_DATABASE_URL", url),
        ("RUBRICA_MASTER_KEY_FILE", "master.key"),
    ];
    command(dir, arguments, &variables).output().unwrap()
}

#[test]
fn neither_a_backup_nor_a_bundle_takes_the_place_of_what_the_portal_needs() {
    let (dir, url) = folder();
    let at = |name: &str| dir.path().join(name);
    symlink("portal.db", at("link")).unwrap();
    fs::hard_link(at("master.key"), at("second-name")).unwrap();
    let before = ["portal.db", "master.key"].map(|name| fs::read(at(name)).unwrap());
    for name in [
        "portal.db",
        "./portal.db",
        "portal.db-wal",
        "portal.db.lock",
        "portal.db.running",
        "portal.db.damaged",
        "link",
        "master.key",
        "second-name",
    ] {
        for words in [&["backup", name][..], &["support-bundle", name]] {
            let with = [words, &["--overwrite"]].concat();
            for arguments in [words, &with] {
                let says = refused(&written_as(dir.path(), &url, arguments), 1);
                assert!(says.contains(name), "{arguments:?}: {says}");
            }
        }
    }
    let after = ["portal.db", "master.key"].map(|name| fs::read(at(name)).unwrap());
    assert!(before == after, "something was overwritten");
    done(&run(dir.path(), &url, &["audit", "verify"]));
}

#[test]
fn what_is_no_ordinary_file_is_left_alone() {
    let (dir, url) = folder();
    let at = |name: &str| dir.path().join(name);
    symlink("nowhere", at("dangling")).unwrap();
    let made = Command::new("mkfifo").arg(at("fifo")).status().unwrap();
    assert!(made.success());
    fs::create_dir(at("folder")).unwrap();
    for command in ["backup", "support-bundle"] {
        for name in ["dangling", "fifo", "folder", "/dev/null"] {
            let says = refused(&written_as(dir.path(), &url, &[command, name]), 1);
            assert!(says.contains("is there already"), "{says}");
            let arguments = [command, name, "--overwrite"];
            let says = refused(&written_as(dir.path(), &url, &arguments), 1);
            assert!(says.contains("no ordinary file"), "{says}");
        }
    }
    assert!(!at("nowhere").exists() && at("fifo").exists());
    assert_eq!(fs::metadata("/dev/null").unwrap().rdev(), 0x103);
}

#[test]
fn a_bundle_takes_another_files_place_only_if_told_and_is_for_its_owner() {
    let (dir, url) = folder();
    let file = dir.path().join("bundle.zip");
    fs::write(&file, "kept").unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
    let says = refused(
        &written_as(dir.path(), &url, &["support-bundle", "bundle.zip"]),
        1,
    );
    assert!(says.contains("--overwrite"), "{says}");
    assert_eq!(fs::read(&file).unwrap(), b"kept");
    let arguments = ["support-bundle", "bundle.zip", "--overwrite"];
    done(&written_as(dir.path(), &url, &arguments));
    assert!(fs::read(&file).unwrap().starts_with(b"PK"));
    assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn a_key_that_can_be_read_only_once_is_enough_for_every_command() {
    let (dir, url) = folder();
    let [old, new] = [MASTER_KEY, [7; 32]].map(|key| data_encoding::HEXLOWER.encode(&key));
    let with = |arguments: &[&str], key: &str, old: &[(&str, &str)]| {
        let variables = [
            ("RUBRICA_DATABASE_URL", url.as_str()),
            ("RUBRICA_MASTER_KEY_FILE", "/dev/stdin"),
        ];
        let mut command = command(dir.path(), arguments, &[&variables, old].concat());
        command.stdin(Stdio::piped());
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut pipe = child.stdin.take().unwrap();
        pipe.write_all(key.as_bytes()).unwrap();
        drop(pipe);
        done(&child.wait_with_output().unwrap());
    };
    for arguments in [
        &["audit", "verify"][..],
        &["audit", "export"],
        &["backup", "saved"],
        &["support-bundle", "bundle.zip"],
        &["restore", "saved", "--replace"],
    ] {
        with(arguments, &old, &[]);
    }
    with(
        &["keys", "rotate"],
        &new,
        &[("RUBRICA_OLD_MASTER_KEY", &old)],
    );
}

#[test]
fn no_command_but_the_first_makes_a_database_that_is_not_there() {
    let (dir, _) = folder();
    let mistyped = dir.path().join("portl.db");
    let url = sqlite(&mistyped);
    for arguments in [
        &["audit", "verify"][..],
        &["audit", "export"],
        &["backup", "saved"],
        &["support-bundle", "bundle.zip"],
        &["sign-url", "demo"],
        &["doctor", "demo"],
        &[
            "admin",
            "reset",
            "--username",
            "root",
            "--password-file",
            "password",
        ],
    ] {
        let says = refused(&run(dir.path(), &url, arguments), 2);
        assert!(
            says.contains("there is no database"),
            "{arguments:?}: {says}"
        );
    }
    assert!(!mistyped.exists());
}
