//! Diagnostics for admins: the last failed sign-ins, and how signing in went lately.

use super::Portal;
use super::jobs::{Job, JobError};
use crate::domain::comparison::{self, Comparison, ComparisonError};
use crate::domain::connection::Connection;
use crate::domain::sign_in_failure::Failure;
use crate::storage::{StorageError, redirect_urls, sign_in_failures};

pub use crate::storage::sign_in_failures::Health;

/// So many are read: all that are kept of ten connections.
const SHOWN: i64 = 1_000;

/// The last failed sign-ins of all connections, newest first.
pub async fn failures(portal: &Portal) -> Result<Vec<Failure>, StorageError> {
    sign_in_failures::newest(&portal.storage, SHOWN).await
}

/// Why a comparison could not be made.
#[derive(Debug, thiserror::Error)]
pub enum CompareError {
    /// The connection has no redirect URL that lets people sign in.
    #[error("no redirect URL is in use")]
    NoRedirectUrl,
    #[error(transparent)]
    Comparison(#[from] ComparisonError),
    #[error(transparent)]
    Job(#[from] JobError),
}

/// Compares a login URL of another program with what the portal would sign.
///
/// # Errors
/// [`CompareError`].
pub async fn compare(
    portal: &Portal,
    connection: &Connection,
    pasted: &str,
) -> Result<Comparison, CompareError> {
    let job = Job::of(portal, &connection.id).await;
    let job = job.map_err(JobError::from)?;
    let entries = redirect_urls::of_connection(&portal.storage, &connection.id).await;
    let entries = entries.map_err(JobError::from)?;
    let active = entries.into_iter().find(|entry| entry.state.lets_sign_in());
    let active = active.ok_or(CompareError::NoRedirectUrl)?;
    let (connection, pasted) = (connection.clone(), pasted.to_owned());
    let now = portal.clock.now();
    // The search for what was signed takes its time.
    let compared = job.run(move |_| comparison::compare(&connection, &active.url, &pasted, now));
    Ok(compared.await??)
}

/// How signing in at each connection went lately.
pub async fn health(portal: &Portal) -> Result<Vec<Health>, StorageError> {
    sign_in_failures::health(&portal.storage).await
}
