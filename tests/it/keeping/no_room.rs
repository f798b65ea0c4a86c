//! There is not enough room: for a backup to be restored, for a start, for a file.

use sqlx::{Connection as _, SqliteConnection};

use super::{done, made, refused, run, sqlite};
use crate::support::small_disk::SmallDisk;

#[test]
fn a_backup_for_which_there_is_no_room_is_not_called_damaged() {
    let Some(disk) = SmallDisk::mount() else {
        return;
    };
    let dir = tempfile::tempdir().unwrap();
    let url = sqlite(&disk.path().join("portal.db"));
    made(dir.path(), &url);
    done(&run(dir.path(), &url, &["backup", "kept"]));
    for kibibytes in [1500, 1000, 600, 300, 100, 0] {
        disk.fill_but(kibibytes);
        let says = refused(&run(dir.path(), &url, &["restore", "kept", "--replace"]), 1);
        assert!(says.contains("the disk is full"), "{kibibytes} KiB: {says}");
        disk.empty();
    }
    done(&run(dir.path(), &url, &["restore", "kept", "--replace"]));
}

#[tokio::test]
async fn a_start_on_a_full_disk_says_that_it_is_full() {
    let Some(disk) = SmallDisk::mount() else {
        return;
    };
    let dir = tempfile::tempdir().unwrap();
    let file = disk.path().join("portal.db");
    let url = sqlite(&file);
    made(dir.path(), &url);
    // Where its files are already there, it needs no room: whoever closes it last removes them.
    let mut last = SqliteConnection::connect(&url).await.unwrap();
    let read = sqlx::raw_sql("SELECT * FROM meta").execute(&mut last);
    read.await.unwrap();
    last.close().await.unwrap();
    assert!(!file.with_extension("db-shm").exists());
    disk.fill();
    let says = refused(&run(dir.path(), &url, &["audit", "verify"]), 1);
    assert!(says.contains("the disk is full"), "{says}");
    disk.empty();
    done(&run(dir.path(), &url, &["audit", "verify"]));
}

#[test]
fn a_support_bundle_for_which_there_is_no_room_says_what_the_system_says() {
    let Some(disk) = SmallDisk::mount() else {
        return;
    };
    let dir = tempfile::tempdir().unwrap();
    let url = sqlite(&dir.path().join("portal.db"));
    made(dir.path(), &url);
    disk.fill();
    let file = disk.path().join("bundle.zip");
    let file = file.to_str().unwrap();
    let says = refused(&run(dir.path(), &url, &["support-bundle", file]), 1);
    assert!(says.contains("No space left on device"), "{says}");
}
