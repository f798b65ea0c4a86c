//! A server below HTTP level: it answers with fixed bytes or misbehaves like real
//! servers, and counts the requests.

use std::io::{Read as _, Write as _};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// What a connection gets after its request was read.
#[derive(Debug, Clone)]
pub enum Reply {
    /// Send these bytes and close.
    Bytes(Vec<u8>),
    /// Close before the request is read.
    CloseAtOnce,
    /// Close after the request is read.
    Close,
    /// Send nothing and keep the connection open.
    Hang,
    /// Send these bytes and keep the connection open.
    Stall(Vec<u8>),
    /// Send these bytes one at a time, with a pause after each.
    Drip(Vec<u8>, Duration),
    /// Send a head without a length, then an endless body.
    Endless,
}

impl Reply {
    /// A complete HTTP answer.
    pub fn http(status: &str, body: &str) -> Self {
        Self::Bytes(answer(status, "", body))
    }

    /// A SUCCESS envelope around `data`.
    pub fn success(data: &str) -> Self {
        Self::http("200 OK", &success(data))
    }

    /// An ERROR envelope with this code.
    pub fn error(status: &str, code: &str, message: &str) -> Self {
        Self::http(
            status,
            &format!(
                r#"{{"message":"{message}","messageType":"ERROR","errorCode":"{code}","data":{{}}}}"#
            ),
        )
    }
}

/// The text of a SUCCESS envelope around `data`.
pub fn success(data: &str) -> String {
    format!(r#"{{"message":"","messageType":"SUCCESS","errorCode":"OK","data":{data}}}"#)
}

/// An HTTP answer as bytes.
pub fn answer(status: &str, headers: &str, body: &str) -> Vec<u8> {
    format!(
        "HTTP/1.1 {status}\r\nContent-Length: {}\r\n{headers}\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// The server. Connections get the replies of the script in turn; the last one is
/// repeated.
pub struct RawServer {
    pub url: String,
    requests: Arc<Mutex<Vec<String>>>,
    task: tokio::task::JoinHandle<()>,
}

impl RawServer {
    pub async fn start(script: Vec<Reply>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let requests = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&requests);
        let task = tokio::spawn(async move {
            let mut script = script.into_iter();
            let mut current = script.next().unwrap();
            let mut first = true;
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                if !first {
                    current = script.next().unwrap_or(current);
                }
                first = false;
                tokio::spawn(play(stream, current.clone(), Arc::clone(&seen)));
            }
        });
        Self {
            url,
            requests,
            task,
        }
    }

    /// Every complete request, as text.
    pub fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

impl Drop for RawServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn play(mut stream: TcpStream, reply: Reply, seen: Arc<Mutex<Vec<String>>>) {
    if matches!(reply, Reply::CloseAtOnce) {
        return;
    }
    let Some(request) = read_request(&mut stream).await else {
        return;
    };
    seen.lock().unwrap().push(request);
    match reply {
        Reply::Bytes(bytes) => {
            let _ = stream.write_all(&bytes).await;
            let _ = stream.shutdown().await;
        }
        Reply::CloseAtOnce | Reply::Close => {}
        Reply::Hang => std::future::pending().await,
        Reply::Stall(bytes) => {
            let _ = stream.write_all(&bytes).await;
            std::future::pending::<()>().await;
        }
        Reply::Drip(bytes, pause) => {
            for byte in bytes {
                if stream.write_all(&[byte]).await.is_err() {
                    return;
                }
                tokio::time::sleep(pause).await;
            }
        }
        Reply::Endless => {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await;
            while stream.write_all(&[b' '; 8192]).await.is_ok() {}
        }
    }
}

async fn read_request(stream: &mut TcpStream) -> Option<String> {
    let mut bytes = Vec::new();
    while !is_whole(&bytes) {
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

/// Whether a request's head and the announced body have arrived.
fn is_whole(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    let Some((head, body)) = text.split_once("\r\n\r\n") else {
        return false;
    };
    let announced = head
        .lines()
        .find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("content-length")
                .then(|| value.trim().parse::<usize>().unwrap())
        })
        .unwrap_or(0);
    body.len() >= announced
}

/// A CA for one test.
pub struct TestCa {
    issuer: rcgen::Issuer<'static, rcgen::KeyPair>,
    pub pem: String,
}

impl TestCa {
    pub fn new() -> Self {
        let mut params = rcgen::CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
        let name = rcgen::DnType::CommonName;
        params.distinguished_name.push(name, "Test CA");
        let key = rcgen::KeyPair::generate().unwrap();
        let pem = params.self_signed(&key).unwrap().pem();
        let issuer = rcgen::Issuer::new(params, key);
        Self { issuer, pem }
    }

    /// A server certificate for `name`, valid until `year`.
    pub fn certify(&self, name: &str, year: i32) -> Identity {
        let mut params = rcgen::CertificateParams::new(vec![name.to_owned()]).unwrap();
        params.not_after = rcgen::date_time_ymd(year, 1, 1);
        let key = rcgen::KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        Identity {
            certificate: certificate.der().clone(),
            key: PrivateKeyDer::try_from(key.serialize_der()).unwrap(),
        }
    }
}

/// A certificate for `name`, valid until `year`, that signed itself, and its PEM form.
pub fn self_signed(name: &str, year: i32, is_ca: bool) -> (Identity, String) {
    let mut params = rcgen::CertificateParams::new(vec![name.to_owned()]).unwrap();
    params.not_after = rcgen::date_time_ymd(year, 1, 1);
    if is_ca {
        params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    }
    let key = rcgen::KeyPair::generate().unwrap();
    let certificate = params.self_signed(&key).unwrap();
    let identity = Identity {
        certificate: certificate.der().clone(),
        key: PrivateKeyDer::try_from(key.serialize_der()).unwrap(),
    };
    (identity, certificate.pem())
}

pub struct Identity {
    certificate: CertificateDer<'static>,
    key: PrivateKeyDer<'static>,
}

/// A TLS server on its own thread that answers every request with the same SUCCESS.
pub struct TlsServer {
    /// `https://localhost:PORT`.
    pub url: String,
    requests: Arc<Mutex<usize>>,
}

impl TlsServer {
    /// Starts a server with the certificate `identity`.
    pub fn start(identity: Identity, data: &str) -> Self {
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = rustls::ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![identity.certificate], identity.key)
            .unwrap();
        let config = Arc::new(config);
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!(
            "https://localhost:{}",
            listener.local_addr().unwrap().port()
        );
        let requests = Arc::new(Mutex::new(0));
        let seen = Arc::clone(&requests);
        let body = success(data);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let session = rustls::ServerConnection::new(Arc::clone(&config)).unwrap();
                let mut tls = rustls::StreamOwned::new(session, stream.unwrap());
                let mut bytes = Vec::new();
                let mut piece = [0; 1024];
                while !is_whole(&bytes) {
                    match tls.read(&mut piece) {
                        Ok(0) | Err(_) => break,
                        Ok(read) => bytes.extend_from_slice(&piece[..read]),
                    }
                }
                if is_whole(&bytes) {
                    *seen.lock().unwrap() += 1;
                    let _ = tls.write_all(&answer("200 OK", "", &body));
                    tls.conn.send_close_notify();
                    let _ = tls.flush();
                }
            }
        });
        Self { url, requests }
    }

    /// The number of requests received.
    pub fn requests(&self) -> usize {
        *self.requests.lock().unwrap()
    }
}
