//! Stores a certificate that no request of this portal led to.

use sqlx::{AnyConnection, AssertSqlSafe};

use super::files::{ShownFile, show_file};
use super::insert::add;
use super::search::index;
use super::{CALLED, COLUMNS};
use crate::domain::certificate::{Certificate, Origin};
use crate::domain::thumbprint::Thumbprint;
use crate::storage::StorageError;
use crate::storage::row::FromRow;
use crate::storage::seal::KeyRing;

/// What became of a certificate that somebody wants to take over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TakenOver {
    /// It is this person's from now on.
    New,
    /// It was this person's already.
    Here,
    /// It is somebody else's.
    Others,
}

/// Takes a certificate over for its owner, unless it is here already. What its file says
/// is added in either case, if it is this person's.
pub async fn take_over(
    conn: &mut AnyConnection,
    keys: &KeyRing,
    certificate: &Certificate,
    file: Option<&ShownFile>,
) -> Result<TakenOver, StorageError> {
    let mut names = vec![&certificate.thumbprint];
    names.extend(file.iter().flat_map(|file| [&file.sha1, &file.sha256]));
    let mut here = Vec::new();
    for name in names {
        here.extend(called(conn, &certificate.connection_id, name).await?);
    }
    let is_own = |one: &&Certificate| one.owner_id == certificate.owner_id;
    // Whoever has only named the thumbprint keeps nobody from doing the same.
    let known = here.iter().find(|one| one.origin != Origin::Thumbprint);
    let (stored, became) = match known.or_else(|| here.iter().find(is_own)) {
        Some(other) if other.owner_id != certificate.owner_id => return Ok(TakenOver::Others),
        Some(own) => (own.clone(), TakenOver::Here),
        None => {
            add(conn, certificate).await?;
            index(conn, keys, &certificate.id).await?;
            (certificate.clone(), TakenOver::New)
        }
    };
    if let Some(file) = file {
        show_file(conn, keys, &stored, file).await?;
    }
    Ok(became)
}

async fn called(
    conn: &mut AnyConnection,
    connection_id: &str,
    thumbprint: &Thumbprint,
) -> Result<Vec<Certificate>, StorageError> {
    let sql = format!("SELECT {COLUMNS} FROM certificates WHERE {CALLED}");
    let rows = sqlx::query(AssertSqlSafe(sql))
        .bind(connection_id)
        .bind(thumbprint.to_string())
        .fetch_all(conn)
        .await?;
    rows.iter().map(Certificate::from_row).collect()
}
