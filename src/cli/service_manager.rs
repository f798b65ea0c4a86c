//! What systemd wants to know of a service (`Type=notify`): that it is ready, that it stops,
//! and that it still lives. See sd_notify(3).

use std::env;
use std::io;
use std::os::linux::net::SocketAddrExt as _;
use std::os::unix::net::{SocketAddr, UnixDatagram};
use std::time::Duration;

use tokio::time::interval;

/// Tells it; without one this does nothing.
pub(super) fn tell(state: &str) {
    let Some(socket) = env::var("NOTIFY_SOCKET").ok() else {
        return;
    };
    if let Err(error) = send(&socket, state) {
        tracing::warn!(event = "service_manager_not_told", %error);
    }
}

fn send(socket: &str, state: &str) -> io::Result<()> {
    let to = match socket.strip_prefix('@') {
        Some(name) => SocketAddr::from_abstract_name(name)?,
        None => SocketAddr::from_pathname(socket)?,
    };
    UnixDatagram::unbound()?.send_to_addr(state.as_bytes(), &to)?;
    Ok(())
}

/// Tells it twice in each period of its watchdog that the portal lives; for ever.
pub(super) async fn keep_telling() {
    let period = env::var("WATCHDOG_USEC").ok();
    let period = period.and_then(|text| text.parse().ok());
    let Some(period) = period
        .map(Duration::from_micros)
        .filter(|period| !period.is_zero())
    else {
        return;
    };
    let mut ticks = interval(period / 2);
    loop {
        ticks.tick().await;
        tell("WATCHDOG=1");
    }
}
