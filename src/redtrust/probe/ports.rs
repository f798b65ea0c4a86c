//! Whether a port answers.

use std::io;
use std::net::IpAddr;
use std::time::Duration;

use tokio::net::TcpStream;
use tokio::time::timeout;

use super::Probe;

/// Why no TCP connection was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoConnection {
    /// The machine refused: nothing listens on the port.
    Refused,
    /// Nothing came back in time.
    TimedOut,
    /// Another reason, in the system's words.
    Failed(String),
}

impl Probe {
    /// Connects to `port` of one of the host's addresses, and closes the connection
    /// again.
    ///
    /// # Errors
    /// [`NoConnection`].
    pub async fn connects(&self, address: IpAddr, port: u16) -> Result<(), NoConnection> {
        connect(address, port, self.connect_timeout).await.map(drop)
    }
}

pub(super) async fn connect(
    address: IpAddr,
    port: u16,
    within: Duration,
) -> Result<TcpStream, NoConnection> {
    match timeout(within, TcpStream::connect((address, port))).await {
        Err(_) => Err(NoConnection::TimedOut),
        Ok(Ok(stream)) => Ok(stream),
        Ok(Err(error)) => Err(match error.kind() {
            io::ErrorKind::ConnectionRefused => NoConnection::Refused,
            io::ErrorKind::TimedOut => NoConnection::TimedOut,
            _ => NoConnection::Failed(error.to_string()),
        }),
    }
}
