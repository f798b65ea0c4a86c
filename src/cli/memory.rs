//! Memory that is freed goes back to the system.

use std::env;
use std::os::unix::process::CommandExt as _;
use std::process::Command;

/// From which size glibc takes a block from the system and gives it back when it is freed,
/// and how much it keeps at the end of its own memory, in bytes. Unless they are set, both
/// grow with the largest block so far, and what some big uploads took is kept for ever.
const THRESHOLDS: [(&str, &str); 2] = [
    ("MALLOC_MMAP_THRESHOLD_", "65536"),
    ("MALLOC_TRIM_THRESHOLD_", "131072"),
];

/// Begins the process anew with the thresholds set, because they are read at its start
/// only; whoever runs it may have set others. Another allocator takes no notice.
pub(super) fn give_back_what_is_freed() {
    let is_set = |(name, _): &(&str, &str)| env::var_os(name).is_some();
    if !cfg!(target_env = "gnu") || THRESHOLDS.iter().any(is_set) {
        return;
    }
    let Ok(program) = env::current_exe() else {
        return;
    };
    let mut arguments = env::args_os();
    let mut again = Command::new(program);
    if let Some(name) = arguments.next() {
        again.arg0(name);
    }
    // It returns only if it failed; then the process goes on as it is.
    let _failed = again.args(arguments).envs(THRESHOLDS).exec();
}
