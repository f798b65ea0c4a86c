//! Passwords of local accounts: Argon2id, at most two at a time, never on the
//! threads that serve pages.

use argon2::Argon2;
use argon2::password_hash::{PasswordHash, PasswordHasher as _, PasswordVerifier as _, SaltString};
use tokio::sync::Semaphore;

use crate::domain::secret::Secret;

pub const SHORTEST: usize = 12;

/// Most characters: longer texts are never hashed.
pub const LONGEST: usize = 128;

/// Each hash takes 19 MiB and a core: password attempts queue behind each
/// other, and the rest of the portal is not slowed down.
static SLOTS: Semaphore = Semaphore::const_new(2);

/// Verified if there is no such account, so that it takes as long. Uses the
/// same parameters as real hashes and matches no password.
const NOBODYS: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5cyBzYWx0IQ\
    $AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Why a text cannot be a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasswordProblem {
    /// Fewer than [`SHORTEST`] characters.
    #[error("the password has fewer than {SHORTEST} characters")]
    TooShort,
    /// More than [`LONGEST`] characters.
    #[error("the password has more than {LONGEST} characters")]
    TooLong,
}

/// Hashing itself failed, for example for lack of memory.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the password could not be hashed: {0}")]
pub struct HashError(String);

/// Checks whether a text can be a password.
pub fn check(password: &Secret) -> Result<(), PasswordProblem> {
    match password.expose().chars().take(LONGEST + 1).count() {
        count if count < SHORTEST => Err(PasswordProblem::TooShort),
        count if count > LONGEST => Err(PasswordProblem::TooLong),
        _ => Ok(()),
    }
}

/// The hash to store, as PHC text.
pub async fn hash(password: Secret) -> Result<String, HashError> {
    in_turn(move || {
        let salt: [u8; 16] = rand::random();
        let salt = SaltString::encode_b64(&salt)?;
        let hash = Argon2::default().hash_password(password.expose().as_bytes(), &salt)?;
        Ok(hash.to_string())
    })
    .await
}

/// Whether this is the password behind `hash`. Without a hash the answer is
/// `false`, after the same time.
pub async fn verify(password: Secret, hash: Option<String>) -> Result<bool, HashError> {
    if check(&password) == Err(PasswordProblem::TooLong) {
        return Ok(false);
    }
    in_turn(move || {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| NOBODYS.to_owned());
        let hash = PasswordHash::new(&hash)?;
        let verified = Argon2::default().verify_password(password.expose().as_bytes(), &hash);
        Ok(known && verified.is_ok())
    })
    .await
}

/// The work itself holds the permit: dropping the caller does not let a third
/// hash start.
async fn in_turn<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, argon2::password_hash::Error> + Send + 'static,
) -> Result<T, HashError> {
    let place = SLOTS
        .acquire()
        .await
        .map_err(|error| HashError(error.to_string()))?;
    let done = tokio::task::spawn_blocking(move || {
        let done = work();
        drop(place);
        done
    });
    done.await
        .map_err(|error| HashError(error.to_string()))?
        .map_err(|error| HashError(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_is_known_again_and_no_other() {
        let hash = hash(Secret::new("correct horse battery")).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$"));
        let right = verify(Secret::new("correct horse battery"), Some(hash.clone())).await;
        assert_eq!(right, Ok(true));
        let wrong = verify(Secret::new("correct horse batterz"), Some(hash)).await;
        assert_eq!(wrong, Ok(false));
    }

    #[tokio::test]
    async fn nobodys_password_costs_what_anybodys_costs_and_never_matches() {
        let ours = hash(Secret::new("correct horse battery")).await.unwrap();
        let parameters = |text: &str| {
            let hash = PasswordHash::new(text).unwrap();
            let length = hash.hash.map(|output| output.len());
            let algorithm = hash.algorithm.to_string();
            (algorithm, hash.version, hash.params.to_string(), length)
        };
        assert_eq!(parameters(NOBODYS), parameters(&ours));
        assert_eq!(verify(Secret::new(""), None).await, Ok(false));
    }

    #[test]
    fn length_counts_in_characters() {
        let problem = |text: String| check(&Secret::new(text)).err();
        assert_eq!(problem("ñ".repeat(11)), Some(PasswordProblem::TooShort));
        assert_eq!(problem("ñ".repeat(12)), None);
        assert_eq!(problem("ñ".repeat(128)), None);
        assert_eq!(problem("ñ".repeat(129)), Some(PasswordProblem::TooLong));
    }
}
