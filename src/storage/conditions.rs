//! Builds the `WHERE` clause of a list together with its bound values.

use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, Row};

use super::{Storage, StorageError};

/// Collects the conditions of a query and the values they bind, numbering the
/// placeholders as it goes.
#[derive(Default)]
pub(super) struct Conditions {
    sql: String,
    values: Vec<Bound>,
}

#[derive(Clone)]
pub(super) enum Bound {
    Text(String),
    Bytes(Vec<u8>),
    Number(i64),
}

impl Conditions {
    /// Adds a condition in which each `?` is the next placeholder.
    pub(super) fn and(&mut self, condition: &str, values: impl IntoIterator<Item = Bound>) {
        let word = if self.sql.is_empty() {
            "WHERE "
        } else {
            " AND "
        };
        self.sql.push_str(word);
        let mut pieces = condition.split('?');
        self.sql.push_str(pieces.next().unwrap_or_default());
        for (piece, value) in pieces.zip(values) {
            self.values.push(value);
            self.sql.push('$');
            self.sql.push_str(&self.values.len().to_string());
            self.sql.push_str(piece);
        }
    }

    /// The clause with `WHERE` in front; empty if there are no conditions.
    pub(super) fn sql(&self) -> &str {
        &self.sql
    }

    /// Reads the rows of a statement that contains these conditions once.
    pub(super) async fn fetch(
        &self,
        storage: &Storage,
        sql: String,
    ) -> Result<Vec<AnyRow>, StorageError> {
        let mut query = sqlx::query(AssertSqlSafe(sql));
        for value in &self.values {
            query = match value.clone() {
                Bound::Text(text) => query.bind(text),
                Bound::Bytes(bytes) => query.bind(bytes),
                Bound::Number(number) => query.bind(number),
            };
        }
        Ok(query.fetch_all(storage.pool()).await?)
    }

    /// How many rows of `table` match; counting stops at `most`.
    pub(super) async fn count(
        &self,
        storage: &Storage,
        table: &str,
        most: usize,
    ) -> Result<usize, StorageError> {
        let sql = format!(
            "SELECT COUNT(*) FROM (SELECT 1 FROM {table} {} LIMIT {most}) found",
            self.sql
        );
        let rows = self.fetch(storage, sql).await?;
        let count: i64 = match rows.first() {
            Some(row) => row.try_get(0)?,
            None => 0,
        };
        Ok(usize::try_from(count).unwrap_or(most))
    }
}
