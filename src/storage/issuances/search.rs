//! The words under which an issuance is found: those of its order, or of the answers of a
//! draft; its reference, its thumbprints, and what its owner wrote beside its certificate.

use std::collections::BTreeSet;

use sqlx::{AnyConnection, AssertSqlSafe, Row as _};

use crate::domain::answers::{Answers, Field};
use crate::domain::issuance::{State, holder_as_ordered};
use crate::domain::order::Order;
use crate::storage::StorageError;
use crate::storage::folded::sort_key;
use crate::storage::row::Fields;
use crate::storage::seal::KeyRing;
use crate::storage::search::{ISSUANCES, Indexed, Words, of_code};

/// Writes the words and the sort key of an issuance.
pub async fn index(conn: &mut AnyConnection, keys: &KeyRing, id: &str) -> Result<(), StorageError> {
    let row = sqlx::query(
        "SELECT id, owner_id, connection_id, reference, state, holder, answers, request, \
         thumbprint, COALESCE(submitted_at, created_at) AS at FROM issuances WHERE id = $1",
    )
    .bind(id.to_owned())
    .fetch_optional(&mut *conn)
    .await?;
    let Some(row) = row else {
        return Ok(());
    };
    let fields = Fields::new(&row, "issuances", "id");
    let (holder, reference) = (fields.text("holder")?, fields.text("reference")?);
    let is_draft = fields.text("state")? == State::Draft.as_str();
    let order = fields.json_or_null::<Order>("request");
    // Whoever else sees a request that was turned back sees whom its order names.
    let listed: &str = match &order {
        Ok(Some(order)) if is_draft => holder_as_ordered(Some(&order.dn), &reference),
        Err(_) if is_draft => &reference,
        _ => &holder,
    };
    let mut words = Words::new(keys)?;
    words.text(listed);
    // One that cannot be read is found by what can.
    match &order {
        Ok(Some(order)) => add_order(&mut words, order),
        Ok(None) => add_answers(&mut words, &fields),
        Err(_) => {}
    }
    let beside = beside_certificate(conn, id).await?;
    for text in &beside.texts {
        words.text(text);
    }
    let mut found = words.into_found();
    found.insert(of_code(&reference));
    let codes = fields.text_or_null("thumbprint")?.into_iter();
    found.extend(codes.chain(beside.codes).map(|code| of_code(&code)));
    let mut typed = Words::new(keys)?;
    typed.text(&holder);
    let own: BTreeSet<_> = typed.into_found().difference(&found).cloned().collect();
    store(conn, keys, &fields, [&found, &own]).await?;
    sqlx::query("UPDATE issuances SET holder_key = $1 WHERE id = $2")
        .bind(sort_key(listed))
        .bind(id.to_owned())
        .execute(conn)
        .await?;
    Ok(())
}

async fn store(
    conn: &mut AnyConnection,
    keys: &KeyRing,
    fields: &Fields<'_>,
    [found, own]: [&BTreeSet<Vec<u8>>; 2],
) -> Result<(), StorageError> {
    let (owner, connection) = (fields.text("owner_id")?, fields.text("connection_id")?);
    let row = Indexed {
        owner_id: &owner,
        connection_id: &connection,
        at: fields.millis("at")?,
        id: fields.id(),
    };
    ISSUANCES.replace(conn, row, found, &keys.id()?).await?;
    // What is typed and not sent is for its owner alone.
    let row = Indexed {
        connection_id: "",
        ..row
    };
    ISSUANCES.add(conn, row, own).await
}

/// Adds whom an order names, its groups and its further facts.
pub(in crate::storage) fn add_order(words: &mut Words, order: &Order) {
    for value in order.dn.values() {
        words.text(value);
    }
    if let Some(organisation) = order.dn.organisation() {
        words.organisation(organisation);
    }
    for fact in order.info.values() {
        words.text(fact);
    }
    for group in &order.group_ids {
        words.group(*group);
    }
}

/// Adds whom the answers of a draft name.
fn add_answers(words: &mut Words, fields: &Fields<'_>) {
    let Ok(Some(answers)) = fields.json_or_null::<Answers>("answers") else {
        return;
    };
    for field in [Field::DocumentNumber, Field::OrganisationNif] {
        words.number(answers.text(field));
    }
    words.organisation(answers.text(Field::OrganisationName));
    for field in [Field::Department, Field::Position, Field::Email] {
        words.text(answers.text(field));
    }
    for fact in answers.info.values() {
        words.text(fact);
    }
}

/// What is known of the certificate of an issuance only.
#[derive(Default)]
struct Beside {
    texts: Vec<String>,
    codes: Vec<String>,
}

async fn beside_certificate(conn: &mut AnyConnection, id: &str) -> Result<Beside, StorageError> {
    let sql = "SELECT note, tags, sha1, sha256 FROM certificates WHERE issuance_id = $1";
    let row = sqlx::query(AssertSqlSafe(sql))
        .bind(id.to_owned())
        .fetch_optional(conn)
        .await?;
    let Some(row) = row else {
        return Ok(Beside::default());
    };
    Ok(Beside {
        texts: vec![row.try_get("note")?, row.try_get("tags")?],
        codes: ["sha1", "sha256"]
            .into_iter()
            .filter_map(|column| row.try_get::<Option<String>, _>(column).ok().flatten())
            .collect(),
    })
}
