//! Asks for pages over connections that stay open.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::support::page::Form;
use crate::support::raw_client::RawClient;

/// Waits until somebody listens there.
pub async fn until_heard(port: u16) {
    const SOON: Duration = Duration::from_secs(10);
    let began = Instant::now();
    while TcpStream::connect(("127.0.0.1", port)).await.is_err() {
        assert!(began.elapsed() < SOON, "nobody listens on port {port}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// A request that is sent again and again, and what a right answer has.
#[derive(Debug, Clone)]
pub struct Question {
    request: Vec<u8>,
    status: &'static str,
    wanted: &'static str,
}

impl Question {
    /// A page with this in it.
    pub fn page(client: &RawClient, path: &str, wanted: &'static str) -> Self {
        Self {
            request: client.head("GET", path, "").into_bytes(),
            status: "HTTP/1.1 200",
            wanted,
        }
    }

    /// A form that leads to another page.
    pub fn form(client: &RawClient, form: &Form) -> Self {
        Self {
            request: posting(client, form, ""),
            status: "HTTP/1.1 303",
            wanted: "See Other",
        }
    }
}

/// A whole request that sends a form as browsers do, with these headers besides.
pub fn posting(client: &RawClient, form: &Form, more: &str) -> Vec<u8> {
    let body = form.body();
    let more = format!(
        "{more}Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n",
        body.len()
    );
    let head = client.head("POST", form.path(), &more);
    [head.as_bytes(), &body].concat()
}

/// A connection that stays open.
pub struct Line {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Line {
    pub async fn new(client: &RawClient) -> Self {
        let stream = client.connect().await;
        stream.set_nodelay(true).unwrap();
        Self {
            stream,
            buffer: vec![0; 1 << 20],
        }
    }

    /// Sends a request and waits for the whole answer.
    pub async fn exchange(&mut self, request: &[u8]) -> &[u8] {
        self.stream.write_all(request).await.unwrap();
        let mut length = 0;
        while !is_whole(&self.buffer[..length]) {
            let read = self.stream.read(&mut self.buffer[length..]).await.unwrap();
            assert!(read > 0, "the connection was closed");
            length += read;
        }
        &self.buffer[..length]
    }
}

/// A connection over which one thing is asked.
pub struct Asker {
    line: Line,
    question: Question,
}

impl Asker {
    pub async fn new(client: &RawClient, question: &Question) -> Self {
        Self {
            line: Line::new(client).await,
            question: question.clone(),
        }
    }

    /// Asks once; answers how long it took, and whether the answer was right.
    pub async fn ask(&mut self) -> (Duration, bool) {
        let began = Instant::now();
        let right = &self.question;
        let answer = self.line.exchange(&right.request).await;
        let took = began.elapsed();
        let answer = String::from_utf8_lossy(answer);
        let is_right = answer.starts_with(right.status) && answer.contains(right.wanted);
        (took, is_right)
    }
}

/// Whether these bytes are a whole answer.
fn is_whole(bytes: &[u8]) -> bool {
    let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else {
        return false;
    };
    let (head, body) = (&bytes[..end], &bytes[end + 4..]);
    let head = String::from_utf8_lossy(head).to_ascii_lowercase();
    match head.split("content-length: ").nth(1) {
        Some(rest) => {
            let length = rest.split("\r\n").next().unwrap();
            body.len() >= length.parse::<usize>().unwrap()
        }
        None => body.ends_with(b"0\r\n\r\n"),
    }
}

/// What many requests came to.
#[derive(Debug, Default)]
pub struct Seen {
    pub per_second: f64,
    pub p99: Duration,
    pub wrong: usize,
}

/// Asks over eight connections for so long.
pub async fn closed_loop(client: &RawClient, question: &Question, time: Duration) -> Seen {
    let began = Instant::now();
    let one = async || {
        let mut asker = Asker::new(client, question).await;
        let mut seen = Vec::new();
        while began.elapsed() < time {
            seen.push(asker.ask().await);
        }
        seen
    };
    let all = join_all((0..8).map(|_| one())).await;
    Seen::of(&all.concat(), began)
}

/// Asks so many times a second whether or not earlier answers have come, over as many
/// connections as are needed for it. A time counts from when it was to be asked.
pub async fn open_loop(
    client: &RawClient,
    question: &Question,
    (per_second, time): (f64, Duration),
) -> Seen {
    const CONNECTIONS: u32 = 64;
    let connected = join_all((0..CONNECTIONS).map(|_| Asker::new(client, question))).await;
    let began = Instant::now();
    let one = async |(first, mut asker): (u32, Asker)| {
        let (mut seen, mut turn) = (Vec::new(), first);
        loop {
            let at = Duration::from_secs_f64(f64::from(turn) / per_second);
            if at >= time {
                return seen;
            }
            tokio::time::sleep_until((began + at).into()).await;
            let (_, is_right) = asker.ask().await;
            seen.push((began.elapsed() - at, is_right));
            turn += CONNECTIONS;
        }
    };
    let all = join_all((0..).zip(connected).map(one)).await;
    Seen::of(&all.concat(), began)
}

impl Seen {
    /// Of how long each took, and whether it was right.
    pub fn of(all: &[(Duration, bool)], began: Instant) -> Self {
        let mut times: Vec<Duration> = all.iter().map(|(took, _)| *took).collect();
        times.sort_unstable();
        let p99 = times.get(times.len() * 99 / 100);
        Self {
            per_second: all.len() as f64 / began.elapsed().as_secs_f64(),
            p99: p99.copied().unwrap_or_default(),
            wrong: all.iter().filter(|(_, is_right)| !is_right).count(),
        }
    }
}
