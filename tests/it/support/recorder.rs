//! A proxy between two programs that records the bytes of both.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

type Heard = Arc<Mutex<Vec<u8>>>;

/// Listens until it is dropped.
pub struct Recorder {
    pub port: u16,
    asked: Heard,
    answered: Heard,
    task: JoinHandle<()>,
}

impl Recorder {
    /// Starts a recorder in front of the server at this address, such as
    /// `127.0.0.1:8082`.
    pub async fn before(server: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (asked, answered) = (Heard::default(), Heard::default());
        let (server, heard) = (
            server.to_owned(),
            (Arc::clone(&asked), Arc::clone(&answered)),
        );
        let task = tokio::spawn(async move {
            loop {
                let Ok((client, _)) = listener.accept().await else {
                    continue;
                };
                let (server, heard) = (server.clone(), heard.clone());
                tokio::spawn(async move {
                    let server = TcpStream::connect(server).await.unwrap();
                    let (from_client, to_client) = client.into_split();
                    let (from_server, to_server) = server.into_split();
                    tokio::join!(
                        pass_on(from_client, to_server, &heard.0),
                        pass_on(from_server, to_client, &heard.1),
                    );
                });
            }
        });
        Self {
            port,
            asked,
            answered,
            task,
        }
    }

    /// All bytes sent to the server.
    pub fn asked(&self) -> Vec<u8> {
        self.asked.lock().unwrap().clone()
    }

    /// All bytes sent by the server.
    pub fn answered(&self) -> Vec<u8> {
        self.answered.lock().unwrap().clone()
    }
}

impl Drop for Recorder {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn pass_on(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    heard: &Mutex<Vec<u8>>,
) {
    let mut some = vec![0; 16 * 1024];
    // Either side may close; the other side notices it from the next step.
    while let Ok(length @ 1..) = from.read(&mut some).await {
        heard.lock().unwrap().extend_from_slice(&some[..length]);
        if to.write_all(&some[..length]).await.is_err() {
            break;
        }
    }
    let _closed = to.shutdown().await;
}
