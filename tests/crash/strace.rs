//! `strace`, attached to a running process: kills it at its n-th `fsync` and proves it.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use super::support::require;

/// An attached strace.
pub struct Strace {
    child: Child,
    report: PathBuf,
    nth: u32,
}

/// Whether strace is installed; prints a message if not.
pub fn is_there() -> bool {
    let there = Command::new("strace")
        .arg("-V")
        .stdout(Stdio::null())
        .status()
        .is_ok_and(|status| status.success());
    if !there {
        require::missing("strace");
    }
    there
}

impl Strace {
    /// Attaches to `pid` and waits until that is done.
    pub fn attach(pid: u32, nth: u32, dir: &Path) -> Result<Self, String> {
        let report = dir.join("strace.txt");
        let mut child = Command::new("strace")
            .args(["-f", "-p", &pid.to_string(), "-o"])
            .arg(&report)
            .args(["-e", "trace=fsync,fdatasync", "-e"])
            .arg(format!("inject=fsync,fdatasync:signal=SIGKILL:when={nth}"))
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| format!("strace: {error}"))?;
        let mut line = String::new();
        let mut said = BufReader::new(child.stderr.take().unwrap());
        said.read_line(&mut line).map_err(|e| e.to_string())?;
        std::thread::spawn(move || std::io::copy(&mut said, &mut std::io::sink()));
        if !line.contains("attached") {
            return Err(format!("strace: {line}"));
        }
        Ok(Self { child, report, nth })
    }

    /// Checks the output after the process has ended: `Ok` if one thread was killed in
    /// its n-th call.
    pub fn proof(&mut self) -> Result<(), String> {
        self.child.wait().map_err(|error| error.to_string())?;
        let report = std::fs::read_to_string(&self.report).map_err(|error| error.to_string())?;
        let killed = report.contains("+++ killed by SIGKILL +++");
        let thread_of = |line: &str| line.split(' ').next().unwrap_or_default().to_owned();
        let calls: Vec<String> = report
            .lines()
            .filter(|line| line.contains("fsync(") || line.contains("fdatasync("))
            .map(thread_of)
            .collect();
        let made = |thread: &String| calls.iter().filter(|other| *other == thread).count();
        let nth = usize::try_from(self.nth).map_err(|error| error.to_string())?;
        match killed && calls.last().is_some_and(|last| made(last) == nth) {
            true => Ok(()),
            false => Err(format!("strace saw no kill at call {nth}: {report}")),
        }
    }
}

impl Drop for Strace {
    fn drop(&mut self) {
        let _ended_before = self.child.kill();
        let _status = self.child.wait();
    }
}
