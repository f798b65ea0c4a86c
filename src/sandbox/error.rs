//! Why a sandbox cannot start.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;

/// Why a sandbox cannot start.
#[derive(Debug, thiserror::Error)]
pub enum SandboxError {
    /// The address is not loopback and `allow_remote` is not set.
    #[error("the sandbox listens on this machine only; --allow-remote lets it listen on {0}")]
    NotLoopback(SocketAddr),
    /// Another sandbox is using the data directory.
    #[error("another sandbox uses the data directory {}", .0.display())]
    InUse(PathBuf),
    /// The data directory has no shared key yet.
    #[error("there is no shared key in {}; start the sandbox once", .0.display())]
    NoSharedKey(PathBuf),
    /// Cannot listen on the address.
    #[error("cannot listen on {address}: {cause}")]
    Listen {
        address: SocketAddr,
        cause: io::Error,
    },
    /// A file cannot be read or written.
    #[error("the sandbox's files: {0}")]
    Files(#[from] io::Error),
    /// The database failed.
    #[error("the sandbox's database: {0}")]
    Database(#[from] sqlx::Error),
    /// A migration failed.
    #[error("the sandbox's tables: {0}")]
    Migrations(#[from] sqlx::migrate::MigrateError),
    /// A demo user cannot be created.
    #[error("the sandbox's users: {0}")]
    Users(String),
}
