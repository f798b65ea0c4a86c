//! Signals: the first SIGTERM or SIGINT lets running work finish, the second aborts it.

use std::future::Future;
use std::io;

use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::oneshot;

/// The signals that ask to stop.
struct Signals {
    term: Signal,
    int: Signal,
}

impl Signals {
    fn listen() -> io::Result<Self> {
        Ok(Self {
            term: signal(SignalKind::terminate())?,
            int: signal(SignalKind::interrupt())?,
        })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.term.recv() => {}
            _ = self.int.recv() => {}
        }
    }
}

/// Runs `serve` with a future that becomes ready at the first signal.
///
/// # Errors
/// The error of `serve`, or that a second signal aborted it.
pub(super) async fn until_stopped<F>(
    serve: impl FnOnce(oneshot::Receiver<()>) -> F,
) -> io::Result<()>
where
    F: Future<Output = io::Result<()>>,
{
    let mut signals = Signals::listen()?;
    let (tell, told) = oneshot::channel();
    let served = serve(told);
    tokio::pin!(served);
    tokio::select! {
        ended = &mut served => return ended,
        () = signals.next() => {}
    }
    drop(tell);
    tokio::select! {
        ended = &mut served => ended,
        () = signals.next() => Err(io::Error::other("told twice to stop: work under way was cut")),
    }
}
