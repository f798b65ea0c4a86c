//! Builds the `WHERE` clause of a list together with its bound values.

use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, Row};

use super::{Engine, Storage, StorageError};

/// Collects the conditions of a query and the values they bind. Each `?` is a placeholder;
/// numbers take their places when the statement is run.
#[derive(Clone, Default)]
pub(super) struct Conditions {
    /// What is read together with the table, before it, and its values.
    joined: (String, Vec<Bound>),
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
    /// Adds a condition.
    pub(super) fn and(&mut self, condition: &str, values: impl IntoIterator<Item = Bound>) {
        let word = if self.sql.is_empty() {
            "WHERE "
        } else {
            " AND "
        };
        self.sql.push_str(word);
        self.sql.push_str(condition);
        self.values.extend(values);
    }

    /// Reads only the rows that this other source names. `on` says how the two belong
    /// together.
    pub(super) fn join(&mut self, source: &str, values: impl IntoIterator<Item = Bound>, on: &str) {
        // Both planners read the other source first: SQLite because it is a CROSS JOIN,
        // PostgreSQL because it has fewer rows.
        self.joined = (
            format!("{source} CROSS JOIN "),
            values.into_iter().collect(),
        );
        self.and(on, []);
    }

    /// What to read, for `FROM`.
    pub(super) fn from(&self, table: &str) -> String {
        format!("{}{table}", self.joined.0)
    }

    /// Whether only the rows that another source names are read.
    pub(super) const fn is_joined(&self) -> bool {
        !self.joined.0.is_empty()
    }

    /// The clause with `WHERE` in front; empty if there are no conditions.
    pub(super) fn sql(&self) -> &str {
        &self.sql
    }

    /// All values in the order of a statement that contains these conditions once.
    pub(super) fn into_values(self) -> Vec<Bound> {
        let mut values = self.joined.1;
        values.extend(self.values);
        values
    }

    /// Reads the rows of a statement that contains these conditions once.
    pub(super) async fn fetch(
        &self,
        storage: &Storage,
        sql: String,
    ) -> Result<Vec<AnyRow>, StorageError> {
        fetch(storage, &sql, self.joined.1.iter().chain(&self.values)).await
    }

    /// How the database would run a statement, in its own words.
    pub(super) async fn plan(&self, storage: &Storage, sql: &str) -> Result<String, StorageError> {
        plan(storage, sql, self.joined.1.iter().chain(&self.values)).await
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

/// These columns of the rows of `table` with these ids.
pub(super) async fn of_ids(
    storage: &Storage,
    columns: &str,
    table: &str,
    ids: &[&str],
) -> Result<Vec<AnyRow>, StorageError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let places = vec!["?"; ids.len()].join(", ");
    let sql = format!("SELECT {columns} FROM {table} WHERE id IN ({places})");
    let ids: Vec<_> = ids.iter().map(|id| Bound::Text((*id).to_owned())).collect();
    fetch(storage, &sql, &ids).await
}

/// Reads the rows of a statement in which each `?` is the place of the next value.
pub(super) async fn fetch(
    storage: &Storage,
    sql: &str,
    values: impl IntoIterator<Item = &Bound>,
) -> Result<Vec<AnyRow>, StorageError> {
    let mut query = sqlx::query(AssertSqlSafe(numbered(sql)));
    for value in values {
        query = match value.clone() {
            Bound::Text(text) => query.bind(text),
            Bound::Bytes(bytes) => query.bind(bytes),
            Bound::Number(number) => query.bind(number),
        };
    }
    Ok(query.fetch_all(storage.pool()).await?)
}

/// How the database would run such a statement, in its own words.
pub(super) async fn plan(
    storage: &Storage,
    sql: &str,
    values: impl IntoIterator<Item = &Bound>,
) -> Result<String, StorageError> {
    let (explain, column) = match storage.engine() {
        Engine::Sqlite => ("EXPLAIN QUERY PLAN", "detail"),
        Engine::Postgres => ("EXPLAIN", "QUERY PLAN"),
    };
    let mut plan = String::new();
    for row in fetch(storage, &format!("{explain} {sql}"), values).await? {
        plan.push_str(row.try_get(column)?);
        plan.push('\n');
    }
    Ok(plan)
}

/// Both engines know `$1`; only SQLite knows `?`.
fn numbered(sql: &str) -> String {
    let mut pieces = sql.split('?');
    let mut numbered = pieces.next().unwrap_or_default().to_owned();
    for (number, piece) in (1..).zip(pieces) {
        let number: u32 = number;
        numbered.push('$');
        numbered.push_str(&number.to_string());
        numbered.push_str(piece);
    }
    numbered
}
