//! A real SMTP server on this machine, as much of RFC 5321 as a client needs, which
//! remembers what it has accepted.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;

/// A mail that was accepted.
#[derive(Debug, Clone)]
pub struct Received {
    pub to: Vec<String>,
    /// Headers and body as they arrived.
    pub text: String,
}

impl Received {
    /// The text without the soft line ends of quoted-printable.
    pub fn plain(&self) -> String {
        self.text.replace("=\r\n", "").replace("=3D", "=")
    }

    /// The value of a header, unfolded.
    pub fn header(&self, name: &str) -> String {
        let text = self.text.replace("\r\n ", " ");
        let line = text
            .lines()
            .find_map(|line| line.strip_prefix(&format!("{name}: ")));
        line.unwrap_or_else(|| panic!("no {name} in {text}"))
            .to_owned()
    }
}

/// What it does once it has the whole mail.
#[derive(Debug, Clone, Copy)]
pub enum Manner {
    Accept,
    /// Answers with this code and does not take it.
    Answer(u16),
    /// Takes it and closes the connection without a word.
    TakeAndHangUp,
    /// Takes it, and says so after so long.
    TakeSlowly(Duration),
    /// Never answers this command; to the mail itself (`.`), which it takes, neither.
    SilentAt(&'static str),
}

#[derive(Clone)]
pub struct SmtpServer {
    pub url: String,
    accepted: Arc<Mutex<Vec<Received>>>,
    manner: Arc<Mutex<Manner>>,
    /// Told when it falls silent.
    pub silent: Arc<Notify>,
}

impl SmtpServer {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = Self {
            url: format!("smtp://{}", listener.local_addr().unwrap()),
            accepted: Arc::default(),
            manner: Arc::new(Mutex::new(Manner::Accept)),
            silent: Arc::default(),
        };
        let this = server.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let this = this.clone();
                tokio::spawn(async move { this.talk(stream).await });
            }
        });
        server
    }

    pub fn behave(&self, manner: Manner) {
        *self.manner.lock().unwrap() = manner;
    }

    pub fn accepted(&self) -> Vec<Received> {
        self.accepted.lock().unwrap().clone()
    }

    async fn talk(&self, stream: TcpStream) -> std::io::Result<()> {
        let mut stream = BufReader::new(stream);
        stream.write_all(b"220 test\r\n").await?;
        let mut to = Vec::new();
        loop {
            let mut line = String::new();
            if stream.read_line(&mut line).await? == 0 {
                return Ok(());
            }
            let word = line.get(..4).unwrap_or_default().to_ascii_uppercase();
            self.may_be_silent(&word).await;
            let answer = match word.as_str() {
                "RCPT" => {
                    let address = line.split(['<', '>']).nth(1).unwrap_or_default();
                    to.push(address.to_owned());
                    "250 ok\r\n".to_owned()
                }
                "DATA" => {
                    stream.write_all(b"354 go on\r\n").await?;
                    let Some(text) = data(&mut stream).await? else {
                        return Ok(());
                    };
                    let to = std::mem::take(&mut to);
                    match self.take(Received { to, text }).await {
                        Some(answer) => answer,
                        None => return Ok(()),
                    }
                }
                "QUIT" => return stream.write_all(b"221 bye\r\n").await,
                _ => "250 ok\r\n".to_owned(),
            };
            stream.write_all(answer.as_bytes()).await?;
        }
    }

    fn manner(&self) -> Manner {
        *self.manner.lock().unwrap()
    }

    async fn may_be_silent(&self, word: &str) {
        if matches!(self.manner(), Manner::SilentAt(at) if at == word) {
            self.silent.notify_one();
            std::future::pending::<()>().await;
        }
    }

    async fn take(&self, mail: Received) -> Option<String> {
        let manner = self.manner();
        if let Manner::Answer(code) = manner {
            return Some(format!("{code} as told\r\n"));
        }
        self.accepted.lock().unwrap().push(mail);
        self.may_be_silent(".").await;
        match manner {
            Manner::TakeAndHangUp => return None,
            Manner::TakeSlowly(time) => tokio::time::sleep(time).await,
            _ => {}
        }
        Some("250 taken\r\n".to_owned())
    }
}

/// Everything up to the dot that stands alone; `None` if that never comes: what is broken
/// off is no mail.
async fn data(stream: &mut BufReader<TcpStream>) -> std::io::Result<Option<String>> {
    let mut text = String::new();
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await? == 0 {
            return Ok(None);
        }
        if line == ".\r\n" {
            return Ok(Some(text));
        }
        text.push_str(&line);
    }
}
