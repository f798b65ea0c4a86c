//! One issuance as stored, and its life as a draft.

use sqlx::AnyConnection;
use sqlx::any::AnyRow;

use crate::domain::issuance::{Cause, State};
use crate::domain::millis::Millis;
use crate::domain::thumbprint::Thumbprint;
use crate::storage::paging::cursor;
use crate::storage::row::Fields;
use crate::storage::{Storage, StorageError};

/// One issuance.
#[derive(Debug, Clone)]
pub struct Issuance {
    pub id: String,
    /// Ten Crockford base32 characters for people to quote.
    pub reference: String,
    /// Whose it is.
    pub owner_id: String,
    /// At which Redtrust.
    pub connection_id: String,
    /// Whose tokens its calls use.
    pub sign_in_id: String,
    /// Kind of holder, as in the form field `kind`.
    pub kind: String,
    /// Where it stands.
    pub state: State,
    /// Grows with every transition and every save of a draft.
    pub attempt: i64,
    /// JSON: what was typed.
    pub answers: String,
    /// JSON: what `csr/create` was asked for.
    pub request: Option<String>,
    /// The common name.
    pub holder: String,
    /// The certificate it renews.
    pub renews: Option<Thumbprint>,
    /// Redtrust's code for the key pair.
    pub request_code: Option<String>,
    /// The code was chosen here and sent, so it was known before the answer.
    pub code_from_client: bool,
    /// The CSR as Redtrust gave it.
    pub csr: Option<String>,
    /// SHA-256 of the CSR's public key, hex.
    pub csr_key: Option<String>,
    /// `idCertificate`.
    pub certificate_id: Option<String>,
    /// Thumbprint of the new certificate.
    pub thumbprint: Option<Thumbprint>,
    /// Redtrust's `errorCode`.
    pub error_code: Option<String>,
    pub error_message: Option<String>,
    /// Why it stands where it stands.
    pub cause: Option<Cause>,
    /// When it was begun.
    pub created_at: Millis,
    /// When it first left `draft`.
    pub submitted_at: Option<Millis>,
    /// When it changed last.
    pub updated_at: Millis,
    /// Until when somebody is at work on it.
    pub lease_until: Millis,
}

/// All columns of [`Issuance`], in the order `TryFrom` reads them by name.
pub(super) const COLUMNS: &str = "id, reference, owner_id, connection_id, sign_in_id, kind, state, \
    attempt, answers, request, holder, renews, request_code, code_from_client, csr, csr_key, \
    certificate_id, thumbprint, error_code, error_message, reason, created_at, submitted_at, \
    updated_at, lease_until";

impl TryFrom<&AnyRow> for Issuance {
    type Error = StorageError;

    fn try_from(row: &AnyRow) -> Result<Self, StorageError> {
        let fields = Fields::new(row, "issuances", "id");
        let cause = fields.text_or_null("reason")?;
        Ok(Self {
            id: fields.id().to_owned(),
            reference: fields.text("reference")?,
            owner_id: fields.text("owner_id")?,
            connection_id: fields.text("connection_id")?,
            sign_in_id: fields.text("sign_in_id")?,
            kind: fields.text("kind")?,
            state: fields.parsed("state")?,
            attempt: fields.integer("attempt")?,
            answers: fields.text("answers")?,
            request: fields.text_or_null("request")?,
            holder: fields.text("holder")?,
            renews: fields.parsed_or_null("renews")?,
            request_code: fields.text_or_null("request_code")?,
            code_from_client: fields.flag("code_from_client")?,
            csr: fields.text_or_null("csr")?,
            csr_key: fields.text_or_null("csr_key")?,
            certificate_id: fields.text_or_null("certificate_id")?,
            thumbprint: fields.parsed_or_null("thumbprint")?,
            error_code: fields.text_or_null("error_code")?,
            error_message: fields.text_or_null("error_message")?,
            cause: cause
                .map(|text| Cause::from_stored(&text).ok_or_else(|| fields.corrupt()))
                .transpose()?,
            created_at: fields.millis("created_at")?,
            submitted_at: fields.millis_or_null("submitted_at")?,
            updated_at: fields.millis("updated_at")?,
            lease_until: fields.millis("lease_until")?,
        })
    }
}

