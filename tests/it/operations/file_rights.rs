//! Files of the database that belong to somebody else, or that nobody may write.

use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use rustix::process::geteuid;
use tempfile::{TempDir, tempdir};

use super::{GOOD, words};
use crate::support::process::{Process, command};
use crate::support::require;
use crate::support::small_disk::SmallDisk;

/// The service's user, whom nothing else belongs to.
const SERVICE: u32 = 65534;

const CREATE: [&str; 6] = [
    "admin",
    "create",
    "--username",
    "root",
    "--password-file",
    "password",
];

/// The service's folder, with a password in it.
fn folder() -> TempDir {
    let dir = tempdir().unwrap();
    let password = dir.path().join("password");
    fs::write(&password, "four words without sense 7").unwrap();
    if geteuid().is_root() {
        for path in [dir.path(), &password] {
            chown(path, Some(SERVICE), Some(SERVICE)).unwrap();
        }
    }
    dir
}

/// Runs a command as the service does, which is never root.
fn as_service(dir: &Path, arguments: &[&str]) -> Output {
    let mut command = command(dir, arguments, &GOOD);
    if geteuid().is_root() {
        command.uid(SERVICE).gid(SERVICE);
    }
    command.output().unwrap()
}

#[test]
fn what_a_command_makes_as_root_belongs_to_the_service() {
    if !geteuid().is_root() {
        require::missing("root");
        return;
    }
    let dir = folder();
    let as_root = |arguments: &[&str]| {
        let output = command(dir.path(), arguments, &GOOD).output().unwrap();
        assert!(output.status.success(), "{}", words(&output));
        let files = fs::read_dir(dir.path()).unwrap().flatten();
        let of_database = files.filter(|file| {
            let name = file.file_name();
            name.to_string_lossy().starts_with("portal.db")
        });
        let owners = of_database.map(|file| (file.file_name(), file.metadata().unwrap().uid()));
        let owners: Vec<_> = owners.collect();
        assert!(owners.len() >= 2, "{owners:?}");
        assert!(
            owners.iter().all(|(_, owner)| *owner == SERVICE),
            "{owners:?}"
        );
    };
    as_root(&CREATE);
    as_root(&["backup", "kept"]);
    as_root(&["restore", "kept", "--replace"]);
    let verified = as_service(dir.path(), &["audit", "verify"]);
    assert!(verified.status.success(), "{}", words(&verified));
}

/// What in this folder does not belong to the service.
fn not_the_services(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for one in fs::read_dir(folder).unwrap().flatten() {
        if one.metadata().unwrap().uid() != SERVICE {
            found.push(one.path());
        }
        if one.path().is_dir() {
            found.extend(not_the_services(&one.path()));
        }
    }
    found
}

#[test]
fn what_a_demo_makes_as_root_belongs_to_the_owner_of_the_folder() {
    if !geteuid().is_root() {
        require::missing("root");
        return;
    }
    let dir = folder();
    let ports = ["--listen", "127.0.0.1:0", "--sandbox-listen", "127.0.0.1:0"];
    let arguments = [&["demo", "--data-dir", "tried/out"][..], &ports].concat();
    let mut demo = Process::start(dir.path(), &arguments, &[], 2);
    assert!(dir.path().join("tried/out/sandbox/ca.key").exists());
    // Also what is there only while it runs.
    assert_eq!(not_the_services(dir.path()), Vec::<PathBuf>::new());
    demo.kill();
    assert_eq!(not_the_services(dir.path()), Vec::<PathBuf>::new());
}

#[test]
fn a_file_or_folder_that_the_service_cannot_write_is_named_with_what_to_do() {
    let dir = folder();
    let made = as_service(dir.path(), &CREATE);
    assert!(made.status.success(), "{}", words(&made));
    let set = |path: &Path, mode| {
        let mode = Permissions::from_mode(mode);
        fs::set_permissions(path, mode).unwrap();
    };
    let refused = |culprit: &Path| {
        let output = as_service(dir.path(), &["audit", "verify"]);
        let says = words(&output);
        assert_eq!(output.status.code(), Some(2), "{says}");
        let expected = format!("{} cannot be written to", culprit.display());
        assert!(says.contains(&expected) && says.contains("chown"), "{says}");
    };
    set(dir.path(), 0o500);
    refused(dir.path());
    set(dir.path(), 0o700);
    let wal = dir.path().join("portal.db-wal");
    fs::write(&wal, "").unwrap();
    set(&wal, 0o400);
    refused(&wal);
    fs::remove_file(&wal).unwrap();
    set(&dir.path().join("portal.db.lock"), 0);
    let says = words(&as_service(dir.path(), &["restore", "password"]));
    let expected = "portal.db.lock: Permission denied";
    assert!(says.contains(expected) && says.contains("chown"), "{says}");
}

#[test]
fn a_file_system_that_is_read_only_is_called_so() {
    let Some(disk) = SmallDisk::mount() else {
        return;
    };
    let dir = folder();
    let url = format!("sqlite://{}", disk.path().join("portal.db").display());
    let mut variables = GOOD.to_vec();
    variables.retain(|(name, _)| *name != "RUBRICA_DATABASE_URL");
    variables.push(("RUBRICA_DATABASE_URL", &url));
    let run = |arguments: &[&str]| {
        let output = command(dir.path(), arguments, &variables).output();
        output.unwrap()
    };
    assert!(run(&CREATE).status.success());
    let remounted = Command::new("mount")
        .args(["-o", "remount,ro"])
        .arg(disk.path())
        .status();
    assert!(remounted.unwrap().success());
    let output = run(&["audit", "verify"]);
    let says = words(&output);
    assert_eq!(output.status.code(), Some(2), "{says}");
    assert!(says.contains("the file system is read-only"), "{says}");
}
