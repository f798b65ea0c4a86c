//! Rows that decide whom the portal trusts. Each is sealed with the master key:
//! whoever can write to the database but not seal cannot change one unseen. The seal
//! covers the audit entry of the last change as well, so that the audit cannot be cut
//! off before it.
//!
//! A row without a seal is as bad as one with a broken seal. Rows of older versions
//! are sealed once, at the first start after the upgrade.

use serde_json::{Value, json};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe};

use super::StorageError;
use super::one_row::OneRow as _;
use super::row::Fields;
use super::seal::KeyRing;
use crate::domain::digest::sha256;

const PURPOSE: &str = "row";
const SEAL: &str = "row_seal";

/// A column whose value is sealed.
#[derive(Debug, Clone, Copy)]
pub(super) enum Column {
    Text(&'static str),
    Integer(&'static str),
    Bytes(&'static str),
}

/// A table with sealed rows; they have an `id`.
#[derive(Debug)]
pub(super) struct SealedTable {
    pub(super) name: &'static str,
    /// What a row is called.
    pub(super) noun: &'static str,
    /// The column by which people know a row; unique.
    pub(super) known_by: &'static str,
    pub(super) columns: &'static [Column],
    /// Columns of later versions: sealed with their names, unless they are NULL, so
    /// that the seals of earlier versions hold.
    pub(super) later: &'static [Column],
    /// Columns that are read with the others and not sealed.
    pub(super) unsealed: &'static [&'static str],
}

/// The columns that say which audit entry describes the last change.
const STAMP: [Column; 2] = [Column::Integer("audit_seq"), Column::Bytes("audit_hash")];

impl Column {
    const fn name(self) -> &'static str {
        match self {
            Self::Text(name) | Self::Integer(name) | Self::Bytes(name) => name,
        }
    }

    fn value(self, fields: &Fields<'_>) -> Result<Value, StorageError> {
        Ok(match self {
            Self::Text(name) => json!(fields.text_or_null(name)?),
            Self::Integer(name) => json!(fields.integer_or_null(name)?),
            Self::Bytes(name) => json!(fields.bytes_or_null(name)?),
        })
    }
}

impl SealedTable {
    fn all(&self) -> impl Iterator<Item = Column> {
        self.columns.iter().copied().chain(STAMP)
    }

    /// Selects all columns that [`SealedTable::holds`] needs, and the unsealed ones.
    pub(super) fn select(&self) -> String {
        let names = self.all().chain(self.later.iter().copied());
        let names = names.map(Column::name).chain(self.unsealed.iter().copied());
        let names: Vec<_> = ["id", SEAL].into_iter().chain(names).collect();
        format!("SELECT {} FROM {}", names.join(", "), self.name)
    }

    /// What is sealed. A list has a fixed order, so the same row always gives the same
    /// text.
    fn digest(&self, fields: &Fields<'_>) -> Result<[u8; 32], StorageError> {
        let values = self.all().map(|column| column.value(fields));
        let mut values = values.collect::<Result<Vec<_>, _>>()?;
        for column in self.later {
            let value = column.value(fields)?;
            if !value.is_null() {
                values.push(json!([column.name(), value]));
            }
        }
        Ok(sha256(Value::from(values).to_string()))
    }

    /// Whether the row says what the portal last wrote.
    pub(super) fn holds(&self, keys: &KeyRing, row: &AnyRow) -> bool {
        let fields = Fields::new(row, self.name, "id");
        let held = || {
            let seal = fields.bytes_or_null(SEAL).ok()??;
            let plain = keys.open(PURPOSE, self.name, fields.id(), SEAL, &seal);
            Some(plain.ok()?.as_slice() == self.digest(&fields).ok()?)
        };
        held() == Some(true)
    }

