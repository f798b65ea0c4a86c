//! `PUT /raapi/v1/csr/finalize`: issues the certificate.

use serde_json::{Value, json};
use sqlx::SqliteConnection;

use super::super::answer::Answer;
use super::super::incoming::Incoming;
use super::super::ledger::{self, Details, Operation};
use super::super::manners::{FinalizeRepeat, Manners};
use super::super::pki::certificate::{self, Validity};
use super::super::pki::hash::Hash;
use super::super::refusal::{ErrorCode, Refusal};
use super::super::state::State;
use super::super::tokens::bearer;
use super::super::users::User;
use super::certificates::{self, Associations};
use super::requests::{self, Request};
use rubrica_domain::millis::Millis;

const OPERATION: Operation = Operation::CsrFinalize;

/// Issues the certificate, or repeats the answer for an issued one.
pub(crate) async fn answer(
    state: &State,
    incoming: &Incoming,
    details: &mut Details,
) -> Result<Answer, Refusal> {
    let mut write = state.db.write().await?;
    let user = bearer::authenticate(write.conn(), state, incoming)
        .await?
        .user;
    details.user = Some(user.username.clone());
    if !user.may_issue {
        return Err(ErrorCode::NoPermission.into());
    }
    let body = incoming.json()?;
    let code = body.text("requestCode")?;
    details.request_code = Some(code.to_owned());
    // A code of another user is treated as unknown.
    let request = requests::by_code(write.conn(), code)
        .await?
        .filter(|request| request.user_id == user.id)
        .ok_or(ErrorCode::UnknownRequestCode)?;
    details.subject = Some(request.subject.clone());
    details.renews.clone_from(&request.renews);
    let manners = state.dialect().own;
    if request.is_expired(manners.request_code_ttl, incoming.now) {
        return Err(ErrorCode::RequestCodeExpired.into());
    }
    let (id, thumbprint) = match certificates::by_request(&mut *write.conn(), code).await? {
        Some(_) if manners.finalize_repeat == FinalizeRepeat::AlreadyFinalized => {
            return Err(ErrorCode::AlreadyFinalized.into());
        }
        Some(done) => {
            details.thumbprint = Some(done.thumbprint.clone());
            ledger::call_done(write.conn(), OPERATION, details, incoming.now).await?;
            (done.id, done.thumbprint)
        }
        None => {
            let issued = issue(write.conn(), state, &request, &user, incoming.now).await?;
            details.thumbprint = Some(issued.1.clone());
            ledger::effect_done(write.conn(), OPERATION, details, incoming.now).await?;
            issued
        }
    };
    write.commit().await?;
    Ok(Answer::Data(data(id, &thumbprint, code, &manners)))
}

fn data(id: i64, thumbprint: &str, code: &str, manners: &Manners) -> Value {
    let id = manners.id_certificate.of(id);
    let thumbprint = json!(manners.thumbprint_form.of(thumbprint));
    let code = manners.finalize_request_code.then(|| json!(code));
    [
        ("idCertificate", Some(id)),
        ("thumbprint", Some(thumbprint)),
        ("requestCode", code),
    ]
    .into_iter()
    .filter_map(|(name, value)| Some((name.to_owned(), value?)))
    .collect()
}

/// Issues and stores the certificate; returns its number and thumbprint.
async fn issue(
    conn: &mut SqliteConnection,
    state: &State,
    request: &Request,
    user: &User,
    now: Millis,
) -> Result<(i64, String), Refusal> {
    // A renewed certificate keeps the associations of the old one. Of two concurrent
    // renewals, the first to get here wins.
    let associations = match &request.renews {
        Some(thumbprint) => {
            let old = certificates::renewable(conn, thumbprint, user).await?;
            Associations {
                user_id: old.user_id,
                groups: old.groups,
                info: old.info,
            }
        }
        None => Associations {
            user_id: user.id,
            groups: request.groups.clone(),
            info: request.info.clone(),
        },
    };
    let hash = Hash::named(&request.hash_type)
        .ok_or_else(|| Refusal::internal("a stored request has no known hash"))?;
    let issued = certificate::issue(
        &state.ca,
        &request.subject_der,
        &request.public_key,
        hash,
        Validity::of_days(state.dialect().own.validity_days, now),
    )
    .map_err(Refusal::internal)?;
    let id = certificates::insert(conn, &issued, &request.code, &associations, now).await?;
    if let Some(old) = &request.renews {
        certificates::replace(conn, old, &issued.thumbprint).await?;
    }
    Ok((id, issued.thumbprint))
}
