//! What the owner of a certificate writes beside it, and what else stands beside it in
//! lists.

use std::collections::HashMap;

use sqlx::{AnyConnection, AssertSqlSafe};

use super::search::index;
use crate::domain::millis::Millis;
use crate::storage::row::Fields;
use crate::storage::seal::KeyRing;
use crate::storage::{Storage, StorageError};

/// What the owner writes beside a certificate.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Note {
    pub note: String,
    /// Separated by commas.
    pub tags: String,
}

/// What stands beside a certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Beside {
    pub note: Note,
    /// The reference of the request that led to it.
    pub reference: Option<String>,
    pub not_after: Millis,
    /// Whether that is estimated.
    pub is_estimated: bool,
    /// Its serial number and when it begins, if its file was seen.
    pub file: Option<(String, Millis)>,
}

/// By what certificates are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    Id,
    /// The issuance that led to it.
    Issuance,
}

/// What stands beside these certificates, by what they were asked for.
pub async fn beside(
    storage: &Storage,
    by: By,
    ids: &[&str],
) -> Result<HashMap<String, Beside>, StorageError> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let column = match by {
        By::Id => "certificates.id",
        By::Issuance => "certificates.issuance_id",
    };
    let gaps: Vec<String> = (1..=ids.len()).map(|at| format!("${at}")).collect();
    let sql = format!(
        "SELECT {column} AS asked, note, tags, not_after, exact, serial, not_before, issuances.reference \
         FROM certificates LEFT JOIN issuances ON issuances.id = certificates.issuance_id \
         WHERE {column} IN ({})",
        gaps.join(", ")
    );
    let mut query = sqlx::query(AssertSqlSafe(sql));
    for id in ids {
        query = query.bind((*id).to_owned());
    }
    let rows = query.fetch_all(storage.pool()).await?;
    rows.iter()
        .map(|row| {
            let fields = Fields::new(row, "certificates", "asked");
            let serial = fields.text_or_null("serial")?;
            let beside = Beside {
                note: note_of(&fields)?,
                reference: fields.text_or_null("reference")?,
                not_after: fields.millis("not_after")?,
                is_estimated: !fields.flag("exact")?,
                file: serial.zip(fields.millis_or_null("not_before")?),
            };
            Ok((fields.id().to_owned(), beside))
        })
        .collect()
}

fn note_of(fields: &Fields<'_>) -> Result<Note, StorageError> {
    Ok(Note {
        note: fields.text("note")?,
        tags: fields.text("tags")?,
    })
}

/// What the owner wrote beside one certificate.
pub async fn note(storage: &Storage, id: &str) -> Result<Note, StorageError> {
    let mut found = beside(storage, By::Id, &[id]).await?;
    Ok(found
        .remove(id)
        .map(|beside| beside.note)
        .unwrap_or_default())
}

/// Writes a note, and what it is found by, unless another one than `seen` stands there by now.
/// One whose personal data was erased takes none.
pub async fn set_note(
    conn: &mut AnyConnection,
    keys: &KeyRing,
    id: &str,
    (seen, note): (&Note, &Note),
) -> Result<bool, StorageError> {
    let sql = "UPDATE certificates SET note = $1, tags = $2 \
               WHERE id = $3 AND erased_at IS NULL AND note = $4 AND tags = $5";
    let written = sqlx::query(sql)
        .bind(note.note.clone())
        .bind(note.tags.clone())
        .bind(id.to_owned())
        .bind(seen.note.clone())
        .bind(seen.tags.clone())
        .execute(&mut *conn)
        .await?;
    index(conn, keys, id).await?;
    Ok(written.rows_affected() > 0)
}