    /// Seals the row as it is now, in the transaction that wrote it.
    pub(super) async fn seal(
        &self,
        conn: &mut AnyConnection,
        keys: &KeyRing,
        id: &str,
    ) -> Result<(), StorageError> {
        let row = sqlx::query(AssertSqlSafe(format!("{} WHERE id = $1", self.select())))
            .bind(id)
            .fetch_one(&mut *conn)
            .await?;
        let digest = self.digest(&Fields::new(&row, self.name, "id"))?;
        let seal = keys.seal(PURPOSE, self.name, id, SEAL, &digest)?;
        let sql = format!("UPDATE {} SET row_seal = $1 WHERE id = $2", self.name);
        sqlx::query(AssertSqlSafe(sql))
            .bind(seal)
            .bind(id)
            .execute(conn)
            .await?;
        Ok(())
    }

    /// Lets nobody else change a row before this transaction ends. Returns whether it exists.
    pub(super) async fn lock(
        &self,
        conn: &mut AnyConnection,
        id: &str,
    ) -> Result<bool, StorageError> {
        let sql = format!("UPDATE {} SET row_seal = row_seal WHERE id = $1", self.name);
        let query = sqlx::query(AssertSqlSafe(sql)).bind(id.to_owned());
        query.changes_one(conn).await
    }

    /// Seals a row anew with the current key. Returns whether another had sealed it.
    ///
    /// # Errors
    /// [`StorageError::Corrupt`] if the row was changed past the portal.
    pub(super) async fn reseal(
        &self,
        conn: &mut AnyConnection,
        keys: &KeyRing,
        id: &str,
    ) -> Result<bool, StorageError> {
        let row = sqlx::query(AssertSqlSafe(format!("{} WHERE id = $1", self.select())))
            .bind(id)
            .fetch_one(&mut *conn)
            .await?;
        let fields = Fields::new(&row, self.name, "id");
        if !self.holds(keys, &row) {
            return Err(fields.corrupt());
        }
        if keys.is_current(&fields.bytes(SEAL)?) {
            return Ok(false);
        }
        self.seal(conn, keys, id).await?;
        Ok(true)
    }

    /// Writes down the audit entry of a change in the row that it changed, which this
    /// transaction has sealed before. `name` is what the row is known by.
    pub(super) async fn stamp(
        &self,
        conn: &mut AnyConnection,
        keys: &KeyRing,
        name: &str,
        (seq, hash): (i64, [u8; 32]),
    ) -> Result<(), StorageError> {
        let sql = format!("{} WHERE {} = $1", self.select(), self.known_by);
        let row = sqlx::query(AssertSqlSafe(sql))
            .bind(name)
            .fetch_optional(&mut *conn)
            .await?;
        // A broken row stays broken.
        let Some(row) = row.filter(|row| self.holds(keys, row)) else {
            return Ok(());
        };
        let fields = Fields::new(&row, self.name, "id");
        let sql = format!(
            "UPDATE {} SET audit_seq = $1, audit_hash = $2 WHERE id = $3",
            self.name
        );
        sqlx::query(AssertSqlSafe(sql))
            .bind(seq)
            .bind(hash.to_vec())
            .bind(fields.id())
            .execute(&mut *conn)
            .await?;
        self.seal(conn, keys, fields.id()).await
    }

    /// Seals all rows, unless one was sealed before: then somebody took seals away.
    pub(super) async fn seal_first_time(
        &self,
        conn: &mut AnyConnection,
        keys: &KeyRing,
    ) -> Result<(), StorageError> {
        let sql = format!("SELECT id, row_seal FROM {}", self.name);
        let rows = sqlx::query(AssertSqlSafe(sql))
            .fetch_all(&mut *conn)
            .await?;
        let fields = rows.iter().map(|row| Fields::new(row, self.name, "id"));
        let fields: Vec<_> = fields.collect();
        for one in &fields {
            if one.bytes_or_null(SEAL)?.is_some() {
                tracing::error!(event = "rows_not_sealed", table = self.name);
                return Ok(());
            }
        }
        for one in &fields {
            self.seal(conn, keys, one.id()).await?;
        }
        Ok(())
    }
}
