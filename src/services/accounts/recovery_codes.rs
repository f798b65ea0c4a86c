//! Recovery codes: ten random ones, each good once in place of an app's code. They are
//! stored as passwords are, because they are short enough to be guessed from a plain
//! hash (ASVS 5.0, 6.5.2).

use super::hashers::{HashError, Hashers};
use super::passwords;
use crate::domain::secret::Secret;
use crate::services::ids;

/// How many an account gets.
const COUNT: usize = 10;

/// Characters of one, 50 random bits.
const LENGTH: usize = 10;

/// New codes, without their hyphens, and their hashes.
pub(super) async fn make(
    hashers: &Hashers,
    from: &str,
) -> Result<(Vec<Secret>, Vec<String>), HashError> {
    let (mut codes, mut hashes) = (Vec::new(), Vec::new());
    for _ in 0..COUNT {
        let code = Secret::new(ids::new_reference());
        hashes.push(passwords::hash(hashers, from, code.clone()).await?);
        codes.push(code);
    }
    Ok((codes, hashes))
}

/// Where in `hashes` this code is.
pub(super) async fn find(
    hashers: &Hashers,
    from: &str,
    code: String,
    hashes: &[String],
) -> Result<Option<usize>, HashError> {
    let code = Secret::new(code);
    for (at, hash) in hashes.iter().enumerate() {
        if passwords::verify(hashers, from, code.clone(), Some(hash.clone())).await? {
            return Ok(Some(at));
        }
    }
    Ok(None)
}

/// A code as it is compared, however it was typed: without blanks and hyphens, and with
/// digits for the letters that look like them.
pub(super) fn plain(typed: &str) -> String {
    let kept = typed.chars().filter(|c| c.is_ascii_alphanumeric());
    let upper = kept.map(|c| c.to_ascii_uppercase());
    let read = upper.map(|c| match c {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    });
    read.take(2 * LENGTH).collect()
}

/// Whether a plain code has the form of a recovery code.
pub(super) fn is_one(code: &str) -> bool {
    code.len() == LENGTH
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn i11_recovery_codes_are_ten_different_ones_and_found_however_they_are_typed() {
        let hashers = Hashers::default();
        let (codes, hashes) = make(&hashers, "").await.unwrap();
        let mut different: Vec<_> = codes.iter().map(Secret::expose).collect();
        different.sort_unstable();
        different.dedup();
        assert_eq!((different.len(), hashes.len()), (COUNT, COUNT));
        let third = codes[2].expose();
        assert!(is_one(third) && plain(third) == third, "{third}");
        assert!(hashes.iter().all(|hash| !hash.contains(third)));
        let typed = format!(" {}-{} ", &third[..5], third[5..].to_lowercase());
        let found = find(&hashers, "", plain(&typed), &hashes).await;
        assert_eq!(found, Ok(Some(2)));
        let other = find(&hashers, "", "0000000000".to_owned(), &hashes).await;
        assert_eq!(other, Ok(None));
        assert_eq!(plain("oil-0 1 2"), "011012");
    }
}
