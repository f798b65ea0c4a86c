//! A gate in front of a server: it lets connections through until it is shut; then the
//! port refuses connections, or does not answer. Open connections continue.

use std::future::pending;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::task::JoinHandle;

pub struct Gate {
    /// `http://127.0.0.1:PORT`.
    pub url: String,
    address: SocketAddr,
    behind: String,
    open: Option<JoinHandle<()>>,
}

impl Gate {
    /// An open gate in front of the server at `url`.
    pub async fn before(url: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let behind = url.trim_start_matches("http://").to_owned();
        Self {
            url: format!("http://{address}"),
            address,
            open: Some(tokio::spawn(let_through(listener, behind.clone()))),
            behind,
        }
    }

    /// Refuses new connections.
    pub async fn shut(&mut self) {
        if let Some(open) = self.open.take() {
            open.abort();
            let _aborted = open.await;
        }
    }

    /// Neither accepts new connections nor refuses them: its queue is full.
    pub async fn hang(&mut self) {
        self.shut().await;
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_reuseaddr(true).unwrap();
        socket.bind(self.address).unwrap();
        let listener = socket.listen(1).unwrap();
        let mut queue = Vec::new();
        let soon = Duration::from_millis(300);
        while let Ok(one) = tokio::time::timeout(soon, TcpStream::connect(self.address)).await {
            queue.push(one.unwrap());
        }
        self.open = Some(tokio::spawn(async move {
            let _full = (listener, queue);
            pending().await
        }));
    }

    /// Accepts connections again, at the same port.
    pub async fn open(&mut self) {
        self.shut().await;
        let listener = TcpListener::bind(self.address).await.unwrap();
        self.open = Some(tokio::spawn(let_through(listener, self.behind.clone())));
    }
}

impl Drop for Gate {
    fn drop(&mut self) {
        if let Some(open) = &self.open {
            open.abort();
        }
    }
}

async fn let_through(listener: TcpListener, behind: String) {
    loop {
        let (mut outside, _) = listener.accept().await.unwrap();
        let behind = behind.clone();
        tokio::spawn(async move {
            let mut inside = TcpStream::connect(behind).await.unwrap();
            // Either side may close the connection; tests do so on purpose.
            let _ended = tokio::io::copy_bidirectional(&mut outside, &mut inside).await;
        });
    }
}
