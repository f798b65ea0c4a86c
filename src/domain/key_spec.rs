//! The key pairs and hashes that the portal may request from Redtrust.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::string_enum::string_enum;

/// The only supported key type.
pub const KEY_TYPE: &str = "RSA";

/// The supported providers; the first is the default.
pub const PROVIDERS: &[&str] = &["CAMERFIRMA"];

string_enum! {
    /// The hash of the CSR's signature.
    #[derive(Default)]
    pub enum HashType as "hash_type" {
        /// SHA-256.
        Sha256 = "SHA256",
        /// SHA-384, as in the vendor's example.
        #[default]
        Sha384 = "SHA384",
        /// SHA-512.
        Sha512 = "SHA512",
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

/// A key length that is not offered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not one of 2048 3072 4096")]
pub struct UnknownKeyLength(String);

impl fmt::Display for KeyLength {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.bits().fmt(f)
    }
}

impl FromStr for KeyLength {
    type Err = UnknownKeyLength;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "2048" => Ok(Self::Rsa2048),
            "3072" => Ok(Self::Rsa3072),
            "4096" => Ok(Self::Rsa4096),
            other => Err(UnknownKeyLength(other.to_owned())),
        }
    }
}

impl From<KeyLength> for u32 {
    fn from(length: KeyLength) -> Self {
        length.bits()
    }
}

impl TryFrom<u32> for KeyLength {
    type Error = UnknownKeyLength;
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
        assert!("MD5".parse::<HashType>().is_err());
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
