//! Signals: the first SIGTERM or SIGINT lets running work finish, the second aborts it.
//! SIGHUP does what the command says, SIGPWR is an order to stop as well. What timers, limits
//! or a mistake send does nothing, so that it cuts no call to Redtrust.

use std::future::{Future, pending};
use std::io;
use std::time::Duration;

use rustix::process::Signal as Number;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::oneshot;

/// Signals so soon after the first are the same order: `timeout`, for one, tells the process
/// and then its group.
const ECHO: Duration = Duration::from_millis(200);

/// They would end the process, but ask for nothing.
const IDLE: [Number; 8] = [
    Number::USR1,
    Number::USR2,
    Number::ALARM,
    Number::VTALARM,
    Number::PROF,
    Number::IO,
    Number::STKFLT,
    Number::XCPU,
];

/// Signals without any meaning of their own, as far as the C library leaves them to us.
const REAL_TIME: std::ops::RangeInclusive<i32> = 34..=64;

/// The signals that ask to stop.
struct Signals {
    term: Signal,
    int: Signal,
    power: Signal,
    hup: Option<Signal>,
}

impl Signals {
    fn listen(hup: Option<Signal>) -> io::Result<Self> {
        for number in IDLE {
            take(number).map(drop)?;
        }
        for number in REAL_TIME {
            let _kept_by_the_library = signal(SignalKind::from_raw(number));
        }
        Ok(Self {
            term: signal(SignalKind::terminate())?,
            int: signal(SignalKind::interrupt())?,
            power: take(Number::POWER)?,
            hup,
        })
    }

    async fn next(&mut self) {
        let Self {
            term,
            int,
            power,
            hup,
        } = self;
        let hung_up = async {
            match hup {
                Some(hup) => hup.recv().await,
                None => pending().await,
            }
        };
        tokio::select! {
            _ = term.recv() => {}
            _ = int.recv() => {}
            _ = power.recv() => {}
            _ = hung_up => {}
        }
    }
}

/// From then on it ends nothing by itself.
fn take(number: Number) -> io::Result<Signal> {
    signal(SignalKind::from_raw(number.as_raw()))
}

/// From then on a file that may not grow (`ulimit -f`) is a write that fails, as on a full
/// disk, and not the end of the process.
pub(super) fn let_writes_fail() -> io::Result<()> {
    take(Number::XFSZ).map(drop)
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
