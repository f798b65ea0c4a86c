//! Reads and checks the body of `csr/create`.

use aws_lc_rs::digest::{SHA256, digest};
use serde_json::Value;

use super::super::incoming::{Json, missing};
use super::super::pki::hash::Hash;
use super::super::pki::keys::KeyLength;
use super::super::pki::name::{Name, NameError};
use super::super::refusal::{ErrorCode, Refusal};

/// More than any real certificate has.
const MOST_ATTRIBUTES: usize = 40;

/// A checked request for a certificate.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) name: Name,
    /// The hash for the signatures.
    pub(super) hash: Hash,
    pub(super) length: KeyLength,
    /// `info` as JSON.
    pub(super) info: String,
    /// `groupIds`.
    pub(super) groups: Vec<i64>,
    /// `thumbprintToRenew`, in upper case without separators.
    pub(super) renews: Option<String>,
    /// `requestCode`.
    pub(super) code: Option<String>,
}

impl Asked {
    pub(super) fn read(body: &Json) -> Result<Self, Refusal> {
        let name = name(body)?;
        let hash = Hash::named(body.text("hashType")?).ok_or(ErrorCode::InvalidHashType)?;
        if body
            .optional_text("keyType")?
            .is_some_and(|kind| kind != "RSA")
        {
            return Err(ErrorCode::InvalidKeyType.into());
        }
        let length = match body.field("keyLength") {
            None => KeyLength::Bits2048,
            Some(bits) => bits
                .as_u64()
                .and_then(KeyLength::from_bits)
                .ok_or(ErrorCode::InvalidKeyLength)?,
        };
        let provider = body.optional_text("provider")?;
        if provider.is_some_and(|provider| provider != "CAMERFIRMA") {
            return Err(ErrorCode::UnknownProvider.into());
        }
        Ok(Self {
            name,
            hash,
            length,
            info: match body.field("info") {
                None => "{}".to_owned(),
                Some(info @ Value::Object(_)) => info.to_string(),
                Some(_) => return Err(ErrorCode::InvalidInfo.into()),
            },
            groups: groups(body)?,
            renews: body.optional_text("thumbprintToRenew")?.map(plain_hex),
            code: code(body)?,
        })
    }

    /// Requests with the same fingerprint are the same request.
    pub(super) fn fingerprint(&self) -> Vec<u8> {
        let what = format!(
            "{}|{:?}|{}|{:?}|{}",
            self.hash.name(),
            self.length,
            self.renews.as_deref().unwrap_or_default(),
            self.groups,
            self.info,
        );
        let bytes = [self.name.der().as_slice(), what.as_bytes()].concat();
        digest(&SHA256, &bytes).as_ref().to_vec()
    }
}

fn name(body: &Json) -> Result<Name, Refusal> {
    let invalid = |why: &str| Refusal::because(ErrorCode::InvalidDn, why);
    let list = body.field("dn").ok_or_else(|| missing("dn"))?;
    let list = list
        .as_array()
        .ok_or_else(|| invalid("dn is not an array"))?;
    if list.is_empty() || list.len() > MOST_ATTRIBUTES {
        return Err(invalid("dn is empty or too long"));
    }
    let mut name = Name::default();
    for item in list {
        let text = |field: &str| {
            item.get(field)
                .and_then(Value::as_str)
                .ok_or_else(|| invalid("dn is a list of {\"attribute\", \"value\"}"))
        };
        name.push(text("attribute")?, text("value")?)
            .map_err(|error| {
                let code = match error {
                    NameError::UnknownAttribute(_) => ErrorCode::UnknownAttribute,
                    _ => ErrorCode::InvalidDn,
                };
                Refusal::because(code, error.to_string())
            })?;
    }
    Ok(name)
}

fn groups(body: &Json) -> Result<Vec<i64>, Refusal> {
    match body.field("groupIds") {
        None => Ok(Vec::new()),
        Some(Value::Array(ids)) if ids.len() <= 100 => ids
            .iter()
            .map(|id| id.as_i64().ok_or_else(|| ErrorCode::InvalidGroupIds.into()))
            .collect(),
        Some(_) => Err(ErrorCode::InvalidGroupIds.into()),
    }
}

fn code(body: &Json) -> Result<Option<String>, Refusal> {
    let Some(code) = body.optional_text("requestCode")? else {
        return Ok(None);
    };
    let fits = (1..=100).contains(&code.len())
        && code
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    if !fits {
        return Err(ErrorCode::InvalidRequestCode.into());
    }
    Ok(Some(code.to_owned()))
}

/// Normalizes a thumbprint: people copy them with colons and spaces.
fn plain_hex(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_whitespace() && *c != ':')
        .collect::<String>()
        .to_ascii_uppercase()
}
