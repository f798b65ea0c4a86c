//! A client that sends whatever bytes it likes, and may stop at any of them.

use std::time::Duration;

use reqwest::header::{HeaderMap, HeaderName};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::timeout;

use super::browser::{Browser, cookie_name};
use super::page::Form;

/// What the client does after its last byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Then {
    /// Keeps the connection open in both directions.
    Wait,
    /// Says that nothing more will come.
    EndWriting,
}

/// Where to connect, and the head of the requests.
#[derive(Debug, Clone)]
pub struct RawClient {
    pub port: u16,
    /// The public URL of the portal.
    pub origin: String,
    /// The cookies.
    pub cookies: String,
}

impl RawClient {
    /// With the cookies that `browser` has for the portal at `origin`, at its own port or
    /// at `port`.
    pub fn of(browser: &Browser, origin: &str, port: Option<u16>) -> Self {
        let own: u16 = origin.rsplit(':').next().unwrap().parse().unwrap();
        let names = ["rubrica", "rubrica-pre", "rubrica-admin"];
        let cookies = names.iter().filter_map(|name| {
            let value = browser.cookie(origin, name)?;
            Some(format!("{}={value}", cookie_name(origin, name)))
        });
        Self {
            port: port.unwrap_or(own),
            origin: origin.to_owned(),
            cookies: cookies.collect::<Vec<_>>().join("; "),
        }
    }

    /// The head of a request.
    pub fn head(&self, method: &str, path: &str, more: &str) -> String {
        let (host, origin) = (self.origin.trim_start_matches("http://"), &self.origin);
        format!(
            "{method} {path} HTTP/1.1\r\nHost: {host}\r\nOrigin: {origin}\r\n\
             Cookie: {}\r\n{more}\r\n",
            self.cookies
        )
    }

    /// The head of a form that is sent as `kind`, with a body of `length` bytes.
    pub fn form_head(&self, path: &str, kind: &str, length: usize) -> String {
        let more =
            format!("Connection: close\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n");
        self.head("POST", path, &more)
    }

    pub async fn connect(&self) -> TcpStream {
        TcpStream::connect(("127.0.0.1", self.port)).await.unwrap()
    }

    /// A connection that takes only a few kilobytes at a time.
    pub async fn connect_narrowly(&self) -> TcpStream {
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_recv_buffer_size(4096).unwrap();
        let address = ([127, 0, 0, 1], self.port).into();
        socket.connect(address).await.unwrap()
    }

    /// Sends bytes and reads until the server closes the connection. `None` if that
    /// takes longer than `within`.
    pub async fn exchange(&self, bytes: &[u8], then: Then, within: Duration) -> Option<Answer> {
        let mut stream = self.connect().await;
        // The server may have refused what is still being sent.
        let _sent = stream.write_all(bytes).await;
        if then == Then::EndWriting {
            let _ended = stream.shutdown().await;
        }
        let mut answer = Vec::new();
        let read = timeout(within, stream.read_to_end(&mut answer)).await;
        // A reset after the answer is as good as an end.
        read.ok()?.ok();
        Some(Answer(String::from_utf8_lossy(&answer).into_owned()))
    }
}

/// An answer as it came.
#[derive(Debug)]
pub struct Answer(pub String);

impl Answer {
    /// The status; 0 if there was none.
    pub fn status(&self) -> u16 {
        let status = self.0.split(' ').nth(1);
        status.and_then(|status| status.parse().ok()).unwrap_or(0)
    }

    pub fn headers(&self) -> HeaderMap {
        let head = self.0.split("\r\n\r\n").next().unwrap_or("");
        let lines = head
            .lines()
            .skip(1)
            .filter_map(|line| line.split_once(": "));
        lines
            .map(|(name, value)| (name.parse::<HeaderName>().unwrap(), value.parse().unwrap()))
            .collect()
    }

    /// Whether it is one of our error pages: a cause, a way on, and a request id.
    pub fn is_problem_page(&self) -> bool {
        ["data-code=\"", "id=\"request-id\"", "<a ", "</html>"]
            .iter()
            .all(|part| self.0.contains(part))
    }

    /// The cause on the page.
    pub fn problem(&self) -> &str {
        let after = self.0.split("data-code=\"").nth(1);
        after.and_then(|rest| rest.split('"').next()).unwrap_or("")
    }
}

/// A form with a file as a browser sends it: content type and body.
pub fn multipart(form: &Form, field: &str, content: &[u8]) -> (String, Vec<u8>) {
    let form = form.clone().attach(field, "a.cer", content);
    super::browser::multipart(&form)
}
