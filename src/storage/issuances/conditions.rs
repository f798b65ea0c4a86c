//! Builds the `WHERE` clause of a list together with its bound values.

use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, Row};

use crate::storage::{Storage, StorageError};

/// Collects the conditions of a query and the values they bind, numbering the
/// placeholders as it goes.
pub(super) struct Conditions {
    sql: String,
    values: Vec<Bound>,
}

#[derive(Clone)]
pub(super) enum Bound {
    Text(String),
    Bytes(Vec<u8>),
}

impl Conditions {
    /// One owner's submitted issuances.
    pub(super) fn new(owner_id: &str) -> Self {
        Self {
            sql: "owner_id = $1 AND submitted_at IS NOT NULL".to_owned(),
            values: vec![Bound::Text(owner_id.to_owned())],
        }
    }

    /// Adds a condition in which each `?` is the next placeholder.
    pub(super) fn and(&mut self, condition: &str, values: impl IntoIterator<Item = Bound>) {
        self.sql.push_str(" AND ");
        let mut pieces = condition.split('?');
        self.sql.push_str(pieces.next().unwrap_or_default());
        for (piece, value) in pieces.zip(values) {
            self.values.push(value);
            self.sql.push('$');
            self.sql.push_str(&self.values.len().to_string());
            self.sql.push_str(piece);
        }
    }

    /// The conditions, to be put after `WHERE`.
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
            };
        }
        Ok(query.fetch_all(storage.pool()).await?)
    }

    /// Whether no more than `few` rows match; counting stops there.
    pub(super) async fn at_most(
        &self,
        storage: &Storage,
        few: usize,
    ) -> Result<bool, StorageError> {
        let sql = format!(
            "SELECT COUNT(*) FROM (SELECT 1 FROM issuances WHERE {} LIMIT {}) found",
            self.sql,
            few + 1
        );
        let rows = self.fetch(storage, sql).await?;
        let count: i64 = match rows.first() {
            Some(row) => row.try_get(0)?,
            None => 0,
        };
        Ok(usize::try_from(count).is_ok_and(|count| count <= few))
    }
}
