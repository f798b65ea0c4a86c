//! The body of `csr/create`, and the results of the two CSR calls.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::domain::distinguished_name::DistinguishedName;
use crate::domain::issuance::ServerMessage;
use crate::domain::key_spec::{HashType, KEY_TYPE, KeyLength};
use crate::domain::order::Order;
use crate::domain::thumbprint::Thumbprint;

/// The documented body of `csr/create`; missing values are left out.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CsrCreateBody<'a> {
    dn: &'a DistinguishedName,
    hash_type: HashType,
    key_length: KeyLength,
    key_type: &'static str,
    provider: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_code: Option<&'a str>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    info: &'a BTreeMap<String, String>,
    #[serde(skip_serializing_if = "<[i64]>::is_empty")]
    group_ids: &'a [i64],
    #[serde(skip_serializing_if = "Option::is_none")]
    thumbprint_to_renew: Option<&'a Thumbprint>,
}

impl<'a> From<&'a Order> for CsrCreateBody<'a> {
    fn from(order: &'a Order) -> Self {
        Self {
            dn: &order.dn,
            hash_type: order.key.hash,
            key_length: order.key.length,
            key_type: KEY_TYPE,
            provider: &order.provider,
            request_code: order.request_code.as_deref(),
            info: &order.info,
            group_ids: &order.group_ids,
            thumbprint_to_renew: order.renews.as_ref(),
        }
    }
}

/// The result of `csr/create`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CsrCreated {
    /// Redtrust's identifier of the key pair.
    pub request_code: String,
    /// The CSR as received: PEM or plain Base64.
    pub csr: Option<String>,
    /// What a WARNING said.
    pub warning: Option<ServerMessage>,
}

/// The result of `csr/finalize`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finalized {
    /// `idCertificate`.
    pub certificate_id: String,
    /// The thumbprint of the new certificate.
    pub thumbprint: Thumbprint,
    /// The request code, if the answer repeats it.
    pub request_code: Option<String>,
    /// What a WARNING said.
    pub warning: Option<ServerMessage>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::distinguished_name::Attribute;
    use crate::domain::key_spec::KeySpec;

    fn tutorial() -> Order {
        Order {
            dn: DistinguishedName::new(vec![Attribute::new("cn", "HOLDER_NAME")]),
            key: KeySpec::default(),
            provider: "CAMERFIRMA".into(),
            request_code: None,
            info: BTreeMap::new(),
            group_ids: Vec::new(),
            renews: None,
        }
    }

    fn body(order: &Order) -> String {
        serde_json::to_string(&CsrCreateBody::from(order)).unwrap()
    }

    #[test]
    fn the_body_is_the_one_of_the_vendors_tutorial() {
        assert_eq!(
            body(&tutorial()),
            r#"{"dn":[{"attribute":"cn","value":"HOLDER_NAME"}],"hashType":"SHA384","keyLength":2048,"keyType":"RSA","provider":"CAMERFIRMA"}"#
        );
    }

    #[test]
    fn everything_that_is_requested_is_in_the_body() {
        let order = Order {
            request_code: Some("r-1".into()),
            info: BTreeMap::from([("proident_9b".into(), "x".into())]),
            group_ids: vec![3, 5],
            renews: Some("AB".repeat(20).parse().unwrap()),
            ..tutorial()
        };
        assert_eq!(
            body(&order),
            r#"{"dn":[{"attribute":"cn","value":"HOLDER_NAME"}],"hashType":"SHA384","keyLength":2048,"keyType":"RSA","provider":"CAMERFIRMA","requestCode":"r-1","info":{"proident_9b":"x"},"groupIds":[3,5],"thumbprintToRenew":"ABABABABABABABABABABABABABABABABABABABAB"}"#
        );
    }
}
