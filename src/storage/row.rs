//! Reads the fields of a row; errors name the table and the row.

use std::str::FromStr;

use sqlx::any::AnyRow;
use sqlx::{Any, Decode, Row, Type};

use super::StorageError;
use super::seal::{KeyRing, bound};
use crate::domain::millis::Millis;
use crate::domain::secret::Secret;

/// What a row holds.
pub(super) trait FromRow: Sized {
    fn from_row(row: &AnyRow) -> Result<Self, StorageError>;
}

/// The readable ones of `rows`. A broken row is logged and does not block the
/// others.
pub(super) fn readable<'r, T: FromRow>(rows: impl IntoIterator<Item = &'r AnyRow>) -> Vec<T> {
    let understood = |row| match T::from_row(row) {
        Ok(value) => Some(value),
        Err(error) => {
            tracing::error!(event = "row_not_read", %error);
            None
        }
    };
    rows.into_iter().filter_map(understood).collect()
}

pub(super) struct Fields<'r> {
    row: &'r AnyRow,
    table: &'static str,
    id: String,
}

impl<'r> Fields<'r> {
    /// A row of `table` with its id in `id_column`.
    pub(super) fn new(row: &'r AnyRow, table: &'static str, id_column: &str) -> Self {
        let id = row.try_get(id_column).unwrap_or_else(|_| "?".to_owned());
        Self { row, table, id }
    }

    /// A row of `table` whose id is known already.
    pub(super) fn with_id(row: &'r AnyRow, table: &'static str, id: &str) -> Self {
        Self {
            row,
            table,
            id: id.to_owned(),
        }
    }

    pub(super) fn id(&self) -> &str {
        &self.id
    }

    pub(super) fn into_id(self) -> String {
        self.id
    }

    /// The error that this row is invalid.
    pub(super) fn corrupt(&self) -> StorageError {
        StorageError::Corrupt {
            table: self.table,
            id: self.id.clone(),
        }
    }

    fn get<T: Decode<'r, Any> + Type<Any>>(&self, column: &str) -> Result<T, StorageError> {
        self.row.try_get(column).map_err(|_| self.corrupt())
    }

    pub(super) fn text(&self, column: &str) -> Result<String, StorageError> {
        self.get(column)
    }

    /// A text or NULL.
    pub(super) fn text_or_null(&self, column: &str) -> Result<Option<String>, StorageError> {
        self.get(column)
    }

    /// A text that parses as `T`.
    pub(super) fn parsed<T: FromStr>(&self, column: &str) -> Result<T, StorageError> {
        let text: &str = self.get(column)?;
        text.parse().map_err(|_| self.corrupt())
    }

    /// A text that parses as `T`, or NULL.
    pub(super) fn parsed_or_null<T: FromStr>(
        &self,
        column: &str,
    ) -> Result<Option<T>, StorageError> {
        let text: Option<&str> = self.get(column)?;
        text.map(|text| text.parse().map_err(|_| self.corrupt()))
            .transpose()
    }

    /// A text with the JSON of a `T`.
    pub(super) fn json<T: serde::de::DeserializeOwned>(
        &self,
        column: &str,
    ) -> Result<T, StorageError> {
        let text: &str = self.get(column)?;
        serde_json::from_str(text).map_err(|_| self.corrupt())
    }

    /// A text with the JSON of a `T`, or NULL.
    pub(super) fn json_or_null<T: serde::de::DeserializeOwned>(
        &self,
        column: &str,
    ) -> Result<Option<T>, StorageError> {
        let text: Option<&str> = self.get(column)?;
        text.map(|text| serde_json::from_str(text).map_err(|_| self.corrupt()))
            .transpose()
    }

    pub(super) fn integer(&self, column: &str) -> Result<i64, StorageError> {
        self.get(column)
    }

    /// An integer or NULL.
    pub(super) fn integer_or_null(&self, column: &str) -> Result<Option<i64>, StorageError> {
        self.get(column)
    }

    /// 0 or 1.
    pub(super) fn flag(&self, column: &str) -> Result<bool, StorageError> {
        Ok(self.integer(column)? != 0)
    }

    pub(super) fn millis(&self, column: &str) -> Result<Millis, StorageError> {
        Ok(Millis(self.integer(column)?))
    }

    /// A time or NULL.
    pub(super) fn millis_or_null(&self, column: &str) -> Result<Option<Millis>, StorageError> {
        Ok(self.integer_or_null(column)?.map(Millis))
    }

    pub(super) fn bytes(&self, column: &str) -> Result<Vec<u8>, StorageError> {
        self.get(column)
    }

    /// Bytes or NULL.
    pub(super) fn bytes_or_null(&self, column: &str) -> Result<Option<Vec<u8>>, StorageError> {
        self.get(column)
    }

    /// A sealed text or NULL, opened.
    pub(super) fn secret_or_null(
        &self,
        keys: &KeyRing,
        column: &str,
    ) -> Result<Option<Secret>, StorageError> {
        let sealed = self.bytes_or_null(column)?;
        sealed
            .map(|sealed| self.open(keys, column, &sealed))
            .transpose()
    }

    /// A text or NULL that is sealed for one server, opened.
    pub(super) fn bound_or_null(
        &self,
        keys: &KeyRing,
        column: &str,
        server: &str,
    ) -> Result<Option<Secret>, StorageError> {
        let sealed = self.bytes_or_null(column)?;
        sealed
            .map(|sealed| self.open(keys, &bound(column, server), &sealed))
            .transpose()
    }

    /// A text that is sealed for one server, opened.
    pub(super) fn bound(
        &self,
        keys: &KeyRing,
        column: &str,
        server: &str,
    ) -> Result<Secret, StorageError> {
        self.open(keys, &bound(column, server), &self.bytes(column)?)
    }

    /// The purpose of the seal is the table's name.
    fn open(&self, keys: &KeyRing, column: &str, sealed: &[u8]) -> Result<Secret, StorageError> {
        let plain = keys
            .open(self.table, self.table, &self.id, column, sealed)
            .map_err(|_| self.corrupt())?;
        let text = std::str::from_utf8(&plain).map_err(|_| self.corrupt())?;
        Ok(Secret::new(text))
    }

    pub(super) fn hash(&self, column: &str) -> Result<[u8; 32], StorageError> {
        self.bytes(column)?.try_into().map_err(|_| self.corrupt())
    }
}
