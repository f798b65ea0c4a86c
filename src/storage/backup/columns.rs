//! One value of a row as JSON, and back.

use data_encoding::BASE64;
use serde_json::Value;
use sqlx::any::{AnyArguments, AnyRow};
use sqlx::query::Query;
use sqlx::{Any, Row};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Integer,
    Bytes,
}

impl Kind {
    /// Of a type's name, as either engine writes it.
    pub(super) fn of(name: &str) -> Self {
        match name.to_ascii_lowercase().as_str() {
            "bigint" => Self::Integer,
            "bytea" => Self::Bytes,
            _ => Self::Text,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Column {
    pub(super) name: String,
    pub(super) kind: Kind,
}

impl Column {
    /// Bytes become Base64.
    pub(super) fn read(&self, row: &AnyRow) -> Result<Value, sqlx::Error> {
        let name = self.name.as_str();
        Ok(match self.kind {
            Kind::Text => row.try_get::<Option<String>, _>(name)?.into(),
            Kind::Integer => row.try_get::<Option<i64>, _>(name)?.into(),
            Kind::Bytes => {
                let bytes: Option<Vec<u8>> = row.try_get(name)?;
                bytes.map(|bytes| BASE64.encode(&bytes)).into()
            }
        })
    }

    /// Binds the value to the next parameter; `None` if it is none of this column.
    pub(super) fn bind<'q>(
        &self,
        query: Query<'q, Any, AnyArguments>,
        value: Value,
    ) -> Option<Query<'q, Any, AnyArguments>> {
        Some(match (self.kind, value) {
            (Kind::Text, Value::Null) => query.bind(None::<String>),
            (Kind::Integer, Value::Null) => query.bind(None::<i64>),
            (Kind::Bytes, Value::Null) => query.bind(None::<Vec<u8>>),
            (Kind::Text, Value::String(text)) => query.bind(text),
            (Kind::Integer, Value::Number(number)) => query.bind(number.as_i64()?),
            (Kind::Bytes, Value::String(text)) => query.bind(BASE64.decode(text.as_bytes()).ok()?),
            _ => return None,
        })
    }
}
