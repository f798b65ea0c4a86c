//! Requests that may be for the same holder, to warn before another one is sent.

use super::row::COLUMNS;
use super::states::listed;
use crate::domain::issuance::{Issuance, State};
use crate::storage::conditions::{Bound, Conditions};
use crate::storage::folded::sort_key;
use crate::storage::row::readable;
use crate::storage::seal::KeyRing;
use crate::storage::search::{ISSUANCES, Index, of_document};
use crate::storage::{Storage, StorageError};

/// More than people look at.
const MOST: u8 = 10;

/// Whose name or document to look for.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    pub owner_id: &'a str,
    pub holder: &'a str,
    /// The ETSI value of the document, if there is one.
    pub document: Option<&'a str>,
}

impl Wanted<'_> {
    /// Reads only this person's rows of the same name, which `listed` says of a row, or of
    /// the same document: both are found by an index.
    pub(in crate::storage) fn join(
        &self,
        conditions: &mut Conditions,
        keys: &KeyRing,
        index: Index,
        listed: &str,
    ) -> Result<(), StorageError> {
        let of = index.of;
        let mut source = format!(
            "SELECT id AS row_id FROM {of} WHERE owner_id = ? AND {listed} AND holder_key = ?"
        );
        let owner = Bound::Text(self.owner_id.to_owned());
        let mut values = vec![owner, Bound::Bytes(sort_key(self.holder))];
        if let Some(etsi) = self.document {
            let (rows, words) = index.rows_with(self.owner_id, of_document(keys, etsi)?);
            source = format!("{source} UNION {rows}");
            values.extend(words);
        }
        conditions.join(
            &format!("({source}) found"),
            values,
            &format!("{of}.id = found.row_id"),
        );
        conditions.and(listed, []);
        Ok(())
    }
}

/// This person's submitted requests that are neither issued nor over, for the same name
/// or the same document; the newest first.
pub async fn alike(
    storage: &Storage,
    keys: &KeyRing,
    wanted: Wanted<'_>,
) -> Result<Vec<Issuance>, StorageError> {
    let (sql, conditions) = statement(keys, wanted)?;
    Ok(readable(&conditions.fetch(storage, sql).await?))
}

/// How the database would look for them.
pub async fn alike_plan(
    storage: &Storage,
    keys: &KeyRing,
    wanted: Wanted<'_>,
) -> Result<String, StorageError> {
    let (sql, conditions) = statement(keys, wanted)?;
    conditions.plan(storage, &sql).await
}

fn statement(keys: &KeyRing, wanted: Wanted<'_>) -> Result<(String, Conditions), StorageError> {
    let mut conditions = Conditions::default();
    wanted.join(&mut conditions, keys, ISSUANCES, "submitted_at IS NOT NULL")?;
    conditions.and(&format!("state IN ({})", listed(State::is_open)), []);
    let sql = format!(
        "SELECT {COLUMNS} FROM {} {} ORDER BY submitted_at DESC LIMIT {MOST}",
        conditions.from("issuances"),
        conditions.sql()
    );
    Ok((sql, conditions))
}
