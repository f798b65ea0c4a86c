//! Requests that may be for the same holders as those that are about to be sent.

use super::row::COLUMNS;
use super::states::{in_doubt, listed};
use crate::domain::issuance::{Issuance, State};
use crate::storage::alike::{Among, Wanted};
use crate::storage::seal::KeyRing;
use crate::storage::search::ISSUANCES;
use crate::storage::{Storage, StorageError};

/// For each of these holders, this person's submitted requests for the same name or the
/// same document that may have led, or may still lead, to a certificate that is not known
/// here; the newest first.
pub async fn alike(
    storage: &Storage,
    keys: &KeyRing,
    owner_id: &str,
    wanted: &[Wanted],
) -> Result<Vec<Vec<Issuance>>, StorageError> {
    let only = not_over();
    let among = among(owner_id, &only);
    among.of_each(storage, keys, wanted).await
}

/// How the database would look for them.
pub async fn alike_plan(
    storage: &Storage,
    keys: &KeyRing,
    owner_id: &str,
    wanted: &[Wanted],
) -> Result<String, StorageError> {
    let only = not_over();
    let among = among(owner_id, &only);
    among.plan(storage, keys, wanted).await
}

fn not_over() -> String {
    let open = listed(State::is_open);
    format!("(state IN ({open}) OR {})", in_doubt("issuances"))
}

fn among<'a>(owner_id: &'a str, only: &'a str) -> Among<'a> {
    Among {
        index: ISSUANCES,
        columns: COLUMNS,
        owner_id,
        listed: "submitted_at IS NOT NULL",
        only: (only, Vec::new()),
        last_by: "submitted_at",
    }
}
