//! Requests that may be for the same holder, to warn before another one is sent.

use super::row::COLUMNS;
use super::states::listed;
use crate::domain::issuance::{Issuance, State};
use crate::storage::conditions::{Bound, Conditions};
use crate::storage::folded::sort_key;
use crate::storage::row::readable;
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
    /// The name as the column `holder_key` has it: without case and accents.
    pub(in crate::storage) fn key(&self) -> Bound {
        Bound::Bytes(sort_key(self.holder))
    }

    /// A pattern that finds the document in a text; without one it finds nothing.
    pub(in crate::storage) fn pattern(&self) -> Bound {
        let document = self.document.map(|etsi| format!("%{etsi}%"));
        Bound::Text(document.unwrap_or_default())
    }
}

/// This person's submitted requests that are neither issued nor over, for the same name
/// or the same document; the newest first.
pub async fn alike(storage: &Storage, wanted: Wanted<'_>) -> Result<Vec<Issuance>, StorageError> {
    let mut conditions = Conditions::default();
    let states = listed(State::is_open);
    conditions.and("owner_id = ?", [Bound::Text(wanted.owner_id.to_owned())]);
    conditions.and(&format!("state IN ({states})"), []);
    conditions.and("submitted_at IS NOT NULL", []);
    let values = [wanted.key(), wanted.pattern()];
    conditions.and("(holder_key = ? OR request LIKE ?)", values);
    let sql = format!(
        "SELECT {COLUMNS} FROM issuances {} ORDER BY submitted_at DESC LIMIT {MOST}",
        conditions.sql()
    );
    Ok(readable(&conditions.fetch(storage, sql).await?))
}
