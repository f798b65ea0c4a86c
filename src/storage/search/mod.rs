//! Finds rows by words: each list that can be searched has a table of words beside it.
//! All words of a search must be there; each may be the beginning of a longer one.

mod ask;
mod posted;
mod range;
mod words;

use std::collections::BTreeSet;

use sqlx::{AnyConnection, AssertSqlSafe};

use super::StorageError;
use super::conditions::Bound;
use crate::domain::millis::Millis;

pub(super) use ask::{Asked, RARE};
pub(super) use posted::{Posted, Slice};
pub(super) use words::{Words, of_code, of_document};

/// Whose rows a list shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whose {
    /// Those of this owner.
    Owner(String),
    /// Those of all people on this connection.
    Connection(String),
}

impl Whose {
    pub(super) const fn column(&self) -> &'static str {
        match self {
            Self::Owner(_) => "owner_id",
            Self::Connection(_) => "connection_id",
        }
    }

    pub(super) fn id(&self) -> &str {
        match self {
            Self::Owner(id) | Self::Connection(id) => id,
        }
    }
}

/// What a list is narrowed to, besides its own columns.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sought {
    /// What somebody typed: words, a reference, a thumbprint, a number.
    pub text: String,
    /// Words of an organisation's name.
    pub organisation: String,
    /// The number of a group.
    pub group: Option<i64>,
}

/// The words of one list. A row of a table of words: who may find it, the word, and time
/// and id of the row that it finds: the place of that row in a list sorted by time.
#[derive(Debug, Clone, Copy)]
pub(super) struct Index {
    table: &'static str,
    /// Whose rows are found.
    pub(super) of: &'static str,
}

pub(super) const ISSUANCES: Index = Index {
    table: "issuance_words",
    of: "issuances",
};

pub(super) const CERTIFICATES: Index = Index {
    table: "certificate_words",
    of: "certificates",
};

/// A row that words find.
#[derive(Debug, Clone, Copy)]
pub(super) struct Indexed<'a> {
    pub(super) owner_id: &'a str,
    pub(super) connection_id: &'a str,
    /// Its time in lists that are sorted by one: that of its submission, or of its
    /// expiry.
    pub(super) at: Millis,
    pub(super) id: &'a str,
}

/// Words written with one statement: what SQLite and PostgreSQL take at once is more.
const AT_ONCE: usize = 100;

impl Index {
    /// The ids of an owner's rows that have one of these words, each with that word.
    pub(super) fn rows_with(
        self,
        owner_id: &str,
        words: BTreeSet<Vec<u8>>,
    ) -> (String, Vec<Bound>) {
        let gaps = vec!["?"; words.len()].join(", ");
        let sql = format!(
            "SELECT row_id, word FROM {} WHERE owner_id = ? AND word IN ({gaps})",
            self.table
        );
        let owner = Bound::Text(owner_id.to_owned());
        let words = words.into_iter().map(Bound::Bytes);
        (sql, std::iter::once(owner).chain(words).collect())
    }

    /// Replaces the words of a row by others, and notes with which key they were made.
    pub(super) async fn replace(
        self,
        conn: &mut AnyConnection,
        row: Indexed<'_>,
        words: &BTreeSet<Vec<u8>>,
        key: &str,
    ) -> Result<(), StorageError> {
        let Self { table, of } = self;
        let delete = format!("DELETE FROM {table} WHERE row_id = $1");
        sqlx::query(AssertSqlSafe(delete))
            .bind(row.id.to_owned())
            .execute(&mut *conn)
            .await?;
        self.add(conn, row, words).await?;
        let note = format!("UPDATE {of} SET search_key = $1 WHERE id = $2");
        sqlx::query(AssertSqlSafe(note))
            .bind(key.to_owned())
            .bind(row.id.to_owned())
            .execute(conn)
            .await?;
        Ok(())
    }

    /// Adds words that the row does not have yet.
    pub(super) async fn add(
        self,
        conn: &mut AnyConnection,
        row: Indexed<'_>,
        words: &BTreeSet<Vec<u8>>,
    ) -> Result<(), StorageError> {
        let table = self.table;
        let words: Vec<&Vec<u8>> = words.iter().collect();
        for some in words.chunks(AT_ONCE) {
            let values: Vec<String> = (5..some.len() + 5)
                .map(|at| format!("($1, $2, $3, $4, ${at})"))
                .collect();
            let insert = format!(
                "INSERT INTO {table} (owner_id, connection_id, at, row_id, word) VALUES {}",
                values.join(", ")
            );
            let mut query = sqlx::query(AssertSqlSafe(insert))
                .bind(row.owner_id.to_owned())
                .bind(row.connection_id.to_owned())
                .bind(row.at.0)
                .bind(row.id.to_owned());
            for word in some {
                query = query.bind((*word).clone());
            }
            query.execute(&mut *conn).await?;
        }
        Ok(())
    }
}
