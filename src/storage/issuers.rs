//! What is known of the CAs that issue for a connection: files of certificates that
//! Redtrust vouched for, one for each issuer, and certificates of CAs that signed one.

use sqlx::{AnyConnection, Row as _};

use super::{Storage, StorageError};

/// What one connection has of them, in DER form.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Known {
    /// Certificates that Redtrust vouched for.
    pub vouched: Vec<Vec<u8>>,
    /// Certificates of CAs that have signed one of those.
    pub issuers: Vec<Vec<u8>>,
}

pub async fn of_connection(storage: &Storage, connection_id: &str) -> Result<Known, StorageError> {
    let many = async |sql: &'static str| {
        let found = sqlx::query_scalar(sql)
            .bind(connection_id)
            .fetch_all(storage.pool());
        Ok::<Vec<Vec<u8>>, StorageError>(found.await?)
    };
    Ok(Known {
        vouched: many("SELECT der FROM vouched_files WHERE connection_id = $1 LIMIT 50").await?,
        issuers: many("SELECT der FROM known_issuers WHERE connection_id = $1 LIMIT 50").await?,
    })
}

/// Keeps a certificate that Redtrust vouched for, unless there is one of this issuer.
/// `issuer` is a hash of its name.
pub async fn keep_vouched(
    conn: &mut AnyConnection,
    connection_id: &str,
    issuer: &str,
    der: &[u8],
) -> Result<(), StorageError> {
    let sql = "INSERT INTO vouched_files (connection_id, issuer, der) VALUES ($1, $2, $3) \
        ON CONFLICT DO NOTHING";
    keep(conn, sql, connection_id, issuer, der).await
}

/// A certificate that Redtrust vouched for, of any connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vouched {
    connection_id: String,
    issuer: String,
    pub der: Vec<u8>,
}

/// All of them: one of each issuer.
pub async fn all_vouched(storage: &Storage) -> Result<Vec<Vouched>, StorageError> {
    let rows = sqlx::query("SELECT connection_id, issuer, der FROM vouched_files")
        .fetch_all(storage.pool())
        .await?;
    let vouched = rows.iter().map(|row| {
        Ok(Vouched {
            connection_id: row.try_get(0)?,
            issuer: row.try_get(1)?,
            der: row.try_get(2)?,
        })
    });
    vouched.collect()
}

/// Forgets one of them; the next certificate of its issuer takes its place.
pub async fn forget_vouched(conn: &mut AnyConnection, file: &Vouched) -> Result<(), StorageError> {
    sqlx::query("DELETE FROM vouched_files WHERE connection_id = $1 AND issuer = $2")
        .bind(&file.connection_id)
        .bind(&file.issuer)
        .execute(conn)
        .await?;
    Ok(())
}

/// Keeps the certificate of a CA, under its hash.
pub async fn keep_issuer(
    conn: &mut AnyConnection,
    connection_id: &str,
    sha256: &str,
    der: &[u8],
) -> Result<(), StorageError> {
    let sql = "INSERT INTO known_issuers (connection_id, sha256, der) VALUES ($1, $2, $3) \
        ON CONFLICT DO NOTHING";
    keep(conn, sql, connection_id, sha256, der).await
}

async fn keep(
    conn: &mut AnyConnection,
    sql: &'static str,
    connection_id: &str,
    key: &str,
    der: &[u8],
) -> Result<(), StorageError> {
    sqlx::query(sql)
        .bind(connection_id)
        .bind(key)
        .bind(der.to_vec())
        .execute(conn)
        .await?;
    Ok(())
}
