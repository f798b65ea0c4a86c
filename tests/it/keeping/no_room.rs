//! A backup is restored where there is not enough room for it.

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
