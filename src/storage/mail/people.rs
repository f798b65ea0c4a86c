//! The addresses that people have given, and of what they were reminded.

use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Executor};

use super::super::row::{Fields, FromRow, readable};
use super::super::{Storage, StorageError};
use crate::domain::millis::Millis;
use crate::storage::one_row::OneRow as _;

/// Whom mail about a person's requests reaches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    pub owner_id: String,
    pub address: String,
    /// The code of the language.
    pub language: String,
    /// Whether reminders of certificates that expire go there, too.
    pub reminders: bool,
}

const COLUMNS: &str = "owner_id, address, language, reminders";

impl FromRow for Person {
    fn from_row(row: &AnyRow) -> Result<Self, StorageError> {
        let fields = Fields::new(row, "mail_people", "owner_id");
        Ok(Self {
            owner_id: fields.id().to_owned(),
            address: fields.text("address")?,
            language: fields.text("language")?,
            reminders: fields.flag("reminders")?,
        })
    }
}

/// What a person has given, if anything.
pub async fn of<'c, E>(executor: E, owner_id: &str) -> Result<Option<Person>, StorageError>
where
    E: Executor<'c, Database = sqlx::Any>,
{
    let sql = format!("SELECT {COLUMNS} FROM mail_people WHERE owner_id = $1");
    let row = sqlx::query(sqlx::AssertSqlSafe(sql))
        .bind(owner_id.to_owned())
        .fetch_optional(executor)
        .await?;
    row.as_ref().map(Person::from_row).transpose()
}

pub async fn set(conn: &mut AnyConnection, person: &Person) -> Result<(), StorageError> {
    sqlx::query(
        "INSERT INTO mail_people (owner_id, address, language, reminders, reminded_at) \
         VALUES ($1, $2, $3, $4, 0) ON CONFLICT (owner_id) DO UPDATE SET address = $2, \
         language = $3, reminders = $4",
    )
    .bind(person.owner_id.clone())
    .bind(person.address.clone())
    .bind(person.language.clone())
    .bind(i64::from(person.reminders))
    .execute(conn)
    .await?;
    Ok(())
}

pub async fn forget(conn: &mut AnyConnection, owner_id: &str) -> Result<(), StorageError> {
    sqlx::query("DELETE FROM mail_people WHERE owner_id = $1")
        .bind(owner_id.to_owned())
        .execute(conn)
        .await?;
    Ok(())
}

/// Some who want reminders and got none since `before`.
pub async fn not_reminded_since(
    storage: &Storage,
    before: Millis,
    limit: u16,
) -> Result<Vec<Person>, StorageError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM mail_people WHERE reminders = 1 AND reminded_at < $1 \
         ORDER BY reminded_at, owner_id LIMIT {limit}"
    );
    let rows = sqlx::query(sqlx::AssertSqlSafe(sql))
        .bind(before.0)
        .fetch_all(storage.pool())
        .await?;
    Ok(readable(&rows))
}

/// Notes that this person was looked at. Returns whether nobody else has done so since
/// `before`.
pub async fn look_at(
    conn: &mut AnyConnection,
    owner_id: &str,
    before: Millis,
    now: Millis,
) -> Result<bool, StorageError> {
    let sql = "UPDATE mail_people SET reminded_at = $1 WHERE owner_id = $2 AND reminded_at < $3";
    sqlx::query(sql)
        .bind(now.0)
        .bind(owner_id.to_owned())
        .bind(before.0)
        .changes_one(conn)
        .await
}

/// A period that no reminder has: its row says that nobody wants to be reminded of this
/// certificate.
pub const NEVER: i64 = -1;

/// Of which certificates a person was reminded already, so many days before their expiry.
pub async fn reminded(
    storage: &Storage,
    owner_id: &str,
) -> Result<Vec<(String, i64)>, StorageError> {
    let sql = "SELECT r.certificate_id, r.days FROM mail_reminded r \
        JOIN certificates c ON c.id = r.certificate_id WHERE c.owner_id = $1";
    let rows = sqlx::query_as(sql)
        .bind(owner_id.to_owned())
        .fetch_all(storage.pool())
        .await?;
    Ok(rows)
}

/// Whether nobody is to be reminded of this certificate.
pub async fn is_silent(storage: &Storage, certificate_id: &str) -> Result<bool, StorageError> {
    let sql = "SELECT COUNT(*) FROM mail_reminded WHERE certificate_id = $1 AND days = $2";
    let rows: i64 = sqlx::query_scalar(sql)
        .bind(certificate_id.to_owned())
        .bind(NEVER)
        .fetch_one(storage.pool())
        .await?;
    Ok(rows > 0)
}

/// From now on nobody is reminded of this certificate, or again. Returns whether it is this
/// person's.
pub async fn silence(
    conn: &mut AnyConnection,
    owner_id: &str,
    certificate_id: &str,
    silent: bool,
) -> Result<bool, StorageError> {
    let sql = "SELECT id FROM certificates WHERE id = $1 AND owner_id = $2";
    let own: Option<String> = sqlx::query_scalar(sql)
        .bind(certificate_id.to_owned())
        .bind(owner_id.to_owned())
        .fetch_optional(&mut *conn)
        .await?;
    let sql = match silent {
        true => {
            "INSERT INTO mail_reminded (certificate_id, days) VALUES ($1, $2) \
             ON CONFLICT DO NOTHING"
        }
        false => "DELETE FROM mail_reminded WHERE certificate_id = $1 AND days = $2",
    };
    if let Some(id) = &own {
        let changed = sqlx::query(sql).bind(id.clone()).bind(NEVER);
        changed.execute(conn).await?;
    }
    Ok(own.is_some())
}

/// Notes that somebody is reminded of a certificate so many days before its expiry.
/// Returns whether that is new, and it was not replaced meanwhile.
pub async fn remind(
    conn: &mut AnyConnection,
    certificate_id: &str,
    days: i64,
) -> Result<bool, StorageError> {
    let sql = "INSERT INTO mail_reminded (certificate_id, days) SELECT id, $2 FROM certificates \
        WHERE id = $1 AND replaced_by IS NULL AND NOT EXISTS (SELECT 1 FROM mail_reminded \
        WHERE certificate_id = $1 AND days = -1) ON CONFLICT DO NOTHING";
    sqlx::query(sql)
        .bind(certificate_id.to_owned())
        .bind(days)
        .changes_one(conn)
        .await
}
