//! Forms submitted after the session had ended, kept for their owner until they
//! sign in again. Knows nothing of fields or paths.

use std::time::Duration;

use zeroize::Zeroizing;

use super::Portal;
use crate::domain::millis::Millis;
use crate::storage::seal::SealError;
use crate::storage::{StorageError, kept_forms};

/// How long a form is kept: long enough to sign in again.
const KEPT_FOR: Duration = Duration::from_secs(60 * 60);

/// How long an expired session is remembered, so that a form submitted late can
/// be assigned to its owner.
pub const ENDED_REMEMBERED_FOR: Duration = Duration::from_secs(24 * 60 * 60);

/// The purpose under which a form is sealed.
const TABLE: &str = "kept_forms";

/// Keeps `form` for `owner_id`, an owner or an admin, at `place`. Returns whether there was room.
pub async fn keep(
    portal: &Portal,
    owner_id: &str,
    place: &str,
    form: &[u8],
) -> Result<bool, StorageError> {
    let row = row(owner_id, place);
    let sealed = portal.keys.seal(TABLE, TABLE, &row, "form", form)?;
    let (owner_id, place) = (owner_id.to_owned(), place.to_owned());
    let until = portal.clock.now() + KEPT_FOR;
    portal
        .storage
        .write(move |conn| {
            Box::pin(async move { kept_forms::keep(conn, &owner_id, &place, &sealed, until).await })
        })
        .await
}

/// The form kept for `owner_id` at `place`.
pub async fn find(
    portal: &Portal,
    owner_id: &str,
    place: &str,
) -> Result<Option<Zeroizing<Vec<u8>>>, StorageError> {
    let now: Millis = portal.clock.now();
    let sealed = kept_forms::find(&portal.storage, owner_id, place, now).await?;
    let open = |sealed: Vec<u8>| {
        let row = row(owner_id, place);
        portal.keys.open(TABLE, TABLE, &row, "form", &sealed)
    };
    let broken = |_: SealError| StorageError::Corrupt {
        table: TABLE,
        id: owner_id.to_owned(),
    };
    sealed.map(open).transpose().map_err(broken)
}

/// The place of the form that was kept last for `owner_id`.
pub async fn latest_place(portal: &Portal, owner_id: &str) -> Result<Option<String>, StorageError> {
    kept_forms::latest_place(&portal.storage, owner_id, portal.clock.now()).await
}

/// The row that a sealed form is bound to.
fn row(owner_id: &str, place: &str) -> String {
    format!("{owner_id} {place}")
}
