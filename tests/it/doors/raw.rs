//! Requests whose target is sent byte for byte: other clients tidy addresses up.

use std::time::Duration;

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::support::app::App;
use crate::support::browser::Browser;
use crate::support::page::Page;

/// Sends a request for exactly `target`, with the cookies of `browser`.
pub async fn ask(app: &App, browser: &Browser, method: &str, target: &str) -> Page {
    let host = app.url.split("://").nth(1).unwrap();
    let cookies: Vec<String> = browser
        .cookie_names(&app.url)
        .iter()
        .map(|name| format!("{name}={}", browser.cookie(&app.url, name).unwrap()))
        .collect();
    let request = format!(
        "{method} {target} HTTP/1.1\r\nHost: {host}\r\nCookie: {}\r\nContent-Length: 0\r\n\
         Connection: close\r\n\r\n",
        cookies.join("; ")
    );
    let answer = async {
        let mut stream = TcpStream::connect(host).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.unwrap();
        // An icon is no text.
        String::from_utf8_lossy(&answer).into_owned()
    };
    let answer = tokio::time::timeout(Duration::from_secs(30), answer);
    page(app, &answer.await.unwrap())
}

fn page(app: &App, answer: &str) -> Page {
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let mut lines = head.split("\r\n");
    let status = lines.next().unwrap().split(' ').nth(1).unwrap();
    let mut headers = HeaderMap::new();
    for line in lines {
        let (name, value) = line.split_once(": ").unwrap();
        let name: HeaderName = name.parse().unwrap();
        headers.append(name, HeaderValue::from_str(value).unwrap());
    }
    Page {
        status: status.parse().unwrap(),
        headers,
        url: app.url.parse().unwrap(),
        body: body.to_owned(),
    }
}