/// What a new draft starts with.
#[derive(Debug, Clone)]
pub struct Draft {
    /// UUIDv7, made when the first page was shown: a form sent twice makes one draft.
    pub id: String,
    /// For people to quote.
    pub reference: String,
    pub owner_id: String,
    /// At which Redtrust.
    pub connection_id: String,
    /// The sign-in it was begun under.
    pub sign_in_id: String,
    /// Kind of holder.
    pub kind: String,
    /// JSON: what was typed so far.
    pub answers: String,
    /// The common name, as far as known.
    pub holder: String,
    /// The certificate to renew.
    pub renews: Option<Thumbprint>,
}

/// Stores a new draft; a second one with the same id changes nothing.
/// Answers whether a row was written.
pub async fn insert_draft(
    conn: &mut AnyConnection,
    draft: &Draft,
    now: Millis,
) -> Result<bool, StorageError> {
    let done = sqlx::query(
        "INSERT INTO issuances (id, reference, owner_id, connection_id, sign_in_id, kind, state, \
         attempt, answers, holder, renews, code_from_client, lease_until, created_at, updated_at, \
         cursor) VALUES ($1, $2, $3, $4, $5, $6, 'draft', 1, $7, $8, $9, 0, 0, $10, $10, $11) \
         ON CONFLICT (id) DO NOTHING",
    )
    .bind(&draft.id)
    .bind(&draft.reference)
    .bind(&draft.owner_id)
    .bind(&draft.connection_id)
    .bind(&draft.sign_in_id)
    .bind(&draft.kind)
    .bind(&draft.answers)
    .bind(&draft.holder)
    .bind(draft.renews.as_ref().map(ToString::to_string))
    .bind(now.0)
    .bind(cursor(now, &draft.id))
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Saves a draft's answers if nobody else changed it since `attempt` was read.
/// Answers whether the row was there as expected.
pub async fn save_answers(
    conn: &mut AnyConnection,
    issuance: &Issuance,
    answers: &str,
    holder: &str,
    now: Millis,
) -> Result<bool, StorageError> {
    let done = sqlx::query(
        "UPDATE issuances SET answers = $1, holder = $2, kind = $3, attempt = attempt + 1, \
         updated_at = $4 WHERE id = $5 AND state = 'draft' AND attempt = $6",
    )
    .bind(answers)
    .bind(holder)
    .bind(&issuance.kind)
    .bind(now.0)
    .bind(&issuance.id)
    .bind(issuance.attempt)
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// The issuance with this id.
///
/// # Errors
/// [`StorageError`] as for every read; a row that cannot be understood is named.
pub async fn by_id(storage: &Storage, id: &str) -> Result<Option<Issuance>, StorageError> {
    one(storage, "id", id).await
}

/// The issuance with this reference.
pub async fn by_reference(
    storage: &Storage,
    reference: &str,
) -> Result<Option<Issuance>, StorageError> {
    one(storage, "reference", reference).await
}

/// The issuance with this id if it is `owner_id`'s: another's is as good as missing.
pub async fn owned(
    storage: &Storage,
    id: &str,
    owner_id: &str,
) -> Result<Option<Issuance>, StorageError> {
    Ok(by_id(storage, id)
        .await?
        .filter(|issuance| issuance.owner_id == owner_id))
}

async fn one(
    storage: &Storage,
    column: &'static str,
    value: &str,
) -> Result<Option<Issuance>, StorageError> {
    let sql = format!("SELECT {COLUMNS} FROM issuances WHERE {column} = $1");
    let row = sqlx::query(sqlx::AssertSqlSafe(sql))
        .bind(value)
        .fetch_optional(storage.pool())
        .await?;
    row.as_ref().map(Issuance::try_from).transpose()
}
