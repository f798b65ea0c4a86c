//! Another server to compare with, on the processor that the portal has.

use std::ffi::OsStr;
use std::process::{Child, Command};

use crate::load::until_heard;
use crate::support::raw_client::RawClient;

/// Starts this program. It begins on that processor, so that processes of its own stay there
/// too.
pub fn pinned(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new("taskset");
    command.args(["-c", "0"]).arg(program);
    command
}

/// A running server; it ends when this is dropped.
pub struct Server {
    child: Child,
    pub client: RawClient,
}

impl Server {
    /// Starts it and waits until it listens at its port.
    pub async fn start(mut command: Command, port: u16) -> Self {
        let client = RawClient {
            port,
            origin: format!("http://127.0.0.1:{port}"),
            cookies: String::new(),
        };
        let child = command.spawn().unwrap();
        let server = Self { child, client };
        until_heard(port).await;
        server
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}
