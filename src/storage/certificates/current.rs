//! Current certificates of a person or of a connection, page by page.

use sqlx::{AssertSqlSafe, Row};

use super::COLUMNS;
use crate::domain::certificate::Certificate;
use crate::domain::millis::Millis;
use crate::storage::paging::{cursor, read_cursor};
use crate::storage::row::readable;
use crate::storage::{Page, Storage, StorageError};

/// One page of `owner_id`'s certificates that have not been replaced, in order
/// of expiry; `after` is the `next` of the previous page.
pub async fn current(
    storage: &Storage,
    owner_id: &str,
    after: Option<Vec<u8>>,
    size: u16,
) -> Result<Page<Certificate>, StorageError> {
    page(storage, ("owner_id", owner_id), after, size).await
}

/// The same of all people on a connection.
pub async fn current_of_connection(
    storage: &Storage,
    connection_id: &str,
    after: Option<Vec<u8>>,
    size: u16,
) -> Result<Page<Certificate>, StorageError> {
    page(storage, ("connection_id", connection_id), after, size).await
}

async fn page(
    storage: &Storage,
    (column, id): (&str, &str),
    after: Option<Vec<u8>>,
    size: u16,
) -> Result<Page<Certificate>, StorageError> {
    let place = after.as_deref().and_then(read_cursor);
    let behind = match place {
        Some(_) => "AND (not_after, id) > ($2, $3)",
        None => "",
    };
    let sql = format!(
        "SELECT {COLUMNS} FROM certificates WHERE {column} = $1 AND replaced_by IS NULL {behind} \
         ORDER BY not_after, id LIMIT {}",
        u32::from(size) + 1
    );
    let mut query = sqlx::query(AssertSqlSafe(sql)).bind(id.to_owned());
    if let Some((at, id)) = place {
        query = query.bind(at.0).bind(id.to_owned());
    }
    let found = query.fetch_all(storage.pool()).await?;
    let size = usize::from(size);
    let rows: Vec<Certificate> = readable(found.iter().take(size));
    let next = match found.get(size.saturating_sub(1)) {
        Some(last) if found.len() > size => {
            let (at, id): (i64, String) = (last.try_get("not_after")?, last.try_get("id")?);
            Some(cursor(Millis(at), &id))
        }
        _ => None,
    };
    let broken = found.len().min(size) - rows.len();
    Ok(Page { rows, broken, next })
}
