//! The sockets that the portal listens on, bound before anything is written.

use std::env;
use std::fs::{Permissions, remove_file, set_permissions, symlink_metadata};
use std::io::{Error, ErrorKind};
use std::net::{SocketAddr, TcpListener};
use std::os::unix::fs::{FileTypeExt as _, PermissionsExt as _};
use std::os::unix::net::{SocketAddr as UnixAddress, UnixListener, UnixStream};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use listenfd::ListenFd;

use super::StartupError;
use crate::config::{Complaint, Config, Listen};
use crate::web::routes::METRICS;
use crate::web::{Certificate, Listeners, Pages};

pub(super) struct Bound {
    pub listeners: Listeners,
    /// The first port of the pages, if they have one.
    pub port: Option<u16>,
    pub metrics_url: Option<String>,
    /// Shown by the pages, if they do TLS.
    pub certificate: Option<Arc<Certificate>>,
}

pub(super) fn bind(config: &Config) -> Result<Bound, StartupError> {
    let certificate = config.tls.as_ref().map(Certificate::read).transpose()?;
    let mut sockets = opened_before()?;
    if sockets.is_empty() {
        sockets.push(match &config.listen {
            Listen::Tcp(address) => Socket::Tcp(bind_tcp("RUBRICA_LISTEN", *address)?.0),
            Listen::Unix(path) => {
                let bound = bind_unix(path);
                Socket::Unix(bound.map_err(cannot_listen("RUBRICA_LISTEN", path.display()))?)
            }
        });
    }
    let port = sockets.iter().find_map(Socket::address).transpose();
    let port = port.map_err(cannot_listen("RUBRICA_LISTEN", "its socket"))?;
    let port = port.map(|address| address.port());
    let pages = sockets.into_iter();
    let pages = pages.map(|socket| match (socket, &certificate) {
        (Socket::Tcp(listener), Some(shown)) => Pages::Tls(listener, Arc::clone(shown)),
        (Socket::Tcp(listener), None) => Pages::Tcp(listener),
        (Socket::Unix(listener), _) => Pages::Unix(listener),
    });
    let pages = pages.collect();
    let metrics = config
        .metrics_listen
        .map(|address| bind_tcp("RUBRICA_METRICS_LISTEN", address))
        .transpose()?;
    let (metrics, address) = metrics.unzip();
    Ok(Bound {
        listeners: Listeners { pages, metrics },
        port,
        certificate,
        metrics_url: address.map(|address| format!("http://{address}{METRICS}")),
    })
}

/// Refuses addresses at which nobody can listen, whatever else runs.
pub(super) fn check(config: &Config) -> Result<(), StartupError> {
    if let (Listen::Tcp(pages), Some(metrics)) = (&config.listen, config.metrics_listen)
        && are_one(*pages, metrics)
    {
        let same = format!("cannot listen on {metrics}: ");
        let same = Complaint::of("RUBRICA_METRICS_LISTEN", same).setting("RUBRICA_LISTEN");
        return Err(vec![same.words(" is the same")].into());
    }
    if let Some(metrics) = config.metrics_listen {
        check_tcp("RUBRICA_METRICS_LISTEN", metrics)?;
    }
    match &config.listen {
        _ if env::var_os("LISTEN_FDS").is_some() || OPENED_BEFORE.load(Ordering::Relaxed) => Ok(()),
        Listen::Unix(path) => {
            check_path(path).map_err(cannot_listen("RUBRICA_LISTEN", path.display()))
        }
        Listen::Tcp(address) => check_tcp("RUBRICA_LISTEN", *address),
    }
}

/// Whether this machine has the address. Tried at a free port: a server may be running.
fn check_tcp(setting: &'static str, address: SocketAddr) -> Result<(), StartupError> {
    let mut free = address;
    free.set_port(0);
    match TcpListener::bind(free) {
        Err(error) if error.kind() == ErrorKind::AddrNotAvailable => {
            Err(cannot_listen(setting, address)(error))
        }
        _ => Ok(()),
    }
}

/// Port 0 is another one each time.
fn are_one(one: SocketAddr, other: SocketAddr) -> bool {
    let all = one.ip().is_unspecified() || other.ip().is_unspecified();
    one.port() != 0 && one.port() == other.port() && (all || one.ip() == other.ip())
}

