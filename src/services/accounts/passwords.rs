//! Passwords of local accounts: Argon2id, never on the threads that serve pages.

use argon2::password_hash::{Output, ParamsString, PasswordHash, SaltString};
use argon2::{Algorithm, Argon2, Block, Params, Version};

use super::hashers::{HashError, Hashers, Memory};
use crate::domain::password::{self, PasswordProblem};
use crate::domain::secret::Secret;
use crate::services::Portal;
use crate::storage::StorageError;

/// Blocks for which memory is asked for, 33 MiB: more than the system's allocator ever
/// keeps, so that it goes back when it is dropped. Only what is used counts.
const MAPPED: usize = 33 * 1024;

/// Verified if there is no such account, so that it takes as long. Uses the
/// same parameters as real hashes and matches no password.
const NOBODYS: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5cyBzYWx0IQ\
    $AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Whether this can be the password of the account with this user name: long enough, on
/// no list, and not made of names that belong to the account or the portal. Every new
/// password of an account is asked for here.
pub async fn check(
    portal: &Portal,
    username: &str,
    password: &Secret,
) -> Result<Result<(), PasswordProblem>, StorageError> {
    let connections = portal.connections.all().await?;
    let settings = connections.iter().map(|connection| &connection.settings);
    let names = settings.flat_map(|one| [one.name.as_str(), one.partner.as_str()]);
    let slugs = connections
        .iter()
        .map(|connection| connection.slug.as_str());
    let own = [username, &portal.partner_name, &portal.public_url];
    let names = own.into_iter().chain(names).chain(slugs);
    Ok(password::check(password.expose(), names))
}

/// The hash to store, as PHC text. `from` is the address of whoever asks.
pub async fn hash(hashers: &Hashers, from: &str, password: Secret) -> Result<String, HashError> {
    let work = move |memory: &mut Memory| {
        let salt: [u8; 16] = rand::random();
        let argon2 = Argon2::default();
        let output = output(&argon2, password.expose(), &salt, 32, memory)?;
        let salt = SaltString::encode_b64(&salt)?;
        let hash = PasswordHash {
            algorithm: Algorithm::default().ident(),
            version: Some(Version::default().into()),
            params: ParamsString::try_from(argon2.params())?,
            salt: Some(salt.as_salt()),
            hash: Some(Output::new(&output)?),
        };
        Ok(hash.to_string())
    };
    hashers.run(from, work).await?
}

/// Whether this is the password behind `hash`. Without a hash the answer is
/// `false`, after the same time.
pub async fn verify(
    hashers: &Hashers,
    from: &str,
    password: Secret,
    hash: Option<String>,
) -> Result<bool, HashError> {
    if password::check_length(password.expose()) == Err(PasswordProblem::TooLong) {
        return Ok(false);
    }
    let work = move |memory: &mut Memory| {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| NOBODYS.to_owned());
        Ok(is_of(&PasswordHash::new(&hash)?, &password, memory)? && known)
    };
    hashers.run(from, work).await?
}

fn is_of(
    hash: &PasswordHash<'_>,
    password: &Secret,
    memory: &mut Memory,
) -> Result<bool, HashError> {
    let (Some(salt), Some(known)) = (hash.salt, hash.hash) else {
        return Err(HashError::Failed(
            "the hash has no salt or output".to_owned(),
        ));
    };
    let algorithm = Algorithm::try_from(hash.algorithm)?;
    let version = hash
        .version
        .map_or(Ok(Version::default()), Version::try_from)?;
    let argon2 = Argon2::new(algorithm, version, Params::try_from(hash)?);
    let mut bytes = [0; 64];
    let salt = salt.decode_b64(&mut bytes)?;
    let output = output(&argon2, password.expose(), salt, known.len(), memory)?;
    // In constant time.
    Ok(Output::new(&output)? == known)
}

/// Argon2's output of so many bytes, in `memory`.
fn output(
    argon2: &Argon2<'_>,
    password: &str,
    salt: &[u8],
    length: usize,
    memory: &mut Memory,
) -> Result<Vec<u8>, HashError> {
    memory.reserve_exact(MAPPED);
    memory.resize(argon2.params().block_count(), Block::default());
    let mut output = vec![0; length];
    argon2.hash_password_into_with_memory(password.as_bytes(), salt, &mut output, memory)?;
    Ok(output)
}

#[cfg(test)]
mod tests {
    use argon2::PasswordVerifier as _;

    use super::*;

    #[tokio::test]
    async fn a_password_is_known_again_and_no_other() {
        let hashers = Hashers::default();
        let right = Secret::new("correct horse battery");
        let hash = hash(&hashers, "", right).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$"));
        let is_it = async |password: &str| {
            let password = Secret::new(password);
            verify(&hashers, "", password, Some(hash.clone())).await
        };
        assert_eq!(is_it("correct horse battery").await, Ok(true));
        assert_eq!(is_it("correct horse batterz").await, Ok(false));
        // Whoever else reads the text finds the same password behind it.
        let read = PasswordHash::new(&hash).unwrap();
        let right = b"correct horse battery";
        assert_eq!(Argon2::default().verify_password(right, &read), Ok(()));
    }

    #[tokio::test]
    async fn nobodys_password_costs_what_anybodys_costs_and_never_matches() {
        let hashers = Hashers::default();
        let ours = Secret::new("correct horse battery");
        let ours = hash(&hashers, "", ours).await.unwrap();
        let parameters = |text: &str| {
            let hash = PasswordHash::new(text).unwrap();
            let length = hash.hash.map(|output| output.len());
            let algorithm = hash.algorithm.to_string();
            (algorithm, hash.version, hash.params.to_string(), length)
        };
        assert_eq!(parameters(NOBODYS), parameters(&ours));
        let empty = verify(&hashers, "", Secret::new(""), None).await;
        assert_eq!(empty, Ok(false));
    }
}
