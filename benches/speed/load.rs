//! Asks for pages over connections that stay open.

use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::support::raw_client::RawClient;

/// A connection, and the bytes of the one request that it sends again and again.
pub struct Asker {
    stream: TcpStream,
    request: Vec<u8>,
    buffer: Vec<u8>,
}

impl Asker {
    pub async fn new(client: &RawClient, path: &str) -> Self {
        let stream = client.connect().await;
        stream.set_nodelay(true).unwrap();
        Self {
            stream,
            request: client.head("GET", path, "").into_bytes(),
            buffer: vec![0; 1 << 20],
        }
    }

    /// Asks once; answers how long it took, and whether the answer was right.
    pub async fn ask(&mut self, wanted: &str) -> (Duration, bool) {
        let began = Instant::now();
        self.stream.write_all(&self.request).await.unwrap();
        let mut length = 0;
        while !is_whole(&self.buffer[..length]) {
            let read = self.stream.read(&mut self.buffer[length..]).await.unwrap();
            assert!(read > 0, "the connection was closed");
            length += read;
        }
        let took = began.elapsed();
        let answer = String::from_utf8_lossy(&self.buffer[..length]);
        let is_right = answer.starts_with("HTTP/1.1 200") && answer.contains(wanted);
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
pub async fn closed_loop(client: &RawClient, path: &str, wanted: &str, time: Duration) -> Seen {
    let began = Instant::now();
    let one = async || {
        let mut asker = Asker::new(client, path).await;
        let mut seen = Vec::new();
        while began.elapsed() < time {
            seen.push(asker.ask(wanted).await);
        }
        seen
    };
    let all = futures_util::future::join_all((0..8).map(|_| one())).await;
    let all = all.concat();
    let mut times: Vec<Duration> = all.iter().map(|(took, _)| *took).collect();
    times.sort_unstable();
    Seen {
        per_second: all.len() as f64 / began.elapsed().as_secs_f64(),
        p99: times
            .get(times.len() * 99 / 100)
            .copied()
            .unwrap_or_default(),
        wrong: all.iter().filter(|(_, is_right)| !is_right).count(),
    }
}
