//! The real binary as a process of its own, ended when the test ends.

use std::io::{BufRead as _, BufReader, Read as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A running `rubrica`.
pub struct Process {
    child: Child,
    lines: Vec<String>,
}

impl Process {
    /// Starts `rubrica` with `arguments` in `dir` and waits until it printed
    /// `ready` lines that say so.
    pub fn start(dir: &Path, arguments: &[&str], variables: &[(&str, &str)], ready: usize) -> Self {
        let mut child = command(dir, arguments, variables)
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut lines = Vec::new();
        while lines.len() < ready {
            let mut line = String::new();
            if out.read_line(&mut line).unwrap() == 0 {
                let status = child.wait().unwrap();
                panic!("rubrica {arguments:?} ended with {status}, having said {lines:?}");
            }
            if line.contains(" ready at ") {
                lines.push(line.trim().to_owned());
            }
        }
        // Whatever it prints later must not block it.
        std::thread::spawn(move || {
            let mut rest = Vec::new();
            out.read_to_end(&mut rest)
        });
        Self { child, lines }
    }

    /// The URL that `what` (`portal` or `sandbox`) is ready at.
    pub fn url(&self, what: &str) -> String {
        let beginning = format!("{what} ready at ");
        self.lines
            .iter()
            .find_map(|line| line.strip_prefix(&beginning))
            .unwrap_or_else(|| panic!("no {what} in {:?}", self.lines))
            .to_owned()
    }

    /// kill -9.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    fn ask_to_stop(&self) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").arg(pid).status().unwrap().success());
    }

    /// SIGTERM, and the exit status it leads to.
    pub fn terminate(&mut self) -> Option<i32> {
        self.ask_to_stop();
        self.ended_within(Duration::from_secs(40), |_| {})
    }

    /// SIGTERM again and again, and the exit status it leads to.
    pub fn insist(&mut self) -> Option<i32> {
        self.ended_within(Duration::from_secs(10), Self::ask_to_stop)
    }

    fn ended_within(&mut self, time: Duration, meanwhile: impl Fn(&Self)) -> Option<i32> {
        let until = Instant::now() + time;
        while Instant::now() < until {
            if let Some(status) = self.child.try_wait().unwrap() {
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

/// `rubrica` with nothing of this process's own settings.
pub fn command(dir: &Path, arguments: &[&str], variables: &[(&str, &str)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rubrica"));
    command.current_dir(dir).args(arguments);
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("RUBRICA_")) {
        command.env_remove(name);
    }
    command.envs(variables.iter().copied());
    command
}
