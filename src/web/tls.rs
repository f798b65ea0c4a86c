//! TLS 1.2 and 1.3 in the process, for portals without a proxy. The certificate can be
//! replaced while the portal runs: connections that are open stay as they are.

use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use rustls::ServerConfig;
use rustls::client::verify_server_name;
use rustls::crypto::{CryptoProvider, aws_lc_rs};
use rustls::pki_types::pem::{self, PemObject as _};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::server::{ClientHello, ParsedCertificate, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use tokio_rustls::TlsAcceptor;
use url::Url;
use x509_parser::certificate::{Validity, X509Certificate};
use x509_parser::prelude::FromDer as _;

use crate::config::{PublicUrl, TlsFiles};
use crate::domain::millis::Millis;

const CERTIFICATE: &str = "RUBRICA_TLS_CERT_FILE";
const KEY: &str = "RUBRICA_TLS_KEY_FILE";

/// Why the files make no certificate, as one sentence for the operator.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    #[error("{setting}: {}: {cause}", path.display())]
    File {
        setting: &'static str,
        path: PathBuf,
        cause: String,
    },
    /// The cryptography lacks a version of TLS.
    #[error("RUBRICA_TLS_CERT_FILE: {0}")]
    Versions(#[from] rustls::Error),
}

/// The certificate that the portal shows, with its key.
#[derive(Debug)]
pub struct Certificate(RwLock<Arc<CertifiedKey>>);

impl Certificate {
    /// Reads certificate, with those that lead to its CA, and key.
    pub fn read(files: &TlsFiles) -> Result<Arc<Self>, TlsError> {
        Ok(Arc::new(Self(RwLock::new(read(files)?))))
    }

    /// Reads the files anew; after an error the certificate stays.
    pub fn reload(&self, files: &TlsFiles) -> Result<(), TlsError> {
        let fresh = read(files)?;
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = fresh;
        Ok(())
    }

    /// What is wrong with it that browsers would object to, each as one sentence.
    pub fn odd(&self, public_url: Option<&PublicUrl>, now: Millis) -> Vec<String> {
        let shown = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let Some(own) = shown.cert.first() else {
            return Vec::new();
        };
        let of_dates = X509Certificate::from_der(own)
            .ok()
            .and_then(|(_, own)| odd_about_dates(&own.validity, now));
        let of_name = public_url.and_then(|url| odd_about_name(own, url));
        of_dates
            .into_iter()
            .chain(of_name)
            .map(|odd| format!("{CERTIFICATE}: {odd}"))
            .collect()
    }

    /// What does handshakes with it.
    pub(super) fn acceptor(self: &Arc<Self>) -> Result<TlsAcceptor, TlsError> {
        let mut config = ServerConfig::builder_with_provider(provider())
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_cert_resolver(Arc::clone(self) as _);
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        // Ours goes from strong to less strong.
        config.ignore_client_order = true;
        Ok(TlsAcceptor::from(Arc::new(config)))
    }
}

impl ResolvesServerCert for Certificate {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let certificate = self.0.read().unwrap_or_else(PoisonError::into_inner);
        Some(Arc::clone(&certificate))
    }
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(aws_lc_rs::default_provider())
}

fn read(files: &TlsFiles) -> Result<Arc<CertifiedKey>, TlsError> {
    let of_certificate = failed(CERTIFICATE, &files.certificate);
    let of_key_file = failed(KEY, &files.key);
    let chain = CertificateDer::pem_file_iter(&files.certificate)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|error| of_certificate(words(error, "there is no certificate in PEM in it")))?;
    if chain.is_empty() {
        return Err(of_certificate(
            "there is no certificate in PEM in it".to_owned(),
        ));
    }
    let key = PrivateKeyDer::from_pem_file(&files.key)
        .map_err(|error| of_key_file(words(error, without_key(&files.key))))?;
    let certified =
        CertifiedKey::from_der(chain, key, &provider()).map_err(|error| match error {
            rustls::Error::InconsistentKeys(_) => of_key_file(format!(
                "the key does not belong to the certificate in {}",
                files.certificate.display()
            )),
            rustls::Error::General(_) => of_key_file("this kind of key cannot be used".to_owned()),
            _ => of_certificate("its first certificate cannot be read".to_owned()),
        })?;
    Ok(Arc::new(certified))
}

fn failed(setting: &'static str, path: &Path) -> impl Fn(String) -> TlsError {
    let path = path.to_path_buf();
    move |cause| TlsError::File {
        setting,
        path: path.clone(),
        cause,
    }
}

fn words(error: pem::Error, nothing: &str) -> String {
    match error {
        pem::Error::Io(error) => error.to_string(),
        pem::Error::NoItemsFound => nothing.to_owned(),
        error => error.to_string(),
    }
}

fn without_key(path: &Path) -> &'static str {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    if text.contains("ENCRYPTED") {
        return "the key is encrypted: write it without a passphrase, with openssl pkey -in OLD \
            -out NEW";
    }
    "there is no private key in PEM in it"
}

fn odd_about_dates(validity: &Validity, now: Millis) -> Option<String> {
    let now = now.as_secs();
    let (from, to) = (&validity.not_before, &validity.not_after);
    if now > to.timestamp() {
        return Some(format!("the certificate expired at {to}"));
    }
    (now < from.timestamp()).then(|| format!("the certificate is not valid before {from}"))
}

fn odd_about_name(own: &CertificateDer<'_>, url: &PublicUrl) -> Option<String> {
    if !url.is_https() {
        return Some(format!(
            "is set, but browsers are sent to {url}, without TLS (RUBRICA_PUBLIC_URL)"
        ));
    }
    let url = Url::parse(url.as_str()).ok()?;
    let host = url.host_str()?.trim_matches(['[', ']']);
    let name = ServerName::try_from(host).ok()?;
    let own = ParsedCertificate::try_from(own).ok()?;
    verify_server_name(&own, &name)
        .is_err()
        .then(|| format!("the certificate is for another name than {host} (RUBRICA_PUBLIC_URL)"))
}
