//! The certification request (PKCS#10) returned by `csr/create`.

use super::hash::Hash;
use super::keys::{RsaKey, pem, public_key_info};
use super::{PkiError, der};

/// Makes the request for this subject and key, as PEM, without requested extensions.
pub(crate) fn make(subject_der: &[u8], key: &RsaKey, hash: Hash) -> Result<String, PkiError> {
    let info = der::sequence(&[
        &der::unsigned(&[0]),
        subject_der,
        &public_key_info(key.public_key()),
        &der::context(0, &[]),
    ]);
    Ok(pem("CERTIFICATE REQUEST", &key.signed(&info, hash)?))
}
