//! A small load balancer: each request goes to any node on a new connection; nodes that are
//! down are skipped. Not to the next one: people who do the same in step would send every
//! order to the same node.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

const LARGEST_HEAD: usize = 64 * 1024;

/// Listens until it is dropped.
pub struct Balancer {
    pub port: u16,
    nodes: Arc<Mutex<Vec<u16>>>,
    task: JoinHandle<()>,
}

impl Balancer {
    /// Starts a balancer for these local ports.
    pub async fn start(nodes: Vec<u16>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let nodes = Arc::new(Mutex::new(nodes));
        let task = tokio::spawn(listen(listener, Arc::clone(&nodes)));
        Self { port, nodes, task }
    }

    /// Stops listening, so that another program can have the port.
    pub async fn give_way(&mut self) -> u16 {
        self.task.abort();
        let _aborted = (&mut self.task).await;
        self.port
    }

    /// From now on only these ports get requests.
    pub fn send_only_to(&self, ports: &[u16]) {
        *self.nodes.lock().unwrap() = ports.to_vec();
    }
}

impl Drop for Balancer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn listen(listener: TcpListener, nodes: Arc<Mutex<Vec<u16>>>) {
    loop {
        let Ok((client, _)) = listener.accept().await else {
            continue;
        };
        let mut order = nodes.lock().unwrap().clone();
        if !order.is_empty() {
            let first = rand::random_range(0..order.len());
            order.rotate_left(first);
        }
        // Both ends notice a broken connection by themselves.
        tokio::spawn(async move { pass_on(client, &order).await });
    }
}

async fn pass_on(mut client: TcpStream, nodes: &[u16]) -> std::io::Result<()> {
    let Some(request) = read_head(&mut client).await? else {
        return Ok(());
    };
    for port in nodes {
        if let Ok(mut node) = TcpStream::connect(("127.0.0.1", *port)).await {
            node.write_all(&request).await?;
            copy_bidirectional(&mut client, &mut node).await?;
            return Ok(());
        }
    }
    Ok(())
}

/// Reads at least the head of the request and adds `Connection: close`.
async fn read_head(client: &mut TcpStream) -> std::io::Result<Option<Vec<u8>>> {
    let mut head = Vec::new();
    while !head.windows(4).any(|four| four == b"\r\n\r\n") {
        if client.read_buf(&mut head).await? == 0 || head.len() > LARGEST_HEAD {
            return Ok(None);
        }
    }
    let first_line = head.windows(2).position(|two| two == b"\r\n");
    let after = first_line.map_or(0, |at| at + 2);
    head.splice(after..after, *b"Connection: close\r\n");
    Ok(Some(head))
}
