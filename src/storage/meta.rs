//! Single values that belong to the database as a whole, by name.

use sqlx::{Any, Executor};

use super::{Storage, StorageError};

/// The value of this name, if there is one.
pub(super) async fn value<'e>(
    from: impl Executor<'e, Database = Any>,
    name: &str,
) -> Result<Option<Vec<u8>>, StorageError> {
    let value = sqlx::query_scalar("SELECT value FROM meta WHERE name = $1")
        .bind(name.to_owned())
        .fetch_optional(from);
    Ok(value.await?)
}

/// Writes it, in place of an earlier one.
pub(super) async fn put(
    storage: &Storage,
    name: &'static str,
    value: Vec<u8>,
) -> Result<(), StorageError> {
    let work = storage.write(move |conn| {
        Box::pin(async move {
            let sql = "INSERT INTO meta (name, value) VALUES ($1, $2) \
                ON CONFLICT (name) DO UPDATE SET value = $2";
            sqlx::query(sql)
                .bind(name)
                .bind(value)
                .execute(conn)
                .await?;
            Ok(())
        })
    });
    work.await
}
