//! The beginning of a TLS handshake: far enough to see the server's certificate, and
//! never further, so that nothing can be sent over it.

use std::io::{self, Write as _};
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{
    AlertDescription, ClientConfig, ClientConnection, DigitallySignedStruct, Error, SignatureScheme,
};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::ports::connect;
use super::{Probe, ServerCertificate};

/// Why no certificate was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoHandshake {
    /// The server speaks plain HTTP.
    PlainHttp,
    /// The server shares no version or algorithm with us: it offers only old ones.
    TooOld,
    /// The server ended the conversation, or speaks another protocol.
    NotTls,
    /// The server did not answer in time.
    TimedOut,
}

impl Probe {
    /// The certificate that the server shows at one of its addresses. Nobody has checked
    /// it yet.
    ///
    /// # Errors
    /// [`NoHandshake`].
    pub async fn certificate(&self, address: IpAddr) -> Result<ServerCertificate, NoHandshake> {
        let seen = Arc::new(Seen::default());
        let shaken = timeout(self.connect_timeout, self.shake(address, &seen)).await;
        if let Some(der) = seen.take() {
            return ServerCertificate::parse(&der).ok_or(NoHandshake::NotTls);
        }
        let reason = match shaken {
            Ok(Err(reason)) => reason,
            Ok(Ok(())) => NoHandshake::NotTls,
            Err(_) => NoHandshake::TimedOut,
        };
        let may_be_http = matches!(reason, NoHandshake::NotTls | NoHandshake::TimedOut);
        if may_be_http && self.speaks_http(address).await {
            return Err(NoHandshake::PlainHttp);
        }
        Err(reason)
    }

    async fn shake(&self, address: IpAddr, seen: &Arc<Seen>) -> Result<(), NoHandshake> {
        let mut stream = self.stream(address).await?;
        let mut tls = self.conversation(seen).ok_or(NoHandshake::NotTls)?;
        let mut piece = vec![0; 16 * 1024];
        while tls.is_handshaking() {
            let mut out = Vec::new();
            while tls.wants_write() {
                tls.write_tls(&mut out).map_err(|_| NoHandshake::NotTls)?;
            }
            let gone = |_: io::Error| NoHandshake::NotTls;
            stream.write_all(&out).await.map_err(gone)?;
            let length = stream.read(&mut piece).await.map_err(gone)?;
            let mut read = piece.get(..length).unwrap_or_default();
            if read.is_empty() {
                return Err(NoHandshake::NotTls);
            }
            if read.starts_with(b"HTTP/") {
                return Err(NoHandshake::PlainHttp);
            }
            while !read.is_empty() {
                tls.read_tls(&mut read).map_err(gone)?;
                tls.process_new_packets().map_err(|error| reason(&error))?;
            }
        }
        Ok(())
    }

    fn conversation(&self, seen: &Arc<Seen>) -> Option<ClientConnection> {
        let name = ServerName::try_from(self.host().trim_matches(['[', ']']).to_owned()).ok()?;
        let config = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .ok()?
            .dangerous()
            .with_custom_certificate_verifier(Arc::<Seen>::clone(seen))
            .with_no_client_auth();
        ClientConnection::new(Arc::new(config), name).ok()
    }

    /// Whether plain HTTP gets an answer in HTTP.
    async fn speaks_http(&self, address: IpAddr) -> bool {
        let asking = async {
            let mut stream = self.stream(address).await.ok()?;
            let mut request = Vec::new();
            write!(
                request,
                "HEAD / HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n",
                self.host()
            )
            .ok()?;
            stream.write_all(&request).await.ok()?;
            let mut start = [0; 5];
            stream.read_exact(&mut start).await.ok()?;
            Some(start == *b"HTTP/")
        };
        timeout(self.connect_timeout, asking).await == Ok(Some(true))
    }

    async fn stream(&self, address: IpAddr) -> Result<TcpStream, NoHandshake> {
        let connected = connect(address, self.port, self.connect_timeout).await;
        connected.map_err(|_| NoHandshake::NotTls)
    }
}

fn reason(error: &Error) -> NoHandshake {
    match error {
        Error::PeerIncompatible(_)
        | Error::AlertReceived(
            AlertDescription::ProtocolVersion
            | AlertDescription::HandshakeFailure
            | AlertDescription::InsufficientSecurity,
        ) => NoHandshake::TooOld,
        _ => NoHandshake::NotTls,
    }
}

/// Remembers the server's certificate and rejects it, which ends the handshake.
#[derive(Debug, Default)]
struct Seen(Mutex<Option<Vec<u8>>>);

impl Seen {
    fn take(&self) -> Option<Vec<u8>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl ServerCertVerifier for Seen {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(end_entity.to_vec());
        Err(never())
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Err(never())
    }

    fn verify_tls13_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Err(never())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        let provider = aws_lc_rs::default_provider();
        provider
            .signature_verification_algorithms
            .supported_schemes()
    }
}

fn never() -> Error {
    Error::General("only looking".to_owned())
}
