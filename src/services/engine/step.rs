//! One step of an issuance: the change of state, its timeline line and its
//! audit entry, in one transaction. Database, audit and Redtrust's own log can
//! then be compared line by line.

use serde_json::json;
use sqlx::AnyConnection;

use crate::domain::audit::{Action, Outcome, PORTAL};
use crate::domain::issuance::{Cause, Event, Issuance, State};
use crate::domain::millis::Millis;
use crate::services::audit::entry;
use crate::services::mail::{self, Means};
use crate::services::{Actor, Source};
use crate::storage::issuances::{Change, transition};
use crate::storage::{StorageError, audit, owners, sign_ins};

/// Who takes a step.
#[derive(Debug, Clone)]
pub enum By {
    /// The owner, with a button.
    Owner(Source),
    /// A worker, on behalf of the owner at this source.
    Worker(Source),
    /// The portal itself: the worker is gone.
    Portal,
}

/// Takes one step. Returns whether it was taken: if the issuance was changed in
/// the meantime or somebody else holds its lease, nothing is written.
///
/// # Errors
/// [`StorageError::Conflict`] if a fact already belongs to another issuance;
/// [`StorageError::Corrupt`] if the audit's head is broken.
pub async fn step(
    conn: &mut AnyConnection,
    means: &Means,
    issuance: &Issuance,
    event: Event,
    change: &Change,
    by: &By,
    now: Millis,
) -> Result<bool, StorageError> {
    let keys = &means.keys;
    if !transition(conn, keys, issuance, event, change, now).await? {
        return Ok(false);
    }
    remember_whether_it_may_issue(conn, issuance, event, change, by).await?;
    let actor = match by {
        By::Owner(source) | By::Worker(source) => Actor {
            name: owners::login_of(conn, &issuance.owner_id).await?,
            source: source.clone(),
        },
        By::Portal => Actor {
            name: PORTAL.to_owned(),
            source: Source::default(),
        },
    };
    let mut entry = entry(
        &actor,
        action(event, by),
        format!("issuance {}", issuance.id),
    );
    entry.before = Some(json!({ "state": issuance.state.as_str() }).to_string());
    entry.after = Some(after(issuance, event, change));
    entry.outcome = outcome(event).to_string();
    mail::about_step(conn, means, issuance, event, now).await?;
    audit::append(conn, keys, &entry, now).await?;
    Ok(true)
}

/// So that the pages of this sign-in say it before anything is filled in.
async fn remember_whether_it_may_issue(
    conn: &mut AnyConnection,
    issuance: &Issuance,
    event: Event,
    change: &Change,
    by: &By,
) -> Result<(), StorageError> {
    let said = match (event, by) {
        _ if change.cause == Some(Cause::MayNotIssue) => change.error.as_ref(),
        (Event::KeyCreated | Event::Issued, By::Worker(_)) => None,
        _ => return Ok(()),
    };
    sign_ins::set_may_not_issue(conn, &issuance.sign_in_id, said).await
}

const fn action(event: Event, by: &By) -> Action {
    match (event, by) {
        (Event::FinalizeIntended, By::Owner(_)) => Action::IssuanceResumed,
        (Event::Issued, By::Owner(_)) => Action::IssuanceSettled,
        (Event::Shown, _) => Action::IssuanceShown,
        (Event::CreateIntended, _) => Action::IssuanceCreateIntended,
        (Event::NothingSent, _) => Action::IssuanceNothingSent,
        (Event::KeyCreated, _) => Action::IssuanceKeyCreated,
        (Event::FinalizeIntended, _) => Action::IssuanceFinalizeIntended,
        (Event::Issued, _) => Action::IssuanceIssued,
        (Event::Refused, _) => Action::IssuanceRefused,
        (Event::TurnedBack, _) => Action::IssuanceTurnedBack,
        (Event::OutcomeUnknown, _) => Action::IssuanceUnknown,
        (Event::Mismatched, _) => Action::IssuanceMismatch,
        (Event::Abandoned, _) => Action::IssuanceAbandoned,
    }
}

const fn outcome(event: Event) -> Outcome {
    match event {
        Event::CreateIntended
        | Event::KeyCreated
        | Event::FinalizeIntended
        | Event::Issued
        | Event::Abandoned => Outcome::Done,
        Event::NothingSent => Outcome::NotSent,
        Event::Refused | Event::TurnedBack => Outcome::Refused,
        Event::OutcomeUnknown | Event::Shown => Outcome::Unknown,
        Event::Mismatched => Outcome::Mismatch,
    }
}

/// The audit's "after": what Redtrust returned, but no personal data of the
/// holder.
fn after(issuance: &Issuance, event: Event, change: &Change) -> String {
    let code = change.request_code.as_ref();
    let facts = [
        ("state", issuance.state.after(event).ok().map(State::as_str)),
        (
            "request_code",
            code.or(issuance.request_code.as_ref()).map(String::as_str),
        ),
        ("certificate_id", change.certificate_id.as_deref()),
        (
            "thumbprint",
            change.thumbprint.as_ref().map(|print| print.as_str()),
        ),
        (
            "error_code",
            change.error.as_ref().map(|error| error.code.as_str()),
        ),
        ("cause", change.cause.map(|cause| cause.as_str())),
    ];
    let known = facts
        .into_iter()
        .filter_map(|(name, fact)| Some((name.to_owned(), fact?.into())));
    serde_json::Value::Object(known.collect()).to_string()
}
