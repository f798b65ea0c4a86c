//! All people's submitted issuances of one connection, for those who look after it.

use super::list::fetch_page;
use super::states::listed;
use crate::domain::issuance::{Issuance, State};
use crate::storage::conditions::{Bound, Conditions};
use crate::storage::{Page, Storage, StorageError};

/// One page, newest first. With `unfinished` only those whose outcome is unknown, is not
/// what was asked for, or is still to come.
pub async fn of_connection(
    storage: &Storage,
    connection_id: &str,
    unfinished: bool,
    after: Option<Vec<u8>>,
    size: u16,
) -> Result<Page<Issuance>, StorageError> {
    let mut conditions = Conditions::default();
    let connection = [Bound::Text(connection_id.to_owned())];
    conditions.and("connection_id = ? AND submitted_at IS NOT NULL", connection);
    if unfinished {
        let states = listed(|state| state.is_open() || state == State::Mismatch);
        conditions.and(&format!("state IN ({states})"), []);
    }
    if let Some(after) = after {
        conditions.and("cursor < ?", [Bound::Bytes(after)]);
    }
    fetch_page(storage, &conditions, "cursor DESC", size, |last| {
        Ok(Some(sqlx::Row::try_get(last, "cursor")?))
    })
    .await
}
