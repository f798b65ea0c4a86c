//! TLS 1.2 and 1.3 in the process, for portals without a proxy. The certificate can be
//! replaced while the portal runs: connections that are open stay as they are.

use std::path::Path;
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
use x509_parser::public_key::PublicKey;
use x509_parser::x509::X509Version;

use crate::config::{Complaint, PublicUrl, TlsFiles, read_file};
use crate::domain::millis::Millis;

const CERTIFICATE: &str = "RUBRICA_TLS_CERT_FILE";
const KEY: &str = "RUBRICA_TLS_KEY_FILE";

/// The bits that the cryptography asks of an RSA key.
const SHORTEST_RSA: usize = 2048;

/// The certificate that the portal shows, with its key.
#[derive(Debug)]
pub struct Certificate(RwLock<Arc<CertifiedKey>>);

impl Certificate {
    /// Reads certificate, with those that lead to its CA, and key.
    ///
    /// # Errors
    /// All that is wrong with the files.
    pub fn read(files: &TlsFiles) -> Result<Arc<Self>, Vec<Complaint>> {
        Ok(Arc::new(Self(RwLock::new(read(files)?))))
    }

    /// Reads the files anew; after an error the certificate stays.
    pub fn reload(&self, files: &TlsFiles) -> Result<(), Vec<Complaint>> {
        let fresh = read(files)?;
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = fresh;
        Ok(())
    }

    /// What is wrong with it that browsers would object to.
    pub fn odd(&self, public_url: Option<&PublicUrl>, now: Millis) -> Vec<Complaint> {
        let shown = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let Some(own) = shown.cert.first() else {
            return Vec::new();
        };
        let of_dates = X509Certificate::from_der(own)
            .ok()
            .and_then(|(_, own)| odd_about_dates(&own.validity, now));
        let of_name = public_url.and_then(|url| odd_about_name(own, url));
        let of_dates = of_dates.map(|odd| Complaint::of(CERTIFICATE, odd));
        of_dates.into_iter().chain(of_name).collect()
    }

    /// What does handshakes with it.
    ///
    /// # Errors
    /// The cryptography lacks a version of TLS.
    pub(super) fn acceptor(self: &Arc<Self>) -> Result<TlsAcceptor, Complaint> {
        let mut config = ServerConfig::builder_with_provider(provider())
            .with_safe_default_protocol_versions()
            .map_err(|error| Complaint::of(CERTIFICATE, error))?
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

fn read(files: &TlsFiles) -> Result<Arc<CertifiedKey>, Vec<Complaint>> {
    let of_certificate = failed(CERTIFICATE, &files.certificate);
    let of_key_file = failed(KEY, &files.key);
    let chain = chain(&files.certificate).map_err(&of_certificate);
    let key = key(&files.key).map_err(&of_key_file);
    let (chain, key) = match (chain, key) {
        (Ok(chain), Ok(key)) => (chain, key),
        (chain, key) => return Err(chain.err().into_iter().chain(key.err()).collect()),
    };
    let own = chain.first().cloned();
    let certified = CertifiedKey::from_der(chain, key, &provider());
    let certified = certified.map_err(|error| match error {
        rustls::Error::InconsistentKeys(_) => of_key_file(format!(
            "the key does not belong to the certificate in {}",
            files.certificate.display()
        )),
        rustls::Error::General(_) => of_key_file(bad_key(own.as_ref())),
        _ => of_certificate(bad_certificate(own.as_ref())),
    });
    certified.map(Arc::new).map_err(|wrong| vec![wrong])
}

/// The certificates in a file, of which there is one at least.
fn chain(file: &Path) -> Result<Vec<CertificateDer<'static>>, String> {
    let nothing = "there is no certificate in PEM in it";
    let content = read_file(file).map_err(|error| error.to_string())?;
    let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&content).collect();
    let chain = chain.map_err(|error| words(error, nothing))?;
    match chain.is_empty() {
        true => Err(nothing.to_owned()),
        false => Ok(chain),
    }
}

/// The key in a file.
fn key(file: &Path) -> Result<PrivateKeyDer<'static>, String> {
    let content = read_file(file).map_err(|error| error.to_string())?;
    PrivateKeyDer::from_pem_slice(&content).map_err(|error| without_key(error, &content))
}

/// Why a key cannot be used, as far as the certificate tells.
fn bad_key(own: Option<&CertificateDer<'_>>) -> String {
    let parsed = own.and_then(|own| X509Certificate::from_der(own).ok());
    let key = parsed.as_ref().map(|(_, own)| own.public_key().parsed());
    if let Some(Ok(PublicKey::RSA(rsa))) = key
        && rsa.key_size() < SHORTEST_RSA
    {
        let bits = rsa.key_size();
        return format!(
            "an RSA key of {bits} bits is too short: have a certificate issued for one of \
             {SHORTEST_RSA} or more"
        );
    }
    "this kind of key cannot be used: it must be RSA, ECDSA on P-256, P-384 or P-521, or Ed25519"
        .to_owned()
}

fn bad_certificate(own: Option<&CertificateDer<'_>>) -> String {
    let parsed = own.and_then(|own| X509Certificate::from_der(own).ok());
    match parsed {
        Some((_, own)) if own.version() != X509Version::V3 => format!(
            "its first certificate is of X.509 version {}, which browsers refuse too: have one of \
             version 3 issued",
            own.version().0 + 1
        ),
        _ => "its first certificate cannot be read".to_owned(),
    }
}

fn failed(setting: &'static str, path: &Path) -> impl Fn(String) -> Complaint {
    move |cause| Complaint::of(setting, format!("{}: {cause}", path.display()))
}

fn words(error: pem::Error, nothing: &str) -> String {
    match error {
        pem::Error::NoItemsFound => nothing.to_owned(),
        error => error.to_string(),
    }
}

/// Why there is no key in the file; both old and new forms of an encrypted one say so.
fn without_key(error: pem::Error, content: &[u8]) -> String {
    if String::from_utf8_lossy(content).contains("ENCRYPTED") {
        return "the key is encrypted: write it without a passphrase, with openssl pkey -in OLD \
            -out NEW"
            .to_owned();
    }
    words(error, "there is no private key in PEM in it")
}

fn odd_about_dates(validity: &Validity, now: Millis) -> Option<String> {
    let now = now.as_secs();
    let (from, to) = (&validity.not_before, &validity.not_after);
    if now > to.timestamp() {
        return Some(format!("the certificate expired at {to}"));
    }
    (now < from.timestamp()).then(|| format!("the certificate is not valid before {from}"))
}

fn odd_about_name(own: &CertificateDer<'_>, url: &PublicUrl) -> Option<Complaint> {
    let odd = |cause: String| {
        let odd = Complaint::of(CERTIFICATE, cause + " (");
        odd.setting("RUBRICA_PUBLIC_URL").words(")")
    };
    if !url.is_https() {
        let cause = format!("is set, but browsers are sent to {url}, without TLS");
        return Some(odd(cause));
    }
    let url = Url::parse(url.as_str()).ok()?;
    let host = url.host_str()?.trim_matches(['[', ']']);
    let name = ServerName::try_from(host).ok()?;
    let own = ParsedCertificate::try_from(own).ok()?;
    let fits = verify_server_name(&own, &name).is_ok();
    (!fits).then(|| odd(format!("the certificate is for another name than {host}")))
}
