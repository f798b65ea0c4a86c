//! Signals: the first SIGTERM or SIGINT lets running work finish, the second aborts it.
//! SIGHUP does what the command says. SIGUSR1 and SIGUSR2 do nothing, so that none sent by
//! mistake cuts a call to Redtrust.

use std::future::{Future, pending};
use std::io;
use std::time::Duration;

use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::oneshot;

/// Signals so soon after the first are the same order: `timeout`, for one, tells the process
/// and then its group.
const ECHO: Duration = Duration::from_millis(200);

/// The signals that ask to stop.
struct Signals {
    term: Signal,
    int: Signal,
    hup: Option<Signal>,
    _ignored: [Signal; 2],
}

impl Signals {
    fn listen(hup: Option<Signal>) -> io::Result<Self> {
        Ok(Self {
            term: signal(SignalKind::terminate())?,
            int: signal(SignalKind::interrupt())?,
            hup,
            _ignored: [
                signal(SignalKind::user_defined1())?,
                signal(SignalKind::user_defined2())?,
            ],
        })
    }

    async fn next(&mut self) {
        let Self { term, int, hup, .. } = self;
        let hung_up = async {
            match hup {
                Some(hup) => hup.recv().await,
                None => pending().await,
            }
        };
        tokio::select! {
            _ = term.recv() => {}
            _ = int.recv() => {}
            _ = hung_up => {}
        }
    }
}

/// SIGHUP, which from then on ends nothing by itself.
pub(super) fn hangups() -> io::Result<Signal> {
    signal(SignalKind::hangup())
}

/// Runs `serve` with a future that becomes ready at the first signal; SIGHUP is one of them
/// if it is given here.
///
/// # Errors
/// The error of `serve`, or that a second signal aborted it.
pub(super) async fn until_stopped<F>(
    hup: Option<Signal>,
    serve: impl FnOnce(oneshot::Receiver<()>) -> F,
) -> io::Result<()>
where
    F: Future<Output = io::Result<()>>,
{
    let mut signals = Signals::listen(hup)?;
    let (tell, told) = oneshot::channel();
    let served = serve(told);
    tokio::pin!(served);
    tokio::select! {
        ended = &mut served => return ended,
        () = signals.next() => {}
    }
    drop(tell);
    let echo = tokio::time::sleep(ECHO);
    tokio::pin!(echo);
    loop {
        tokio::select! {
            ended = &mut served => return ended,
            () = &mut echo, if !echo.is_elapsed() => {}
            () = signals.next() => if echo.is_elapsed() {
                return Err(io::Error::other("told twice to stop: work under way was cut"));
            }
        }
    }
}
