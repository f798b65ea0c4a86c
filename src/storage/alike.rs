//! Certificates and requests that may be for the same holders as those that are about to be
//! requested: of the same name whatever its case and accents, or of the same document, under
//! any name. A thousand holders are looked for with a few statements.

use std::collections::{BTreeMap, BTreeSet};

use sqlx::Row as _;
use sqlx::any::AnyRow;

use super::conditions::{Bound, Conditions};
use super::folded::sort_key;
use super::row::{Fields, FromRow, readable};
use super::seal::KeyRing;
use super::search::{Index, of_document};
use super::{Storage, StorageError};

/// So many holders are looked for with one statement.
const AT_ONCE: usize = 100;
/// Rows of one name, and of one document: more than people look at.
const MOST: u8 = 10;

/// Whose name or document to look for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    pub holder: String,
    /// The ETSI value of the document, if there is one.
    pub document: Option<String>,
}

impl Wanted {
    /// The same for names that differ in nothing but case and accents.
    pub fn name_key(&self) -> Vec<u8> {
        sort_key(&self.holder)
    }
}

/// Which rows of a list are looked at.
pub(super) struct Among<'a> {
    pub(super) index: Index,
    pub(super) columns: &'a str,
    pub(super) owner_id: &'a str,
    /// Holds for every row that is found, and for the index of the names.
    pub(super) listed: &'a str,
    /// What else must hold, and its values.
    pub(super) only: (&'a str, Vec<Bound>),
    /// The column by which the last ones come first.
    pub(super) last_by: &'a str,
}

/// Whose each name and document is, by their places.
type Places = BTreeMap<Vec<u8>, Vec<usize>>;

/// A row, and the name or document that it was found by.
struct Found<T> {
    id: String,
    key: Vec<u8>,
    row: T,
}

impl<T: FromRow> FromRow for Found<T> {
    fn from_row(row: &AnyRow) -> Result<Self, StorageError> {
        Ok(Self {
            id: Fields::new(row, "alike", "id").id().to_owned(),
            key: row.try_get("alike_key")?,
            row: T::from_row(row)?,
        })
    }
}

impl Among<'_> {
    /// For each of these holders, the rows that may be theirs, each once.
    pub(super) async fn of_each<T: FromRow + Clone>(
        &self,
        storage: &Storage,
        keys: &KeyRing,
        wanted: &[Wanted],
    ) -> Result<Vec<Vec<T>>, StorageError> {
        let mut all = Vec::with_capacity(wanted.len());
        for some in wanted.chunks(AT_ONCE) {
            let (sql, conditions, places) = self.statement(keys, some)?;
            let rows = conditions.fetch(storage, sql).await?;
            let mut theirs: Vec<(BTreeSet<String>, Vec<T>)> = Vec::new();
            theirs.resize_with(some.len(), Default::default);
            for found in readable::<Found<T>>(&rows) {
                for place in places.get(&found.key).into_iter().flatten() {
                    if let Some((seen, rows)) = theirs.get_mut(*place)
                        && seen.insert(found.id.clone())
                    {
                        rows.push(found.row.clone());
                    }
                }
            }
            all.extend(theirs.into_iter().map(|(_, rows)| rows));
        }
        Ok(all)
    }

    /// How the database would look for these.
    pub(super) async fn plan(
        &self,
        storage: &Storage,
        keys: &KeyRing,
        wanted: &[Wanted],
    ) -> Result<String, StorageError> {
        let (sql, conditions, _) = self.statement(keys, wanted)?;
        conditions.plan(storage, &sql).await
    }

    /// Reads only rows of these names and documents; with it, whose each of them is.
    fn statement(
        &self,
        keys: &KeyRing,
        wanted: &[Wanted],
    ) -> Result<(String, Conditions, Places), StorageError> {
        let of = self.index.of;
        let (source, values, places) = self.source(keys, wanted)?;
        let mut conditions = Conditions::default();
        let on = format!("{of}.id = found.row_id");
        conditions.join(&format!("({source}) found"), values, &on);
        conditions.and(self.listed, []);
        let (only, bound) = self.only.clone();
        conditions.and(only, bound);
        let (columns, last_by) = (self.columns, self.last_by);
        // Many people may be called the same: none of them takes another one's place.
        let sql = format!(
            "SELECT * FROM (SELECT {columns}, found.alike_key, ROW_NUMBER() OVER \
             (PARTITION BY found.alike_key ORDER BY {last_by} DESC) AS alike_place \
             FROM {} {}) found_in_order WHERE alike_place <= {MOST} ORDER BY {last_by} DESC",
            conditions.from(of),
            conditions.sql()
        );
        Ok((sql, conditions, places))
    }

    /// The ids of the rows of these names, and of these documents: both are found by an
    /// index.
    fn source(
        &self,
        keys: &KeyRing,
        wanted: &[Wanted],
    ) -> Result<(String, Vec<Bound>, Places), StorageError> {
        let (mut names, mut documents) = (BTreeSet::new(), BTreeSet::new());
        let mut places = Places::new();
        for (place, one) in wanted.iter().enumerate() {
            let name = one.name_key();
            places.entry(name.clone()).or_default().push(place);
            names.insert(name);
            let words = one.document.as_deref();
            let words = words.map(|etsi| of_document(keys, etsi)).transpose()?;
            for word in words.into_iter().flatten() {
                places.entry(word.clone()).or_default().push(place);
                documents.insert(word);
            }
        }
        let mut source = format!(
            "SELECT id AS row_id, holder_key AS alike_key FROM {} \
             WHERE owner_id = ? AND {} AND holder_key IN ({})",
            self.index.of,
            self.listed,
            vec!["?"; names.len()].join(", ")
        );
        let mut values = vec![Bound::Text(self.owner_id.to_owned())];
        values.extend(names.into_iter().map(Bound::Bytes));
        if !documents.is_empty() {
            let (rows, words) = self.index.rows_with(self.owner_id, documents);
            source = format!("{source} UNION ALL {rows}");
            values.extend(words);
        }
        Ok((source, values, places))
    }
}
