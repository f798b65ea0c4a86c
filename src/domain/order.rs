//! The order for one certificate: shown before it is sent, stored with the
//! issuance, and repeated by a renewal.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::distinguished_name::DistinguishedName;
use super::key_spec::KeySpec;
use super::thumbprint::Thumbprint;

/// An order for one certificate. Its JSON is stored: fields may be added with a
/// default, but never renamed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Order {
    /// The name in the certificate.
    pub dn: DistinguishedName,
    /// The key type and the hash.
    #[serde(flatten)]
    pub key: KeySpec,
    /// The CA to issue it.
    pub provider: String,
    /// Our own code for the key pair, if the connection's dialect sends one: it
    /// is known before the answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_code: Option<String>,
    /// Further facts, by the connection's keys for them.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub info: BTreeMap<String, String>,
    /// The groups that may use the certificate.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub group_ids: Vec<i64>,
    /// The certificate to replace.
    #[serde(
        default,
        rename = "thumbprintToRenew",
        skip_serializing_if = "Option::is_none"
    )]
    pub renews: Option<Thumbprint>,
}

impl Order {
    /// The stored form. Contains only texts and numbers, so this cannot fail.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_that_an_older_version_stored_reads_back_whole() {
        let stored = r#"{"dn":[{"attribute":"cn","value":"Ana"}],"hashType":"SHA512",
            "keyLength":4096,"keyType":"RSA","provider":"CAMERFIRMA","requestCode":"r-1",
            "info":{"proident_9b":"x"},"groupIds":[3,5],
            "thumbprintToRenew":"ABABABABABABABABABABABABABABABABABABABAB"}"#;
        let order: Order = serde_json::from_str(stored).unwrap();
        assert_eq!(order.dn.common_name(), Some("Ana"));
        assert_eq!(
            (order.key.hash.as_str(), order.key.length.bits()),
            ("SHA512", 4096)
        );
        assert_eq!(order.request_code.as_deref(), Some("r-1"));
        assert_eq!((order.group_ids.len(), order.info.len()), (2, 1));
        assert_eq!(order.renews, Some("AB".repeat(20).parse().unwrap()));
        assert_eq!(
            serde_json::from_str::<Order>(&order.to_json()).unwrap(),
            order
        );
    }
}
