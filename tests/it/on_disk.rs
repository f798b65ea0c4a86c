//! "Issued" leaves the portal only once it is on disk: the order of the system
//! calls, as strace sees it.

use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::support::deployed::Deployed;
use crate::support::require;
use crate::support::visitor::Visitor;

/// What is watched: the database's writes, what makes them durable, and answers.
const CALLS: &str = "trace=pwrite64,fsync,fdatasync,write,writev,sendto,sendmsg";

/// strace at a process that runs; what it saw is in a file.
struct Watch {
    child: Child,
    file: PathBuf,
}

impl Watch {
    /// Attaches, where strace is installed.
    fn start(pid: u32, file: PathBuf) -> Option<Self> {
        let strace = Command::new("strace")
            .args(["-f", "-p", &pid.to_string(), "-s", "65536", "-e", CALLS])
            .arg("-o")
            .arg(&file)
            .stderr(Stdio::null())
            .spawn();
        let Ok(child) = strace else {
            require::missing("strace");
            return None;
        };
        let status = format!("/proc/{pid}/status");
        let until = Instant::now() + Duration::from_secs(20);
        while !std::fs::read_to_string(&status)
            .unwrap()
            .lines()
            .any(|line| line.starts_with("TracerPid:") && !line.ends_with("\t0"))
        {
            assert!(Instant::now() < until, "strace does not attach");
            std::thread::sleep(Duration::from_millis(10));
        }
        Some(Self { child, file })
    }

    /// Every line so far, once `done` finds what it looks for.
    fn lines_until(&self, done: impl Fn(&str) -> bool) -> Vec<String> {
        let until = Instant::now() + Duration::from_secs(20);
        loop {
            let text = String::from_utf8_lossy(&std::fs::read(&self.file).unwrap()).into_owned();
            if done(&text) {
                return text.lines().map(ToOwned::to_owned).collect();
            }
            assert!(Instant::now() < until, "strace saw only {text}");
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        let _ended_before = self.child.kill();
        let _status = self.child.wait();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn g05_issued_is_said_only_after_it_was_synced() {
    let deployed = Deployed::start(None, 1).await;
    let portal = deployed.serve(0);
    let ana = Visitor::new(&deployed.origin(), "demo");
    ana.sign_in_at_redtrust().await.unwrap();
    let file = deployed.dir.path().join("calls.txt");
    let Some(watch) = Watch::start(portal.pid(), file) else {
        return;
    };
    let answers = [("kind", "name"), ("common_name", "EN DISCO")];
    let last = ana.to_last_step("/issue", &answers).await.unwrap();
    let page = ana.submit(&last).await.unwrap();
    let patience = Duration::from_secs(30);
    let page = ana.settled(page.url.path(), patience).await.unwrap();
    let thumbprint = page.text("#thumbprint").replace(' ', "");

    let says_issued = |line: &str| line.contains(r#"data-state=\"issued\""#);
    let lines = watch.lines_until(says_issued);
    let said = lines.iter().position(|line| says_issued(line)).unwrap();
    let before = &lines[..said];
    let stored = before
        .iter()
        .position(|line| line.contains("pwrite64(") && line.contains(&thumbprint))
        .unwrap_or_else(|| panic!("the thumbprint was not written before: {before:?}"));
    let synced = before[stored..].iter().any(|line| {
        let is_sync = line.contains("fsync") || line.contains("fdatasync");
        is_sync && line.trim_end().ends_with("= 0")
    });
    assert!(synced, "not synced before it was said: {before:?}");
}