fn check_path(path: &Path) -> Result<(), Error> {
    UnixAddress::from_pathname(path)?;
    let folder = path.parent().filter(|folder| !folder.is_dir());
    if let Some(folder) = folder {
        let folder = folder.display();
        return Err(Error::other(format!("there is no directory {folder}")));
    }
    match symlink_metadata(path) {
        Ok(there) if !there.file_type().is_socket() => Err(Error::other(
            "there is something else of that name, which is no socket",
        )),
        _ => Ok(()),
    }
}

/// Where the pages are asked for.
enum Socket {
    Tcp(TcpListener),
    Unix(UnixListener),
}

impl Socket {
    /// `None` for one without a port.
    fn address(&self) -> Option<Result<SocketAddr, Error>> {
        match self {
            Self::Tcp(listener) => Some(listener.local_addr()),
            Self::Unix(_) => None,
        }
    }
}

/// Whether systemd has opened the sockets: the variable that says so is gone once they are
/// taken, and a reload asks again.
static OPENED_BEFORE: AtomicBool = AtomicBool::new(false);

/// The sockets that systemd has opened for the pages (`LISTEN_FDS`): they are there before the
/// process is, and stay while it is replaced.
fn opened_before() -> Result<Vec<Socket>, StartupError> {
    let mut sockets = ListenFd::from_env();
    let number = sockets.len();
    OPENED_BEFORE.store(number > 0, Ordering::Relaxed);
    let mut take = |place| match sockets.take_tcp_listener(place) {
        Ok(listener) => Ok(listener.map(Socket::Tcp)),
        Err(_) => match sockets.take_unix_listener(place) {
            Ok(listener) => Ok(listener.map(Socket::Unix)),
            Err(error) => Err((place, error)),
        },
    };
    let taken = (0..number).filter_map(|place| take(place).transpose());
    let taken: Result<_, (usize, Error)> = taken.collect();
    taken.map_err(|(place, error)| {
        cannot_listen("LISTEN_FDS", format!("its socket {}", place + 1))(error)
    })
}

pub(super) fn cannot_listen(
    setting: &'static str,
    address: impl ToString,
) -> impl Fn(Error) -> StartupError {
    let address = address.to_string();
    move |cause| StartupError::Listen {
        setting,
        address: address.clone(),
        cause,
    }
}

/// Also returns the address with the port that port 0 became.
fn bind_tcp(
    setting: &'static str,
    address: SocketAddr,
) -> Result<(TcpListener, SocketAddr), StartupError> {
    let failed = cannot_listen(setting, address);
    let listener = TcpListener::bind(address).map_err(&failed)?;
    let address = listener.local_addr().map_err(failed)?;
    Ok((listener, address))
}

fn is_left_over(path: &Path) -> bool {
    let is_socket = symlink_metadata(path).is_ok_and(|file| file.file_type().is_socket());
    is_socket && UnixStream::connect(path).is_err()
}

/// The portal and its group may connect: a proxy as another user is put into that group.
const MODE: u32 = 0o660;

/// A socket that a server which is gone left behind is replaced. Whoever connects counts as
/// a proxy on this machine, which may be trusted, so not every user of it may.
fn bind_unix(path: &Path) -> std::io::Result<UnixListener> {
    let bound = match UnixListener::bind(path) {
        Err(error) if error.kind() == ErrorKind::AddrInUse && is_left_over(path) => {
            remove_file(path)?;
            UnixListener::bind(path)
        }
        bound => bound,
    }?;
    set_permissions(path, Permissions::from_mode(MODE))?;
    Ok(bound)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_socket_that_a_dead_server_left_is_replaced_and_one_in_use_is_not() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("portal.sock");
        drop(bind_unix(&path).unwrap());
        let mode = symlink_metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, MODE);
        let bound = bind_unix(&path).unwrap();
        let refused = bind_unix(&path).unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::AddrInUse);
        assert!(bound.set_nonblocking(true).is_ok() && UnixStream::connect(&path).is_ok());
        let file = dir.path().join("file");
        std::fs::write(&file, "kept").unwrap();
        assert!(bind_unix(&file).is_err());
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "kept");
    }
}
