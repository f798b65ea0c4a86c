//! RSA key pairs, made one at a time on their own thread.
//!
//! A 4096-bit key takes up to two seconds of one core. On a worker thread it would
//! block other calls; a single thread uses at most one core, and pages come before it.

use std::io;
use std::thread;

use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::KeyPair as _;
use data_encoding::BASE64;
use tokio::sync::{mpsc, oneshot};

use super::hash::Hash;
use super::{PkiError, der};

/// Queue length; when the queue is full, callers wait for a place.
const QUEUE: usize = 64;

/// An allowed key length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum KeyLength {
    Bits2048,
    Bits3072,
    Bits4096,
}

impl KeyLength {
    /// From the number in `keyLength`.
    pub(crate) const fn from_bits(bits: u64) -> Option<Self> {
        match bits {
            2048 => Some(Self::Bits2048),
            3072 => Some(Self::Bits3072),
            4096 => Some(Self::Bits4096),
            _ => None,
        }
    }

    const fn size(self) -> KeySize {
        match self {
            Self::Bits2048 => KeySize::Rsa2048,
            Self::Bits3072 => KeySize::Rsa3072,
            Self::Bits4096 => KeySize::Rsa4096,
        }
    }
}

pub(crate) struct RsaKey(KeyPair);

impl RsaKey {
    /// Makes a key pair. Slow: see the top of this file.
    pub(super) fn make(length: KeyLength) -> Result<Self, PkiError> {
        KeyPair::generate(length.size())
            .map(Self)
            .map_err(|_| PkiError("an RSA key pair could not be made"))
    }

    pub(super) fn from_pkcs8(der: &[u8]) -> Result<Self, PkiError> {
        KeyPair::from_pkcs8(der)
            .map(Self)
            .map_err(|_| PkiError("an RSA key pair could not be read"))
    }

    pub(crate) fn pkcs8(&self) -> Result<Vec<u8>, PkiError> {
        self.0
            .as_der()
            .map(|der| der.as_ref().to_vec())
            .map_err(|_| PkiError("an RSA key pair could not be written"))
    }

    pub(crate) fn public_key(&self) -> &[u8] {
        self.0.public_key().as_ref()
    }

    /// Signs encoded DER and returns the sequence of content, algorithm and signature.
    pub(super) fn signed(&self, to_be_signed: &[u8], hash: Hash) -> Result<Vec<u8>, PkiError> {
        let mut signature = vec![0; self.0.public_modulus_len()];
        self.0
            .sign(
                hash.encoding(),
                &SystemRandom::new(),
                to_be_signed,
                &mut signature,
            )
            .map_err(|_| PkiError("an RSA signature could not be made"))?;
        Ok(der::sequence(&[
            to_be_signed,
            &hash.algorithm(),
            &der::bit_string(&signature),
        ]))
    }
}

/// The SubjectPublicKeyInfo of a public key given as PKCS#1 DER.
pub(super) fn public_key_info(public_key: &[u8]) -> Vec<u8> {
    let rsa = der::oid(&[1, 2, 840, 113_549, 1, 1, 1]);
    let algorithm = der::sequence(&[&rsa, &der::null()]);
    der::sequence(&[&algorithm, &der::bit_string(public_key)])
}

pub(crate) fn pem(label: &str, der: &[u8]) -> String {
    let base64 = BASE64.encode(der);
    let mut text = format!("-----BEGIN {label}-----\n");
    let mut rest = base64.as_str();
    while let Some((line, tail)) = rest.split_at_checked(64) {
        text.push_str(line);
        text.push('\n');
        rest = tail;
    }
    if !rest.is_empty() {
        text.push_str(rest);
        text.push('\n');
    }
    text.push_str(&format!("-----END {label}-----\n"));
    text
}

/// Beside somebody else who is busy, a quarter of a processor: pages come first, and keys
/// are made all the same. At 19 a busy machine made hardly any.
const NICENESS: i32 = 5;

struct Order {
    length: KeyLength,
    reply: oneshot::Sender<Result<RsaKey, PkiError>>,
}

/// Name of the thread that makes key pairs.
const THREAD: &str = "sandbox-keys";

/// A handle of the thread that makes key pairs. It stops when the last handle is dropped.
#[derive(Clone)]
pub(crate) struct KeyMaker(mpsc::Sender<Order>);

impl KeyMaker {
    pub(crate) fn start() -> io::Result<Self> {
        let (orders, mut queue) = mpsc::channel::<Order>(QUEUE);
        thread::Builder::new()
            .name(THREAD.to_owned())
            .spawn(move || {
                // On Linux each thread has its own; where it has none, keys are made all the same.
                let _ = rustix::process::nice(NICENESS);
                while let Some(order) = queue.blocking_recv() {
                    // Skip the order if the caller has stopped waiting.
                    if !order.reply.is_closed() {
                        let _ = order.reply.send(RsaKey::make(order.length));
                    }
                }
            })?;
        Ok(Self(orders))
    }

    /// Waits in the queue, then for the key pair.
    pub(crate) async fn make(&self, length: KeyLength) -> Result<RsaKey, PkiError> {
        const GONE: PkiError = PkiError("the thread that makes key pairs is gone");
        let (reply, key) = oneshot::channel();
        self.0
            .send(Order { length, reply })
            .await
            .map_err(|_| GONE)?;
        key.await.map_err(|_| GONE)?
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn pages_come_before_keys() {
        let keys = KeyMaker::start().unwrap();
        keys.make(KeyLength::Bits2048).await.unwrap();
        let mut priorities = Vec::new();
        for thread in std::fs::read_dir("/proc/self/task").unwrap().flatten() {
            let stat = std::fs::read_to_string(thread.path().join("stat")).unwrap_or_default();
            let Some((name, rest)) = stat.rsplit_once(") ") else {
                continue;
            };
            if name.ends_with(THREAD) {
                priorities.push(rest.split(' ').nth(16).unwrap().to_owned());
            }
        }
        assert!(priorities.contains(&NICENESS.to_string()), "{priorities:?}");
    }

    #[test]
    fn pem_lines_are_64_characters_and_none_is_empty() {
        assert_eq!(
            pem("X", &[0; 48]),
            format!("-----BEGIN X-----\n{}\n-----END X-----\n", "A".repeat(64))
        );
        assert_eq!(
            pem("X", &[0; 3]),
            "-----BEGIN X-----\nAAAA\n-----END X-----\n"
        );
    }
}
