//! Another program that is told something by POST: it remembers what it was told, and answers
//! with the status that it was given, or never.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// Both ends of it; clones are the same program.
#[derive(Clone, Default)]
pub struct Program {
    status: Arc<Mutex<Option<u16>>>,
    requests: Arc<Mutex<Vec<(String, String)>>>,
}

impl Program {
    /// Its origin. Until it is given a status, it answers nothing.
    pub async fn start(&self) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let this = self.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let this = this.clone();
                tokio::spawn(async move { this.answer(stream).await });
            }
        });
        origin
    }

    async fn answer(&self, mut stream: TcpStream) {
        let mut bytes = Vec::new();
        let (head, body) = loop {
            let mut some = [0; 65_536];
            match stream.read(&mut some).await {
                Ok(length @ 1..) => bytes.extend_from_slice(&some[..length]),
                // Whoever asked is gone.
                _ => return,
            }
            if let Some(request) = whole(&bytes) {
                break request;
            }
        };
        self.requests.lock().unwrap().push((head, body));
        let status = *self.status.lock().unwrap();
        let Some(status) = status else {
            // Until whoever asked has gone.
            let _gone = stream.read(&mut [0]).await;
            return;
        };
        let answer =
            format!("HTTP/1.1 {status} so\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
        let _gone = stream.write_all(answer.as_bytes()).await;
    }

    pub fn answers(&self, status: u16) {
        *self.status.lock().unwrap() = Some(status);
    }

    /// Head and body of each request so far.
    pub fn requests(&self) -> Vec<(String, String)> {
        self.requests.lock().unwrap().clone()
    }
}

pub fn header<'h>(head: &'h str, name: &str) -> Option<&'h str> {
    let lines = head.lines().filter_map(|line| line.split_once(": "));
    let mut found = lines.filter(|(one, _)| one.eq_ignore_ascii_case(name));
    found.next().map(|(_, value)| value)
}

/// Head and body, once both are there.
fn whole(bytes: &[u8]) -> Option<(String, String)> {
    let text = std::str::from_utf8(bytes).ok()?;
    let (head, body) = text.split_once("\r\n\r\n")?;
    let length: usize = header(head, "content-length")?.parse().unwrap();
    (body.len() >= length).then(|| (head.to_owned(), body.to_owned()))
}
