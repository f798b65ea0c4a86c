//! Tries messages under every reading of the key.

use aws_lc_rs::hmac;

use super::key::Reading;

/// Messages whose HMAC is the wanted signature are hits.
#[derive(Debug)]
pub(super) struct Trial<'a> {
    keys: Vec<hmac::Key>,
    readings: &'a [Reading],
    /// The wanted signature, or its beginning.
    signature: &'a [u8],
    /// HMACs computed so far.
    pub(super) tried: u64,
    pub(super) hits: Vec<Hit<'a>>,
}

/// A message that reproduces the signature.
#[derive(Debug)]
pub(super) struct Hit<'a> {
    pub(super) reading: &'a Reading,
    pub(super) message: String,
    pub(super) template: String,
}

impl<'a> Trial<'a> {
    pub(super) fn new(
        algorithm: hmac::Algorithm,
        readings: &'a [Reading],
        signature: &'a [u8],
    ) -> Self {
        let key = |reading: &Reading| hmac::Key::new(algorithm, &reading.bytes);
        Self {
            keys: readings.iter().map(key).collect(),
            readings,
            signature,
            tried: 0,
            hits: Vec::new(),
        }
    }

    pub(super) fn test(&mut self, message: &str, template: &dyn Fn() -> String) {
        for (key, reading) in self.keys.iter().zip(self.readings) {
            self.tried += 1;
            // Nothing here is to be kept secret by its timing: who asks has the key.
            if hmac::sign(key, message.as_bytes())
                .as_ref()
                .starts_with(self.signature)
            {
                self.hits.push(Hit {
                    reading,
                    message: message.to_owned(),
                    template: template(),
                });
            }
        }
    }
}
