//! Moves an issuance from state to state.

use sqlx::{AnyConnection, AssertSqlSafe};

use super::states::listed;
use super::words;
use crate::domain::issuance::{Cause, Event, Issuance, ServerMessage, State};
use crate::domain::millis::Millis;
use crate::domain::order::Order;
use crate::domain::thumbprint::Thumbprint;
use crate::storage::StorageError;
use crate::storage::paging::cursor;

/// Who works on an issuance, and until when nobody else may think it is left alone.
#[derive(Debug, Clone)]
pub struct Lease {
    /// One piece of work of one process, by a name that no other ever has.
    pub holder: String,
    /// The lease lapses then unless it is extended.
    pub until: Millis,
}

/// What a transition writes besides the state. `None` leaves a fact as it is;
/// the error and the cause are always overwritten, for they belong to the event.
#[derive(Debug, Clone, Default)]
pub struct Change {
    /// Under whose lease this is done. A lease that is live keeps everybody
    /// else out, those who hold none included.
    pub by: Option<String>,
    /// Who works on it from now on; `None` ends the lease.
    pub lease: Option<Lease>,
    /// Whose tokens the next calls use.
    pub sign_in_id: Option<String>,
    /// What `csr/create` is asked for, set when it leaves `draft`: from the
    /// first time on it stands in the history, at that time, and is found by
    /// the holder's words.
    pub order: Option<Order>,
    /// The common name.
    pub holder: Option<String>,
    /// Redtrust's, or our own, code for the key pair.
    pub request_code: Option<String>,
    /// The CSR as it came.
    pub csr: Option<String>,
    /// SHA-256 of its public key, hex.
    pub csr_key: Option<String>,
    /// `idCertificate`.
    pub certificate_id: Option<String>,
    /// The new certificate's thumbprint.
    pub thumbprint: Option<Thumbprint>,
    /// What Redtrust said, where it was an error.
    pub error: Option<ServerMessage>,
    /// Why.
    pub cause: Option<Cause>,
}

/// Moves `issuance` to the state that `event` leads to, and writes the event
/// into its timeline.
///
/// Answers whether it still stood where it was read and was nobody else's:
/// `false` means that somebody moved it meanwhile, or works on it, and nothing
/// was written.
///
/// # Errors
/// [`StorageError::Conflict`] where a fact is another issuance's already.
pub async fn transition(
    conn: &mut AnyConnection,
    issuance: &Issuance,
    event: Event,
    change: &Change,
    now: Millis,
) -> Result<bool, StorageError> {
    let Ok(next) = issuance.state.after(event) else {
        return Ok(false);
    };
    if !update(conn, issuance, next, change, now).await? {
        return Ok(false);
    }
    sqlx::query(
        "INSERT INTO issuance_events (issuance_id, attempt, at, event, state, error_code, detail) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(&issuance.id)
    .bind(issuance.version)
    .bind(now.0)
    .bind(event.as_str())
    .bind(next.as_str())
    .bind(change.error.as_ref().map(|error| error.code.clone()))
    .bind(change.cause.map(Cause::as_str))
    .execute(&mut *conn)
    .await?;
    if change.order.is_some() {
        let holder = change.holder.as_deref().unwrap_or(&issuance.holder);
        let before = issuance.submitted_at.map_or("", |_| &issuance.holder);
        let place = cursor(issuance.submitted_at.unwrap_or(now), &issuance.id);
        words::store(conn, &issuance.owner_id, before, holder, &place).await?;
    }
    Ok(true)
}

/// The one statement that moves an issuance. What is submitted for the first
/// time stands in the history from now on. The version is in `attempt`, the
/// order in `request`, the cause in `reason`.
async fn update(
    conn: &mut AnyConnection,
    issuance: &Issuance,
    next: State,
    change: &Change,
    now: Millis,
) -> Result<bool, StorageError> {
    let order = change.order.as_ref();
    let done = sqlx::query(
        "UPDATE issuances SET state = $1, attempt = attempt + 1, updated_at = $2, \
         lease_holder = $3, lease_until = $4, sign_in_id = COALESCE($5, sign_in_id), \
         request = COALESCE($6, request), holder = COALESCE($7, holder), \
         request_code = COALESCE($8, request_code), \
         code_from_client = CASE WHEN $9 = 1 THEN 1 ELSE code_from_client END, \
         csr = COALESCE($10, csr), csr_key = COALESCE($11, csr_key), \
         certificate_id = COALESCE($12, certificate_id), thumbprint = COALESCE($13, thumbprint), \
         error_code = $14, error_message = $15, reason = $16, \
         submitted_at = COALESCE(submitted_at, $17), \
         cursor = CASE WHEN submitted_at IS NULL THEN COALESCE($18, cursor) ELSE cursor END \
         WHERE id = $19 AND state = $20 AND attempt = $21 \
         AND (lease_until <= $2 OR lease_holder = $22)",
    )
    .bind(next.as_str())
    .bind(now.0)
    .bind(change.lease.as_ref().map(|lease| lease.holder.clone()))
    .bind(change.lease.as_ref().map_or(0, |lease| lease.until.0))
    .bind(change.sign_in_id.clone())
    .bind(order.map(Order::to_json))
    .bind(change.holder.clone())
    .bind(change.request_code.clone())
    .bind(i64::from(
        order.is_some_and(|order| order.request_code.is_some()),
    ))
    .bind(change.csr.clone())
    .bind(change.csr_key.clone())
    .bind(change.certificate_id.clone())
    .bind(change.thumbprint.as_ref().map(ToString::to_string))
    .bind(change.error.as_ref().map(|error| error.code.clone()))
    .bind(change.error.as_ref().map(|error| error.text.clone()))
    .bind(change.cause.map(Cause::as_str))
    .bind(order.map(|_| now.0))
    .bind(order.map(|_| cursor(now, &issuance.id)))
    .bind(&issuance.id)
    .bind(issuance.state.as_str())
    .bind(issuance.version)
    .bind(change.by.clone())
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Extends the lease that `lease.holder` has on an issuance, from the first
/// intent to the last outcome. Answers whether it still had it.
pub async fn extend_lease(
    conn: &mut AnyConnection,
    id: &str,
    lease: &Lease,
) -> Result<bool, StorageError> {
    let sql = format!(
        "UPDATE issuances SET lease_until = $1 \
         WHERE id = $2 AND lease_holder = $3 AND state IN ({})",
        listed(State::may_be_leased)
    );
    let done = sqlx::query(AssertSqlSafe(sql))
        .bind(lease.until.0)
        .bind(id)
        .bind(&lease.holder)
        .execute(conn)
        .await?;
    Ok(done.rows_affected() == 1)
}
