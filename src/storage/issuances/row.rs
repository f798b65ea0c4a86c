//! The row of an issuance, and how drafts are stored.

use sqlx::AnyConnection;
use sqlx::any::AnyRow;

use crate::domain::answers::Answers;
use crate::domain::holder::Kind;
use crate::domain::issuance::{Issuance, ServerMessage, State};
use crate::domain::millis::Millis;
use crate::domain::thumbprint::Thumbprint;
use crate::storage::one_row::OneRow as _;
use crate::storage::paging::cursor;
use crate::storage::row::{Fields, FromRow};
use crate::storage::{Storage, StorageError};

/// The columns of an [`Issuance`]. Column `attempt` holds its version, `reason`
/// its cause.
pub(super) const COLUMNS: &str = "id, reference, owner_id, connection_id, sign_in_id, kind, state, \
    attempt, answers, request, holder, renews, request_code, code_from_client, csr, csr_key, \
    certificate_id, thumbprint, error_code, error_message, reason, created_at, submitted_at, \
    updated_at, lease_until, erased_at";

impl FromRow for Issuance {
    /// A row without the facts that its state requires is corrupt.
    fn from_row(row: &AnyRow) -> Result<Self, StorageError> {
        let fields = Fields::new(row, "issuances", "id");
        let code = fields.text_or_null("error_code")?;
        let text = fields.text_or_null("error_message")?;
        let issuance = Self {
            id: fields.id().to_owned(),
            reference: fields.text("reference")?,
            owner_id: fields.text("owner_id")?,
            connection_id: fields.text("connection_id")?,
            sign_in_id: fields.text("sign_in_id")?,
            kind: fields.parsed("kind")?,
            state: fields.parsed("state")?,
            version: fields.integer("attempt")?,
            answers: fields.json("answers")?,
            order: fields.json_or_null("request")?,
            holder: fields.text("holder")?.into(),
            renews: fields.parsed_or_null("renews")?,
            request_code: fields.text_or_null("request_code")?,
            code_from_client: fields.flag("code_from_client")?,
            csr: fields.text_or_null("csr")?,
            csr_key: fields.text_or_null("csr_key")?,
            certificate_id: fields.text_or_null("certificate_id")?,
            thumbprint: fields.parsed_or_null("thumbprint")?,
            error: code
                .zip(text)
                .map(|(code, text)| ServerMessage { code, text }),
            cause: fields.parsed_or_null("reason")?,
            created_at: fields.millis("created_at")?,
            submitted_at: fields.millis_or_null("submitted_at")?,
            updated_at: fields.millis("updated_at")?,
            lease_until: fields.millis("lease_until")?,
            erased_at: fields.millis_or_null("erased_at")?,
        };
        match issuance.has_what_its_state_needs() {
            true => Ok(issuance),
            false => Err(fields.corrupt()),
        }
    }
}

/// What a new draft starts with.
#[derive(Debug, Clone)]
pub struct NewDraft {
    /// Generated with the first page, so that a form submitted twice makes one
    /// draft.
    pub id: String,
    /// For people to quote.
    pub reference: String,
    pub owner_id: String,
    pub connection_id: String,
    /// The sign-in under which it was started.
    pub sign_in_id: String,
    pub kind: Kind,
    pub answers: Answers,
    /// The common name, as far as known.
    pub holder: String,
    /// The certificate to renew.
    pub renews: Option<Thumbprint>,
}

/// Stores a new draft; a second one with the same id changes nothing. Returns
/// whether a row was written.
pub async fn insert_draft(
    conn: &mut AnyConnection,
    draft: &NewDraft,
    now: Millis,
) -> Result<bool, StorageError> {
    sqlx::query(
        "INSERT INTO issuances (id, reference, owner_id, connection_id, sign_in_id, kind, state, \
         attempt, answers, holder, renews, code_from_client, lease_until, created_at, updated_at, \
         cursor) VALUES ($1, $2, $3, $4, $5, $6, $7, 1, $8, $9, $10, 0, 0, $11, $11, $12) \
         ON CONFLICT (id) DO NOTHING",
    )
    .bind(&draft.id)
    .bind(&draft.reference)
    .bind(&draft.owner_id)
    .bind(&draft.connection_id)
    .bind(&draft.sign_in_id)
    .bind(draft.kind.as_str())
    .bind(State::Draft.as_str())
    .bind(draft.answers.to_json())
    .bind(&draft.holder)
    .bind(draft.renews.as_ref().map(ToString::to_string))
    .bind(now.0)
    .bind(cursor(now, &draft.id))
    .changes_one(conn)
    .await
}

/// How many drafts an owner has.
pub async fn drafts_of(storage: &Storage, owner_id: &str) -> Result<i64, StorageError> {
    let sql = "SELECT COUNT(*) FROM issuances WHERE owner_id = $1 AND state = 'draft'";
    let counted = sqlx::query_scalar(sql).bind(owner_id.to_owned());
    Ok(counted.fetch_one(storage.pool()).await?)
}

/// Saves a draft's answers if it is still at `version`. Returns whether it was.
pub async fn save_answers(
    conn: &mut AnyConnection,
    id: &str,
    version: i64,
    kind: Kind,
    answers: &Answers,
    holder: &str,
    now: Millis,
) -> Result<bool, StorageError> {
    sqlx::query(
        "UPDATE issuances SET answers = $1, holder = $2, attempt = attempt + 1, \
         kind = CASE WHEN submitted_at IS NULL THEN $3 ELSE kind END, updated_at = $4 \
         WHERE id = $5 AND state = $6 AND attempt = $7",
    )
    .bind(answers.to_json())
    .bind(holder)
    .bind(kind.as_str())
    .bind(now.0)
    .bind(id)
    .bind(State::Draft.as_str())
    .bind(version)
    .changes_one(conn)
    .await
}

pub async fn by_id(storage: &Storage, id: &str) -> Result<Option<Issuance>, StorageError> {
    let sql = format!("SELECT {COLUMNS} FROM issuances WHERE id = $1");
    let row = sqlx::query(sqlx::AssertSqlSafe(sql))
        .bind(id)
        .fetch_optional(storage.pool())
        .await?;
    row.as_ref().map(Issuance::from_row).transpose()
}

/// The issuance with this id if it belongs to `owner_id`; somebody else's
/// counts as missing.
pub async fn owned(
    storage: &Storage,
    id: &str,
    owner_id: &str,
) -> Result<Option<Issuance>, StorageError> {
    Ok(by_id(storage, id)
        .await?
        .filter(|issuance| issuance.owner_id == owner_id))
}
