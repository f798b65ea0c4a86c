//! Builds the `WHERE` clause of a list together with its bound values.

use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, Row};

use super::{Engine, Storage, StorageError};

/// Collects the conditions of a query and the values they bind, numbering the
/// placeholders as it goes.
#[derive(Clone, Default)]
pub(super) struct Conditions {
    /// What is read together with the table, before it.
    joined: String,
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
        let condition = self.numbered(condition, values);
        self.sql.push_str(word);
        self.sql.push_str(&condition);
    }

    /// Reads only the rows that this other source names; its `?` are placeholders too.
    /// `on` says how the two belong together.
    pub(super) fn join(&mut self, source: &str, values: impl IntoIterator<Item = Bound>, on: &str) {
        let source = self.numbered(source, values);
        // Both planners read the other source first: SQLite because it is a CROSS JOIN,
        // PostgreSQL because it has fewer rows.
        self.joined = format!("{source} CROSS JOIN ");
        self.and(on, []);
    }

    /// The text with each `?` as the next placeholder.
    pub(super) fn numbered(
        &mut self,
        text: &str,
        values: impl IntoIterator<Item = Bound>,
    ) -> String {
        let mut pieces = text.split('?');
        let mut numbered = pieces.next().unwrap_or_default().to_owned();
        for (piece, value) in pieces.zip(values) {
            self.values.push(value);
            numbered.push('$');
            numbered.push_str(&self.values.len().to_string());
            numbered.push_str(piece);
        }
        numbered
    }

    /// What to read, for `FROM`.
    pub(super) fn from(&self, table: &str) -> String {
        format!("{}{table}", self.joined)
    }

    /// Whether only the rows that another source names are read.
    pub(super) const fn is_joined(&self) -> bool {
        !self.joined.is_empty()
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

    /// How the database would run a statement, in its own words.
    pub(super) async fn plan(&self, storage: &Storage, sql: &str) -> Result<String, StorageError> {
        let (explain, column) = match storage.engine() {
            Engine::Sqlite => ("EXPLAIN QUERY PLAN", "detail"),
            Engine::Postgres => ("EXPLAIN", "QUERY PLAN"),
        };
        let mut plan = String::new();
        for row in self.fetch(storage, format!("{explain} {sql}")).await? {
            plan.push_str(row.try_get(column)?);
            plan.push('\n');
        }
        Ok(plan)
    }

    /// How many rows of `table` match; counting stops at `most`.
    pub(super) async fn count(
        &self,
        storage: &Storage,
        table: &str,
        most: usize,
    ) -> Result<usize, StorageError> {
        let sql = format!(
            "SELECT COUNT(*) FROM (SELECT 1 FROM {} {} LIMIT {most}) counted",
            self.from(table),
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
