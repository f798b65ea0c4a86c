//! The words under which a certificate is found: those of its subject, its thumbprints,
//! its note and tags, and those of the order that led to it.

use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row as _};

use crate::domain::distinguished_name::DistinguishedName;
use crate::domain::order::Order;
use crate::storage::StorageError;
use crate::storage::folded::sort_key;
use crate::storage::issuances::{self, add_order};
use crate::storage::row::Fields;
use crate::storage::seal::KeyRing;
use crate::storage::search::{CERTIFICATES, Indexed, Words, of_code};

/// Columns that may have a thumbprint.
const THUMBPRINTS: [&str; 4] = ["claimed", "thumbprint", "sha1", "sha256"];

/// Writes the words and the sort key of a certificate, and the words of the issuance that
/// led to it. Whatever changes what a certificate is found by calls this.
pub async fn index(conn: &mut AnyConnection, keys: &KeyRing, id: &str) -> Result<(), StorageError> {
    if let Some(issuance) = index_alone(conn, keys, id).await? {
        issuances::index(conn, keys, &issuance).await?;
    }
    Ok(())
}

/// The same of the certificate of an issuance, if it has one.
pub async fn index_of_issuance(
    conn: &mut AnyConnection,
    keys: &KeyRing,
    issuance_id: &str,
) -> Result<(), StorageError> {
    let id: Option<String> =
        sqlx::query_scalar("SELECT id FROM certificates WHERE issuance_id = $1")
            .bind(issuance_id.to_owned())
            .fetch_optional(&mut *conn)
            .await?;
    match id {
        Some(id) => index(conn, keys, &id).await,
        None => Ok(()),
    }
}

/// Writes those of the certificate alone. Returns the id of its issuance.
pub(in crate::storage) async fn index_alone(
    conn: &mut AnyConnection,
    keys: &KeyRing,
    id: &str,
) -> Result<Option<String>, StorageError> {
    let row = sqlx::query(
        "SELECT certificates.*, issuances.reference, issuances.request FROM certificates \
         LEFT JOIN issuances ON issuances.id = certificates.issuance_id \
         WHERE certificates.id = $1",
    )
    .bind(id.to_owned())
    .fetch_one(&mut *conn)
    .await?;
    let fields = Fields::with_id(&row, "certificates", id);
    let words = words(keys, &fields)?;
    let mut found = words.into_found();
    found.extend(codes(&row).map(|code| of_code(&code)));
    let (owner, connection) = (fields.text("owner_id")?, fields.text("connection_id")?);
    let row = Indexed {
        owner_id: &owner,
        connection_id: &connection,
        at: fields.millis("not_after")?,
        id,
    };
    CERTIFICATES.replace(conn, row, &found, &keys.id()?).await?;
    sqlx::query("UPDATE certificates SET holder_key = $1 WHERE id = $2")
        .bind(sort_key(&fields.text("holder")?))
        .bind(id.to_owned())
        .execute(conn)
        .await?;
    fields.text_or_null("issuance_id")
}

fn words(keys: &KeyRing, fields: &Fields<'_>) -> Result<Words, StorageError> {
    let mut words = Words::new(keys)?;
    for column in ["holder", "note", "tags"] {
        words.text(&fields.text(column)?);
    }
    let subject = DistinguishedName::of_preview(&fields.text("subject")?);
    for value in subject.values() {
        words.text(value);
    }
    if let Some(organisation) = subject.organisation() {
        words.organisation(organisation);
    }
    // One that cannot be read is found by what can.
    if let Ok(Some(order)) = fields.json_or_null::<Order>("request") {
        add_order(&mut words, &order);
    }
    Ok(words)
}

fn codes(row: &AnyRow) -> impl Iterator<Item = String> {
    let columns = THUMBPRINTS.into_iter().chain(["reference"]);
    let codes =
        columns.filter_map(|column| row.try_get::<Option<String>, _>(column).ok().flatten());
    // Where a thumbprint is only claimed, its owner is behind it in one of them.
    codes.filter(|code| !code.contains(' '))
}
