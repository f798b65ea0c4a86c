//! A small balancer: each request goes to the next node, as a connection of
//! its own; nodes that are down are passed over.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// The largest head of a request that is read.
const LARGEST_HEAD: usize = 64 * 1024;

/// Listens for as long as it lives.
pub struct Balancer {
    /// Where.
    pub port: u16,
    nodes: Arc<Mutex<Vec<u16>>>,
    task: JoinHandle<()>,
}

impl Balancer {
    /// Before these ports of this machine.
    pub async fn start(nodes: Vec<u16>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let nodes = Arc::new(Mutex::new(nodes));
        let task = tokio::spawn(listen(listener, Arc::clone(&nodes)));
        Self { port, nodes, task }
    }

    /// From now on only these get requests.
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
    let turn = AtomicUsize::new(0);
    loop {
        let Ok((client, _)) = listener.accept().await else {
            continue;
        };
        let mut order = nodes.lock().unwrap().clone();
        if !order.is_empty() {
            let first = turn.fetch_add(1, Ordering::SeqCst) % order.len();
            order.rotate_left(first);
        }
        // A connection that breaks tells its two ends by itself.
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

/// The request up to the end of its head, or a little more, asking for the
/// connection to be closed after the answer.
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
