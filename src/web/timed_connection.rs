//! Connections with time limits of their own, below the framework, which waits for ever
//! for a client that does not read, and for the rest of a second request's head.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep_until};

/// What a connection may take.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// A client that is behind must take [`AT_LEAST`] bytes within this time.
    pub taken_within: Duration,
    /// From the first byte of a request, its answer must begin within this time.
    pub answered_within: Duration,
}

impl Limits {
    /// The longest that a request may take by the limits of its own, and some seconds: a
    /// head 10 s, a body with a file 30 s, the answer 25 s.
    pub const USUAL: Self = Self {
        taken_within: Duration::from_secs(30),
        answered_within: Duration::from_secs(75),
    };
}

/// Less would let a client hold a connection for hours by reading it byte by byte.
const AT_LEAST: usize = 16 * 1024;

/// A connection that ends when a limit is over.
#[derive(Debug)]
pub struct TimedConnection<T> {
    io: T,
    limits: Limits,
    /// While the client is behind with reading.
    behind: Timer,
    /// What it took since then.
    taken: usize,
    /// While a request has begun and its answer has not.
    unanswered: Timer,
}

impl<T> TimedConnection<T> {
    pub fn new(io: T, limits: Limits) -> Self {
        Self {
            io,
            limits,
            behind: Timer::default(),
            taken: 0,
            unanswered: Timer::default(),
        }
    }

    /// Notes that the client took so many of the bytes that were offered.
    fn note(&mut self, taken: usize, offered: usize) {
        self.unanswered.stop();
        self.taken += taken;
        if taken == offered || self.taken >= AT_LEAST {
            self.behind.stop();
            self.taken = 0;
        }
    }
}

impl<T: AsyncWrite + Unpin> AsyncWrite for TimedConnection<T> {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        if let Poll::Ready(written) = Pin::new(&mut this.io).poll_write(cx, bytes) {
            if let Ok(taken) = written {
                this.note(taken, bytes.len());
            }
            return Poll::Ready(written);
        }
        this.behind.start(this.limits.taken_within);
        ready!(this.behind.poll(cx));
        tracing::info!(event = "client_does_not_read");
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().io).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().io).poll_shutdown(cx)
    }
}

impl<T: AsyncRead + Unpin> AsyncRead for TimedConnection<T> {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let before = into.filled().len();
        if let Poll::Ready(read) = Pin::new(&mut this.io).poll_read(cx, into) {
            if into.filled().len() > before {
                this.unanswered.start(this.limits.answered_within);
            }
            return Poll::Ready(read);
        }
        ready!(this.unanswered.poll(cx));
        tracing::info!(event = "request_without_end");
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

/// A timer that may run.
#[derive(Debug, Default)]
struct Timer {
    until: Option<Instant>,
    /// Kept from one run to the next.
    sleep: Option<Pin<Box<Sleep>>>,
}

impl Timer {
    /// Starts it unless it runs already.
    fn start(&mut self, time: Duration) {
        self.until.get_or_insert_with(|| Instant::now() + time);
    }

    fn stop(&mut self) {
        self.until = None;
    }

    /// Ready when its time is over; never if it does not run.
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let Some(until) = self.until else {
            return Poll::Pending;
        };
        let sleep = self
            .sleep
            .get_or_insert_with(|| Box::pin(sleep_until(until)));
        if sleep.deadline() != until {
            sleep.as_mut().reset(until);
        }
        sleep.as_mut().poll(cx)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream, duplex};
    use tokio::time::sleep;

    use super::*;

    const SOON: Duration = Duration::from_millis(20);
    const LONG: Duration = Duration::from_secs(60);

    fn connection(
        taken: Duration,
        answered: Duration,
    ) -> (DuplexStream, TimedConnection<DuplexStream>) {
        let (client, server) = duplex(1024);
        let limits = Limits {
            taken_within: taken,
            answered_within: answered,
        };
        (client, TimedConnection::new(server, limits))
    }

    #[tokio::test]
    async fn i15_a_client_that_reads_nothing_is_cut() {
        let (_client, mut server) = connection(SOON, LONG);
        let written = server.write_all(&[0; 2048]).await;
        assert_eq!(written.unwrap_err().kind(), io::ErrorKind::TimedOut);
    }

    #[tokio::test]
    async fn i15_a_client_that_reads_byte_by_byte_is_cut() {
        let (mut client, mut server) = connection(SOON, LONG);
        let drip = async {
            loop {
                sleep(Duration::from_millis(1)).await;
                if client.read_u8().await.is_err() {
                    std::future::pending::<()>().await;
                }
            }
        };
        let all = vec![0; AT_LEAST * 4];
        let written = tokio::select! {
            written = server.write_all(&all) => written,
            () = drip => Ok(()),
        };
        assert_eq!(written.unwrap_err().kind(), io::ErrorKind::TimedOut);
    }

    #[tokio::test]
    async fn i15_a_client_that_pauses_and_reads_on_is_served() {
        let (mut client, mut server) = connection(LONG, LONG);
        let all = vec![7; AT_LEAST * 4];
        let mut read = vec![0; all.len()];
        let (written, got) = tokio::join!(server.write_all(&all), async {
            sleep(SOON).await;
            client.read_exact(&mut read).await
        });
        assert!(written.is_ok() && got.is_ok());
        assert_eq!(read, all);
        assert!(server.behind.until.is_none() && server.taken == 0);
    }

    #[tokio::test]
    async fn i01_a_request_that_begins_and_is_never_answered_is_cut() {
        let (mut client, mut server) = connection(LONG, SOON);
        client.write_all(b"GET / HTTP/1.1\r\n").await.unwrap();
        let mut all = Vec::new();
        let read = server.read_to_end(&mut all).await;
        assert_eq!(read.unwrap_err().kind(), io::ErrorKind::TimedOut);
        assert_eq!(all, b"GET / HTTP/1.1\r\n");
    }

    #[tokio::test]
    async fn i01_a_connection_that_is_answered_may_idle() {
        let (mut client, mut server) = connection(LONG, SOON);
        client.write_all(b"ask").await.unwrap();
        let mut asked = [0; 3];
        server.read_exact(&mut asked).await.unwrap();
        server.write_all(b"answer").await.unwrap();
        let next = tokio::time::timeout(SOON * 3, server.read_u8()).await;
        assert!(next.is_err(), "{next:?}");
    }
}
