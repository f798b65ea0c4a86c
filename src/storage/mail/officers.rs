//! The addresses at which officers hear of outcomes that are not known.

use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe, Executor};

use super::super::row::{Fields, FromRow, readable};
use super::super::seal::KeyRing;
use super::super::{StorageError, admins};

/// Where an officer wants mail, and in which language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reach {
    pub address: String,
    /// The code of the language.
    pub language: String,
}

impl FromRow for Reach {
    fn from_row(row: &AnyRow) -> Result<Self, StorageError> {
        let fields = Fields::new(row, "mail_officers", "admin_id");
        Ok(Self {
            address: fields.text("address")?,
            language: fields.text("language")?,
        })
    }
}

/// What the officer with this account has given, if anything.
pub async fn of<'c, E>(executor: E, admin_id: &str) -> Result<Option<Reach>, StorageError>
where
    E: Executor<'c, Database = sqlx::Any>,
{
    let sql = "SELECT admin_id, address, language FROM mail_officers WHERE admin_id = $1";
    let row = sqlx::query(sql)
        .bind(admin_id.to_owned())
        .fetch_optional(executor)
        .await?;
    row.as_ref().map(Reach::from_row).transpose()
}

/// What the officers of this connection have given; `with_factor` only those who have a
/// second factor.
pub async fn of_connection(
    conn: &mut AnyConnection,
    keys: &KeyRing,
    connection_id: &str,
    with_factor: bool,
) -> Result<Vec<Reach>, StorageError> {
    let sql = format!(
        "SELECT * FROM ({}) officers JOIN mail_officers ON admin_id = officers.id ORDER BY username",
        admins::SEALED.select()
    );
    let rows = sqlx::query(AssertSqlSafe(sql)).fetch_all(conn).await?;
    let is_theirs = |row: &&AnyRow| admins::is_officer_of(row, keys, connection_id, with_factor);
    Ok(readable(rows.iter().filter(is_theirs)))
}

/// Remembers where this officer wants mail; without it, mail ends.
pub async fn set(
    conn: &mut AnyConnection,
    admin_id: &str,
    reach: Option<&Reach>,
) -> Result<(), StorageError> {
    sqlx::query("DELETE FROM mail_officers WHERE admin_id = $1")
        .bind(admin_id.to_owned())
        .execute(&mut *conn)
        .await?;
    let Some(reach) = reach else {
        return Ok(());
    };
    sqlx::query("INSERT INTO mail_officers (admin_id, address, language) VALUES ($1, $2, $3)")
        .bind(admin_id.to_owned())
        .bind(reach.address.clone())
        .bind(reach.language.clone())
        .execute(conn)
        .await?;
    Ok(())
}
