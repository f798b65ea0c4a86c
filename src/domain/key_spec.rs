//! The key pairs and hashes that the portal may request from Redtrust.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The only supported key type.
pub const KEY_TYPE: &str = "RSA";

/// The supported providers; the first is the default.
pub const PROVIDERS: &[&str] = &["CAMERFIRMA"];

/// The hash of the CSR's signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum HashType {
    /// SHA-256.
    Sha256,
    /// SHA-384, as in the vendor's example.
    #[default]
    Sha384,
    /// SHA-512.
    Sha512,
}

impl HashType {
    /// All hashes, in the order of the form.
    pub const ALL: &'static [Self] = &[Self::Sha256, Self::Sha384, Self::Sha512];

    /// The value in the API and in the form field `hash_type`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sha256 => "SHA256",
            Self::Sha384 => "SHA384",
            Self::Sha512 => "SHA512",
        }
    }
}

/// The length of the RSA modulus.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(into = "u32", try_from = "u32")]
pub enum KeyLength {
    /// 2048 bits, as in the vendor's example.
    #[default]
    Rsa2048,
    /// 3072 bits.
    Rsa3072,
    /// 4096 bits.
    Rsa4096,
}

impl KeyLength {
    /// All lengths, in the order of the form.
    pub const ALL: &'static [Self] = &[Self::Rsa2048, Self::Rsa3072, Self::Rsa4096];

    /// The number of bits.
    pub const fn bits(self) -> u32 {
        match self {
            Self::Rsa2048 => 2048,
            Self::Rsa3072 => 3072,
            Self::Rsa4096 => 4096,
        }
    }
}

/// The properties of a key pair to request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct KeySpec {
    /// The hash of the CSR's signature.
    #[serde(rename = "hashType")]
    pub hash: HashType,
    /// The length of the key.
    #[serde(rename = "keyLength")]
    pub length: KeyLength,
}

/// A key setting that is not supported.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeySpecError {
    /// Unknown hash.
    #[error("{0:?} is not one of SHA256 SHA384 SHA512")]
    Hash(String),
    /// Unsupported length.
    #[error("{0:?} is not one of 2048 3072 4096")]
    Length(String),
}

impl fmt::Display for HashType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for HashType {
    type Err = KeySpecError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .iter()
            .copied()
            .find(|hash| hash.as_str() == text)
            .ok_or_else(|| KeySpecError::Hash(text.to_owned()))
    }
}

impl From<HashType> for String {
    fn from(hash: HashType) -> Self {
        hash.as_str().to_owned()
    }
}

impl TryFrom<String> for HashType {
    type Error = KeySpecError;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl fmt::Display for KeyLength {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.bits().fmt(f)
    }
}

impl FromStr for KeyLength {
    type Err = KeySpecError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "2048" => Ok(Self::Rsa2048),
            "3072" => Ok(Self::Rsa3072),
            "4096" => Ok(Self::Rsa4096),
            other => Err(KeySpecError::Length(other.to_owned())),
        }
    }
}

impl From<KeyLength> for u32 {
    fn from(length: KeyLength) -> Self {
        length.bits()
    }
}

impl TryFrom<u32> for KeyLength {
    type Error = KeySpecError;
    fn try_from(bits: u32) -> Result<Self, Self::Error> {
        bits.to_string().parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_is_the_vendors_example() {
        let spec = KeySpec::default();
        assert_eq!((spec.hash.as_str(), spec.length.bits()), ("SHA384", 2048));
    }

    #[test]
    fn every_choice_reads_back_what_it_writes() {
        for hash in HashType::ALL {
            assert_eq!(hash.to_string().parse(), Ok(*hash));
        }
        for length in KeyLength::ALL {
            assert_eq!(length.to_string().parse(), Ok(*length));
            assert_eq!(KeyLength::try_from(length.bits()), Ok(*length));
        }
    }

    #[test]
    fn weak_choices_are_refused() {
        assert_eq!(
            "MD5".parse::<HashType>(),
            Err(KeySpecError::Hash("MD5".into()))
        );
        for weak in ["512", "1024", " 2048", "2048.0", ""] {
            assert!(weak.parse::<KeyLength>().is_err(), "{weak:?}");
        }
        assert!(KeyLength::try_from(2047).is_err());
    }

    #[test]
    fn in_json_a_hash_is_text_and_a_length_a_number() {
        let json = serde_json::to_string(&(HashType::Sha512, KeyLength::Rsa3072)).unwrap();
        assert_eq!(json, r#"["SHA512",3072]"#);
        assert!(serde_json::from_str::<KeyLength>("1024").is_err());
    }
}
