//! The real binary as a separate process, stopped when the test ends.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

pub struct Process {
    child: Child,
    lines: Vec<String>,
    rest: Option<JoinHandle<Vec<String>>>,
}

impl Process {
    /// Starts `rubrica` with `arguments` in `dir` and waits for `ready` lines that say
    /// it is ready.
    pub fn start(dir: &Path, arguments: &[&str], variables: &[(&str, &str)], ready: usize) -> Self {
        Self::try_start(command(dir, arguments, variables), ready)
            .unwrap_or_else(|why| panic!("{why}"))
    }

    /// Like [`Process::start`], for a command that may end before it is ready.
    pub fn try_start(mut command: Command, ready: usize) -> Result<Self, String> {
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut lines = Vec::new();
        while lines.len() < ready {
            let mut line = String::new();
            if out.read_line(&mut line).unwrap() == 0 {
                let status = child.wait().unwrap();
                return Err(format!(
                    "{command:?} ended with {status}, having said {lines:?}"
                ));
            }
            if line.contains(" ready at ") {
                lines.push(line.trim().to_owned());
            }
        }
        // Keep reading, so that later output does not block the process.
        let rest = std::thread::spawn(move || out.lines().map_while(Result::ok).collect());
        Ok(Self {
            child,
            lines,
            rest: Some(rest),
        })
    }

    /// The URL at which `what` (`portal` or `sandbox`) is ready.
    pub fn url(&self, what: &str) -> String {
        let beginning = format!("{what} ready at ");
        self.lines
            .iter()
            .find_map(|line| line.strip_prefix(&beginning))
            .unwrap_or_else(|| panic!("no {what} in {:?}", self.lines))
            .to_owned()
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// How much memory it holds, in KiB.
    pub fn memory(&self) -> usize {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.pid())).unwrap();
        let line = status.lines().find(|line| line.starts_with("VmRSS:"));
        let kib = line.unwrap().split_whitespace().nth(1).unwrap();
        kib.parse().unwrap()
    }

    /// How many descriptors it has open.
    pub fn open_files(&self) -> usize {
        std::fs::read_dir(format!("/proc/{}/fd", self.pid()))
            .unwrap()
            .count()
    }

    /// Gives it up to five seconds to get into a state, such as to have closed what its
    /// clients have closed.
    pub fn settles(&self, is_settled: impl Fn() -> bool) {
        let until = Instant::now() + Duration::from_secs(5);
        while !is_settled() && Instant::now() < until {
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// The exit status, if it has ended.
    pub fn status(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().unwrap()
    }

    /// What it printed after it was ready, until its end.
    pub fn last_words(&mut self) -> Vec<String> {
        self.rest
            .take()
            .map(|rest| rest.join().unwrap())
            .unwrap_or_default()
    }

    /// How long its threads have waited for a CPU; on a busy machine this time is not
    /// the portal's fault.
    pub fn starved(&self) -> Duration {
        let waited = |task: &Path| {
            let text = std::fs::read_to_string(task.join("schedstat")).ok()?;
            text.split(' ').nth(1)?.parse::<u64>().ok()
        };
        let tasks = std::fs::read_dir(format!("/proc/{}/task", self.pid()));
        let tasks = tasks.into_iter().flatten().flatten();
        Duration::from_nanos(tasks.filter_map(|task| waited(&task.path())).sum())
    }

    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Sends it a signal by name.
    pub fn signal(&self, name: &str) {
        let pid = self.pid().to_string();
        let sent = Command::new("kill").args(["-s", name, &pid]).status();
        assert!(sent.unwrap().success(), "kill -s {name} {pid}");
    }

    /// Sends SIGTERM and returns the exit status.
    pub fn terminate(&mut self) -> Option<i32> {
        self.signal("TERM");
        self.ended()
    }

    /// Waits for its end and returns the exit status.
    pub fn ended(&mut self) -> Option<i32> {
        self.ended_within(Duration::from_secs(40), |_| {})
    }

    /// Sends SIGTERM repeatedly and returns the exit status.
    pub fn insist(&mut self) -> Option<i32> {
        self.ended_within(Duration::from_secs(10), |this| this.signal("TERM"))
    }

    fn ended_within(&mut self, time: Duration, meanwhile: impl Fn(&Self)) -> Option<i32> {
        let until = Instant::now() + time;
        while Instant::now() < until {
            if let Some(status) = self.status() {
                return status.code();
            }
            meanwhile(self);
            std::thread::sleep(Duration::from_millis(20));
        }
        panic!("still running after {time:?}");
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ended_before = self.child.kill();
        let _status = self.child.wait();
    }
}

/// `rubrica` without this process's environment variables. `CRASH_BINARY` may name
/// another build, because a run of hours must not change its binary when someone
/// compiles.
pub fn command(dir: &Path, arguments: &[&str], variables: &[(&str, &str)]) -> Command {
    let binary = std::env::var_os("CRASH_BINARY");
    let binary = binary.unwrap_or_else(|| env!("CARGO_BIN_EXE_rubrica").into());
    let mut command = Command::new(binary);
    command.current_dir(dir).args(arguments);
    let of_ours = |name: &str| {
        ["RUBRICA_", "OTEL_"]
            .iter()
            .any(|one| name.starts_with(one))
    };
    for (name, _) in std::env::vars().filter(|(name, _)| of_ours(name)) {
        command.env_remove(name);
    }
    command.envs(variables.iter().copied());
    command
}

/// A free port that stays free while its server is down: it is below the range for
/// outgoing connections.
pub fn port_to_come_back_to() -> u16 {
    static TRIED: AtomicU16 = AtomicU16::new(0);
    let first = u16::try_from(std::process::id() % 10_000).unwrap();
    loop {
        let tried = TRIED.fetch_add(1, Ordering::SeqCst);
        let port = 20_000 + (first + tried % 10_000) % 10_000;
        if std::net::TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}
