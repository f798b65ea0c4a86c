//! What is asked of `csr/create`, and what the two calls bring.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::domain::distinguished_name::DistinguishedName;
use crate::domain::key_spec::{HashType, KEY_TYPE, KeyLength, KeySpec};
use crate::domain::thumbprint::Thumbprint;

/// What `csr/create` is asked for. Its JSON is the documented body, and is
/// stored with the issuance as the record of what was asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "Body", try_from = "Body")]
pub struct CsrCreate {
    /// The name in the certificate.
    pub dn: DistinguishedName,
    /// The key pair and the hash.
    pub key: KeySpec,
    /// Whose CA it is.
    pub provider: String,
    /// Our own code, where the connection's dialect sends one.
    pub request_code: Option<String>,
    /// Further facts by name.
    pub info: BTreeMap<String, String>,
    /// The groups that may use the certificate.
    pub group_ids: Vec<i64>,
    /// The certificate to be replaced.
    pub thumbprint_to_renew: Option<Thumbprint>,
}

/// The documented body; what is absent is left out.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Body {
    dn: DistinguishedName,
    hash_type: HashType,
    key_length: KeyLength,
    key_type: String,
    provider: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    request_code: Option<String>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    info: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    group_ids: Vec<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    thumbprint_to_renew: Option<Thumbprint>,
}

impl From<CsrCreate> for Body {
    fn from(asked: CsrCreate) -> Self {
        Self {
            dn: asked.dn,
            hash_type: asked.key.hash,
            key_length: asked.key.length,
            key_type: KEY_TYPE.to_owned(),
            provider: asked.provider,
            request_code: asked.request_code,
            info: asked.info,
            group_ids: asked.group_ids,
            thumbprint_to_renew: asked.thumbprint_to_renew,
        }
    }
}

/// A stored request for another kind of key than RSA.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a key type that is asked for here")]
struct OtherKeyType(String);

impl TryFrom<Body> for CsrCreate {
    type Error = OtherKeyType;

    fn try_from(body: Body) -> Result<Self, OtherKeyType> {
        if body.key_type != KEY_TYPE {
            return Err(OtherKeyType(body.key_type));
        }
        Ok(Self {
            dn: body.dn,
            key: KeySpec {
                hash: body.hash_type,
                length: body.key_length,
            },
            provider: body.provider,
            request_code: body.request_code,
            info: body.info,
            group_ids: body.group_ids,
            thumbprint_to_renew: body.thumbprint_to_renew,
        })
    }
}

/// What `csr/create` brings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CsrCreated {
    /// Redtrust's name for the key pair.
    pub request_code: String,
    /// The CSR as it came: PEM or bare Base64.
    pub csr: Option<String>,
}

/// What `csr/finalize` brings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finalized {
    /// `idCertificate`.
    pub certificate_id: String,
    /// The new certificate's thumbprint.
    pub thumbprint: Thumbprint,
    /// The request code, where the answer repeats it.
    pub request_code: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::distinguished_name::Attribute;

    fn tutorial() -> CsrCreate {
        CsrCreate {
            dn: DistinguishedName::new(vec![Attribute::new("cn", "HOLDER_NAME")]),
            key: KeySpec::default(),
            provider: "CAMERFIRMA".into(),
            request_code: None,
            info: BTreeMap::new(),
            group_ids: Vec::new(),
            thumbprint_to_renew: None,
        }
    }

    #[test]
    fn the_body_is_the_one_of_the_vendors_tutorial() {
        assert_eq!(
            serde_json::to_string(&tutorial()).unwrap(),
            r#"{"dn":[{"attribute":"cn","value":"HOLDER_NAME"}],"hashType":"SHA384","keyLength":2048,"keyType":"RSA","provider":"CAMERFIRMA"}"#
        );
    }

    #[test]
    fn a_stored_request_reads_back_whole() {
        let asked = CsrCreate {
            request_code: Some("r-1".into()),
            info: BTreeMap::from([("proident_9b".into(), "x".into())]),
            group_ids: vec![3, 5],
            thumbprint_to_renew: Some("AB".repeat(20).parse().unwrap()),
            ..tutorial()
        };
        let json = serde_json::to_string(&asked).unwrap();
        assert_eq!(serde_json::from_str::<CsrCreate>(&json).unwrap(), asked);
    }
}
