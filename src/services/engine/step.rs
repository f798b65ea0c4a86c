//! One step of an issuance: the move, its line in the timeline and its entry
//! in the audit, in one transaction. Database, audit and Redtrust's own record
//! can then be compared line by line.

use serde_json::json;
use sqlx::AnyConnection;

use crate::domain::audit::{Action, Outcome};
use crate::domain::issuance::{Event, Issuance, State};
use crate::domain::millis::Millis;
use crate::services::audit::entry;
use crate::services::{Actor, Source};
use crate::storage::issuances::{Change, transition};
use crate::storage::seal::KeyRing;
use crate::storage::{StorageError, audit, owners};

/// The portal's name in the audit, where nobody asked for a step.
const PORTAL: &str = "rubrica";

/// Caller takes a step.
#[derive(Debug, Clone)]
pub enum By {
    /// The owner, by a button.
    Owner(Source),
    /// A worker, in the name of the owner who asked from there.
    Worker(Source),
    /// The portal itself: a worker is gone.
    Portal,
}

/// Takes one step. Answers whether the issuance still stood where it was read
/// and was nobody else's; if not, nothing is written.
///
/// # Errors
/// [`StorageError::Conflict`] where a fact is another issuance's already;
/// [`StorageError::Corrupt`] where the audit's head is broken; [`StorageError`]
/// as for every write.
pub async fn step(
    conn: &mut AnyConnection,
    keys: &KeyRing,
    issuance: &Issuance,
    event: Event,
    change: &Change,
    by: &By,
    now: Millis,
) -> Result<bool, StorageError> {
    if !transition(conn, issuance, event, change, now).await? {
        return Ok(false);
    }
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
    audit::append(conn, keys, &entry, now).await?;
    Ok(true)
}

const fn action(event: Event, by: &By) -> Action {
    match (event, by) {
        (Event::FinalizeIntended, By::Owner(_)) => Action::IssuanceResumed,
        (Event::Issued, By::Owner(_)) => Action::IssuanceSettled,
        (Event::CreateIntended, _) => Action::IssuanceCreateIntended,
        (Event::NothingSent, _) => Action::IssuanceNothingSent,
        (Event::KeyCreated, _) => Action::IssuanceKeyCreated,
        (Event::FinalizeIntended, _) => Action::IssuanceFinalizeIntended,
        (Event::Issued, _) => Action::IssuanceIssued,
        (Event::Refused, _) => Action::IssuanceRefused,
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
        Event::Refused => Outcome::Refused,
        Event::OutcomeUnknown => Outcome::Unknown,
        Event::Mismatched => Outcome::Mismatch,
    }
}

/// What it is now: what Redtrust gave and said, nothing of the holder's.
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
